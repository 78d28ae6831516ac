/** The local API Gateway: who gets in, what the function behind it sees, and what is answered when it does not work. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiResourcePolicy } from '../../lib/api-resource-policy.ts';
import { deploymentOf } from '../../local/deployment.ts';
import type { FunctionOutcome } from '../../local/functions/function-host.ts';
import { callersOf } from '../../local/gateway/callers.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import { readResourcePolicy } from '../../local/gateway/resource-policy.ts';
import { type LoopbackServer, listen } from '../../local/loopback-server.ts';
import { localCredentials } from '../../local/seed/credentials.ts';
import { readSeed } from '../../local/seed/seed.ts';

const seed = await readSeed('local/seed/organization.yaml');
const deployment = deploymentOf(seed);

let server: LoopbackServer;
let events: APIGatewayProxyEvent[];
/** Which function each of them went to. */
let called: string[];
let answer: () => FunctionOutcome | Promise<FunctionOutcome>;

const ok = (result: object): FunctionOutcome => ({ ok: true, payload: JSON.stringify(result) });

const serve = async (
  organizationAdmitted = seed.organizationId,
  integrationLimitMs = 5000,
  callers = callersOf(seed.people, deployment),
): Promise<void> => {
  events = [];
  called = [];
  answer = () => ok({ statusCode: 200, body: '{"hello":"you"}' });
  const gateway = createGateway({
    region: seed.region,
    accountId: deployment.accountId,
    callers,
    judge: readResourcePolicy(apiResourcePolicy({ organizationId: organizationAdmitted })),
    invoke: async (payload, which) => {
      called.push(which);
      events.push(JSON.parse(payload));
      return answer();
    },
    authorize: async () => ({ ok: false, error: { errorType: 'Error', errorMessage: 'Unauthorized' } }),
    loginConfiguration: { issuer: 'http://127.0.0.1/sign-in', audience: ['brevet'], scopes: ['openid'] },
    page: '<p>page</p>',
    integrationLimitMs,
  });
  server = await listen(0, 'NONE', gateway);
};

beforeEach(() => serve());
afterEach(() => server.close());

interface Signing {
  readonly as?: string;
  readonly secretOf?: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly region?: string;
  readonly service?: string;
  readonly date?: Date;
  readonly headers?: Record<string, string>;
  /** A header that is sent and not signed. */
  readonly without?: string;
}

/** Signs as any AWS client does. */
const sign = async (signing: Signing): Promise<Record<string, string>> => {
  const { as = 'maria', secretOf = as, method = 'GET', path = '/iam/v1/me', body, headers = {} } = signing;
  const signer = new SignatureV4({
    service: signing.service ?? 'execute-api',
    region: signing.region ?? seed.region,
    credentials: { ...localCredentials(as), secretAccessKey: localCredentials(secretOf).secretAccessKey },
    sha256: Sha256,
  });
  const { pathname, searchParams } = new URL(path, server.url);
  const query = Object.fromEntries(searchParams);
  const host = new URL(server.url).host;
  const unsigned = new HttpRequest({ method, path: pathname, query, headers: { host, ...headers }, body });
  const signed = await signer.sign(unsigned, {
    ...(signing.date ? { signingDate: signing.date } : {}),
    ...(signing.without ? { unsignableHeaders: new Set([signing.without]) } : {}),
  });
  return signed.headers;
};

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends exactly this; fetch would set headers of its own. */
const send = (method: string, path: string, headers: Record<string, string>, body = ''): Promise<Answered> =>
  new Promise((done, failed) => {
    const call = request(`${server.url}${path}`, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    call.once('error', failed);
    call.end(body);
  });

const signedCall = async (signing: Signing = {}): Promise<Answered> => {
  const { method = 'GET', path = '/iam/v1/me', body } = signing;
  return send(method, path, await sign(signing), body);
};

describe('a signed call', () => {
  test('reaches the function as the session of an Identity Center role, named like the person', async () => {
    expect(await signedCall()).toMatchObject({ status: 200, body: '{"hello":"you"}' });
    const identity = events[0]?.requestContext.identity;
    expect(identity).toMatchObject({
      accountId: '300000000001',
      principalOrgId: 'o-b7e4v3t1k9',
      accessKey: localCredentials('maria').accessKeyId,
    });
    expect(identity?.userArn).toMatch(
      /^arn:aws:sts::300000000001:assumed-role\/AWSReservedSSO_BrevetUser_[0-9a-f]{16}\/maria$/,
    );
    expect(identity?.user).toMatch(/^AROA[0-9A-Z]{17}:maria$/);
  });

  test('with query and body is handed on as a REST proxy event', async () => {
    const path = '/iam/v1/requests?view=all&q=a%20b%2Bc';
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'k1' };
    await signedCall({ method: 'POST', path, body: '{"a":"ü"}', headers });
    expect(events[0]).toMatchObject({
      path: '/iam/v1/requests',
      resource: '/iam/v1/{proxy+}',
      httpMethod: 'POST',
      pathParameters: { proxy: 'requests' },
      queryStringParameters: { view: 'all', q: 'a b+c' },
      body: '{"a":"ü"}',
      isBase64Encoded: false,
      requestContext: { stage: 'live', path: '/live/iam/v1/requests', httpMethod: 'POST' },
    });
    const names = Object.keys(events[0]?.headers ?? {});
    expect(names.map((name) => name.toLowerCase())).toContain('idempotency-key');
    expect(names.map((name) => name.toLowerCase())).not.toContain('authorization');
  });

  test.each([
    ['/iam/v1/policy', 'policyCheck', '/iam/v1/policy', null],
    ['/iam/v1/policy/check', 'policyCheck', '/iam/v1/policy/{proxy+}', { proxy: 'check' }],
    ['/iam/v1/policy/', 'api', '/iam/v1/{proxy+}', { proxy: 'policy/' }],
    ['/iam/v1/policyx', 'api', '/iam/v1/{proxy+}', { proxy: 'policyx' }],
    ['/iam/v1/me', 'api', '/iam/v1/{proxy+}', { proxy: 'me' }],
  ])(
    'at %s goes to the function %s, as the methods of the stack have it',
    async (path, which, resource, parameters) => {
      await signedCall({ path });
      expect(called).toEqual([which]);
      expect(events[0]).toMatchObject({ path, resource, pathParameters: parameters });
    },
  );

  test('without query and body has null for them', async () => {
    await signedCall();
    expect(events[0]).toMatchObject({ queryStringParameters: null, body: null });
  });

  test('of the organization is let in when headers that it did not sign are added', async () => {
    const headers = await sign({});
    expect((await send('GET', '/iam/v1/me', { ...headers, 'x-extra': 'yes' })).status).toBe(200);
  });

  test('of a disabled person gets in too: refusing them is up to Brevet', async () => {
    expect((await signedCall({ as: 'victor' })).status).toBe(200);
  });
});

describe('the door refuses', () => {
  const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);

  test.each<[string, Signing, string, string]>([
    ['the key of one person with the secret of another', { secretOf: 'omar' }, 'InvalidSignature', 'does not match'],
    ['a key that nobody has', { as: 'mallory' }, 'UnrecognizedClient', 'security token'],
    ['another Region', { region: 'eu-west-1' }, 'InvalidSignature', 'scoped to a valid region'],
    ['another service', { service: 'sts' }, 'InvalidSignature', "correct service: 'execute-api'"],
    ['a signature of six minutes ago', { date: minutes(-6) }, 'InvalidSignature', 'Signature expired'],
    ['a signature of six minutes ahead', { date: minutes(6) }, 'InvalidSignature', 'Signature not yet current'],
    ['a session token', { headers: { 'x-amz-security-token': 'x' } }, 'UnrecognizedClient', 'security token'],
    ['a signature without the host', { without: 'host' }, 'InvalidSignature', "'Host'"],
    ['a signature without the date', { without: 'x-amz-date' }, 'InvalidSignature', "'X-Amz-Date'"],
  ])('%s', async (_what, signing, type, message) => {
    const answered = await signedCall(signing);
    expect([answered.status, answered.headers['x-amzn-errortype']]).toEqual([403, `${type}Exception`]);
    expect(answered.body).toContain(message);
    expect(events).toEqual([]);
  });

  test.each<[string, Date]>([
    ['four minutes ago', minutes(-4)],
    ['four minutes ahead', minutes(4)],
  ])('no signature of %s', async (_what, date) => {
    expect((await signedCall({ date })).status).toBe(200);
  });

  const tampered: [string, (headers: Record<string, string>) => Promise<Answered>][] = [
    ['a body that was swapped', (headers) => send('POST', '/iam/v1/requests', headers, '{"a":2}')],
    [
      'a swapped body with its hash named anew',
      async (headers) => {
        const other = await sign({ method: 'POST', path: '/iam/v1/requests', body: '{"a":2}' });
        const hash = other['x-amz-content-sha256'] ?? '';
        return send('POST', '/iam/v1/requests', { ...headers, 'x-amz-content-sha256': hash }, '{"a":2}');
      },
    ],
    [
      'an unsigned payload',
      (headers) =>
        send('POST', '/iam/v1/requests', { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, '{"a":1}'),
    ],
    ['another path', (headers) => send('POST', '/iam/v1/other', headers, '{"a":1}')],
    ['another query', (headers) => send('POST', '/iam/v1/requests?view=all', headers, '{"a":1}')],
    ['another method', (headers) => send('PUT', '/iam/v1/requests', headers, '{"a":1}')],
    [
      'another date',
      (headers) => send('POST', '/iam/v1/requests', { ...headers, 'x-amz-date': '20260101T000000Z' }, '{"a":1}'),
    ],
  ];
  test.each(tampered)('%s under a good signature', async (_what, tamper) => {
    const answered = await tamper(await sign({ method: 'POST', path: '/iam/v1/requests', body: '{"a":1}' }));
    expect([answered.status, answered.headers['x-amzn-errortype']]).toEqual([403, 'InvalidSignatureException']);
    expect(events).toEqual([]);
  });

  test.each([
    ['no Authorization', {}, 'MissingAuthenticationTokenException'],
    ['a bearer token', { authorization: 'Bearer abc' }, 'IncompleteSignatureException'],
    ['half a signature', { authorization: 'AWS4-HMAC-SHA256 Credential=x' }, 'IncompleteSignatureException'],
  ])('a call with %s', async (_what, headers, type) => {
    const answered = await send('GET', '/iam/v1/me', headers);
    expect([answered.status, answered.headers['x-amzn-errortype']]).toEqual([403, type]);
  });

  test.each(['/v1', '/v1/', '/v2/me', '/iam/v1', '/iam/v1/', '/iam/v2/me', '/favicon.ico'])(
    '%s, which is no route, as API Gateway does',
    async (path) => {
      const answered = await signedCall({ path });
      expect([answered.status, answered.body]).toEqual([403, '{"message":"Missing Authentication Token"}']);
      expect(events).toEqual([]);
    },
  );

  test('callers whom the resource policy does not admit', async () => {
    await server.close();
    await serve('o-another1234');
    const answered = await signedCall();
    expect(answered.status).toBe(403);
    expect(answered.body).toContain('with an explicit deny');
    expect(events).toEqual([]);
  });

  test.each([
    ['an ordinary role', 'role/deployer'],
    ['a hand-made role that is named like one of Identity Center', `role/${deployment.callerRole}`],
  ])(
    '%s of the hosting account, though its signature is right and its session is named maria',
    async (_, principal) => {
      const callers = [...callersOf(seed.people, deployment)].map(([key, caller]) => {
        const principalArn = `arn:aws:iam::${caller.accountId}:${principal}`;
        return [key, { ...caller, principalArn }] as const;
      });
      await server.close();
      await serve(seed.organizationId, 5000, new Map(callers));
      const answered = await signedCall();
      expect(answered.status).toBe(403);
      expect(answered.body).toContain('with an explicit deny');
      expect(events).toEqual([]);
    },
  );

  test('a name that was pointed at this machine', async () => {
    expect((await send('GET', '/', { host: 'evil.example' })).status).toBe(403);
  });
});

describe('the function behind', () => {
  test('answers status, headers, repeated headers and bytes', async () => {
    answer = () =>
      ok({
        statusCode: 201,
        headers: { 'Content-Type': 'text/plain' },
        multiValueHeaders: { 'X-Twice': ['a', 'b'] },
        body: Buffer.from('bytes').toString('base64'),
        isBase64Encoded: true,
      });
    const answered = await signedCall();
    expect(answered).toMatchObject({ status: 201, body: 'bytes' });
    expect(answered.headers).toMatchObject({ 'content-type': 'text/plain', 'x-twice': 'a, b' });
  });

  test.each<[string, FunctionOutcome]>([
    ['fails', { ok: false, error: { errorType: 'Error', errorMessage: 'secret' } }],
    ['answers something that is no proxy result', ok({ hello: 'you' })],
    ['answers nothing', { ok: true, payload: 'null' }],
  ])('that %s is a 502 that tells nothing', async (_what, outcome) => {
    answer = () => outcome;
    expect(await signedCall()).toMatchObject({ status: 502, body: '{"message":"Internal server error"}' });
  });

  test('that takes too long is a 504', async () => {
    await server.close();
    await serve(seed.organizationId, 20);
    answer = () => new Promise(() => undefined);
    expect(await signedCall()).toMatchObject({ status: 504, body: '{"message":"Endpoint request timed out"}' });
  });

  test.each([6, 11])('never sees a body of %i MB', async (megabytes) => {
    const body = 'x'.repeat(megabytes * 1024 * 1024);
    expect((await signedCall({ method: 'POST', path: '/iam/v1/requests', body })).status).toBe(413);
    expect(events).toEqual([]);
  });
});

test('the page at / needs no signature', async () => {
  const answered = await send('GET', '/', {});
  expect(answered).toMatchObject({ status: 200, body: '<p>page</p>' });
});

test('what is no HTTP gets a 400 and harms nobody', async () => {
  const said = await new Promise<string>((done) => {
    let text = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write('\x16\x03nonsense\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => done(text));
  });
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect((await signedCall()).status).toBe(200);
});
