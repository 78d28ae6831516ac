/** Proves the resource policy of the API: who is let in at the door for signed callers, and who is not. */
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, it } from 'vitest';
import { apiResourcePolicy } from '../../lib/api-resource-policy.ts';
import { readResourcePolicy } from '../../local/gateway/resource-policy.ts';
import { synthesized } from './synthesized.ts';

const OURS = 'o-b7e4v3t1k9';
const THEIRS = 'o-zzzzzzzzzz';
const HOST = '300000000001';
const MEMBER = '400000000001';
const STRANGER = '999999999999';
const API = `arn:aws:execute-api:us-east-1:${HOST}:a1b2c3d4e5`;
const SSO_NAME = 'AWSReservedSSO_BrevetUser_0123456789abcdef';
const SSO_PATH = `aws-reserved/sso.amazonaws.com/eu-central-1/${SSO_NAME}`;

const document = apiResourcePolicy({ organizationId: OURS });

/** API Gateway puts the API's own ARN into the document that it was given without one. */
const asDeployed: unknown = JSON.parse(JSON.stringify(document).replaceAll('execute-api:/', `${API}/`));

interface Caller {
  readonly account: string;
  readonly organization?: string;
  /** Path and name of the role. */
  readonly role: string;
  /** In the place of the role's own. */
  readonly principalArn?: string;
}

const ALLOWED_TO_CALL = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};

const contextOf = (caller: Caller | undefined) => ({
  ...(caller && { 'aws:PrincipalArn': caller.principalArn ?? `arn:aws:iam::${caller.account}:role/${caller.role}` }),
  ...(caller?.organization !== undefined && { 'aws:PrincipalOrgID': caller.organization }),
});

/** The local gateway's own reading of the document has to come to the same. */
const judgeLocally = readResourcePolicy(document);

const calls = async (
  path: string,
  caller: Caller | undefined,
  identityPolicy: object | undefined = ALLOWED_TO_CALL,
) => {
  const context = contextOf(caller);
  const result = await runSimulation(
    {
      request: {
        principal: caller
          ? `arn:aws:sts::${caller.account}:assumed-role/${caller.role.split('/').at(-1)}/maria`
          : anonymousPrincipal,
        action: 'execute-api:Invoke',
        resource: { resource: `${API}/live/${path}`, accountId: HOST },
        contextVariables: { ...context },
      },
      identityPolicies: caller && identityPolicy ? [{ name: 'own', policy: identityPolicy }] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: asDeployed,
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  const isDenied = judgeLocally({ resource: `live/${path}`, context }) === 'explicitly-denied';
  expect(isDenied, 'by the local gateway').toBe(result.overallResult === 'ExplicitlyDenied');
  return result.overallResult;
};

const ASK = 'POST/iam/v1/requests';
const LIST = 'GET/iam/v1/requests';

describe('the door for signed callers', () => {
  it.each<[string, Caller]>([
    ['an SSO role of a member account', { account: MEMBER, organization: OURS, role: SSO_PATH }],
    ['an SSO role of the hosting account', { account: HOST, organization: OURS, role: SSO_PATH }],
    [
      'an SSO role whose path names no Region',
      { account: MEMBER, organization: OURS, role: `aws-reserved/sso.amazonaws.com/${SSO_NAME}` },
    ],
  ])('lets in %s', async (_, caller) => {
    expect(await calls(ASK, caller)).toBe('Allowed');
    expect(await calls(LIST, caller)).toBe('Allowed');
  });

  it.each<[string, Caller]>([
    ['an SSO role of another organization', { account: STRANGER, organization: THEIRS, role: SSO_PATH }],
    ['an SSO role of an account in no organization', { account: STRANGER, role: SSO_PATH }],
    ['an ordinary role of a member account', { account: MEMBER, organization: OURS, role: 'deployer' }],
    ['an ordinary role of the hosting account', { account: HOST, organization: OURS, role: 'deployer' }],
    [
      'a hand-made role in a member account, named like an SSO role',
      { account: MEMBER, organization: OURS, role: SSO_NAME },
    ],
    [
      'a hand-made role in the hosting account, named like an SSO role',
      { account: HOST, organization: OURS, role: SSO_NAME },
    ],
    [
      'a hand-made role under a path that looks like the reserved one',
      { account: HOST, organization: OURS, role: `my/aws-reserved/sso.amazonaws.com/${SSO_NAME}` },
    ],
    [
      'a service-linked role of Identity Center',
      { account: HOST, organization: OURS, role: 'aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO' },
    ],
  ])('refuses %s, though its own policy allows the call', async (_, caller) => {
    expect(await calls(ASK, caller)).toBe('ExplicitlyDenied');
    expect(await calls(LIST, caller)).toBe('ExplicitlyDenied');
  });

  it.each<[string, string, string]>([
    ['an IAM user of the hosting account', HOST, `arn:aws:iam::${HOST}:user/${SSO_PATH}`],
    ['the root user of the hosting account', HOST, `arn:aws:iam::${HOST}:root`],
    ['a role of another partition', MEMBER, `arn:aws-us-gov:iam::${MEMBER}:role/${SSO_PATH}`],
  ])('refuses %s', async (_, account, principalArn) => {
    expect(await calls(ASK, { account, organization: OURS, role: SSO_PATH, principalArn })).toBe('ExplicitlyDenied');
  });

  it.each(['GET/iam/v1/openapi.json', 'DELETE/iam/v1/me', 'GET/iam/', 'GET/iam/v2/me', 'PUT/iam/v1/../v1/me'])(
    'refuses whoever is not let in at every path and method behind it: %s',
    async (path) => {
      expect(await calls(path, { account: HOST, organization: OURS, role: SSO_NAME })).toBe('ExplicitlyDenied');
    },
  );

  it('refuses a caller who brings no identity at all', async () => {
    expect(await calls(ASK, undefined)).toBe('ExplicitlyDenied');
  });

  it('lets a caller from another account in only if their own policy allows it as well', async () => {
    const caller = { account: MEMBER, organization: OURS, role: SSO_PATH };
    const another = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
    expect(await calls(ASK, caller, another)).toBe('ImplicitlyDenied');
  });
});

describe('the other doors', () => {
  it('deny nobody by principal, since their callers have none', async () => {
    expect(await calls('POST/slack/interactions', undefined)).toBe('Allowed');
    expect(await calls('GET/v1/me', undefined)).toBe('Allowed');
  });

  it.each<[string, Caller | undefined]>([
    ['nobody', undefined],
    ['an SSO role', { account: MEMBER, organization: OURS, role: SSO_PATH }],
    ['a hand-made role in the hosting account', { account: HOST, organization: OURS, role: SSO_NAME }],
    ['a role of another organization', { account: STRANGER, organization: THEIRS, role: SSO_PATH }],
  ])('leave the door for tokens to its authorizer, whoever else the caller is: %s', async (_, caller) => {
    expect(await calls('POST/v1/requests', caller)).toBe('Allowed');
    expect(await calls('GET/v1/login-configuration', caller)).toBe('Allowed');
  });
});

it('the deployed API has this very document', () => {
  const [api] = Object.values(synthesized().template.findResources('AWS::ApiGateway::RestApi'));
  expect(api?.Properties.Policy).toEqual(document);
});
