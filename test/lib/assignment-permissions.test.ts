/** Who may make and remove assignments, and where; and that the search for drift only looks at them. */
import { describe, expect, it } from 'vitest';
import { ACCOUNT, everyRole, HOST, INSTANCE, MEMBER, PERMISSION_SET, TAGGED, template } from './deployed-roles.ts';
import { actionsOf, policyOf, STAND_INS, verdictOn } from './policies.ts';
import { synthesized } from './synthesized.ts';

const tagless = synthesized({ elevatable_tag: undefined }).template;
const converge = policyOf(template, 'converge');

describe('assignments', () => {
  it.each(everyRole.filter((role) => role !== 'converge'))('cannot be made or removed by %s', (role) => {
    const forbidden = actionsOf(policyOf(template, role)).filter((action) => /^sso:(Create|Delete)/.test(action));
    expect(forbidden).toEqual([]);
  });

  it.each([
    ['sso:CreateAccountAssignment', INSTANCE, {}, 'Allowed'],
    ['sso:CreateAccountAssignment', MEMBER, {}, 'Allowed'],
    ['sso:CreateAccountAssignment', PERMISSION_SET, TAGGED, 'Allowed'],
    ['sso:CreateAccountAssignment', PERMISSION_SET, {}, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', PERMISSION_SET, { 'aws:ResourceTag/brevet': 'no' }, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', HOST, {}, 'ExplicitlyDenied'],
    ['sso:CreateAccountAssignment', 'arn:aws:sso:::instance/ssoins-0000000000000000', {}, 'ImplicitlyDenied'],
    ['sso:DeleteAccountAssignment', INSTANCE, {}, 'Allowed'],
    ['sso:DeleteAccountAssignment', MEMBER, {}, 'Allowed'],
    // A tag that was removed meanwhile must not keep access alive.
    ['sso:DeleteAccountAssignment', PERMISSION_SET, {}, 'Allowed'],
    // What was given while the settings let it be a target must end when they do not any more.
    ['sso:DeleteAccountAssignment', HOST, {}, 'Allowed'],
    ['sso:DeletePermissionSet', PERMISSION_SET, TAGGED, 'ImplicitlyDenied'],
    ['sso:ListAccountAssignments', MEMBER, {}, 'Allowed'],
    ['sso:DescribeAccountAssignmentCreationStatus', INSTANCE, {}, 'Allowed'],
    ['sso:DescribeAccountAssignmentDeletionStatus', INSTANCE, {}, 'Allowed'],
  ])('converge: %s on %s with %j is %s', async (action, resource, context, verdict) => {
    expect(await verdictOn(converge, { action, resource, context })).toBe(verdict);
  });

  it('may be made in the account that hosts Brevet when the settings say so', async () => {
    const call = { action: 'sso:CreateAccountAssignment', resource: HOST };
    const { template: allowed } = synthesized({ hosting_account: 'two_approvers' });
    expect(await verdictOn(policyOf(allowed, 'converge'), call)).toBe('Allowed');
  });

  it('need no tag on the permission set when the settings name none', async () => {
    const call = { action: 'sso:CreateAccountAssignment', resource: PERMISSION_SET };
    expect(await verdictOn(policyOf(tagless, 'converge'), call)).toBe('Allowed');
  });
});

describe('the search for drift', () => {
  const drift = policyOf(template, 'drift');

  it.each([
    ['sso:ListAccountAssignments', MEMBER, 'Allowed'],
    ['sso:ListPermissionSetsProvisionedToAccount', MEMBER, 'Allowed'],
    ['sso:DescribeAccountAssignmentCreationStatus', INSTANCE, 'Allowed'],
    ['sso:DescribeAccountAssignmentDeletionStatus', INSTANCE, 'Allowed'],
    // What there is, it has from the catalogue.
    ['sso:ListPermissionSets', INSTANCE, 'ImplicitlyDenied'],
    ['sso:DescribePermissionSet', PERMISSION_SET, 'ImplicitlyDenied'],
    ['sso:ListTagsForResource', PERMISSION_SET, 'ImplicitlyDenied'],
    ['sso:ListAccountAssignmentCreationStatus', INSTANCE, 'ImplicitlyDenied'],
    ['organizations:ListAccounts', '*', 'ImplicitlyDenied'],
    ['organizations:DescribeAccount', ACCOUNT, 'ImplicitlyDenied'],
    ['organizations:ListTagsForResource', ACCOUNT, 'ImplicitlyDenied'],
    ['dynamodb:GetItem', STAND_INS.PolicyTable, 'Allowed'],
    ['sso:TagResource', PERMISSION_SET, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', INSTANCE, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', MEMBER, 'ImplicitlyDenied'],
    ['sso:DeleteAccountAssignment', INSTANCE, 'ImplicitlyDenied'],
    ['sso:DeleteAccountAssignment', PERMISSION_SET, 'ImplicitlyDenied'],
    ['dynamodb:DescribeTable', STAND_INS.RequestTable, 'Allowed'],
  ])('sees and changes nothing: %s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(drift, { action, resource })).toBe(verdict);
  });
});
