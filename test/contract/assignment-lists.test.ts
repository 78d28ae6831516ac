/** The suite of the lists of assignments, in memory and on IAM Identity Center, and how fast the latter calls. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdentityCenterAssignmentLists } from '../../lambda/adapters/identity-center-assignment-lists.ts';
import { createIdentityCenterAssignments } from '../../lambda/adapters/identity-center-assignments.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryAssignmentLists } from '../../lambda/adapters/memory/memory-assignment-lists.ts';
import { createMemoryAssignments } from '../../lambda/adapters/memory/memory-assignments.ts';
import type { AccountTarget } from '../../lambda/domain/access-request.ts';
import type { Seed } from '../../local/seed/seed.ts';
import { describeAssignmentLists } from './assignment-lists-contract.ts';
import { MORNING, TARGET } from './samples.ts';
import { readTestSeed, startStandIn, type TestStandIn } from './stand-in.ts';

const targetIn = (seed: Seed, accountName: string, permissionSetName: string): AccountTarget => ({
  ...TARGET,
  accountId: seed.accounts.find(({ name }) => name === accountName)?.id ?? '',
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
  group: {
    groupId: seed.groups.find(({ displayName }) => displayName === 'payments-engineers')?.groupId ?? '',
    place: targetIn(seed, 'payments-dev', 'DeveloperAccess'),
  },
});

describeAssignmentLists('memory', async () => {
  const seed = await readTestSeed();
  const facts = factsOf(seed);
  const assignments = createMemoryAssignments({ settleAfterPolls: Number.POSITIVE_INFINITY });
  const permissionSets = seed.permissionSets.map(({ arn, name }) => ({ arn, name, sessionSeconds: 3600 }));
  const lists = createMemoryAssignmentLists({ assignments, permissionSets });
  lists.assignGroup(facts.group.groupId, facts.group.place);
  return { ...facts, assignments, lists, settle: async () => assignments.settle() };
});

describe('on the stand-in', () => {
  let standIn: TestStandIn;
  const clock = createFixedClock(MORNING);
  beforeEach(async () => {
    standIn = await startStandIn();
  });
  afterEach(() => standIn.stop());

  const listsOf = () =>
    createIdentityCenterAssignmentLists({
      client: standIn.ssoAdmin,
      instanceArn: standIn.seed.instanceArn,
      clock,
      callsASecond: 5,
    });

  const world = () => ({
    ...factsOf(standIn.seed),
    lists: listsOf(),
    assignments: createIdentityCenterAssignments({
      client: standIn.ssoAdmin,
      instanceArn: standIn.seed.instanceArn,
    }),
    settle: async () => standIn.advance(10),
  });

  describeAssignmentLists('IAM Identity Center', async () => world());
  describeAssignmentLists('IAM Identity Center, page by page,', async () => {
    await standIn.pace({ pageSizeCap: 1 });
    return world();
  });

  it.each(['ThrottlingException', 'AccessDeniedException', 'InternalServerException'])(
    'never takes %s for an empty list',
    async (error) => {
      await standIn.fail({ kind: 'error', operation: 'sso-admin:*', error });
      const { target, lists } = world();
      await expect(lists.assignedAt(target)).rejects.toMatchObject({ name: 'ServiceFault', code: error });
      await expect(lists.provisionedTo(target.accountId)).rejects.toMatchObject({ name: 'ServiceFault', code: error });
      await expect(lists.findWrite('creation', 'x'.repeat(36))).rejects.toMatchObject({ name: 'ServiceFault' });
    },
  );

  it('begins no more than five calls a second, whoever asks', async () => {
    const { target, lists } = world();
    const before = clock.now();
    await Promise.all(Array.from({ length: 21 }, () => lists.assignedAt(target)));
    expect(clock.now() - before).toBeGreaterThanOrEqual(4000);
  });
});
