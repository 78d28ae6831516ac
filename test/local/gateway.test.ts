/** The local API Gateway: what the function behind it sees of a signed call, and what is answered when it does not work. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FunctionOutcome } from '../../local/functions/function-host.ts';
import { localCredentials } from '../../local/seed/credentials.ts';
import { type GatewayUnderTest, ok, serveGateway } from './gateway-under-test.ts';

let on: GatewayUnderTest;
beforeEach(async () => {
  on = await serveGateway();
});
afterEach(() => on.close());

describe('a signed call', () => {
  test('reaches the function as the session of an Identity Center role, named like the person', async () => {
    expect(await on.signedCall()).toMatchObject({ status: 200, body: '{"hello":"you"}' });
    const identity = on.events[0]?.requestContext.identity;
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
    await on.signedCall({ method: 'POST', path, body: '{"a":"ü"}', headers });
    expect(on.events[0]).toMatchObject({
      path: '/iam/v1/requests',
      resource: '/iam/v1/{proxy+}',
      httpMethod: 'POST',
      pathParameters: { proxy: 'requests' },
      queryStringParameters: { view: 'all', q: 'a b+c' },
      body: '{"a":"ü"}',
      isBase64Encoded: false,
      requestContext: { stage: 'live', path: '/live/iam/v1/requests', httpMethod: 'POST' },
    });
    const names = Object.keys(on.events[0]?.headers ?? {});
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
      await on.signedCall({ path });
      expect(on.called).toEqual([which]);
      expect(on.events[0]).toMatchObject({ path, resource, pathParameters: parameters });
    },
  );

  test('without query and body has null for them', async () => {
    await on.signedCall();
    expect(on.events[0]).toMatchObject({ queryStringParameters: null, body: null });
  });

  test('of the organization is let in when headers that it did not sign are added', async () => {
    const headers = await on.sign({});
    expect((await on.send('GET', '/iam/v1/me', { ...headers, 'x-extra': 'yes' })).status).toBe(200);
  });

  test('of a disabled person gets in too: refusing them is up to Brevet', async () => {
    expect((await on.signedCall({ as: 'victor' })).status).toBe(200);
  });
});

describe('the function behind', () => {
  test('answers status, headers, repeated headers and bytes', async () => {
    on.answerWith(() =>
      ok({
        statusCode: 201,
        headers: { 'Content-Type': 'text/plain' },
        multiValueHeaders: { 'X-Twice': ['a', 'b'] },
        body: Buffer.from('bytes').toString('base64'),
        isBase64Encoded: true,
      }),
    );
    const answered = await on.signedCall();
    expect(answered).toMatchObject({ status: 201, body: 'bytes' });
    expect(answered.headers).toMatchObject({ 'content-type': 'text/plain', 'x-twice': 'a, b' });
  });

  test.each<[string, FunctionOutcome]>([
    ['fails', { ok: false, error: { errorType: 'Error', errorMessage: 'secret' } }],
    ['answers something that is no proxy result', ok({ hello: 'you' })],
    ['answers nothing', { ok: true, payload: 'null' }],
  ])('that %s is a 502 that tells nothing', async (_what, outcome) => {
    on.answerWith(() => outcome);
    expect(await on.signedCall()).toMatchObject({ status: 502, body: '{"message":"Internal server error"}' });
  });

  test('that takes too long is a 504', async () => {
    await on.close();
    on = await serveGateway({ integrationLimitMs: 20 });
    on.answerWith(() => new Promise(() => undefined));
    expect(await on.signedCall()).toMatchObject({ status: 504, body: '{"message":"Endpoint request timed out"}' });
  });

  test.each([6, 11])('never sees a body of %i MB', async (megabytes) => {
    const body = 'x'.repeat(megabytes * 1024 * 1024);
    expect((await on.signedCall({ method: 'POST', path: '/iam/v1/requests', body })).status).toBe(413);
    expect(on.events).toEqual([]);
  });
});

test('the page at / needs no signature', async () => {
  const answered = await on.send('GET', '/', {});
  expect(answered).toMatchObject({ status: 200, body: '<p>page</p>' });
});

test('what is no HTTP gets a 400 and harms nobody', async () => {
  const said = await new Promise<string>((done) => {
    let text = '';
    const socket = connect(on.port, '127.0.0.1', () => socket.write('\x16\x03nonsense\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => done(text));
  });
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect((await on.signedCall()).status).toBe(200);
});
