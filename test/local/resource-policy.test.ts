/** The small evaluator of the API's resource policy. */
import { describe, expect, test } from 'vitest';
import { apiResourcePolicy } from '../../lib/api-resource-policy.ts';
import { readResourcePolicy } from '../../local/gateway/resource-policy.ts';

const SSO = 'arn:aws:iam::300000000001:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_BrevetUser_0123456789abcdef';
const OURS = 'o-b7e4v3t1k9';

describe('the policy that is deployed', () => {
  const judge = readResourcePolicy(apiResourcePolicy({ organizationId: OURS }));

  test.each([
    ['lets people of the organization in', 'live/GET/iam/v1/me', OURS, SSO, 'allowed'],
    ['denies another organization', 'live/GET/iam/v1/me', 'o-other12345', SSO, 'explicitly-denied'],
    [
      'denies a hand-made role of that name',
      'live/GET/iam/v1/me',
      OURS,
      SSO.replace('aws-reserved/sso.amazonaws.com/', ''),
      'explicitly-denied',
    ],
    ['denies a caller without keys', 'live/GET/iam/v1/me', undefined, undefined, 'explicitly-denied'],
    ['denies nobody elsewhere', 'live/GET/v1/me', undefined, undefined, 'allowed'],
  ])('%s', (_what, resource, organization, principal, expected) => {
    const context = {
      ...(organization === undefined ? {} : { 'aws:PrincipalOrgID': organization }),
      ...(principal === undefined ? {} : { 'aws:PrincipalArn': principal }),
    };
    expect(judge({ resource, context })).toBe(expected);
  });
});

const statement = (more: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', ...more }],
});

test('what no statement speaks of is not allowed', () => {
  const judge = readResourcePolicy(statement({ Resource: 'execute-api:/live/GET/*' }));
  expect(judge({ resource: 'live/POST/iam/v1/requests', context: {} })).toBe('not-allowed');
});

test.each([
  ['a plain condition on a key that is absent', { StringEquals: { 'aws:PrincipalOrgID': OURS } }, 'not-allowed'],
  ['a negated condition on a key that is absent', { StringNotEquals: { 'aws:PrincipalOrgID': OURS } }, 'allowed'],
])('%s', (_what, Condition, expected) => {
  expect(readResourcePolicy(statement({ Condition }))({ resource: 'live/GET/x', context: {} })).toBe(expected);
});

test.each([
  ['an unknown operator', statement({ Condition: { StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': OURS } } })],
  ['an unknown key', statement({ Condition: { StringEquals: { 'aws:SourceIp': '1.2.3.4' } } })],
  ['a principal by name', statement({ Principal: { AWS: SSO } })],
  ['NotAction', statement({ NotAction: 'execute-api:ManageConnections' })],
])('%s is an error rather than a guess', (_what, document) => {
  expect(() => readResourcePolicy(document)).toThrow(/not understood/);
});
