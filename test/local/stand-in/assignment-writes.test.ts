// Creating and deleting assignments through the AWS client: asynchronous, and with all that bites.
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, test } from 'vitest';
import { NO_REQUEST, NOBODY, type Started, start, write } from './harness.ts';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
/** Longer than quick mode's 50 ms and realistic mode's 8 s. */
const LONG_MS = 10_000;

type Write = ReturnType<typeof write>;

const create = async ({ sso }: Started, input: Write): Promise<string> => {
  const answer = await sso.send(new CreateAccountAssignmentCommand(input));
  return answer.AccountAssignmentCreationStatus?.RequestId ?? '';
};

const remove = async ({ sso }: Started, input: Write): Promise<string> => {
  const answer = await sso.send(new DeleteAccountAssignmentCommand(input));
  return answer.AccountAssignmentDeletionStatus?.RequestId ?? '';
};

const creation = async ({ sso }: Started, AccountAssignmentCreationRequestId: string) => {
  const command = new DescribeAccountAssignmentCreationStatusCommand({
    InstanceArn: INSTANCE,
    AccountAssignmentCreationRequestId,
  });
  return (await sso.send(command)).AccountAssignmentCreationStatus;
};

const deletion = async ({ sso }: Started, AccountAssignmentDeletionRequestId: string) => {
  const command = new DescribeAccountAssignmentDeletionStatusCommand({
    InstanceArn: INSTANCE,
    AccountAssignmentDeletionRequestId,
  });
  return (await sso.send(command)).AccountAssignmentDeletionStatus;
};

const principals = async ({ sso }: Started, { TargetId, PermissionSetArn }: Write) => {
  const input = { InstanceArn: INSTANCE, AccountId: TargetId, PermissionSetArn };
  const { AccountAssignments } = await sso.send(new ListAccountAssignmentsCommand(input));
  return AccountAssignments?.map(({ PrincipalId }) => PrincipalId);
};

describe('a write', () => {
  test('is in progress first and has its effect only when it has succeeded', async () => {
    const world = await start();
    const input = write(world, 'maria', 'AdministratorAccess', 'payments-prod');
    const accepted = await world.sso.send(new CreateAccountAssignmentCommand(input));
    expect(accepted.AccountAssignmentCreationStatus).toMatchObject({
      Status: 'IN_PROGRESS',
      TargetId: '400000000001',
      TargetType: 'AWS_ACCOUNT',
      PrincipalType: 'USER',
      PrincipalId: '906712ab3f-d1a41bca-8bfb-4a4a-8870-2e70c511e8af',
    });
    const requestId = accepted.AccountAssignmentCreationStatus?.RequestId ?? '';
    expect(requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    world.advance(49);
    expect(await creation(world, requestId)).toMatchObject({ Status: 'IN_PROGRESS' });
    expect(await principals(world, input)).toEqual([]);
    world.advance(1);
    expect(await creation(world, requestId)).toMatchObject({
      Status: 'SUCCEEDED',
      RequestId: requestId,
      CreatedDate: new Date('2026-11-23T09:00:00Z'),
      PermissionSetArn: input.PermissionSetArn,
    });
    expect(await principals(world, input)).toEqual([input.PrincipalId]);
  });

  test('takes between 2 and 8 seconds in realistic mode', async () => {
    const world = await start({ mode: 'realistic' });
    const requestId = await create(world, write(world, 'maria', 'AdministratorAccess', 'payments-prod'));
    world.advance(1_999);
    expect(await creation(world, requestId)).toMatchObject({ Status: 'IN_PROGRESS' });
    world.advance(6_001);
    expect(await creation(world, requestId)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('that deletes takes the assignment away', async () => {
    const world = await start();
    const input = write(world, 'omar', 'ReadOnlyAccess', 'payments-prod');
    const requestId = await remove(world, input);
    expect(await principals(world, input)).toContain(input.PrincipalId);
    world.advance(LONG_MS);
    expect(await deletion(world, requestId)).toMatchObject({ Status: 'SUCCEEDED' });
    expect(await principals(world, input)).toEqual([world.ids.group('sre-oncall')]);
  });

  test('that creates what is there already is accepted and succeeds', async () => {
    const world = await start();
    const input = write(world, 'omar', 'ReadOnlyAccess', 'payments-prod');
    const requestId = await create(world, input);
    world.advance(LONG_MS);
    expect(await creation(world, requestId)).toMatchObject({ Status: 'SUCCEEDED' });
    expect(await principals(world, input)).toHaveLength(2);
  });

  test('that deletes what is not there succeeds', async () => {
    const world = await start();
    const requestId = await remove(world, write(world, 'maria', 'AdministratorAccess', 'payments-prod'));
    world.advance(LONG_MS);
    expect(await deletion(world, requestId)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('for a principal who is not in the directory is accepted and fails', async () => {
    const world = await start();
    const input = { ...write(world, 'maria', 'AdministratorAccess', 'payments-prod'), PrincipalId: NOBODY };
    const requestId = await create(world, input);
    world.advance(LONG_MS);
    expect(await creation(world, requestId)).toMatchObject({
      Status: 'FAILED',
      FailureReason: `Received a 404 status error: the USER assignee ${NOBODY} was not found in directory d-906712ab3f`,
    });
    expect(await principals(world, input)).toEqual([]);
  });

  test('in a suspended account is accepted and fails', async () => {
    const world = await start();
    const requestId = await create(world, write(world, 'grace', 'AdministratorAccess', 'legacy-shop'));
    world.advance(LONG_MS);
    expect(await creation(world, requestId)).toMatchObject({ Status: 'FAILED' });
  });

  test.each([
    ['an account outside the organization', { TargetId: '999999999999' }],
    [
      'a permission set that is not there',
      { PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0000000000000000' },
    ],
    ['an instance that is not there', { InstanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000000' }],
  ])('to %s is refused at once', async (_, wrong) => {
    const world = await start();
    const input = { ...write(world, 'maria', 'AdministratorAccess', 'payments-prod'), ...wrong };
    await expect(create(world, input)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(remove(world, input)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('with a target type that is none is not valid', async () => {
    const world = await start();
    const input = {
      ...write(world, 'maria', 'AdministratorAccess', 'payments-prod'),
      TargetType: 'AWS_OU' as 'AWS_ACCOUNT',
    };
    await expect(create(world, input)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('an earlier write of the same assignment in progress', () => {
  test('is a conflict for creating and for deleting, until it has settled', async () => {
    const world = await start();
    const input = write(world, 'maria', 'AdministratorAccess', 'payments-prod');
    await create(world, input);
    const conflict = { name: 'ConflictException', $metadata: { httpStatusCode: 400 } };
    await expect(create(world, input)).rejects.toMatchObject(conflict);
    await expect(remove(world, input)).rejects.toMatchObject(conflict);
    world.advance(LONG_MS);
    await expect(remove(world, input)).resolves.toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ['person', ['diego', 'AdministratorAccess', 'payments-prod']],
    ['permission set', ['maria', 'PowerUserAccess', 'payments-prod']],
    ['account', ['maria', 'AdministratorAccess', 'payments-dev']],
  ] as const)('does not hinder another %s', async (_, [userName, permissionSet, account]) => {
    const world = await start();
    await create(world, write(world, 'maria', 'AdministratorAccess', 'payments-prod'));
    await expect(create(world, write(world, userName, permissionSet, account))).resolves.toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('statuses', () => {
  test('of creations and deletions do not find each other', async () => {
    const world = await start();
    const made = await create(world, write(world, 'maria', 'AdministratorAccess', 'payments-prod'));
    const gone = await remove(world, write(world, 'omar', 'ReadOnlyAccess', 'payments-prod'));
    await expect(deletion(world, made)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(creation(world, gone)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(creation(world, NO_REQUEST)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(creation(world, 'not-an-id')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('are listed apart, and by status', async () => {
    const world = await start();
    const first = await create(world, write(world, 'maria', 'AdministratorAccess', 'payments-prod'));
    world.advance(LONG_MS);
    const second = await create(world, write(world, 'diego', 'AdministratorAccess', 'payments-prod'));
    const gone = await remove(world, write(world, 'omar', 'ReadOnlyAccess', 'payments-prod'));
    const creations = async (Status?: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED') => {
      const command = new ListAccountAssignmentCreationStatusCommand({ InstanceArn: INSTANCE, Filter: { Status } });
      return (await world.sso.send(command)).AccountAssignmentsCreationStatus?.map(({ RequestId }) => RequestId);
    };
    expect(new Set(await creations())).toEqual(new Set([first, second]));
    expect(await creations('IN_PROGRESS')).toEqual([second]);
    expect(await creations('SUCCEEDED')).toEqual([first]);
    expect(await creations('FAILED')).toEqual([]);
    const deletions = await world.sso.send(new ListAccountAssignmentDeletionStatusCommand({ InstanceArn: INSTANCE }));
    expect(deletions.AccountAssignmentsDeletionStatus).toEqual([
      { RequestId: gone, Status: 'IN_PROGRESS', CreatedDate: new Date('2026-11-23T09:00:10Z') },
    ]);
  });
});

describe('the role of a permission set in an account', () => {
  const role = async (world: Started, permissionSet: string): Promise<string | undefined> => {
    const { body } = await world.control('GET', 'assignments');
    const all = body as { accountName: string; permissionSet: string; roleName: string }[];
    return all.find((one) => one.accountName === 'payments-prod' && one.permissionSet === permissionSet)?.roleName;
  };

  test('goes with the last assignment, and comes again under another name', async () => {
    const world = await start();
    const input = write(world, 'maria', 'AdministratorAccess', 'payments-prod');
    await create(world, input);
    world.advance(LONG_MS);
    const before = await role(world, 'AdministratorAccess');
    expect(before).toMatch(/^AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}$/);
    await remove(world, input);
    world.advance(LONG_MS);
    const provisioned = await world.sso.send(
      new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn: INSTANCE, AccountId: '400000000001' }),
    );
    expect(provisioned.PermissionSets).not.toContain(input.PermissionSetArn);
    await create(world, input);
    world.advance(LONG_MS);
    const after = await role(world, 'AdministratorAccess');
    expect(after).toMatch(/^AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}$/);
    expect(after).not.toBe(before);
  });

  test('stays while another principal holds it', async () => {
    const world = await start();
    const before = await role(world, 'ReadOnlyAccess');
    await remove(world, write(world, 'omar', 'ReadOnlyAccess', 'payments-prod'));
    world.advance(LONG_MS);
    expect(await role(world, 'ReadOnlyAccess')).toBe(before);
  });
});

describe('a delegated administrator', () => {
  test('cannot assign in the management account', async () => {
    const world = await start({ callerIs: 'delegated' });
    const input = write(world, 'ines', 'ReadOnlyAccess', 'management');
    const refusal = {
      name: 'AccessDeniedException',
      message: expect.stringContaining('arn:aws:sso:::account/100000000001'),
    };
    await expect(create(world, input)).rejects.toMatchObject(refusal);
    await expect(remove(world, input)).rejects.toMatchObject(refusal);
  });

  test('cannot use anywhere a permission set that is provisioned in the management account', async () => {
    const world = await start({ callerIs: 'delegated' });
    const input = write(world, 'ida', 'BillingView', 'payments-prod');
    const refusal = { name: 'AccessDeniedException', message: expect.stringContaining(input.PermissionSetArn) };
    await expect(create(world, input)).rejects.toMatchObject(refusal);
    await expect(remove(world, input)).rejects.toMatchObject(refusal);
  });

  test('assigns other permission sets elsewhere', async () => {
    const world = await start({ callerIs: 'delegated' });
    await expect(create(world, write(world, 'maria', 'AdministratorAccess', 'payments-prod'))).resolves.toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  test('is hindered where the management account is not', async () => {
    const world = await start({ callerIs: 'management' });
    await expect(create(world, write(world, 'ines', 'ReadOnlyAccess', 'management'))).resolves.toMatch(
      /^[0-9a-f-]{36}$/,
    );
    await expect(create(world, write(world, 'ida', 'BillingView', 'payments-prod'))).resolves.toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });
});
