/** The authorizer as API Gateway calls it: what it answers, and what its answer opens. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { APIGatewayAuthorizerResult, Context } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StubIssuer, startStubIssuer } from '../contract/stub-issuer.ts';

const API = 'arn:aws:execute-api:us-east-1:300000000001:a1b2c3d4e5';
const ARN = `${API}/live/GET/v1/me`;
const CONTEXT = { awsRequestId: 'trace-1', functionName: 'authorizer' } as Context;

let issuer: StubIssuer;
let authorize: (authorizationToken: string, methodArn?: string) => Promise<APIGatewayAuthorizerResult>;

beforeAll(async () => {
  issuer = await startStubIssuer();
  const rules = { issuer: issuer.url, audience: ['brevet'], claim: 'preferred_username', mapsTo: 'user-name' };
  vi.stubEnv('BREVET_TOKEN_RULES', JSON.stringify(rules));
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  const { handler } = await import('../../lambda/handlers/authorizer.ts');
  authorize = async (authorizationToken, methodArn = ARN) => {
    const answer: unknown = await handler({ type: 'TOKEN', authorizationToken, methodArn }, CONTEXT);
    return answer as APIGatewayAuthorizerResult;
  };
});
afterEach(() => issuer.answerWith(200));
afterAll(async () => {
  await issuer.stop();
  vi.unstubAllEnvs();
});

const bearer = async (changes?: Parameters<StubIssuer['token']>[0]): Promise<string> =>
  `Bearer ${await issuer.token(changes)}`;

describe('the authorizer', () => {
  it('hands on who was proven, and nothing else that the token claims', async () => {
    const { principalId, context } = await authorize(await bearer({ claims: { groups: 'brevet-administrators' } }));
    expect(principalId).toBe('maria');
    expect(context).toEqual({ kind: 'user-name', value: 'maria' });
  });

  it('hands on why a genuine token proves nobody', async () => {
    const { principalId, context } = await authorize(await bearer({ claims: { preferred_username: undefined } }));
    expect(principalId).toBe('nobody');
    expect(context).toEqual({ kind: 'unproven', value: expect.stringContaining('"preferred_username"') });
  });

  it('hands on a name in any script, and a principal that any log can bear', async () => {
    const { principalId, context } = await authorize(await bearer({ claims: { preferred_username: 'jürgen' } }));
    expect([principalId, context?.value]).toEqual(['j?rgen', 'jürgen']);
  });

  it.each([
    ['an expired token', { claims: { exp: 1 } }],
    ['a forged one', { forged: true }],
    ['one for another audience', { claims: { aud: 'another' } }],
  ])('says of %s exactly what API Gateway turns into a 401, and not why', async (_, changes) => {
    await expect(authorize(await bearer(changes))).rejects.toThrow(/^Unauthorized$/);
  });

  it.each(['', 'Bearer', 'Bearer x', 'Basic bWFyaWE6eA=='])('says so of %j too', async (header) => {
    await expect(authorize(header)).rejects.toThrow(/^Unauthorized$/);
  });

  it('fails otherwise while the keys cannot be had, so that nobody is told that their token is wrong', async () => {
    issuer.answerWith(500);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    const now = Math.floor(Date.now() / 1000);
    const failing = authorize(await bearer({ claims: { iat: now, exp: now + 60 }, header: { kid: 'new' } }));
    await expect(failing).rejects.toThrow(/^issuer: /);
    vi.useRealTimers();
  });
});

describe('its answer', () => {
  const verdict = async (resource: string): Promise<string> => {
    const { policyDocument } = await authorize(await bearer());
    const result = await runSimulation(
      {
        request: {
          principal: 'arn:aws:sts::300000000001:assumed-role/any/any',
          action: 'execute-api:Invoke',
          resource: { resource, accountId: '300000000001' },
          contextVariables: {},
        },
        identityPolicies: [{ name: 'authorizer', policy: policyDocument }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
    return result.overallResult;
  };

  it.each(['GET/v1/me', 'POST/v1/requests', 'POST/v1/requests/01JD/approve', 'DELETE/v1/requests', 'OPTIONS/v1/me'])(
    'opens the whole door, whichever call it was given for: %s',
    async (path) => {
      expect(await verdict(`${API}/live/${path}`)).toBe('Allowed');
    },
  );

  it.each([
    ['the other door', `${API}/live/GET/iam/v1/me`],
    ['another stage', `${API}/next/GET/v1/me`],
    ['another API', 'arn:aws:execute-api:us-east-1:300000000001:zzzzzzzzzz/live/GET/v1/me'],
    ['another account', 'arn:aws:execute-api:us-east-1:999999999999:a1b2c3d4e5/live/GET/v1/me'],
    ['a path that begins alike', `${API}/live/GET/v1-internal/me`],
    ['any other path', `${API}/live/GET/slack/v1`],
  ])('does not open %s', async (_, resource) => {
    expect(await verdict(resource)).toBe('ImplicitlyDenied');
  });
});
