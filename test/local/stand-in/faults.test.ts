// Faults put in force while the stand-in runs, seen through the AWS client.
import { GetUserIdCommand } from '@aws-sdk/client-identitystore';
import { ListTagsForResourceCommand, TagResourceCommand } from '@aws-sdk/client-organizations';
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListInstancesCommand,
  ListTagsForResourceCommand as ListSsoTagsCommand,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, test } from 'vitest';
import { type Started, start, write } from './harness.ts';

const InstanceArn = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const ACCOUNT = '400000000001';

const inForce = async (world: Started, ...faults: object[]): Promise<void> => {
  expect(await world.control('PUT', 'faults', faults)).toMatchObject({ status: 200 });
};

const tagAccount = ({ organizations }: Started) =>
  organizations.send(new TagResourceCommand({ ResourceId: ACCOUNT, Tags: [{ Key: 'fault', Value: 'yes' }] }));

const isTagged = async ({ organizations }: Started): Promise<boolean> => {
  const { Tags } = await organizations.send(new ListTagsForResourceCommand({ ResourceId: ACCOUNT }));
  return Tags?.some(({ Key }) => Key === 'fault') ?? false;
};

describe('an error', () => {
  test('before the effect leaves things as they are', async () => {
    const world = await start();
    await inForce(world, {
      operation: 'TagResource',
      kind: 'error',
      error: 'ConcurrentModificationException',
      reason: 'Try again.',
    });
    await expect(tagAccount(world)).rejects.toMatchObject({
      name: 'ConcurrentModificationException',
      message: 'Try again.',
    });
    expect(await isTagged(world)).toBe(false);
  });

  test('after the effect loses only the answer', async () => {
    const world = await start();
    await inForce(world, { operation: 'TagResource', when: 'after', kind: 'error', error: 'ServiceException' });
    await expect(tagAccount(world)).rejects.toMatchObject({
      name: 'ServiceException',
      $metadata: { httpStatusCode: 500 },
    });
    expect(await isTagged(world)).toBe(true);
  });

  test('after a create leaves a write in progress that nobody was told of', async () => {
    const world = await start();
    await inForce(world, {
      operation: 'CreateAccountAssignment',
      when: 'after',
      kind: 'error',
      error: 'InternalServerException',
      times: 1,
    });
    const create = () =>
      world.sso.send(new CreateAccountAssignmentCommand(write(world, 'maria', 'AdministratorAccess', 'payments-prod')));
    await expect(create()).rejects.toMatchObject({ name: 'InternalServerException' });
    await expect(create()).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('strikes as often as told', async () => {
    const world = await start();
    await inForce(world, { operation: 'ListInstances', kind: 'error', error: 'InternalServerException', times: 2 });
    const list = () => world.sso.send(new ListInstancesCommand({}));
    await expect(list()).rejects.toThrow();
    await expect(world.control('GET', 'faults')).resolves.toMatchObject({ body: [{ times: 1 }] });
    await expect(list()).rejects.toThrow();
    await expect(list()).resolves.toHaveProperty('Instances');
    await expect(world.control('GET', 'faults')).resolves.toMatchObject({ body: [] });
  });

  test('strikes only calls with the given input', async () => {
    const world = await start();
    await inForce(world, {
      operation: '*',
      where: { ResourceId: ACCOUNT },
      kind: 'error',
      error: 'AccessDeniedException',
    });
    await expect(tagAccount(world)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const other = new ListTagsForResourceCommand({ ResourceId: '400000000002' });
    await expect(world.organizations.send(other)).resolves.toHaveProperty('Tags');
  });

  test('can be meant for one of two services that name an operation alike', async () => {
    const world = await start();
    await inForce(world, {
      operation: 'organizations:ListTagsForResource',
      kind: 'error',
      error: 'AccessDeniedException',
    });
    await expect(isTagged(world)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(world.sso.send(new ListSsoTagsCommand({ ResourceArn: InstanceArn }))).resolves.toHaveProperty('Tags');
  });
});

describe('other faults', () => {
  test('throttle says it in the words of each service', async () => {
    const world = await start();
    await inForce(world, { operation: '*', kind: 'throttle' });
    await expect(world.sso.send(new ListInstancesCommand({}))).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(tagAccount(world)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  test('an outage is of one service, until it is over', async () => {
    const world = await start();
    await inForce(world, { operation: 'identitystore:*', kind: 'outage' });
    const AlternateIdentifier = { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'maria' } };
    const find = () => world.store.send(new GetUserIdCommand({ IdentityStoreId: 'd-906712ab3f', AlternateIdentifier }));
    await expect(find()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await expect(world.sso.send(new ListInstancesCommand({}))).resolves.toHaveProperty('Instances');
    await world.control('DELETE', 'faults');
    await expect(find()).resolves.toHaveProperty('UserId');
  });

  test('a hang never answers, and lets the effect be when it comes after', async () => {
    const world = await start();
    await inForce(world, { operation: 'TagResource', kind: 'hang', when: 'after', times: 1 });
    const given = new AbortController();
    const command = new TagResourceCommand({ ResourceId: ACCOUNT, Tags: [{ Key: 'fault', Value: 'yes' }] });
    const call = world.organizations.send(command, { abortSignal: given.signal });
    const failed = expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => isTagged(world)).toBe(true);
    given.abort();
    await failed;
    const tagging = world.standIn.calls.list().filter(({ operation }) => operation === 'TagResource');
    expect(tagging).toMatchObject([{ outcome: 'hung' }]);
  });

  test('a hang is let go when the stand-in closes', async () => {
    const world = await start();
    await inForce(world, { operation: 'ListInstances', kind: 'hang' });
    const answer = world.standIn.handle('SWBExternalService.ListInstances', '{}');
    await world.close();
    await expect(answer).resolves.toMatchObject({ status: 503 });
  });

  test('a hang with a delay answers late', async () => {
    const world = await start();
    await inForce(world, { operation: 'ListInstances', kind: 'hang', delayMs: 5 });
    await expect(world.sso.send(new ListInstancesCommand({}))).resolves.toHaveProperty('Instances');
  });
});

describe('a write that is told to fail', () => {
  const created = async (world: Started) => {
    const command = new CreateAccountAssignmentCommand(write(world, 'maria', 'AdministratorAccess', 'payments-prod'));
    const { AccountAssignmentCreationStatus: accepted } = await world.sso.send(command);
    world.advance(50);
    const AccountAssignmentCreationRequestId = accepted?.RequestId;
    const describe = new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn,
      AccountAssignmentCreationRequestId,
    });
    return (await world.sso.send(describe)).AccountAssignmentCreationStatus;
  };
  const deleted = async (world: Started, userName: string, permissionSet: string) => {
    const command = new DeleteAccountAssignmentCommand(write(world, userName, permissionSet, 'payments-prod'));
    const { AccountAssignmentDeletionStatus: accepted } = await world.sso.send(command);
    world.advance(50);
    const AccountAssignmentDeletionRequestId = accepted?.RequestId;
    const describe = new DescribeAccountAssignmentDeletionStatusCommand({
      InstanceArn,
      AccountAssignmentDeletionRequestId,
    });
    return (await world.sso.send(describe)).AccountAssignmentDeletionStatus;
  };
  const assignments = async (world: Started): Promise<number> =>
    ((await world.control('GET', 'assignments')).body as unknown[]).length;

  test('is accepted and fails for that reason, without effect', async () => {
    const world = await start();
    const before = await assignments(world);
    await inForce(world, {
      operation: 'CreateAccountAssignment',
      kind: 'failed',
      reason: 'Cannot exceed quota for RolesPerAccount',
      times: 1,
    });
    expect(await created(world)).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'Cannot exceed quota for RolesPerAccount',
    });
    expect(await assignments(world)).toBe(before);
    expect(await created(world)).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('can be a delete of what is not there', async () => {
    const world = await start();
    await inForce(world, { operation: 'DeleteAccountAssignment', kind: 'failed', onlyWhenAbsent: true });
    expect(await deleted(world, 'maria', 'AdministratorAccess')).toMatchObject({
      Status: 'FAILED',
      FailureReason: expect.stringMatching(/^Received a 404 status error: EntitlementItem doesn't exist/),
    });
    expect(await deleted(world, 'omar', 'ReadOnlyAccess')).toMatchObject({ Status: 'SUCCEEDED' });
  });

  test('stays told when the fault is taken away before it settles', async () => {
    const world = await start();
    await inForce(world, { operation: 'DeleteAccountAssignment', kind: 'failed' });
    const command = new DeleteAccountAssignmentCommand(write(world, 'omar', 'ReadOnlyAccess', 'payments-prod'));
    await world.sso.send(command);
    await world.control('DELETE', 'faults');
    const before = await assignments(world);
    world.advance(50);
    expect(await assignments(world)).toBe(before);
  });
});

describe('the faults page', () => {
  test.each([
    ['a kind that is none', { operation: '*', kind: 'gremlin' }],
    ['an error without its name', { operation: '*', kind: 'error' }],
    ['an operation of a service that is none', { operation: 's3:*', kind: 'outage' }],
    ['a misspelt member', { operation: '*', kind: 'outage', time: 3 }],
  ])('refuses %s and keeps what is in force', async (_, wrong) => {
    const world = await start();
    await inForce(world, { operation: 'ListInstances', kind: 'throttle' });
    expect(await world.control('PUT', 'faults', [wrong])).toMatchObject({ status: 400 });
    await expect(world.control('GET', 'faults')).resolves.toMatchObject({
      body: [{ operation: 'ListInstances', kind: 'throttle' }],
    });
  });
});
