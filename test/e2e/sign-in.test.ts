/** People without AWS credentials: signed in with a browser, through the real authorizer, beside people who sign. */
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { localCredentials } from '../../local/seed/credentials.ts';
import { type Brevet, buildBrevet, type Ran } from '../cli/support/brevet.ts';
import { createBrowser, formIn, personOn } from '../local/browser.ts';
import { createService, type Service } from './service.ts';

let service: Service;
let brevet: Brevet;
let folder: string;
let tokenFile: string;

beforeAll(async () => {
  [service, brevet] = await Promise.all([createService(), buildBrevet()]);
});
afterAll(async () => {
  await service?.dispose();
  await brevet?.remove();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-home-'));
  tokenFile = join(folder, 'tokens.json');
  return () => rm(folder, { recursive: true, force: true });
});

/** No AWS credentials and no profile: only the endpoint, and where to keep what one gets. */
const bare = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  BREVET_ENDPOINT: service.endpoint,
  BREVET_TOKEN_FILE: tokenFile,
  HOME: folder,
  ...more,
});

const run = (args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Ran> =>
  brevet.run(args, { env: bare(more) });

/** AWS credentials beside whatever is kept. */
const keysOf = (userName: string): Record<string, string> => {
  const { accessKeyId, secretAccessKey } = localCredentials(userName);
  return { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
};

/** Somebody who signs, and has signed in nowhere. */
const signed = (userName: string, ...args: readonly string[]): Promise<Ran> =>
  run(args, { ...keysOf(userName), BREVET_TOKEN_FILE: join(folder, 'none.json') });

const answerOf = <Answer>({ code, stdout, stderr }: Ran): Answer => {
  if (stdout === '') throw new Error(`it ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
};

const json = async <Answer>(...args: readonly string[]): Promise<Answer> => answerOf(await run([...args, '--json']));

type Visit = (url: string, said: string) => Promise<unknown>;

/** Runs the command, and does in a browser what it asks for. */
const withBrowser = async (
  args: readonly string[],
  visit: Visit,
  more?: Readonly<Record<string, string>>,
): Promise<Ran> => {
  let visiting: Promise<unknown> | undefined;
  const ran = await brevet.run(args, {
    env: bare(more),
    onStderr: (said, child) => {
      const url = /^ {2}(?<url>http:\S+)$/m.exec(said)?.groups?.url;
      if (url === undefined || !said.includes('Waiting for you')) return;
      visiting ??= visit(url, said).catch((error: unknown) => {
        child.kill();
        throw error;
      });
    },
  });
  await visiting;
  return ran;
};

const choose =
  (userName: string): Visit =>
  async (url) => {
    const browser = createBrowser();
    const people = await browser.open(url);
    const back = await browser.open(formIn(people).action, { form: { person: personOn(people, userName) } });
    expect(back.html).toContain('Back to the terminal');
  };

const login = (userName: string, more?: Readonly<Record<string, string>>): Promise<Ran> =>
  withBrowser(['login'], choose(userName), more);

interface Kept {
  signIns: Record<string, { tokens?: { bearer: string; expiresAt: number; refresh?: string }; sealed?: string }>;
}
const kept = async (): Promise<Kept> => JSON.parse(await readFile(tokenFile, 'utf8'));

/** Changes what is kept of the one sign-in. */
const tamper = async (
  change: (tokens: { bearer: string; expiresAt: number; refresh?: string }) => void,
): Promise<void> => {
  const file = await kept();
  for (const { tokens } of Object.values(file.signIns)) if (tokens) change(tokens);
  await writeFile(tokenFile, JSON.stringify(file));
};

describe('brevet login', () => {
  test('signs somebody in with a browser, says who that is, and keeps it for nobody else', async () => {
    const { code, stdout, stderr } = await login('maria');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('Signed in as Maria Santos (maria).');
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
    const me = await run(['whoami']);
    expect(me.stdout).toMatch(/Maria Santos[\s\S]*signed in by +brevet login \(oidc\)/);
    expect(`${stdout}${stderr}${me.stdout}`).not.toContain(Object.values((await kept()).signIns)[0]?.tokens?.bearer);
  });

  test('is the same person as by AWS credentials, and shows through which door they came', async () => {
    await login('maria');
    const byToken = await json<{ id: string; door: string }>('whoami');
    const bySignature = answerOf<{ id: string; door: string }>(await signed('maria', 'whoami', '--json'));
    expect(byToken.id).toBe(bySignature.id);
    expect([byToken.door, bySignature.door]).toEqual(['oidc', 'sigv4']);
  });

  test('with --device, shows a code to type in a browser elsewhere', async () => {
    const visit: Visit = async (url, said) => {
      const browser = createBrowser();
      const asking = await browser.open(url);
      const code = /^ {2}(?<code>[A-Z]{4}-[A-Z]{4})$/m.exec(said)?.groups?.code ?? '';
      const typed = formIn(asking);
      const confirm = asking.html.includes('Is this your code?')
        ? asking
        : await browser.open(typed.action, { form: { ...typed.hidden, user_code: code } });
      expect(confirm.html).toContain(code);
      const { action, hidden } = formIn(confirm);
      const people = await browser.open(action, { form: hidden });
      await browser.open(formIn(people).action, { form: { person: personOn(people, 'omar') } });
    };
    const { code, stdout, stderr } = await withBrowser(['login', '--device', '--json'], visit);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ person: { userName: 'omar' }, isRenewable: true });
  });

  test('keeps nobody whom the service does not let in', async () => {
    const { code, stderr } = await login('victor');
    expect([code, stderr]).toEqual([14, expect.stringContaining('caller_disabled')]);
    expect((await kept()).signIns).toEqual({});
  });

  test('turns away whoever else comes to its port, and goes on waiting', async () => {
    const { code, stdout } = await withBrowser(['login'], async (url, said) => {
      const back = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
      for (const query of ['?code=stolen', '?code=stolen&state=guessed', '?error=access_denied']) {
        expect((await fetch(`${back.href}${query}`)).status).toBe(400);
      }
      await choose('maria')(url, said);
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('maria')]);
  });

  test('says what the issuer said when it lets nobody in', async () => {
    const { code, stderr } = await withBrowser(['login'], async (url) => {
      const { searchParams } = new URL(url);
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({
        state: searchParams.get('state') ?? '',
        iss: `${service.awsEndpoint}/sign-in`,
        error: 'access_denied',
        error_description: 'not today',
      }).toString();
      await fetch(back);
    });
    expect([code, stderr]).toEqual([14, expect.stringContaining('access_denied: not today')]);
  });

  test('takes no code that another issuer sent, though its state is right', async () => {
    const { code, stderr } = await withBrowser(['login'], async (url) => {
      const { searchParams } = new URL(url);
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      const state = searchParams.get('state') ?? '';
      back.search = new URLSearchParams({ state, iss: 'https://evil.example', code: 'x' }).toString();
      await fetch(back);
    });
    expect([code, stderr]).toEqual([14, expect.stringContaining('sign_in_failed')]);
  });

  test('says so where the service does not tell how to sign in', async () => {
    const { code, stderr } = await run(['login', '--endpoint', service.awsEndpoint]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('sign_in_unavailable')]);
  });
});

describe('somebody who signed in', () => {
  test('asks, and somebody who signs approves; the doors lead to the same requests', async () => {
    await login('maria');
    const words = ['payments-prod/AdministratorAccess', '--for', '30s', '--reason', 'the payment queue is stuck'];
    const asked = await json<RequestDetail>('request', ...words);
    expect(asked.requester.userName).toBe('maria');
    expect((await run(['approve', asked.id])).code).toBe(13);
    expect((await signed('maria', 'approve', asked.id)).code).toBe(13);
    const approved = await signed('omar', 'approve', asked.id);
    expect(approved.code, approved.stderr).toBe(0);
    const seen = answerOf<RequestDetail>(await signed('maria', 'show', asked.id, '--json'));
    expect(seen.id).toBe(asked.id);
    expect((await run(['end', asked.id])).code).toBe(0);
  });

  test('chooses the door: by the option, by the environment, else by where they are signed in', async () => {
    await login('maria');
    expect(await json('whoami')).toMatchObject({ door: 'oidc' });
    const omar = keysOf('omar');
    const bySignature = { userName: 'omar', door: 'sigv4' };
    expect(answerOf(await run(['whoami', '--json', '--auth', 'sigv4'], omar))).toMatchObject(bySignature);
    expect(answerOf(await run(['whoami', '--json'], { ...omar, BREVET_AUTH: 'sigv4' }))).toMatchObject(bySignature);
    const byOption = await run(['whoami', '--json', '--auth', 'oidc'], { ...omar, BREVET_AUTH: 'sigv4' });
    expect(answerOf(byOption)).toMatchObject({ userName: 'maria', door: 'oidc' });
    expect((await run(['whoami', '--auth', 'magic'])).code).toBe(2);
    expect((await signed('omar', 'whoami', '--auth', 'oidc')).code).toBe(14);
  });

  test('is somebody else under a profile that says sigv4, as those of brevet local profile do', async () => {
    await login('maria');
    const profiles = await run(['local', 'profile'], { BREVET_STATE_DIR: service.stateFolder });
    const files = Object.fromEntries(
      [...profiles.stdout.matchAll(/^export (\w+)=['"]?([^'"\n]*)['"]?$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
    const byProfile = await run(['whoami', '--json'], { ...files, AWS_PROFILE: 'omar' });
    expect(answerOf(byProfile)).toMatchObject({ userName: 'omar', door: 'sigv4' });
  });

  test('stays so when the token ends, by as many commands at once as there are', async () => {
    await login('maria');
    const before = Object.values((await kept()).signIns)[0]?.tokens;
    await tamper((tokens) => {
      tokens.expiresAt = 0;
    });
    const ran = await Promise.all([1, 2, 3, 4].map(() => run(['whoami'])));
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const after = Object.values((await kept()).signIns)[0]?.tokens;
    expect(after?.expiresAt).toBeGreaterThan(Date.now());
    expect(after?.bearer).not.toBe(before?.bearer);
    expect((await run(['whoami'])).code).toBe(0);
  });

  test.each<[string, (tokens: { expiresAt: number; refresh?: string }) => void]>([
    [
      'cannot be renewed',
      (tokens) => {
        tokens.expiresAt = 0;
        delete tokens.refresh;
      },
    ],
    [
      'is not renewed by the issuer',
      (tokens) => {
        tokens.expiresAt = 0;
        tokens.refresh = 'unknown';
      },
    ],
  ])('is told to sign in again when the token has ended and %s', async (_, change) => {
    await login('maria');
    await tamper(change);
    const { code, stderr } = await run(['whoami']);
    expect(code).toBe(14);
    expect(stderr).toMatch(/code +not_signed_in\n +next +Sign in again: brevet login/);
  });

  test.each(['x.y.z', 'nonsense'])(
    'is told to sign in again when the service does not believe the token: %s',
    async (bearer) => {
      await login('maria');
      await tamper((tokens) => {
        tokens.bearer = bearer;
      });
      const { code, stderr } = await run(['whoami']);
      expect(code).toBe(14);
      expect(stderr).toMatch(/next +Sign in again: brevet login/);
    },
  );

  test('stays signed in over a restart of the service', async () => {
    await login('maria');
    await service.kill9();
    await service.start();
    expect((await run(['whoami'])).code).toBe(0);
    await tamper((tokens) => {
      tokens.expiresAt = 0;
    });
    expect((await run(['whoami'])).code).toBe(0);
  });
});

describe('brevet logout', () => {
  test('forgets the sign-in here and at the issuer', async () => {
    await login('maria');
    const before = await kept();
    expect(await json('logout')).toMatchObject({ wasSignedIn: true, isRevoked: true });
    expect((await kept()).signIns).toEqual({});
    expect((await run(['whoami', '--auth', 'oidc'])).code).toBe(14);
    await writeFile(tokenFile, JSON.stringify(before));
    await tamper((tokens) => {
      tokens.expiresAt = 0;
    });
    expect((await run(['whoami'])).code).toBe(14);
    expect(await json('logout')).toMatchObject({ wasSignedIn: true });
    expect(await json('logout')).toMatchObject({ wasSignedIn: false, isRevoked: false });
  });
});

describe.runIf(process.platform === 'linux')('where the system has a store for secrets', () => {
  /** Keeps one secret in a file, as `secret-tool` would in the Secret Service. */
  const SECRET_TOOL = `#!/bin/sh
if [ -e "$HOME/locked" ]; then exit 1; fi
case "$1" in
  store) cat > "$HOME/secret"; echo "$*" >> "$HOME/arguments" ;;
  lookup) cat "$HOME/secret" 2>/dev/null || exit 1 ;;
esac
`;
  const withStore = async (): Promise<Record<string, string>> => {
    await writeFile(join(folder, 'secret-tool'), SECRET_TOOL);
    await chmod(join(folder, 'secret-tool'), 0o755);
    return {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      BREVET_TOKEN_FILE: '',
      XDG_STATE_HOME: join(folder, 'state'),
    };
  };
  const path = (): string => join(folder, 'state', 'brevet', 'sign-ins.json');

  test('the tokens are sealed with a key that only the store has', async () => {
    const env = await withStore();
    const { stdout } = await login('maria', env);
    expect(stdout).toContain('sealed with a key in the Secret Service');
    const file = await readFile(path(), 'utf8');
    expect(file).not.toMatch(/eyJ|bearer|refresh/);
    expect(await readFile(join(folder, 'arguments'), 'utf8')).not.toContain(
      await readFile(join(folder, 'secret'), 'utf8'),
    );
    expect((await run(['whoami'], env)).stdout).toContain('maria');
  });

  test('nothing can be read while it is locked, and what to do is said', async () => {
    const env = await withStore();
    await login('maria', env);
    await writeFile(join(folder, 'locked'), '');
    const { code, stderr } = await run(['whoami'], env);
    expect([code, stderr]).toEqual([14, expect.stringContaining('its key is not to be had')]);
  });

  test('what was kept for one service is worth nothing for another', async () => {
    const env = await withStore();
    await login('maria', env);
    const other = service.endpoint.replace('127.0.0.1', 'localhost');
    const file = JSON.parse(await readFile(path(), 'utf8')) as Kept;
    const [entry] = Object.values(file.signIns);
    await writeFile(path(), JSON.stringify({ version: 1, signIns: { [other]: entry } }));
    expect((await run(['whoami', '--endpoint', other], env)).code).toBe(14);
  });
});
