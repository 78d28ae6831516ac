/** Signing in, step by step: what is believed of a service, of an issuer, and of whoever comes back from a browser. */
import { request } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCallback } from '../../cli/sign-in/callback.ts';
import { signInByCode } from '../../cli/sign-in/code-flow.ts';
import { signInByDevice } from '../../cli/sign-in/device-flow.ts';
import { findIssuer } from '../../cli/sign-in/issuer.ts';
import { readLoginConfiguration } from '../../cli/sign-in/login-configuration.ts';
import { terminalAt } from './support/client.ts';
import { type Reply, type Service, startService } from './support/service.ts';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

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
    const headers = { 'content-type': 'application/json' };
    const refusal = (error: string) => ({ status: 400, body: { error }, headers });
    const pending = refusal('authorization_pending');
    const byDevice = async (answers: readonly Reply[], code: object = {}) => {
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
      const slower = refusal('slow_down');
      const answer = await byDevice([pending, slower, { body: { access_token: 'x', token_type: 'bearer' } }]);
      expect(answer.access_token).toBe('x');
      expect((terminal.now() - before) / 1000).toBe(20);
    });

    it('is asked on when an answer gets lost', async () => {
      const answer = await byDevice([pending, { hangUp: true }, { body: { access_token: 'x', token_type: 'bearer' } }]);
      expect(answer.access_token).toBe('x');
    });

    it.each<[string, Reply, string]>([
      ['nobody types it', pending, 'Nobody typed the code in time'],
      ['somebody says no', refusal('access_denied'), 'access_denied'],
      ['it has expired', refusal('expired_token'), 'expired_token'],
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
