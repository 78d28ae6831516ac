/** Every operation of the four stand-ins is called once by the unmodified SDK client, and answers in the SDK's own shape. */
import * as identityStoreSdk from '@aws-sdk/client-identitystore';
import * as organizationsSdk from '@aws-sdk/client-organizations';
import * as sfnSdk from '@aws-sdk/client-sfn';
import * as ssoAdminSdk from '@aws-sdk/client-sso-admin';
import { describe, expect, onTestFinished, test } from 'vitest';
import { identityStore } from '../../local/stand-in/identity-store.ts';
import { organizations } from '../../local/stand-in/organizations.ts';
import { ssoAdmin } from '../../local/stand-in/sso-admin.ts';
import { OPERATIONS } from '../../local/step-functions/operations.ts';
import { CLIENT, eventually, fakeLambda, STATE_MACHINE_ARN, serveAws } from './fake-functions.ts';
import { problemsWithAnswer, readAlong, type SdkPackage } from './sdk-shapes.ts';
import { NO_REQUEST, type Started, start, write } from './stand-in/harness.ts';

/** Operation, input, and `ok` or the error that is the right answer. */
type Row = readonly [operation: string, input: object, outcome: string];

interface Client {
  send(command: object): Promise<object>;
}

/** Calls each in turn: `ok`, or the error's name. */
const outcomesOf = async (sdk: SdkPackage, client: object, rows: readonly Row[]): Promise<readonly string[]> => {
  const outcomes: string[] = [];
  for (const [operation, input] of rows) {
    const Command = sdk[`${operation}Command`] as new (input: object) => object;
    const outcome = await (client as Client).send(new Command(input)).then(
      () => 'ok',
      (error: Error) => error.name,
    );
    outcomes.push(`${operation}: ${outcome}`);
  }
  return outcomes;
};

const expected = (rows: readonly Row[]): readonly string[] =>
  rows.map(([operation, , outcome]) => `${operation}: ${outcome}`);

const namesOf = (operations: object): readonly string[] => Object.keys(operations).sort();
const calledBy = (rows: readonly Row[]): readonly string[] => [...new Set(rows.map(([name]) => name))].sort();

const ssoAdminRows = async (world: Started): Promise<readonly Row[]> => {
  const { seed, ids, sso, advance } = world;
  const InstanceArn = seed.instanceArn;
  const PermissionSetArn = ids.permissionSet('ReadOnlyAccess');
  const ofSet = { InstanceArn, PermissionSetArn };
  const wish = write(world, 'maria', 'ReadOnlyAccess', 'payments-prod');
  const created = await sso.send(new ssoAdminSdk.CreateAccountAssignmentCommand(wish));
  advance(100);
  const deleted = await sso.send(new ssoAdminSdk.DeleteAccountAssignmentCommand(wish));
  advance(100);
  const creation = { AccountAssignmentCreationRequestId: created.AccountAssignmentCreationStatus?.RequestId };
  const deletion = { AccountAssignmentDeletionRequestId: deleted.AccountAssignmentDeletionStatus?.RequestId };
  return [
    ['ListInstances', {}, 'ok'],
    ['DescribeInstance', { InstanceArn }, 'ok'],
    ['DescribeInstanceAccessControlAttributeConfiguration', { InstanceArn }, 'ResourceNotFoundException'],
    ['ListPermissionSets', { InstanceArn }, 'ok'],
    ['DescribePermissionSet', ofSet, 'ok'],
    ['ListManagedPoliciesInPermissionSet', ofSet, 'ok'],
    ['ListCustomerManagedPolicyReferencesInPermissionSet', ofSet, 'ok'],
    ['GetInlinePolicyForPermissionSet', ofSet, 'ok'],
    ['GetPermissionsBoundaryForPermissionSet', ofSet, 'ResourceNotFoundException'],
    ['ListPermissionSetProvisioningStatus', { InstanceArn }, 'ok'],
    [
      'DescribePermissionSetProvisioningStatus',
      { InstanceArn, ProvisionPermissionSetRequestId: NO_REQUEST },
      'ResourceNotFoundException',
    ],
    ['ListPermissionSetsProvisionedToAccount', { InstanceArn, AccountId: wish.TargetId }, 'ok'],
    ['ListAccountsForProvisionedPermissionSet', ofSet, 'ok'],
    ['ListTagsForResource', { InstanceArn, ResourceArn: PermissionSetArn }, 'ok'],
    ['ListAccountAssignments', { ...ofSet, AccountId: wish.TargetId }, 'ok'],
    [
      'ListAccountAssignmentsForPrincipal',
      { InstanceArn, PrincipalId: ids.user('amara'), PrincipalType: 'USER' },
      'ok',
    ],
    ['DescribeAccountAssignmentCreationStatus', { InstanceArn, ...creation }, 'ok'],
    ['DescribeAccountAssignmentDeletionStatus', { InstanceArn, ...deletion }, 'ok'],
    ['ListAccountAssignmentCreationStatus', { InstanceArn }, 'ok'],
    ['ListAccountAssignmentDeletionStatus', { InstanceArn, Filter: { Status: 'SUCCEEDED' } }, 'ok'],
    ['CreateAccountAssignment', wish, 'ok'],
    ['DeleteAccountAssignment', wish, 'ConflictException'],
  ];
};

const identityStoreRows = async ({ seed, ids, store }: Started): Promise<readonly Row[]> => {
  const IdentityStoreId = seed.identityStoreId;
  const UserId = ids.user('maria');
  const GroupId = ids.group('payments-engineers');
  const other = { IdentityStoreId, GroupId: ids.group('storefront-leads'), MemberId: { UserId } };
  const { MembershipId } = await store.send(new identityStoreSdk.CreateGroupMembershipCommand(other));
  const unique = (AttributePath: string, AttributeValue: string) => ({
    IdentityStoreId,
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  });
  return [
    ['ListUsers', { IdentityStoreId, Extensions: ['aws:identitystore:enterprise'] }, 'ok'],
    ['DescribeUser', { IdentityStoreId, UserId }, 'ok'],
    ['GetUserId', unique('userName', 'maria'), 'ok'],
    [
      'UpdateUser',
      { IdentityStoreId, UserId, Operations: [{ AttributePath: 'title', AttributeValue: 'Engineer' }] },
      'ok',
    ],
    ['DeleteUser', { IdentityStoreId, UserId: ids.user('ida') }, 'ok'],
    ['ListGroups', { IdentityStoreId }, 'ok'],
    ['DescribeGroup', { IdentityStoreId, GroupId }, 'ok'],
    ['GetGroupId', unique('displayName', 'payments-engineers'), 'ok'],
    ['ListGroupMemberships', { IdentityStoreId, GroupId }, 'ok'],
    ['ListGroupMembershipsForMember', { IdentityStoreId, MemberId: { UserId } }, 'ok'],
    ['IsMemberInGroups', { IdentityStoreId, MemberId: { UserId }, GroupIds: [GroupId] }, 'ok'],
    ['GetGroupMembershipId', { IdentityStoreId, GroupId, MemberId: { UserId } }, 'ok'],
    ['DescribeGroupMembership', { IdentityStoreId, MembershipId }, 'ok'],
    ['CreateGroupMembership', other, 'ConflictException'],
    ['DeleteGroupMembership', { IdentityStoreId, MembershipId }, 'ok'],
    ['DescribeGroupMembership', { IdentityStoreId, MembershipId }, 'ResourceNotFoundException'],
  ];
};

const organizationsRows = async ({ seed, ids }: Started): Promise<readonly Row[]> => {
  const AccountId = ids.account('payments-prod');
  const unit = ids.unit('Security');
  const tag = { ResourceId: AccountId, Tags: [{ Key: 'cost-centre', Value: '42' }] };
  return [
    ['DescribeOrganization', {}, 'ok'],
    ['ListRoots', {}, 'ok'],
    ['ListOrganizationalUnitsForParent', { ParentId: seed.rootId }, 'ok'],
    ['DescribeOrganizationalUnit', { OrganizationalUnitId: unit }, 'ok'],
    ['ListChildren', { ParentId: unit, ChildType: 'ACCOUNT' }, 'ok'],
    ['ListParents', { ChildId: AccountId }, 'ok'],
    ['ListAccounts', {}, 'ok'],
    ['ListAccountsForParent', { ParentId: unit }, 'ok'],
    ['DescribeAccount', { AccountId }, 'ok'],
    ['ListDelegatedAdministrators', {}, 'ok'],
    ['ListDelegatedServicesForAccount', { AccountId: seed.hostingAccountId }, 'ok'],
    ['ListDelegatedServicesForAccount', { AccountId }, 'AccountNotRegisteredException'],
    ['ListAWSServiceAccessForOrganization', {}, 'ok'],
    ['TagResource', tag, 'ok'],
    ['ListTagsForResource', { ResourceId: AccountId }, 'ok'],
    ['UntagResource', { ResourceId: AccountId, TagKeys: ['cost-centre'] }, 'ok'],
    ['MoveAccount', { AccountId, SourceParentId: seed.rootId, DestinationParentId: unit }, 'AccountNotFoundException'],
  ];
};

const DEFINITION = {
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'arn:aws:lambda:us-east-1:300000000001:function:asked',
        Payload: { 'taskToken.$': '$$.Task.Token' },
      },
      TimeoutSeconds: 60,
      End: true,
    },
  },
};

/** A state machine of one question; the first execution waits with the token that comes along. */
const waitingMachine = async () => {
  const tokens: string[] = [];
  const asked = (event: unknown) => void tokens.push((event as { taskToken: string }).taskToken);
  const aws = await serveAws(fakeLambda({ asked }).functions, DEFINITION);
  onTestFinished(() => aws.close());
  const client = new sfnSdk.SFNClient({ ...CLIENT, endpoint: aws.url });
  const input = { stateMachineArn: STATE_MACHINE_ARN, name: 'one', input: '{}' };
  const { executionArn } = await client.send(new sfnSdk.StartExecutionCommand(input));
  return { client, executionArn, taskToken: await eventually(() => tokens[0]) };
};

const statesRows = ({ executionArn, taskToken }: { executionArn?: string; taskToken: string }): readonly Row[] => [
  ['ListStateMachines', {}, 'ok'],
  ['DescribeStateMachine', { stateMachineArn: STATE_MACHINE_ARN }, 'ok'],
  ['ListTagsForResource', { resourceArn: STATE_MACHINE_ARN }, 'ok'],
  ['ListTagsForResource', { resourceArn: `${STATE_MACHINE_ARN}x` }, 'ResourceNotFound'],
  ['StartExecution', { stateMachineArn: STATE_MACHINE_ARN, name: 'two' }, 'ok'],
  ['StopExecution', { executionArn: `${executionArn?.replace(/:one$/, ':two')}` }, 'ok'],
  ['SendTaskHeartbeat', { taskToken }, 'ok'],
  ['SendTaskSuccess', { taskToken, output: '{}' }, 'ok'],
  ['SendTaskFailure', { taskToken }, 'TaskTimedOut'],
  ['ListExecutions', { stateMachineArn: STATE_MACHINE_ARN }, 'ok'],
  ['DescribeExecution', { executionArn }, 'ok'],
  ['DescribeStateMachineForExecution', { executionArn }, 'ok'],
  ['DescribeStateMachineForExecution', { executionArn: `${executionArn}x` }, 'ExecutionDoesNotExist'],
  ['GetExecutionHistory', { executionArn }, 'ok'],
];

describe("every operation answers by the SDK's own schemas", () => {
  test('of sso-admin', async () => {
    const world = await start();
    const rows = await ssoAdminRows(world);
    expect(calledBy(rows)).toEqual(namesOf(ssoAdmin.operations));
    expect(await outcomesOf(ssoAdminSdk, world.sso, rows)).toEqual(expected(rows));
  });

  test('of identitystore', async () => {
    const world = await start();
    const rows = await identityStoreRows(world);
    expect(calledBy(rows)).toEqual(namesOf(identityStore.operations));
    expect(await outcomesOf(identityStoreSdk, world.store, rows)).toEqual(expected(rows));
  });

  test('of organizations', async () => {
    const world = await start();
    const rows = await organizationsRows(world);
    expect(calledBy(rows)).toEqual(namesOf(organizations.operations));
    expect(await outcomesOf(organizationsSdk, world.organizations, rows)).toEqual(expected(rows));
  });

  test('of states', async () => {
    const machine = await waitingMachine();
    const misshapen: string[] = [];
    readAlong(sfnSdk, machine.client, misshapen);
    const rows = statesRows(machine);
    expect(calledBy(rows)).toEqual(namesOf(OPERATIONS));
    expect(await outcomesOf(sfnSdk, machine.client, rows)).toEqual(expected(rows));
    expect(misshapen).toEqual([]);
  });
});

describe('what is misshapen is found', () => {
  const instance = { InstanceArn: 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509', CreatedDate: 1_700_000_000 };

  test.each([
    ['an unknown member', { Instances: [{ ...instance, Colour: 'red' }] }, 'has Colour'],
    ['milliseconds', { Instances: [{ ...instance, CreatedDate: 1_700_000_000_000 }] }, 'CreatedDate is'],
    ['text for a list', { Instances: 'none' }, 'is no list'],
    ['null', { Instances: [null] }, 'is no structure'],
  ])('%s', (_what, answer, problem) => {
    expect(problemsWithAnswer(ssoAdminSdk, 'ListInstances', { Instances: [instance] })).toEqual([]);
    expect(problemsWithAnswer(ssoAdminSdk, 'ListInstances', answer)).toEqual([expect.stringContaining(problem)]);
  });
});
