// sso-admin, read through the AWS client: the instance, permission sets, provisioning, assignments.
import {
  DescribeInstanceCommand,
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListInstancesCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, test } from 'vitest';
import { NOBODY, start } from './harness.ts';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const OTHER_INSTANCE = 'arn:aws:sso:::instance/ssoins-0000000000000000';
const OTHER_SET = 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0000000000000000';

describe('the instance', () => {
  test('ListInstances names the store and the owner', async () => {
    const { sso } = await start();
    const { Instances } = await sso.send(new ListInstancesCommand({}));
    expect(Instances).toMatchObject([
      { InstanceArn: INSTANCE, IdentityStoreId: 'd-906712ab3f', OwnerAccountId: '100000000001', Status: 'ACTIVE' },
    ]);
    expect(Instances?.[0]?.CreatedDate).toEqual(new Date('2024-01-15T09:00:00Z'));
  });

  test('DescribeInstance says that permission sets are enabled', async () => {
    const { sso } = await start();
    await expect(sso.send(new DescribeInstanceCommand({ InstanceArn: INSTANCE }))).resolves.toMatchObject({
      IdentityStoreId: 'd-906712ab3f',
      PermissionSetsEnabled: true,
    });
  });

  test('an instance that is not there is not found, by any operation', async () => {
    const { sso } = await start();
    const refusal = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } };
    await expect(sso.send(new DescribeInstanceCommand({ InstanceArn: OTHER_INSTANCE }))).rejects.toMatchObject(refusal);
    await expect(sso.send(new ListPermissionSetsCommand({ InstanceArn: OTHER_INSTANCE }))).rejects.toMatchObject(
      refusal,
    );
  });
});

describe('permission sets', () => {
  test('ListPermissionSets answers ARNs only', async () => {
    const { sso } = await start();
    const { PermissionSets } = await sso.send(new ListPermissionSetsCommand({ InstanceArn: INSTANCE }));
    expect(PermissionSets).toHaveLength(11);
    expect(PermissionSets).toContain('arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-8b96344e9681dbd7');
  });

  test('DescribePermissionSet has the session duration', async () => {
    const { sso, ids } = await start();
    const PermissionSetArn = ids.permissionSet('ReadOnlyAccess');
    const { PermissionSet } = await sso.send(
      new DescribePermissionSetCommand({ InstanceArn: INSTANCE, PermissionSetArn }),
    );
    expect(PermissionSet).toMatchObject({
      Name: 'ReadOnlyAccess',
      PermissionSetArn,
      Description: 'Look, do not touch',
      SessionDuration: 'PT4H',
    });
  });

  test('ListTagsForResource has the tags that a policy conditions on', async () => {
    const { sso, ids } = await start();
    const ResourceArn = ids.permissionSet('AdministratorAccess');
    const { Tags } = await sso.send(new ListTagsForResourceCommand({ InstanceArn: INSTANCE, ResourceArn }));
    expect(Tags).toEqual([
      { Key: 'brevet', Value: 'requestable' },
      { Key: 'risk', Value: 'critical' },
    ]);
  });

  test('their policies are listed', async () => {
    const { sso, ids } = await start();
    const input = { InstanceArn: INSTANCE, PermissionSetArn: ids.permissionSet('DatabaseAdmin') };
    const { AttachedManagedPolicies } = await sso.send(new ListManagedPoliciesInPermissionSetCommand(input));
    expect(AttachedManagedPolicies).toEqual([
      { Name: 'AmazonRDSFullAccess', Arn: 'arn:aws:iam::aws:policy/AmazonRDSFullAccess' },
      { Name: 'DatabaseAdministrator', Arn: 'arn:aws:iam::aws:policy/job-function/DatabaseAdministrator' },
    ]);
    await expect(sso.send(new GetInlinePolicyForPermissionSetCommand(input))).resolves.toMatchObject({
      InlinePolicy: '',
    });
  });

  test('an inline policy is JSON text', async () => {
    const { sso, ids } = await start();
    const input = { InstanceArn: INSTANCE, PermissionSetArn: ids.permissionSet('IncidentResponder') };
    const { InlinePolicy } = await sso.send(new GetInlinePolicyForPermissionSetCommand(input));
    expect(JSON.parse(InlinePolicy ?? '')).toMatchObject({ Version: '2012-10-17', Statement: [{ Effect: 'Allow' }] });
  });

  test('one that is not there is not found', async () => {
    const { sso } = await start();
    const input = { InstanceArn: INSTANCE, PermissionSetArn: OTHER_SET };
    await expect(sso.send(new DescribePermissionSetCommand(input))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(sso.send(new ListTagsForResourceCommand({ ResourceArn: OTHER_SET }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('what is provisioned where', () => {
  test('ListPermissionSetsProvisionedToAccount has those with assignments there', async () => {
    const { sso, ids } = await start();
    const { PermissionSets } = await sso.send(
      new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn: INSTANCE, AccountId: '400000000001' }),
    );
    expect(new Set(PermissionSets)).toEqual(
      new Set([ids.permissionSet('ReadOnlyAccess'), ids.permissionSet('SecurityAudit')]),
    );
  });

  test('ListAccountsForProvisionedPermissionSet has the accounts', async () => {
    const { sso, ids } = await start();
    const input = { InstanceArn: INSTANCE, PermissionSetArn: ids.permissionSet('BillingView') };
    const { AccountIds } = await sso.send(new ListAccountsForProvisionedPermissionSetCommand(input));
    expect(AccountIds).toEqual(['100000000001']);
    const outdated = { ...input, ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED' as const };
    await expect(sso.send(new ListAccountsForProvisionedPermissionSetCommand(outdated))).resolves.toMatchObject({
      AccountIds: [],
    });
  });
});

describe('account assignments', () => {
  test('ListAccountAssignments has users and groups of one permission set in one account', async () => {
    const { sso, ids } = await start();
    const PermissionSetArn = ids.permissionSet('ReadOnlyAccess');
    const { AccountAssignments } = await sso.send(
      new ListAccountAssignmentsCommand({ InstanceArn: INSTANCE, AccountId: '400000000001', PermissionSetArn }),
    );
    expect(AccountAssignments).toEqual([
      { AccountId: '400000000001', PermissionSetArn, PrincipalType: 'GROUP', PrincipalId: ids.group('sre-oncall') },
      { AccountId: '400000000001', PermissionSetArn, PrincipalType: 'USER', PrincipalId: ids.user('omar') },
    ]);
  });

  test("ListAccountAssignmentsForPrincipal has a user's own and those through groups", async () => {
    const { sso, ids } = await start();
    const { AccountAssignments } = await sso.send(
      new ListAccountAssignmentsForPrincipalCommand({
        InstanceArn: INSTANCE,
        PrincipalType: 'USER',
        PrincipalId: ids.user('paul'),
      }),
    );
    expect(AccountAssignments?.map(({ AccountId, PrincipalType }) => `${AccountId} ${PrincipalType}`).sort()).toEqual(
      [`${ids.account('ci-dev')} GROUP`, `${ids.account('sandbox-platform')} GROUP`, '400000000003 USER'].sort(),
    );
  });

  test('ListAccountAssignmentsForPrincipal filters by account', async () => {
    const { sso, ids } = await start();
    const { AccountAssignments } = await sso.send(
      new ListAccountAssignmentsForPrincipalCommand({
        InstanceArn: INSTANCE,
        PrincipalType: 'GROUP',
        PrincipalId: ids.group('sre-oncall'),
        Filter: { AccountId: '400000000001' },
      }),
    );
    expect(AccountAssignments).toHaveLength(1);
  });

  test('ListAccountAssignmentsForPrincipal is refused outside the management account', async () => {
    const { sso, ids } = await start({ callerIs: 'delegated' });
    const input = { InstanceArn: INSTANCE, PrincipalType: 'USER' as const, PrincipalId: ids.user('paul') };
    await expect(sso.send(new ListAccountAssignmentsForPrincipalCommand(input))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('an account outside the organization is not found', async () => {
    const { sso, ids } = await start();
    const input = {
      InstanceArn: INSTANCE,
      AccountId: '999999999999',
      PermissionSetArn: ids.permissionSet('ReadOnlyAccess'),
    };
    await expect(sso.send(new ListAccountAssignmentsCommand(input))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('input is checked as AWS checks it', () => {
  test.each([
    [
      'missing',
      {},
      "1 validation error detected: Value null at 'instanceArn' failed to satisfy constraint: Member must not be null",
    ],
    ['no ARN', { InstanceArn: 'ssoins-7223c4d1e8b6a509' }, 'Member must satisfy regular expression pattern: ^arn:aws'],
    [
      'more than 100',
      { InstanceArn: INSTANCE, MaxResults: 101 },
      "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    ['none', { InstanceArn: INSTANCE, MaxResults: 0 }, 'Member must have value greater than or equal to 1'],
  ])('ListPermissionSets with %s', async (_, input, message) => {
    const { sso } = await start();
    await expect(sso.send(new ListPermissionSetsCommand(input as { InstanceArn: string }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('a value outside an enumeration names the values', async () => {
    const { sso } = await start();
    const input = { InstanceArn: INSTANCE, PrincipalType: 'ROBOT' as 'USER', PrincipalId: NOBODY };
    await expect(sso.send(new ListAccountAssignmentsForPrincipalCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(
        "Value 'ROBOT' at 'principalType' failed to satisfy constraint: Member must satisfy enum value set: [USER, GROUP]",
      ),
    });
  });

  test('a value of the wrong type cannot be read', async () => {
    const { standIn } = await start();
    const answer = await standIn.handle('SWBExternalService.DescribeInstance', '{"InstanceArn":7}');
    expect(answer?.status).toBe(400);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ __type: 'com.amazonaws.ssoadmin#SerializationException' });
  });

  test('null is as good as absent', async () => {
    const { standIn } = await start();
    const answer = await standIn.handle('SWBExternalService.ListInstances', '{"NextToken":null}');
    expect(answer?.status).toBe(200);
  });

  test('an operation that it does not know is refused, a service that it does not know is not answered', async () => {
    const { standIn } = await start();
    const answer = await standIn.handle('SWBExternalService.MakeCoffee', '{}');
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({
      __type: 'com.amazonaws.ssoadmin#UnknownOperationException',
    });
    await expect(standIn.handle('DynamoDB_20120810.GetItem', '{}')).resolves.toBeUndefined();
  });
});
