/** Who is let in at the OIDC door, by what the authorizer left in the context and by nothing that a caller can write. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../lambda/contract/problem.ts';
import { type Answered, createApiWorld, createCaller, GOOD_ASK, userArnOf } from './api-world.ts';

let made: ReturnType<typeof createApiWorld>;
let signed: ReturnType<typeof createCaller>;
beforeEach(() => {
  made = createApiWorld();
  signed = createCaller(made.api);
});

interface Attempt {
  readonly path?: string;
  readonly method?: string;
  readonly authorizer?: Readonly<Record<string, unknown>> | null;
  readonly userArn?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What API Gateway puts into the context for somebody whom the authorizer let in. */
const proven = (value: string, kind = 'user-name') => ({ principalId: value, kind, value, integrationLatency: 7 });

const call = async ({ path = '/v1/me', method = 'GET', headers = {}, body, ...more }: Attempt): Promise<Answered> => {
  const event = {
    httpMethod: method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: more.query ?? null,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'trace-1',
      authorizer: more.authorizer === undefined ? proven('maria') : more.authorizer,
      identity: { userArn: more.userArn ?? null },
    },
  } as unknown as APIGatewayProxyEvent;
  const result = await made.api(event);
  return { status: result.statusCode, body: JSON.parse(result.body), headers: result.headers ?? {} };
};

const putEmails = (...ofWhom: readonly (readonly [userName: string, email: string, enabled?: boolean])[]): void => {
  for (const [userName, email, enabled = true] of ofWhom) {
    made.world.directory.putPerson({ id: `u-${userName}`, userName, displayName: userName, enabled, emails: [email] });
  }
};

describe('a person', () => {
  test('is the same Identity Center user through both doors', async () => {
    const token = await call({});
    const signature = await signed('maria', 'GET', '/me');
    expect(token.status).toBe(200);
    expect(token.body.id).toBe('u-maria');
    expect(token.body).toEqual(signature.body);
  });

  test.each([
    ['Maria', 'user-name'],
    ['MARIA', 'user-name'],
    ['Maria@Example.com', 'email'],
    ['maria@example.com', 'email'],
  ])('is found as %s (%s), in whatever case', async (value, kind) => {
    putEmails(['maria', 'maria@example.com']);
    expect((await call({ authorizer: proven(value, kind) })).body).toMatchObject({ id: 'u-maria', userName: 'maria' });
  });

  test('asks through one door and is seen, and repeats, through the other', async () => {
    const headers = { 'Idempotency-Key': 'one' };
    const asked = await call({ path: '/v1/requests', method: 'POST', body: GOOD_ASK, headers });
    expect(asked.status).toBe(201);
    expect(asked.body.requester.id).toBe('u-maria');
    expect((await signed('maria', 'GET', `/requests/${asked.body.id}`)).body).toEqual(asked.body);
    expect((await signed('maria', 'POST', '/requests', { body: GOOD_ASK, headers })).body.id).toBe(asked.body.id);
  });

  test('cannot approve for themselves by coming through the other door', async () => {
    const asked = await signed('maria', 'POST', '/requests', { body: GOOD_ASK });
    const approve = { path: `/v1/requests/${asked.body.id}/approve`, method: 'POST', body: {} };
    expect((await call(approve)).body.code).toBe('self_approval');
    expect((await call({ ...approve, authorizer: proven('omar') })).status).toBe(200);
  });

  test('votes once, whichever door they come through', async () => {
    const asked = await signed('maria', 'POST', '/requests', { body: GOOD_ASK });
    await signed('omar', 'POST', `/requests/${asked.body.id}/approve`, { body: {} });
    const again = { path: `/v1/requests/${asked.body.id}/approve`, method: 'POST', body: {} };
    expect((await call({ ...again, authorizer: proven('omar') })).status).toBe(409);
  });
});

describe('the door refuses', () => {
  const expectRefused = async (attempt: Attempt, status: number, code: ProblemCode): Promise<void> => {
    const answered = await call(attempt);
    expect([answered.status, answered.body.code]).toEqual([status, code]);
    expect(answered.headers['content-type']).toBe('application/problem+json');
  };

  test.each<[string, Attempt, number, ProblemCode]>([
    ['somebody unknown', { authorizer: proven('nobody') }, 403, 'caller_unknown'],
    ['an unknown e-mail', { authorizer: proven('nobody@example.com', 'email') }, 403, 'caller_unknown'],
    ['a user name given as an e-mail', { authorizer: proven('maria', 'email') }, 403, 'caller_unknown'],
    ['an e-mail given as a user name', { authorizer: proven('maria@example.com') }, 403, 'caller_unknown'],
    ['a disabled person', { authorizer: proven('victor') }, 403, 'caller_disabled'],
    ['no context', { authorizer: null }, 401, 'not_signed_in'],
    ['an empty context', { authorizer: {} }, 401, 'not_signed_in'],
    ['a context of another kind of authorizer', { authorizer: { claims: { sub: 'maria' } } }, 401, 'not_signed_in'],
    ['a principal without an identity', { authorizer: { principalId: 'maria' } }, 401, 'not_signed_in'],
    ['a kind that there is not', { authorizer: proven('maria', 'sub') }, 401, 'not_signed_in'],
    ['an empty value', { authorizer: proven('') }, 401, 'not_signed_in'],
    ['a value that is no text', { authorizer: { kind: 'user-name', value: ['maria'] } }, 401, 'not_signed_in'],
  ])('%s', async (_, attempt, status, code) => {
    putEmails(['maria', 'maria@example.com']);
    await expectRefused(attempt, status, code);
  });

  test('a disabled person whose e-mail is right', async () => {
    putEmails(['victor', 'victor@example.com', false]);
    await expectRefused({ authorizer: proven('victor@example.com', 'email') }, 403, 'caller_disabled');
  });

  test('an e-mail address that fits two people, even if one of them is disabled', async () => {
    putEmails(['maria', 'shared@example.com'], ['victor', 'Shared@example.com', false]);
    await expectRefused({ authorizer: proven('shared@example.com', 'email') }, 403, 'caller_ambiguous');
  });

  test('a genuine token that proves nobody, saying why', async () => {
    const answered = await call({ authorizer: proven('The token has no claim "upn".', 'unproven') });
    expect(answered).toMatchObject({
      status: 403,
      body: { code: 'identity_unproven', detail: 'The token has no claim "upn".' },
    });
  });
});

describe('an identity that a caller writes counts for nothing', () => {
  const NAMES = ['X-User', 'X-Forwarded-User', 'X-Amzn-Oidc-Identity', 'X-Remote-User', 'Authorization', 'userArn'];
  const forged = {
    ...Object.fromEntries(NAMES.map((name) => [name, 'omar'])),
    Authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"omar"}').toString('base64url')}.`,
  };

  test('in headers, beside a proof', async () => {
    expect((await call({ headers: forged })).body.userName).toBe('maria');
  });

  test('in headers, without a proof', async () => {
    expect((await call({ headers: forged, authorizer: null })).status).toBe(401);
  });

  test('in the query or the body', async () => {
    expect((await call({ query: { kind: 'user-name', value: 'omar' } })).status).toBe(400);
    const body = { ...GOOD_ASK, requestContext: { authorizer: proven('omar') } };
    expect((await call({ path: '/v1/requests', method: 'POST', body })).body.code).toBe('body_invalid');
  });
});

describe('one door’s proof counts for nothing behind the other', () => {
  test('a signature behind the OIDC door', async () => {
    expect((await call({ authorizer: null, userArn: userArnOf('omar') })).status).toBe(401);
    expect((await call({ authorizer: proven('maria'), userArn: userArnOf('omar') })).body.userName).toBe('maria');
  });

  test('a token behind the SigV4 door', async () => {
    expect((await call({ path: '/iam/v1/me', authorizer: proven('omar') })).status).toBe(401);
    const both = { path: '/iam/v1/me', authorizer: proven('omar'), userArn: userArnOf('maria') };
    expect((await call(both)).body.userName).toBe('maria');
  });

  test.each(['/v1/../iam/v1/me', '/v1//me', '/v1/%2e%2e/iam/v1/me', '/V1/me', '//v1/me', '/v1', '/v1/', '/v1/me/'])(
    'and no path leads around: %s',
    async (path) => {
      expect((await call({ path, authorizer: proven('maria'), userArn: userArnOf('omar') })).status).toBe(404);
    },
  );
});
