/** The issuer of this machine: people sign in by the code flow and the device flow, and its tokens are what the authorizer believes. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIssuerKeys } from '../../lambda/adapters/issuer-keys.ts';
import { createJoseTokenVerifier } from '../../lambda/adapters/jose-token-verifier.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import { type DeferredListener, deferredListener, type LoopbackServer, listen } from '../../local/loopback-server.ts';
import { readSeed } from '../../local/seed/seed.ts';
import { localOidcSettings } from '../../local/sign-in/settings.ts';
import { openSignIn, type SignIn } from '../../local/sign-in/sign-in.ts';
import { createBrowser, formIn, personOn } from './browser.ts';

const seed = await readSeed('local/seed/organization.yaml');
const REDIRECT = 'http://127.0.0.1:49152/callback';

let folder: string;
let deferred: DeferredListener;
let server: LoopbackServer;
let signIn: SignIn;
let issuer: string;

const start = (): void => {
  signIn = openSignIn({ issuer, seed, folder: { file: (name) => join(folder, name) } });
  deferred.serveBy(signIn.listener);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-sign-in-'));
  deferred = deferredListener('not yet');
  server = await listen(0, 'NONE', deferred.listener);
  issuer = localOidcSettings(server.url, undefined).issuer;
  start();
});
afterAll(async () => {
  await server.close();
  signIn.close();
  await rm(folder, { recursive: true, force: true });
});

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly error?: string;
}

const post = async (path: string, form: Readonly<Record<string, string>>) => {
  const response = await fetch(`${issuer}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Tokens & Record<string, string> };
};

const authorizationFor = (verifier: string, changes: Readonly<Record<string, string>> = {}): string => {
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const parameters = new URLSearchParams({
    client_id: 'brevet-cli',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid profile email offline_access',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  });
  return `${issuer}/auth?${parameters}`;
};

/** Signs in as somebody chosen on the page. @returns the address to which the browser is sent */
const comeBackAs = async (userName: string, verifier: string, browser = createBrowser()): Promise<URL> => {
  const people = await browser.open(authorizationFor(verifier));
  const { action } = formIn(people);
  const back = await browser.open(action, { form: { person: personOn(people, userName) }, stopAt: REDIRECT });
  return new URL(back.url);
};

const exchange = (code: string, verifier: string, redirect = REDIRECT) =>
  post('/token', {
    grant_type: 'authorization_code',
    client_id: 'brevet-cli',
    code,
    code_verifier: verifier,
    redirect_uri: redirect,
  });

const tokensOf = async (userName: string): Promise<Tokens> => {
  const verifier = randomBytes(32).toString('base64url');
  const back = await comeBackAs(userName, verifier);
  return (await exchange(back.searchParams.get('code') ?? '', verifier)).body;
};

const verify = (token: string) => {
  const { audience } = localOidcSettings(server.url, undefined);
  const clock = createSystemClock();
  return createJoseTokenVerifier({ issuer, audience, keys: createIssuerKeys({ issuer, clock }), clock }).verify(token);
};

describe('the code flow', () => {
  test('brings somebody back with a code, for tokens that the authorizer believes', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const back = await comeBackAs('maria', verifier);
    expect(back.searchParams.get('state')).toBe('the-state');
    expect(back.searchParams.get('iss')).toBe(issuer);
    const { body } = await exchange(back.searchParams.get('code') ?? '', verifier);
    expect(await verify(body.access_token)).toMatchObject({
      claims: {
        preferred_username: 'maria',
        email: 'maria@example.com',
        email_verified: true,
        aud: 'brevet-on-this-machine',
      },
    });
    expect(decodeProtectedHeader(body.access_token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(decodeJwt(body.id_token)).toMatchObject({
      aud: 'brevet-cli',
      nonce: 'the-nonce',
      preferred_username: 'maria',
    });
  });

  test('gives nothing without PKCE, nor for another verifier, nor twice', async () => {
    const refused = await createBrowser().open(authorizationFor('x', { code_challenge: '' }), { stopAt: REDIRECT });
    expect(new URL(refused.url).searchParams.get('error')).toBe('invalid_request');
    const verifier = randomBytes(32).toString('base64url');
    const code = (await comeBackAs('maria', verifier)).searchParams.get('code') ?? '';
    expect((await exchange(code, randomBytes(32).toString('base64url'))).body.error).toBe('invalid_grant');
    const again = (await comeBackAs('maria', verifier)).searchParams.get('code') ?? '';
    expect((await exchange(again, verifier)).status).toBe(200);
    expect((await exchange(again, verifier)).body.error).toBe('invalid_grant');
  });

  test('sends nobody anywhere but to this machine', async () => {
    const elsewhere = authorizationFor('x', { redirect_uri: 'https://evil.example/callback' });
    const page = await createBrowser().open(elsewhere);
    expect([page.status, page.html.includes('redirect_uri')]).toEqual([400, true]);
  });

  test('asks each time who it is, since one browser is many people here', async () => {
    const browser = createBrowser();
    await comeBackAs('maria', 'a'.repeat(43), browser);
    const verifier = 'b'.repeat(43);
    const back = await comeBackAs('omar', verifier, browser);
    const { body } = await exchange(back.searchParams.get('code') ?? '', verifier);
    expect(decodeJwt(body.access_token).preferred_username).toBe('omar');
  });
});

describe('the page of people', () => {
  test('lists everybody once, and says who is disabled', async () => {
    const { html } = await createBrowser().open(authorizationFor('x'));
    expect(html.match(/<button name="person"/g)).toHaveLength(seed.people.length);
    expect(html).toContain('victor, Engineering Manager, disabled in IAM Identity Center');
  });

  test('escapes names, and lets nothing run', async () => {
    const { html, headers } = await createBrowser().open(authorizationFor('x'));
    expect(html).toContain('Tom O&#39;Neill');
    expect(html).not.toContain('<script');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  test('has a language, a title, one heading and named buttons', async () => {
    const { html } = await createBrowser().open(authorizationFor('x'));
    expect(html).toMatch(/<html lang="en">/);
    expect(html).toMatch(/<title>Who are you\?/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).not.toMatch(/<button[^>]*>\s*<\/button>/);
  });

  test('takes nobody who is not on it, and says so when it has expired', async () => {
    const browser = createBrowser();
    const people = await browser.open(authorizationFor('x'));
    const { action } = formIn(people);
    expect((await browser.open(action, { form: { person: 'nobody' } })).status).toBe(400);
    expect((await browser.open(action, { form: {} })).status).toBe(400);
    const stale = await createBrowser().open(action);
    expect([stale.status, stale.html.includes('expired')]).toEqual([400, true]);
  });
});

describe('the device flow', () => {
  const begin = async () =>
    (await post('/device/auth', { client_id: 'brevet-cli', scope: 'openid offline_access' })).body;
  const poll = (code: string) =>
    post('/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: 'brevet-cli',
      device_code: code,
    });

  test('signs a command in that has no browser, once somebody has said yes to its code', async () => {
    const { device_code: code = '', user_code: shown = '', verification_uri: address = '' } = await begin();
    expect((await poll(code)).body.error).toBe('authorization_pending');
    const browser = createBrowser();
    const asking = formIn(await browser.open(address));
    const confirming = await browser.open(asking.action, { form: { ...asking.hidden, user_code: shown } });
    expect(confirming.html).toContain(shown);
    const confirm = formIn(confirming);
    const people = await browser.open(confirm.action, { form: confirm.hidden });
    const done = await browser.open(formIn(people).action, { form: { person: personOn(people, 'omar') } });
    expect(done.html).toContain('You are signed in');
    const { body } = await poll(code);
    expect(await verify(body.access_token)).toMatchObject({ claims: { preferred_username: 'omar' } });
  });

  test('knows no code that it did not give', async () => {
    const { verification_uri: address = '' } = await begin();
    const browser = createBrowser();
    const asking = formIn(await browser.open(address));
    const refused = await browser.open(asking.action, { form: { ...asking.hidden, user_code: 'ZZZZ-ZZZZ' } });
    expect(refused.html).toContain('no such code');
    expect(refused.html).toMatch(/<label for="user_code">/);
  });
});

describe('after a restart', () => {
  test('tokens hold, and refresh tokens give new ones', async () => {
    const { access_token: before, refresh_token: refresh } = await tokensOf('maria');
    signIn.close();
    start();
    expect(await verify(before)).toHaveProperty('claims');
    const form = { grant_type: 'refresh_token', client_id: 'brevet-cli', refresh_token: refresh };
    const { body } = await post('/token', form);
    expect(await verify(body.access_token)).toMatchObject({ claims: { preferred_username: 'maria' } });
  });

  test('what was revoked stays revoked', async () => {
    const { refresh_token: token } = await tokensOf('maria');
    await fetch(`${issuer}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'brevet-cli', token }),
    });
    signIn.close();
    start();
    const form = { grant_type: 'refresh_token', client_id: 'brevet-cli', refresh_token: token };
    expect((await post('/token', form)).body.error).toBe('invalid_grant');
  });

  test('its keys are nobody else’s to read', async () => {
    const path = join(folder, 'sign-in-keys.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, 'utf8')).jwks.keys).toHaveLength(1);
    const published = await (await fetch(`${issuer}/jwks`)).json();
    expect(Object.keys((published as { keys: object[] }).keys[0] ?? {})).not.toContain('d');
  });
});
