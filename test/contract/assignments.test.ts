/** The assignments' suite, on memory and on IAM Identity Center. */
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientDefaults } from '../../lambda/adapters/client-defaults.ts';
import { createIdentityCenterAssignments } from '../../lambda/adapters/identity-center-assignments.ts';
import { createMemoryAssignments } from '../../lambda/adapters/memory/memory-assignments.ts';
import type { AccountTarget } from '../../lambda/domain/access-request.ts';
import type { Assignments } from '../../lambda/ports/assignments.ts';
import type { Seed } from '../../local/seed/seed.ts';
import { describeAssignments } from './assignments-contract.ts';
import { TARGET } from './samples.ts';
import { readTestSeed, startStandIn, type TestStandIn } from './stand-in.ts';

const targetIn = (seed: Seed, accountName: string, permissionSetName: string): AccountTarget => ({
  ...TARGET,
  accountId: seed.accounts.find(({ name }) => name === accountName)?.id ?? '999999999999',
  accountName,
  permissionSetArn: seed.permissionSets.find(({ name }) => name === permissionSetName)?.arn ?? '',
  permissionSetName,
});

const idIn = (seed: Seed, userName: string): string =>
  seed.people.find((person) => person.userName === userName)?.userId ?? '';

const factsOf = (seed: Seed) => ({
  maria: idIn(seed, 'maria'),
  diego: idIn(seed, 'diego'),
  target: targetIn(seed, 'payments-prod', 'AdministratorAccess'),
  other: targetIn(seed, 'payments-prod', 'PowerUserAccess'),
  targets: seed.accounts
    .filter(({ id, state }) => id !== seed.managementAccountId && state === 'ACTIVE')
    .slice(0, 20)
    .map(({ name }) => targetIn(seed, name, 'AdministratorAccess')),
});

describeAssignments('memory', async () => {
  const assignments = createMemoryAssignments({ settleAfterPolls: Number.POSITIVE_INFINITY });
  return {
    assignments,
    ...factsOf(await readTestSeed()),
    settle: async () => assignments.settle(),
    failNextWrite: async (reason) => assignments.failNextWrite(reason),
  };
});

describe('the memory assignments alone', () => {
  it('settle a write at the poll that they were told', async () => {
    const assignments = createMemoryAssignments({ settleAfterPolls: 2 });
    await assignments.create('maria', TARGET);
    expect(await assignments.creationStatus('create-1')).toEqual({ kind: 'in-progress' });
    expect(await assignments.creationStatus('create-1')).toEqual({ kind: 'succeeded' });
    expect(assignments.list()).toEqual(['maria 400000000001 AdministratorAccess']);
  });

  it('answer a write as they were told, once', async () => {
    const assignments = createMemoryAssignments();
    assignments.answerNextWrite({ kind: 'refused', code: 'AccessDeniedException', reason: 'no' });
    expect(await assignments.delete('maria', TARGET)).toMatchObject({ kind: 'refused' });
    expect(await assignments.delete('maria', TARGET)).toMatchObject({ kind: 'started' });
  });
});

describe('on the stand-in', () => {
  let standIn: TestStandIn;
  let assignments: Assignments;
  let facts: ReturnType<typeof factsOf>;
  beforeEach(async () => {
    standIn = await startStandIn();
    await standIn.pace({ outstandingLimit: 15 });
    facts = factsOf(standIn.seed);
    assignments = createIdentityCenterAssignments({ client: standIn.ssoAdmin, instanceArn: standIn.seed.instanceArn });
  });
  afterEach(() => standIn.stop());

  const world = () => ({
    assignments,
    ...facts,
    settle: async () => standIn.advance(10),
    failNextWrite: (reason: string) => standIn.fail({ kind: 'failed', operation: 'sso-admin:*', reason, times: 1 }),
  });

  describeAssignments('IAM Identity Center', async () => world());
  describeAssignments('IAM Identity Center, page by page,', async () => {
    await standIn.pace({ pageSizeCap: 1 });
    return world();
  });

  it('finds the assignment of somebody far down the list', async () => {
    await standIn.pace({ pageSizeCap: 1, outstandingLimit: null });
    const people = standIn.seed.people.slice(0, 12).map(({ userId }) => userId);
    await Promise.all(people.map((personId) => assignments.create(personId, facts.target)));
    standIn.advance(10);
    expect(await Promise.all(people.map((personId) => assignments.isAssigned(personId, facts.target)))).toEqual(
      Array(12).fill(true),
    );
  });

  it('does not take the assignment of a group for that of a person', async () => {
    const target = targetIn(standIn.seed, 'payments-dev', 'DeveloperAccess');
    const group = standIn.seed.groups.find(({ displayName }) => displayName === 'payments-engineers');
    expect(await assignments.isAssigned(facts.maria, target)).toBe(false);
    expect(await assignments.isAssigned(group?.groupId ?? '', target)).toBe(false);
  });

  it('sees a standing assignment of a person', async () => {
    const target = targetIn(standIn.seed, 'payments-prod', 'ReadOnlyAccess');
    expect(await assignments.isAssigned(idIn(standIn.seed, 'omar'), target)).toBe(true);
  });

  it.each([
    ['in the management account', 'management', 'AdministratorAccess', 'AccessDeniedException'],
    ['of a permission set that is provisioned there', 'payments-prod', 'BillingView', 'AccessDeniedException'],
    ['in an account that is gone', 'gone', 'AdministratorAccess', 'ResourceNotFoundException'],
  ])('is refused a creation %s', async (_, account, permissionSet, code) => {
    const target = targetIn(standIn.seed, account, permissionSet);
    const refused = await assignments.create(facts.maria, target);
    expect(refused).toEqual({ kind: 'refused', code, reason: expect.stringMatching(/./) });
  });

  it.each([
    ['ConflictException', 'busy'],
    ['ThrottlingException', 'busy'],
    ['ServiceQuotaExceededException', 'refused'],
    ['AccessDeniedException', 'refused'],
    ['ValidationException', 'refused'],
    ['ResourceNotFoundException', 'refused'],
  ])('tells what %s means for a creation: %s', async (error, kind) => {
    await standIn.fail({ kind: 'error', operation: 'CreateAccountAssignment', error });
    expect(await assignments.create(facts.maria, facts.target)).toMatchObject({ kind, code: error });
  });

  it.each([
    ['ConflictException', 'busy'],
    ['ThrottlingException', 'busy'],
    ['AccessDeniedException', 'refused'],
    ['ValidationException', 'refused'],
  ])('tells what %s means for a deletion: %s', async (error, kind) => {
    await standIn.fail({ kind: 'error', operation: 'DeleteAccountAssignment', error });
    expect(await assignments.delete(facts.maria, facts.target)).toMatchObject({ kind, code: error });
  });

  it('counts a deletion in an account or of a permission set that is gone as done', async () => {
    await standIn.fail({ kind: 'error', operation: 'DeleteAccountAssignment', error: 'ResourceNotFoundException' });
    expect(await assignments.delete(facts.maria, facts.target)).toEqual({ kind: 'not-there' });
  });

  it('knows that nobody is assigned a permission set that is gone', async () => {
    const target = {
      ...facts.target,
      permissionSetArn: facts.target.permissionSetArn.replace(/.{16}$/, '0'.repeat(16)),
    };
    expect(await assignments.isAssigned(facts.maria, target)).toBe(false);
  });

  it.each([
    ['isAssigned', 'ListAccountAssignments', (it: Assignments) => it.isAssigned(facts.maria, facts.target)],
    ['create', 'CreateAccountAssignment', (it: Assignments) => it.create(facts.maria, facts.target)],
    ['delete', 'DeleteAccountAssignment', (it: Assignments) => it.delete(facts.maria, facts.target)],
    [
      'creationStatus',
      'DescribeAccountAssignmentCreationStatus',
      (it: Assignments) => it.creationStatus('00000000-0000-4000-8000-000000000000'),
    ],
    [
      'deletionStatus',
      'DescribeAccountAssignmentDeletionStatus',
      (it: Assignments) => it.deletionStatus('00000000-0000-4000-8000-000000000000'),
    ],
    ['creationsInProgress', 'ListAccountAssignmentCreationStatus', (it: Assignments) => it.creationsInProgress()],
    ['deletionsInProgress', 'ListAccountAssignmentDeletionStatus', (it: Assignments) => it.deletionsInProgress()],
  ])('throws a fault when it cannot know what came of it: %s', async (_, operation, call) => {
    for (const error of ['InternalServerException', 'SomethingNewException']) {
      await standIn.fail({ kind: 'error', operation, error });
      await expect(call(assignments)).rejects.toMatchObject({
        name: 'ServiceFault',
        source: 'identity-center',
        code: error,
      });
    }
  });

  it('throws a fault when the answer to a creation is lost, and sees later that it was made', async () => {
    const operation = 'CreateAccountAssignment';
    await standIn.fail({ kind: 'error', operation, error: 'InternalServerException', when: 'after', times: 1 });
    await expect(assignments.create(facts.maria, facts.target)).rejects.toMatchObject({ name: 'ServiceFault' });
    standIn.advance(10);
    expect(await assignments.isAssigned(facts.maria, facts.target)).toBe(true);
  });

  it('throws a fault when the service does not answer in time', async () => {
    const client = new SSOAdminClient({
      endpoint: await standIn.ssoAdmin.config.endpoint?.(),
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...clientDefaults,
      maxAttempts: 1,
      requestHandler: { ...clientDefaults.requestHandler, requestTimeout: 100 },
    });
    const impatient = createIdentityCenterAssignments({ client, instanceArn: standIn.seed.instanceArn });
    await standIn.fail({ kind: 'hang', operation: 'CreateAccountAssignment' });
    const failed = { name: 'ServiceFault', source: 'identity-center', code: 'TimeoutError' };
    await expect(impatient.create(facts.maria, facts.target)).rejects.toMatchObject(failed);
  });
});
