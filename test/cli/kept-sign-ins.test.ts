/** What a command keeps of somebody who signed in: which token, where, and who else can read it. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptSignIns } from '../../cli/sign-in/kept-sign-ins.ts';
import { oneAtATime } from '../../cli/sign-in/one-at-a-time.ts';
import { tokensFrom } from '../../cli/sign-in/tokens.ts';

const ENDPOINT = new URL('https://brevet.example.com/live');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-sign-in-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the token for the service', () => {
  const jwt = (claims: object): string =>
    ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
  const NOW = 1_000_000;
  const access = jwt({ aud: ['brevet', 'other'], exp: 5000 });
  const id = jwt({ aud: 'cli', exp: 6000 });
  const answer = { token_type: 'bearer' } as const;

  it('is the access token, when it is for the service', () => {
    expect(
      tokensFrom({ ...answer, access_token: access, id_token: id, refresh_token: 'r' }, ['cli', 'brevet'], NOW),
    ).toEqual({
      bearer: access,
      expiresAt: 5_000_000,
      refresh: 'r',
    });
  });

  it.each([
    ['opaque', 'abc123'],
    ['for something else', jwt({ aud: 'graph', exp: 5000 })],
  ])('is the ID token, when the access token is %s', (_, other) => {
    expect(tokensFrom({ ...answer, access_token: other, id_token: id }, ['cli'], NOW)).toEqual({
      bearer: id,
      expiresAt: 6_000_000,
    });
  });

  it('ends when the issuer says, if it does not say so itself', () => {
    const endless = jwt({ aud: 'brevet' });
    expect(tokensFrom({ ...answer, access_token: endless, expires_in: 60 }, ['brevet'], NOW).expiresAt).toBe(1_060_000);
  });

  it('is none, when none is for the service', () => {
    const none = () => tokensFrom({ ...answer, access_token: access, id_token: id }, ['elsewhere'], NOW);
    expect(none).toThrow(/sign_in_failed: The issuer gave no token for elsewhere/);
  });
});

describe('what is kept', () => {
  const TOKENS = { bearer: 'a.b.c', expiresAt: 1, refresh: 'r' };
  const SIGN_IN = { issuer: 'https://login.example.com', clientId: 'cli', audience: ['brevet'], tokens: TOKENS };
  const fileIn = (env: Record<string, string> = {}) =>
    keptSignIns({ BREVET_TOKEN_FILE: join(folder, 'deep', 'tokens.json'), ...env });

  it('is found again, for its own endpoint only, with or without a slash at its end', async () => {
    const kept = fileIn();
    await kept.keep(ENDPOINT, SIGN_IN);
    expect(await kept.read(ENDPOINT)).toEqual(SIGN_IN);
    expect(await kept.read(new URL(`${ENDPOINT.href}/`))).toEqual(SIGN_IN);
    expect(await kept.read(new URL('https://brevet.example.com/other'))).toBeUndefined();
    expect(await kept.has(new URL('https://brevet.example.com'))).toBe(false);
  });

  it('is its owner’s alone, the folder too', async () => {
    const kept = fileIn();
    await kept.keep(ENDPOINT, SIGN_IN);
    expect((await stat(kept.path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
  });

  it('of one service stays when that of another is forgotten', async () => {
    const kept = fileIn();
    const other = new URL('https://other.example.com');
    await kept.keep(ENDPOINT, SIGN_IN);
    await kept.keep(other, SIGN_IN);
    expect(await kept.forget(other)).toBe(true);
    expect(await kept.forget(other)).toBe(false);
    expect(await kept.read(ENDPOINT)).toEqual(SIGN_IN);
  });

  it.each(['', 'no JSON', '{"version":2}', '{"version":1,"signIns":{"x":7}}'])(
    'counts as nothing when it reads %j',
    async (text) => {
      const kept = fileIn();
      await kept.keep(ENDPOINT, SIGN_IN);
      await writeFile(kept.path, text);
      expect(await kept.read(ENDPOINT)).toBeUndefined();
      await kept.keep(ENDPOINT, SIGN_IN);
      expect(await kept.read(ENDPOINT)).toEqual(SIGN_IN);
    },
  );

  it.each([
    ['linux', { HOME: '/home/m' }, '/home/m/.local/state/brevet/sign-ins.json'],
    ['linux', { HOME: '/home/m', XDG_STATE_HOME: '/state' }, '/state/brevet/sign-ins.json'],
    ['darwin', { HOME: '/Users/m' }, '/Users/m/Library/Application Support/brevet/sign-ins.json'],
    ['linux', { HOME: '/home/m', BREVET_TOKEN_FILE: '/run/tokens' }, '/run/tokens'],
  ] as const)('is on %s with %j in %s', (platform, env, path) => {
    expect(keptSignIns(env, platform).path).toBe(path);
  });

  it('is in the clear where the system has no store for secrets', async () => {
    const kept = keptSignIns({ HOME: folder, LOCALAPPDATA: folder }, 'win32');
    await kept.keep(ENDPOINT, SIGN_IN);
    expect(JSON.parse(await readFile(kept.path, 'utf8')).signIns[ENDPOINT.href].tokens).toEqual(TOKENS);
  });
});

describe('one at a time', () => {
  it('means that whoever comes second waits', async () => {
    const path = join(folder, 'lock');
    const said: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      said.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      said.push(`${name} ends`);
    };
    await Promise.all([oneAtATime(path, work('one')), oneAtATime(path, work('two'))]);
    expect(said[1]?.split(' ')[0]).toBe(said[0]?.split(' ')[0]);
    expect(said).toHaveLength(4);
  });

  it('lets the next one in when the work fails', async () => {
    const path = join(folder, 'lock');
    await expect(oneAtATime(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await oneAtATime(path, async () => 'yes')).toBe('yes');
  });
});
