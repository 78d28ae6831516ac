/** Signing in, piece by piece: what is believed of a service and an issuer, which token is taken, how it is kept. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCallback } from '../../cli/sign-in/callback.ts';
import { signInByCode } from '../../cli/sign-in/code-flow.ts';
import { signInByDevice } from '../../cli/sign-in/device-flow.ts';
import { findIssuer } from '../../cli/sign-in/issuer.ts';
import { keptSignIns } from '../../cli/sign-in/kept-sign-ins.ts';
import { readLoginConfiguration } from '../../cli/sign-in/login-configuration.ts';
import { oneAtATime } from '../../cli/sign-in/one-at-a-time.ts';
import { tokensFrom } from '../../cli/sign-in/tokens.ts';
import { terminalAt } from './support/client.ts';
import { type Service, startService } from './support/service.ts';

const ENDPOINT = new URL('https://brevet.example.com/live');

let folder: string;
let service: Service;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-sign-in-'));
  service = await startService();
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

const failing = (code: string, detail: string) => ({
  problem: { code, detail: expect.stringContaining(detail) },
});

describe('how to sign in, as a service tells it,', () => {
  const GOOD = { issuer: 'https://login.example.com', audience: ['brevet'], scopes: ['openid'], clientId: 'cli' };
  const read = (status: number, body: unknown) => {
    service.answerWith({ 'GET /live/v1/login-configuration': { status, body } });
    return readLoginConfiguration(new URL(`${service.endpoint}/live`));
  };

  it('is read below the endpoint with its stage', async () => {
    expect(await read(200, GOOD)).toEqual(GOOD);
  });

  it.each<[string, number, unknown, string]>([
    ['a service without such a door', 403, { message: 'Missing Authentication Token' }, 'HTTP 403'],
    ['a redirect', 302, GOOD, 'HTTP 302'],
    ['something that is no configuration', 200, { hello: 'you' }, 'something else'],
    ['an issuer without TLS', 200, { ...GOOD, issuer: 'http://login.example.com' }, 'something else'],
    ['an issuer that is a file', 200, { ...GOOD, issuer: 'file:///etc/passwd' }, 'something else'],
    ['no audience', 200, { ...GOOD, audience: [] }, 'something else'],
  ])('is not taken from %s', async (_, status, body, why) => {
    await expect(read(status, body)).rejects.toMatchObject(failing('sign_in_unavailable', why));
  });

  it('is asked of a service that is out of reach in vain', async () => {
    const reading = readLoginConfiguration(new URL('http://127.0.0.1:9'));
    await expect(reading).rejects.toMatchObject(failing('unreachable', '127.0.0.1:9'));
  });
});

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

describe('the loopback port', () => {
  const get = (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
    new Promise((done, failed) => {
      request(url, { method, headers }, (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      })
        .on('error', failed)
        .end();
    });

  it('takes what comes back with the right state, and nothing else', async () => {
    const callback = await openCallback(0);
    const coming = callback.next('right', 5000);
    expect(callback.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    expect(await get(`${callback.redirectUri}?code=x&state=wrong`)).toBe(400);
    expect(await get(`${callback.redirectUri}?code=x`)).toBe(400);
    expect(await get(`${callback.redirectUri}/deeper?code=x&state=right`)).toBe(400);
    expect(await get(`${callback.redirectUri}?code=x&state=right`, { host: 'evil.example' })).toBe(400);
    expect(await get(`${callback.redirectUri}?code=x&state=right`, {}, 'POST')).toBe(400);
    expect(await get(`${callback.redirectUri}?code=right-one&state=right`)).toBe(200);
    expect((await coming).searchParams.get('code')).toBe('right-one');
    callback.close();
  });

  it('is given up when nobody comes back', async () => {
    const callback = await openCallback(0);
    await expect(callback.next('state', 1)).rejects.toMatchObject(failing('sign_in_failed', 'Nobody came back'));
    callback.close();
  });

  it('that is taken is a clear refusal', async () => {
    const port = Number(new URL(service.endpoint).port);
    await expect(openCallback(port)).rejects.toMatchObject(failing('usage', String(port)));
  });
});

describe('an issuer', () => {
  const metadata = (more: object = {}) => ({
    issuer: service.endpoint,
    authorization_endpoint: `${service.endpoint}/auth`,
    token_endpoint: `${service.endpoint}/token`,
    device_authorization_endpoint: `${service.endpoint}/device`,
    ...more,
  });
  const discovered = (more: object = {}, others: Parameters<Service['answerWith']>[0] = {}) => {
    service.answerWith({ 'GET /.well-known/openid-configuration': { body: metadata(more) }, ...others });
    return findIssuer(service.endpoint, 'cli');
  };

  it('that calls itself otherwise is not trusted', async () => {
    await expect(discovered({ issuer: 'https://evil.example' })).rejects.toMatchObject({
      problem: { code: 'sign_in_failed' },
    });
  });

  const byCode = async (more: object, visit: (url: URL) => Promise<unknown>) => {
    const issuer = await discovered(more);
    return signInByCode({
      issuer,
      scopes: ['openid'],
      terminal: terminalAt('2026-11-23T03:00:00Z'),
      port: 0,
      opensBrowser: false,
      show: (url) => void visit(url),
    });
  };

  it.each(['file:///etc/passwd', 'http://login.example.com/auth', 'javascript:alert(1)', undefined])(
    'that has people sign in at %s sends nobody there',
    async (address) => {
      const shown: string[] = [];
      const signing = byCode({ authorization_endpoint: address }, async (url) => shown.push(url.href));
      await expect(signing).rejects.toMatchObject(failing('sign_in_failed', 'no safe address'));
      expect(shown).toEqual([]);
    },
  );

  it('is sent a challenge and never the verifier, a state and a nonce that differ each time', async () => {
    const urls: URL[] = [];
    const signIn = () =>
      byCode({}, async (url) => {
        urls.push(url);
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.search = new URLSearchParams({
          error: 'access_denied',
          state: url.searchParams.get('state') ?? '',
        }).toString();
        await fetch(back);
      });
    await expect(signIn()).rejects.toMatchObject(failing('sign_in_failed', 'access_denied'));
    await expect(signIn()).rejects.toMatchObject(failing('sign_in_failed', 'access_denied'));
    const [first, second] = urls.map(({ searchParams }) => searchParams);
    expect(first?.get('code_challenge_method')).toBe('S256');
    expect(first?.has('code_verifier')).toBe(false);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(first?.get(name)).not.toBe(second?.get(name));
  });

  it('whose ID token answers another sign-in is not believed', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const idToken = await new SignJWT({ nonce: 'of-another-sign-in' })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(service.endpoint)
      .setAudience('cli')
      .setSubject('maria')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    const body = { access_token: 'x', token_type: 'bearer', id_token: idToken };
    const keys = { body: { keys: [await exportJWK(publicKey)] } };
    const issuer = await discovered(
      { jwks_uri: `${service.endpoint}/keys` },
      { 'POST /token': { body }, 'GET /keys': keys },
    );
    const signing = signInByCode({
      issuer,
      scopes: ['openid'],
      terminal: terminalAt('2026-11-23T03:00:00Z'),
      port: 0,
      opensBrowser: false,
      show: (url) => {
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.search = new URLSearchParams({ code: 'c', state: url.searchParams.get('state') ?? '' }).toString();
        void fetch(back);
      },
    });
    await expect(signing).rejects.toMatchObject(failing('sign_in_failed', 'nonce'));
  });

  describe('asked for a device code', () => {
    const terminal = terminalAt('2026-11-23T03:00:00Z');
    const CODE = {
      device_code: 'd',
      user_code: 'ABCD-EFGH',
      verification_uri: 'https://login.example.com/device',
      expires_in: 60,
      interval: 5,
    };
    const pending = { status: 400, body: { error: 'authorization_pending' } };
    const byDevice = async (answers: readonly { status?: number; body: object }[], code: object = {}) => {
      let turn = 0;
      const issuer = await discovered(
        {},
        {
          'POST /device': { body: { ...CODE, ...code } },
          'POST /token': () => answers[Math.min(turn++, answers.length - 1)] ?? pending,
        },
      );
      return signInByDevice({ issuer, scopes: ['openid'], terminal, show: () => undefined });
    };

    it('is asked again and again, and more slowly when it wants that', async () => {
      const before = terminal.now();
      const slower = { status: 400, body: { error: 'slow_down' } };
      const answer = await byDevice([pending, slower, { body: { access_token: 'x', token_type: 'bearer' } }]);
      expect(answer.access_token).toBe('x');
      expect((terminal.now() - before) / 1000).toBe(20);
    });

    it.each<[string, { status: number; body: object }, string]>([
      ['nobody types it', pending, 'Nobody typed the code in time'],
      ['somebody says no', { status: 400, body: { error: 'access_denied' } }, 'access_denied'],
      ['it has expired', { status: 400, body: { error: 'expired_token' } }, 'expired_token'],
      ['the issuer breaks down', { status: 500, body: {} }, 'The issuer let nobody in'],
    ])('lets nobody in when %s', async (_, answer, why) => {
      await expect(byDevice([answer])).rejects.toMatchObject(failing('sign_in_failed', why));
    });

    it('sends nobody to an address that is not safe', async () => {
      const unsafe = { verification_uri: 'file:///etc/passwd' };
      await expect(byDevice([pending], unsafe)).rejects.toMatchObject(failing('sign_in_failed', 'no safe address'));
    });

    it('without having such a flow says so', async () => {
      const issuer = await discovered({ device_authorization_endpoint: undefined });
      const signing = signInByDevice({ issuer, scopes: ['openid'], terminal, show: () => undefined });
      await expect(signing).rejects.toMatchObject(failing('sign_in_failed', 'no device flow'));
    });
  });
});
