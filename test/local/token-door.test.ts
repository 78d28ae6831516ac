/** The OIDC door of the local API Gateway: what reaches the authorizer, what its answer does, what the function behind it sees. */
import { request } from 'node:http';
import type { APIGatewayProxyEvent, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allowBehindThisDoor } from '../../lambda/handlers/authorizer/verdict-policy.ts';
import { apiResourcePolicy } from '../../lib/api-resource-policy.ts';
import { deploymentOf } from '../../local/deployment.ts';
import type { FunctionOutcome } from '../../local/functions/function-host.ts';
import { callersOf } from '../../local/gateway/callers.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import { readResourcePolicy } from '../../local/gateway/resource-policy.ts';
import { type LoopbackServer, listen } from '../../local/loopback-server.ts';
import { readSeed } from '../../local/seed/seed.ts';

const seed = await readSeed('local/seed/organization.yaml');
const deployment = deploymentOf(seed);
const ARN = 'arn:aws:execute-api:us-east-1:300000000001:local/live';

let server: LoopbackServer;
let asked: APIGatewayTokenAuthorizerEvent[];
let events: APIGatewayProxyEvent[];
let verdict: (event: APIGatewayTokenAuthorizerEvent) => FunctionOutcome;

const ok = (result: unknown): FunctionOutcome => ({ ok: true, payload: JSON.stringify(result) });
const failed = (errorMessage: string): FunctionOutcome => ({ ok: false, error: { errorType: 'Error', errorMessage } });
const letIn = ({ methodArn }: APIGatewayTokenAuthorizerEvent): FunctionOutcome =>
  ok(allowBehindThisDoor(methodArn, { kind: 'user-name', value: 'maria' }));

const serve = async (resourcePolicy: unknown = apiResourcePolicy(deployment)): Promise<void> => {
  asked = [];
  events = [];
  verdict = letIn;
  const gateway = createGateway({
    region: seed.region,
    accountId: deployment.accountId,
    callers: callersOf(seed.people, deployment),
    judge: readResourcePolicy(resourcePolicy),
    authorize: async (payload) => {
      const event = JSON.parse(payload) as APIGatewayTokenAuthorizerEvent;
      asked.push(event);
      return verdict(event);
    },
    invoke: async (payload) => {
      events.push(JSON.parse(payload));
      return ok({ statusCode: 200, body: '{"hello":"you"}' });
    },
    loginConfiguration: { issuer: 'http://127.0.0.1:4001/sign-in', audience: ['brevet'], scopes: ['openid'] },
    page: '',
  });
  server = await listen(0, 'NONE', gateway);
};

beforeEach(() => serve());
afterEach(() => server.close());

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Headers as they are, several of one name too. */
const send = (path: string, headers: readonly string[] = [], method = 'GET'): Promise<Answered> =>
  new Promise((done, fail) => {
    const all = ['host', new URL(server.url).host, ...headers];
    const call = request(`${server.url}${path}`, { method, headers: all as unknown as string[] }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    call.once('error', fail);
    call.end();
  });

const BEARER = ['Authorization', 'Bearer aa.bb.cc'];

describe('a call with a token', () => {
  test('is judged by the authorizer, and reaches the function with its context and without an IAM identity', async () => {
    expect(await send('/v1/requests/01JD?view=mine', BEARER)).toMatchObject({ status: 200, body: '{"hello":"you"}' });
    expect(asked).toEqual([
      { type: 'TOKEN', authorizationToken: 'Bearer aa.bb.cc', methodArn: `${ARN}/GET/v1/requests/01JD` },
    ]);
    const [event] = events;
    expect(event).toMatchObject({
      path: '/v1/requests/01JD',
      resource: '/v1/{proxy+}',
      pathParameters: { proxy: 'requests/01JD' },
    });
    expect(event?.requestContext.authorizer).toEqual({
      principalId: 'maria',
      kind: 'user-name',
      value: 'maria',
      integrationLatency: expect.any(Number),
    });
    const { userArn, caller, accessKey, principalOrgId } = event?.requestContext.identity ?? {};
    expect([userArn, caller, accessKey, principalOrgId]).toEqual([null, null, null, null]);
  });

  test('carries every value of the context as a text', async () => {
    verdict = ({ methodArn }) => {
      const allowed = allowBehindThisDoor(methodArn, { kind: 'email', value: 'x' });
      return ok({ ...allowed, context: { number: 7, yes: true } });
    };
    await send('/v1/me', BEARER);
    expect(events[0]?.requestContext.authorizer).toMatchObject({ number: '7', yes: 'true' });
  });

  test('is judged again each time', async () => {
    await send('/v1/me', BEARER);
    verdict = () => failed('Unauthorized');
    expect((await send('/v1/me', BEARER)).status).toBe(401);
    expect(events).toHaveLength(1);
  });
});

describe('the door answers 401 in the form that the stack sets, and asks nobody,', () => {
  test.each<[string, string[]]>([
    ['without a header', []],
    ['to another scheme', ['Authorization', 'Basic bWFyaWE6eA==']],
    ['to what is no JWT', ['Authorization', 'Bearer 0123456789']],
    ['to two headers', ['Authorization', 'Bearer aa.bb.cc', 'authorization', 'Bearer dd.ee.ff']],
    ['to two tokens in one', ['Authorization', 'Bearer aa.bb.cc, Bearer dd.ee.ff']],
    ['to a token in another header', ['X-Authorization', 'Bearer aa.bb.cc']],
    [
      'to a signature of AWS',
      ['Authorization', 'AWS4-HMAC-SHA256 Credential=x/20261123/us-east-1/execute-api/aws4_request'],
    ],
  ])('%s', async (_, headers) => {
    const { status, headers: answered, body } = await send('/v1/me', headers);
    expect([status, answered['content-type'], answered['www-authenticate']]).toEqual([
      401,
      'application/problem+json',
      'Bearer',
    ]);
    expect(JSON.parse(body)).toMatchObject({ code: 'not_signed_in', status: 401 });
    expect([asked, events]).toEqual([[], []]);
  });

  test('nor to a token in the query', async () => {
    expect((await send('/v1/me?access_token=aa.bb.cc&Authorization=Bearer%20aa.bb.cc')).status).toBe(401);
  });
});

describe('what the authorizer says counts:', () => {
  test.each<[string, () => FunctionOutcome, number]>([
    ['that it does not believe the token', () => failed('Unauthorized'), 401],
    ['that it failed', () => failed('issuer: TimeoutError'), 503],
    ['nothing', () => ok(null), 503],
    ['no policy', () => ok({ principalId: 'maria' }), 503],
    ['a context that is no flat object', () => ok({ ...JSON.parse('{}'), context: { a: { b: 1 } } }), 503],
  ])('%s', async (_, outcome, status) => {
    verdict = outcome;
    const answered = await send('/v1/me', BEARER);
    expect([answered.status, answered.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect(events).toEqual([]);
  });

  test.each([
    ['denies', 'Deny', `${ARN}/*`],
    ['allows another path', 'Allow', `${ARN}/GET/v1/other`],
    ['allows another method', 'Allow', `${ARN}/POST/v1/*`],
    ['allows another stage', 'Allow', `${ARN.replace('live', 'next')}/*`],
  ])('a policy that %s', async (_, Effect, Resource) => {
    const statement = { Effect, Action: 'execute-api:Invoke', Resource };
    verdict = () => ok({ principalId: 'maria', policyDocument: { Version: '2012-10-17', Statement: [statement] } });
    expect((await send('/v1/me', BEARER)).status).toBe(403);
    expect(events).toEqual([]);
  });
});

test('whom the resource policy denies, the authorizer never sees', async () => {
  await server.close();
  const denyAll = { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  await serve({ Version: '2012-10-17', Statement: [denyAll] });
  const { status, body } = await send('/v1/me', BEARER);
  expect([status, body]).toEqual([403, expect.stringContaining('User: anonymous is not authorized')]);
  expect([asked, events]).toEqual([[], []]);
});

describe('how to sign in', () => {
  test('is told to everybody, without any function', async () => {
    const { status, body } = await send('/v1/login-configuration');
    expect([status, JSON.parse(body)]).toEqual([
      200,
      { issuer: 'http://127.0.0.1:4001/sign-in', audience: ['brevet'], scopes: ['openid'] },
    ]);
    expect([asked, events]).toEqual([[], []]);
  });

  test('is told to GET alone', async () => {
    expect((await send('/v1/login-configuration', BEARER, 'POST')).status).toBe(403);
  });

  test('is one address and no beginning of others', async () => {
    expect((await send('/v1/login-configuration/more')).status).toBe(401);
  });
});

test('a token opens nothing at the door for signed calls', async () => {
  expect((await send('/iam/v1/me', BEARER)).status).toBe(403);
  expect([asked, events]).toEqual([[], []]);
});
