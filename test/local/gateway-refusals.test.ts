/** The door of the local API Gateway: which signatures, routes and callers it refuses, as API Gateway does. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callersOf } from '../../local/gateway/callers.ts';
import {
  type Answered,
  deployment,
  type GatewayUnderTest,
  type Signing,
  seed,
  serveGateway,
} from './gateway-under-test.ts';

let on: GatewayUnderTest;
beforeEach(async () => {
  on = await serveGateway();
});
afterEach(() => on.close());

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
    const answered = await on.signedCall(signing);
    expect([answered.status, answered.headers['x-amzn-errortype']]).toEqual([403, `${type}Exception`]);
    expect(answered.body).toContain(message);
    expect(on.events).toEqual([]);
  });

  test.each<[string, Date]>([
    ['four minutes ago', minutes(-4)],
    ['four minutes ahead', minutes(4)],
  ])('no signature of %s', async (_what, date) => {
    expect((await on.signedCall({ date })).status).toBe(200);
  });

  const tampered: [string, (headers: Record<string, string>) => Promise<Answered>][] = [
    ['a body that was swapped', (headers) => on.send('POST', '/iam/v1/requests', headers, '{"a":2}')],
    [
      'a swapped body with its hash named anew',
      async (headers) => {
        const other = await on.sign({ method: 'POST', path: '/iam/v1/requests', body: '{"a":2}' });
        const hash = other['x-amz-content-sha256'] ?? '';
        return on.send('POST', '/iam/v1/requests', { ...headers, 'x-amz-content-sha256': hash }, '{"a":2}');
      },
    ],
    [
      'an unsigned payload',
      (headers) =>
        on.send('POST', '/iam/v1/requests', { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, '{"a":1}'),
    ],
    ['another path', (headers) => on.send('POST', '/iam/v1/other', headers, '{"a":1}')],
    ['another query', (headers) => on.send('POST', '/iam/v1/requests?view=all', headers, '{"a":1}')],
    ['another method', (headers) => on.send('PUT', '/iam/v1/requests', headers, '{"a":1}')],
    [
      'another date',
      (headers) => on.send('POST', '/iam/v1/requests', { ...headers, 'x-amz-date': '20260101T000000Z' }, '{"a":1}'),
    ],
  ];
  test.each(tampered)('%s under a good signature', async (_what, tamper) => {
    const answered = await tamper(await on.sign({ method: 'POST', path: '/iam/v1/requests', body: '{"a":1}' }));
    expect([answered.status, answered.headers['x-amzn-errortype']]).toEqual([403, 'InvalidSignatureException']);
    expect(on.events).toEqual([]);
  });

  test.each([
    ['no Authorization', {}, 'MissingAuthenticationTokenException'],
    ['a bearer token', { authorization: 'Bearer abc' }, 'IncompleteSignatureException'],
    ['half a signature', { authorization: 'AWS4-HMAC-SHA256 Credential=x' }, 'IncompleteSignatureException'],
  ])('a call with %s', async (_what, headers, type) => {
    const answered = await on.send('GET', '/iam/v1/me', headers);
    expect([answered.status, answered.headers['x-amzn-errortype']]).toEqual([403, type]);
  });

  test.each(['/v1', '/v1/', '/v2/me', '/iam/v1', '/iam/v1/', '/iam/v2/me', '/favicon.ico'])(
    '%s, which is no route, as API Gateway does',
    async (path) => {
      const answered = await on.signedCall({ path });
      expect([answered.status, answered.body]).toEqual([403, '{"message":"Missing Authentication Token"}']);
      expect(on.events).toEqual([]);
    },
  );

  test('callers whom the resource policy does not admit', async () => {
    await on.close();
    on = await serveGateway({ organizationAdmitted: 'o-another1234' });
    const answered = await on.signedCall();
    expect(answered.status).toBe(403);
    expect(answered.body).toContain('with an explicit deny');
    expect(on.events).toEqual([]);
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
      await on.close();
      on = await serveGateway({ callers: new Map(callers) });
      const answered = await on.signedCall();
      expect(answered.status).toBe(403);
      expect(answered.body).toContain('with an explicit deny');
      expect(on.events).toEqual([]);
    },
  );

  test('a name that was pointed at this machine', async () => {
    expect((await on.send('GET', '/', { host: 'evil.example' })).status).toBe(403);
  });
});
