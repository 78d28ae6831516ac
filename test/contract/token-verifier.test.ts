/** Which tokens are believed, which are not, and how often the issuer is asked for its keys. */
import { createHmac } from 'node:crypto';
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIssuerKeys } from '../../lambda/adapters/issuer-keys.ts';
import { createJoseTokenVerifier } from '../../lambda/adapters/jose-token-verifier.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import type { TokenVerifier } from '../../lambda/ports/token-verifier.ts';
import { type StubIssuer, startStubIssuer } from './stub-issuer.ts';

const NOW = Date.parse('2026-11-23T03:00:00Z') / 1000;

let issuer: StubIssuer;
let verifier: TokenVerifier;

const verifierFor = (url: string, more: { audience?: string[]; keysAt?: string } = {}): TokenVerifier => {
  const clock = createSystemClock();
  const keys = createIssuerKeys({ issuer: url, clock, keysAt: more.keysAt });
  return createJoseTokenVerifier({ issuer: url, audience: more.audience ?? ['brevet'], keys, clock });
};

const pass = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1000);
};

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
  issuer = await startStubIssuer();
  verifier = verifierFor(issuer.url);
});
afterEach(async () => {
  await issuer.stop();
  vi.useRealTimers();
});

/** The parts of a compact token, changed and put together again. */
const base64url = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const partsOf = (token: string): [string, string, string] => token.split('.') as [string, string, string];

describe('a token is believed', () => {
  it('when the issuer signed it, for us, and it is valid now', async () => {
    expect(await verifier.verify(await issuer.token())).toMatchObject({
      claims: { iss: issuer.url, aud: 'brevet', preferred_username: 'maria' },
    });
  });

  it.each<[string, JWTPayload]>([
    ['that names one of our audiences among others', { aud: ['other', 'brevet'] }],
    ['that expired within the tolerance of thirty seconds', { exp: NOW - 29 }],
    ['that becomes valid within the tolerance', { nbf: NOW + 29 }],
    ['that was issued by a clock a little ahead of ours', { iat: NOW + 29 }],
    ['that is nearly a day old and still valid', { iat: NOW - 86_400 }],
  ])('%s', async (_, claims) => {
    expect(await verifier.verify(await issuer.token({ claims }))).toHaveProperty('claims');
  });

  it.each(['JWT', 'at+jwt', 'application/at+jwt', 'AT+JWT'])('of the type %s', async (typ) => {
    expect(await verifier.verify(await issuer.token({ header: { typ } }))).toHaveProperty('claims');
  });

  it.each(['RS256', 'PS256', 'ES384', 'EdDSA'])('signed with %s', async (algorithm) => {
    const another = await startStubIssuer(algorithm);
    expect(await verifierFor(another.url).verify(await another.token())).toHaveProperty('claims');
    await another.stop();
  });

  it('by keys that the settings name, without asking for the discovery document', async () => {
    const named = verifierFor(issuer.url, { keysAt: `${issuer.url}/keys` });
    expect(await named.verify(await issuer.token())).toHaveProperty('claims');
    expect(issuer.asked).toEqual(['/keys']);
  });
});

describe('a token is not believed', () => {
  it.each<[string, JWTPayload, string]>([
    ['that expired', { exp: NOW - 31 }, 'expired'],
    ['that never expires', { exp: undefined }, 'claims'],
    ['that expires at no time', { exp: 'tomorrow' as unknown as number }, 'claims'],
    ['that is not valid yet', { nbf: NOW + 31 }, 'not-yet-valid'],
    ['that was issued in the future', { iat: NOW + 31 }, 'issued-at'],
    ['that does not say when it was issued', { iat: undefined }, 'issued-at'],
    ['that is older than a day, whenever it expires', { iat: NOW - 86_431, exp: NOW + 9_000_000 }, 'too-old'],
    ['for another audience', { aud: 'another-service' }, 'audience'],
    ['for an audience that only begins like ours', { aud: 'brevet-staging' }, 'audience'],
    ['for no audience', { aud: undefined }, 'audience'],
    ['of another issuer', { iss: 'https://login.example.net' }, 'issuer'],
    ['of an issuer that only begins like ours', { iss: 'http://127.0.0.1' }, 'issuer'],
    ['of no issuer', { iss: undefined }, 'issuer'],
    [
      'that tells a client of a logout',
      { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
      'type',
    ],
  ])('%s', async (_, claims, why) => {
    expect(await verifier.verify(await issuer.token({ claims }))).toEqual({ disbelief: why });
  });

  it('of a type that is for something else', async () => {
    expect(await verifier.verify(await issuer.token({ header: { typ: 'logout+jwt' } }))).toEqual({ disbelief: 'type' });
  });

  it('signed by somebody else under the name of the right key', async () => {
    expect(await verifier.verify(await issuer.token({ forged: true }))).toEqual({ disbelief: 'signature' });
  });

  it('with another payload behind the signature', async () => {
    const [header, payload, signature] = partsOf(await issuer.token());
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const tampered = [header, base64url({ ...claims, preferred_username: 'omar' }), signature].join('.');
    expect(await verifier.verify(tampered)).toEqual({ disbelief: 'signature' });
  });

  it('without a signature', async () => {
    const [header, payload] = partsOf(await issuer.token());
    expect(await verifier.verify(`${header}.${payload}.`)).toEqual({ disbelief: 'signature' });
  });

  it.each(['none', 'None', 'NONE', ''])('with the algorithm "%s"', async (alg) => {
    const [, payload] = partsOf(await issuer.token());
    expect(await verifier.verify(`${base64url({ alg })}.${payload}.`)).toHaveProperty('disbelief');
    expect(await verifier.verify(`${base64url({ alg, kid: 'first' })}.${payload}.c2ln`)).toHaveProperty('disbelief');
  });

  it('as libraries write unsigned ones', async () => {
    const claims = { iss: issuer.url, aud: 'brevet', iat: NOW, exp: NOW + 300 };
    expect(await verifier.verify(new UnsecuredJWT(claims).encode())).toEqual({ disbelief: 'algorithm' });
  });

  it.each(['HS256', 'HS384', 'HS512'])('signed with %s and the public key as the secret', async (alg) => {
    const rsa = await startStubIssuer('RS256');
    const [, payload] = partsOf(await rsa.token());
    const header = base64url({ alg, kid: 'first' });
    const secret = await exportSPKI(rsa.publicKey);
    const hash = `sha${alg.slice(2)}`;
    for (const key of [secret, secret.trim(), `${secret.trim()}\n`]) {
      const signature = createHmac(hash, key).update(`${header}.${payload}`).digest('base64url');
      const token = `${header}.${payload}.${signature}`;
      expect(await verifierFor(rsa.url).verify(token)).toEqual({ disbelief: 'algorithm' });
    }
    await rsa.stop();
  });

  it('signed as the issuer publishes it, with an algorithm that is none of ours', async () => {
    const modern = await startStubIssuer('ML-DSA-44');
    expect(await verifierFor(modern.url).verify(await modern.token())).toEqual({ disbelief: 'algorithm' });
    await modern.stop();
  });

  it('that brings its own key along', async () => {
    const own = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    const claims = { iss: issuer.url, aud: 'brevet', preferred_username: 'omar', iat: NOW, exp: NOW + 300 };
    const header = { alg: 'ES256', kid: 'first', jwk, jku: 'https://evil.example/keys', x5u: 'https://evil.example/x' };
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(own.privateKey);
    expect(await verifier.verify(token)).toEqual({ disbelief: 'signature' });
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('that asks for extensions which nobody here knows', async () => {
    const [, payload] = partsOf(await issuer.token());
    const header = base64url({ alg: 'ES256', kid: 'first', crit: ['exp'], exp: 1 });
    expect(await verifier.verify(`${header}.${payload}.c2ln`)).toHaveProperty('disbelief');
  });

  it('larger than any header that API Gateway takes, and nobody is asked about it', async () => {
    const token = await issuer.token({ claims: { groups: 'x'.repeat(8200) } });
    expect(await verifier.verify(token)).toEqual({ disbelief: 'too-long' });
    expect(issuer.asked).toEqual([]);
  });

  it.each(['', 'a', 'a.b', 'a.b.c', 'a.b.c.d', 'a.b.c.d.e', '..', '{}.{}.{}', 'eyJhbGciOiJSUzI1NiJ9..', 'é.é.é'])(
    'that is none: "%s"',
    async (text) => {
      expect(await verifier.verify(text)).toHaveProperty('disbelief');
    },
  );

  it.each(['"maria"', '[]', 'null', '{', ''])('whose payload is %j, though the issuer signed it', async (payload) => {
    const signing = new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'ES256', kid: 'first' });
    expect(await verifier.verify(await signing.sign(issuer.privateKey))).toEqual({ disbelief: 'malformed' });
  });
});

describe('the keys of the issuer', () => {
  const keyFetches = (): number => issuer.asked.filter((path) => path === '/keys').length;

  it('are fetched once for many tokens', async () => {
    for (let count = 0; count < 5; count += 1) await verifier.verify(await issuer.token());
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('are fetched anew when a token names one that is not known', async () => {
    await verifier.verify(await issuer.token());
    pass(31);
    await issuer.rotate('second');
    expect(await verifier.verify(await issuer.token())).toHaveProperty('claims');
    expect(keyFetches()).toBe(2);
  });

  it('are fetched once in thirty seconds, however many unknown ones are named', async () => {
    await verifier.verify(await issuer.token());
    for (let count = 0; count < 90; count += 1) {
      const made = await issuer.token({ header: { kid: `made-up-${count}` } });
      expect(await verifier.verify(made)).toEqual({ disbelief: 'unknown-key' });
      pass(1);
    }
    expect(keyFetches()).toBe(3);
  });

  it('are believed no longer than ten minutes after the issuer withdrew them', async () => {
    const old = await issuer.token({ claims: { exp: NOW + 3600 } });
    expect(await verifier.verify(old)).toHaveProperty('claims');
    await issuer.rotate('second');
    pass(599);
    expect(await verifier.verify(old)).toHaveProperty('claims');
    pass(2);
    expect(await verifier.verify(old)).toEqual({ disbelief: 'unknown-key' });
  });

  it('that cannot be had make nothing of a token: that is a fault, and no verdict', async () => {
    issuer.answerWith(500);
    await expect(verifier.verify(await issuer.token())).rejects.toMatchObject({
      name: 'ServiceFault',
      source: 'issuer',
    });
  });

  it('that were fetched serve on while the issuer fails', async () => {
    await verifier.verify(await issuer.token());
    issuer.answerWith(503);
    pass(60);
    await expect(verifier.verify(await issuer.token({ header: { kid: 'made-up' } }))).rejects.toMatchObject({
      name: 'ServiceFault',
    });
    expect(await verifier.verify(await issuer.token())).toHaveProperty('claims');
  });

  it('are asked for once in five seconds while the issuer fails, and had as soon as it does not', async () => {
    issuer.answerWith(503);
    for (let count = 0; count < 20; count += 1) {
      await expect(verifier.verify(await issuer.token())).rejects.toMatchObject({ name: 'ServiceFault' });
    }
    expect(issuer.asked).toHaveLength(1);
    issuer.answerWith(200);
    pass(5);
    expect(await verifier.verify(await issuer.token())).toHaveProperty('claims');
  });

  it.each([
    ['another issuer', { issuer: 'https://login.example.net' }, 'DiscoveryNamesAnotherIssuer'],
    ['no keys', { jwks_uri: undefined }, 'DiscoveryNamesNoKeys'],
    ['keys elsewhere without TLS', { jwks_uri: 'http://192.0.2.1/keys' }, 'DiscoveryNamesNoKeys'],
    ['keys at something that is no address', { jwks_uri: 7 }, 'DiscoveryNamesNoKeys'],
  ])('are not taken from a discovery document that names %s', async (_, changes, code) => {
    issuer.discover(changes);
    await expect(verifier.verify(await issuer.token())).rejects.toMatchObject({ source: 'issuer', code });
  });
});
