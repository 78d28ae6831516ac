/** People without AWS credentials: signed in with a browser, through the real authorizer, beside people who sign. */
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { type Brevet, buildBrevet } from '../cli/support/brevet.ts';
import { createBrowser, formIn, personOn } from '../local/browser.ts';
import { createService, type Service } from './service.ts';
import { answerOf, choose, type Kept, keysOf, type Somebody, somebody, type Visit } from './somebody.ts';

let service: Service;
let brevet: Brevet;
let at: Somebody;

beforeAll(async () => {
  [service, brevet] = await Promise.all([createService(), buildBrevet()]);
});
afterAll(async () => {
  await service?.dispose();
  await brevet?.remove();
});
beforeEach(async () => {
  at = await somebody(brevet, service.endpoint);
});
afterEach(() => at.leave());

describe('brevet login', () => {
  test('signs somebody in with a browser, says who that is, and keeps it for nobody else', async () => {
    const { code, stdout, stderr } = await at.login('maria');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('Signed in as Maria Santos (maria).');
    expect((await stat(at.tokenFile)).mode & 0o777).toBe(0o600);
    const me = await at.run(['whoami']);
    expect(me.stdout).toMatch(/Maria Santos[\s\S]*signed in by +brevet login \(oidc\)/);
    expect(`${stdout}${stderr}${me.stdout}`).not.toContain(Object.values((await at.kept()).signIns)[0]?.tokens?.bearer);
  });

  test('is the same person as by AWS credentials, and shows through which door they came', async () => {
    await at.login('maria');
    const byToken = await at.json<{ id: string; door: string }>('whoami');
    const bySignature = answerOf<{ id: string; door: string }>(await at.signed('maria', 'whoami', '--json'));
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
    const { code, stdout, stderr } = await at.withBrowser(['login', '--device', '--json'], visit);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ person: { userName: 'omar' }, isRenewable: true });
  });

  test('keeps nobody whom the service does not let in', async () => {
    const { code, stderr } = await at.login('victor');
    expect([code, stderr]).toEqual([14, expect.stringContaining('caller_disabled')]);
    expect((await at.kept()).signIns).toEqual({});
  });

  test('turns away whoever else comes to its port, and goes on waiting', async () => {
    const { code, stdout } = await at.withBrowser(['login'], async (url, said) => {
      const back = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
      for (const query of ['?code=stolen', '?code=stolen&state=guessed', '?error=access_denied']) {
        expect((await fetch(`${back.href}${query}`)).status).toBe(400);
      }
      await choose('maria')(url, said);
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('maria')]);
  });

  test('says what the issuer said when it lets nobody in', async () => {
    const { code, stderr } = await at.withBrowser(['login'], async (url) => {
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
    const { code, stderr } = await at.withBrowser(['login'], async (url) => {
      const { searchParams } = new URL(url);
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      const state = searchParams.get('state') ?? '';
      back.search = new URLSearchParams({ state, iss: 'https://evil.example', code: 'x' }).toString();
      await fetch(back);
    });
    expect([code, stderr]).toEqual([14, expect.stringContaining('sign_in_failed')]);
  });

  test('says so where the service does not tell how to sign in', async () => {
    const { code, stderr } = await at.run(['login', '--endpoint', service.awsEndpoint]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('sign_in_unavailable')]);
  });
});

describe('somebody who signed in', () => {
  test('asks, and somebody who signs approves; the doors lead to the same requests', async () => {
    await at.login('maria');
    const words = ['payments-prod/AdministratorAccess', '--for', '30s', '--reason', 'the payment queue is stuck'];
    const asked = await at.json<RequestDetail>('request', ...words);
    expect(asked.requester.userName).toBe('maria');
    expect((await at.run(['approve', asked.id])).code).toBe(13);
    expect((await at.signed('maria', 'approve', asked.id)).code).toBe(13);
    const approved = await at.signed('omar', 'approve', asked.id);
    expect(approved.code, approved.stderr).toBe(0);
    const seen = answerOf<RequestDetail>(await at.signed('maria', 'show', asked.id, '--json'));
    expect(seen.id).toBe(asked.id);
    expect((await at.run(['end', asked.id])).code).toBe(0);
  });

  test('chooses the door: by the option, by the environment, else by where they are signed in', async () => {
    await at.login('maria');
    expect(await at.json('whoami')).toMatchObject({ door: 'oidc' });
    const omar = keysOf('omar');
    const bySignature = { userName: 'omar', door: 'sigv4' };
    expect(answerOf(await at.run(['whoami', '--json', '--auth', 'sigv4'], omar))).toMatchObject(bySignature);
    expect(answerOf(await at.run(['whoami', '--json'], { ...omar, BREVET_AUTH: 'sigv4' }))).toMatchObject(bySignature);
    const byOption = await at.run(['whoami', '--json', '--auth', 'oidc'], { ...omar, BREVET_AUTH: 'sigv4' });
    expect(answerOf(byOption)).toMatchObject({ userName: 'maria', door: 'oidc' });
    expect((await at.run(['whoami', '--auth', 'magic'])).code).toBe(2);
    expect((await at.signed('omar', 'whoami', '--auth', 'oidc')).code).toBe(14);
  });

  test('is somebody else under a profile that says sigv4, as those of brevet local profile do', async () => {
    await at.login('maria');
    const profiles = await at.run(['local', 'profile'], { BREVET_STATE_DIR: service.stateFolder });
    const files = Object.fromEntries(
      [...profiles.stdout.matchAll(/^export (\w+)=['"]?([^'"\n]*)['"]?$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
    const byProfile = await at.run(['whoami', '--json'], { ...files, AWS_PROFILE: 'omar' });
    expect(answerOf(byProfile)).toMatchObject({ userName: 'omar', door: 'sigv4' });
  });

  test('stays so when the token ends, by as many commands at once as there are', async () => {
    await at.login('maria');
    const before = Object.values((await at.kept()).signIns)[0]?.tokens;
    await at.tamper((tokens) => {
      tokens.expiresAt = 0;
    });
    const ran = await Promise.all([1, 2, 3, 4].map(() => at.run(['whoami'])));
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const after = Object.values((await at.kept()).signIns)[0]?.tokens;
    expect(after?.expiresAt).toBeGreaterThan(Date.now());
    expect(after?.bearer).not.toBe(before?.bearer);
    expect((await at.run(['whoami'])).code).toBe(0);
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
    await at.login('maria');
    await at.tamper(change);
    const { code, stderr } = await at.run(['whoami']);
    expect(code).toBe(14);
    expect(stderr).toMatch(/code +not_signed_in\n +next +Sign in again: brevet login/);
  });

  test.each(['x.y.z', 'nonsense'])(
    'is told to sign in again when the service does not believe the token: %s',
    async (bearer) => {
      await at.login('maria');
      await at.tamper((tokens) => {
        tokens.bearer = bearer;
      });
      const { code, stderr } = await at.run(['whoami']);
      expect(code).toBe(14);
      expect(stderr).toMatch(/next +Sign in again: brevet login/);
    },
  );

  test('stays signed in over a restart of the service', async () => {
    await at.login('maria');
    await service.kill9();
    await service.start();
    expect((await at.run(['whoami'])).code).toBe(0);
    await at.tamper((tokens) => {
      tokens.expiresAt = 0;
    });
    expect((await at.run(['whoami'])).code).toBe(0);
  });
});

describe('brevet logout', () => {
  test('forgets the sign-in here and at the issuer', async () => {
    await at.login('maria');
    const before = await at.kept();
    expect(await at.json('logout')).toMatchObject({ wasSignedIn: true, isRevoked: true });
    expect((await at.kept()).signIns).toEqual({});
    expect((await at.run(['whoami', '--auth', 'oidc'])).code).toBe(14);
    await writeFile(at.tokenFile, JSON.stringify(before));
    await at.tamper((tokens) => {
      tokens.expiresAt = 0;
    });
    expect((await at.run(['whoami'])).code).toBe(14);
    expect(await at.json('logout')).toMatchObject({ wasSignedIn: true });
    expect(await at.json('logout')).toMatchObject({ wasSignedIn: false, isRevoked: false });
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
    await writeFile(join(at.folder, 'secret-tool'), SECRET_TOOL);
    await chmod(join(at.folder, 'secret-tool'), 0o755);
    return {
      PATH: `${at.folder}:${process.env.PATH ?? ''}`,
      BREVET_TOKEN_FILE: '',
      XDG_STATE_HOME: join(at.folder, 'state'),
    };
  };
  const path = (): string => join(at.folder, 'state', 'brevet', 'sign-ins.json');

  test('the tokens are sealed with a key that only the store has', async () => {
    const env = await withStore();
    const { stdout } = await at.login('maria', env);
    expect(stdout).toContain('sealed with a key in the Secret Service');
    const file = await readFile(path(), 'utf8');
    // A token has three parts; what is sealed may look like any one of them.
    expect(file).not.toMatch(/eyJ[\w-]+\.[\w-]+\.|bearer|refresh/);
    expect(await readFile(join(at.folder, 'arguments'), 'utf8')).not.toContain(
      await readFile(join(at.folder, 'secret'), 'utf8'),
    );
    expect((await at.run(['whoami'], env)).stdout).toContain('maria');
  });

  test('nothing can be read while it is locked, and what to do is said', async () => {
    const env = await withStore();
    await at.login('maria', env);
    await writeFile(join(at.folder, 'locked'), '');
    const { code, stderr } = await at.run(['whoami'], env);
    expect([code, stderr]).toEqual([14, expect.stringContaining('its key is not to be had')]);
  });

  test('what was kept for one service is worth nothing for another', async () => {
    const env = await withStore();
    await at.login('maria', env);
    const other = service.endpoint.replace('127.0.0.1', 'localhost');
    const file = JSON.parse(await readFile(path(), 'utf8')) as Kept;
    const [entry] = Object.values(file.signIns);
    await writeFile(path(), JSON.stringify({ version: 1, signIns: { [other]: entry } }));
    expect((await at.run(['whoami', '--endpoint', other], env)).code).toBe(14);
  });
});
