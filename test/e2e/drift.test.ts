/** Drift, end to end: somebody changes assignments with an ordinary AWS client, and Brevet notices within seconds. */
import { CreateAccountAssignmentCommand, DeleteAccountAssignmentCommand } from '@aws-sdk/client-sso-admin';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import type { DriftBaselineView, DriftView } from '../../lambda/contract/drift.ts';
import { readSeed, type Seed } from '../../local/seed/seed.ts';
import { createEyes, createService, eventually, type Service } from './service.ts';

let service: Service;
let seed: Seed;
let eyes: ReturnType<typeof createEyes>;

beforeAll(async () => {
  seed = await readSeed('local/seed/organization.yaml');
  service = await createService({ BREVET_SETTINGS: 'test/e2e/drift-settings.yaml' });
  eyes = createEyes(service, seed);
});
afterAll(() => service?.dispose());

const userOf = (userName: string): string => seed.people.find((one) => one.userName === userName)?.userId ?? '';
const accountOf = (accountName: string): string => seed.accounts.find(({ name }) => name === accountName)?.id ?? '';
const setOf = (setName: string): string => seed.permissionSets.find(({ name }) => name === setName)?.arn ?? '';

const assignmentOf = (userName: string, accountName: string, setName: string) => ({
  InstanceArn: seed.instanceArn,
  TargetType: 'AWS_ACCOUNT' as const,
  TargetId: accountOf(accountName),
  PermissionSetArn: setOf(setName),
  PrincipalType: 'USER' as const,
  PrincipalId: userOf(userName),
});
const isAssigned = (userName: string, accountName: string, setName: string): Promise<boolean> =>
  eyes.isAssigned(accountOf(accountName), setOf(setName), userOf(userName));

const drift = async (): Promise<DriftView> => (await service.json<DriftView>('ines', 'drift')).answer;
const show = async (person: string, id: string): Promise<RequestDetail> =>
  (await service.json<RequestDetail>(person, 'show', id)).answer;
const usable = async (person: string, target: string): Promise<RequestDetail> => {
  const words = ['request', target, '--for', '10m', '--reason', 'the payment queue is stuck, see the incident'];
  const { id } = (await service.json<RequestDetail>(person, ...words)).answer;
  await eventually(
    async () => (await show(person, id)).status === 'active',
    20_000,
    () => service.output(),
  );
  return show(person, id);
};

test('a full round finds what stood, and removes none of it', async () => {
  const { whyNot } = await drift();
  expect(whyNot).toBe('no-baseline');
  const found = await eventually(
    async () => {
      const now = await drift();
      return now.lastFullRound && now;
    },
    150_000,
    () => service.output(),
  );
  expect(
    found.findings.map(({ userName, accountName, permissionSet }) => [userName, accountName, permissionSet]),
  ).toContainEqual(['omar', 'payments-prod', 'ReadOnlyAccess']);
  expect(await isAssigned('omar', 'payments-prod', 'ReadOnlyAccess')).toBe(true);
});

test('an assignment that others made during a request outlives it', async () => {
  const { id } = await usable('maria', 'payments-dev/ReadOnlyAccess');
  await eyes.client.send(new CreateAccountAssignmentCommand(assignmentOf('maria', 'payments-dev', 'ReadOnlyAccess')));
  await eventually(
    async () => (await show('maria', id)).standing,
    20_000,
    () => service.output(),
  );
  await service.brevet('maria', 'end', id);
  const ended = await eventually(async () => {
    const now = await show('maria', id);
    return now.status === 'ended' && now;
  }, 20_000);
  expect(ended).toMatchObject({ standing: true, externallyModified: { change: 'assigned' } });
  expect(ended.history.map(({ kind }) => kind)).toContain('changed-outside');
  expect(await isAssigned('maria', 'payments-dev', 'ReadOnlyAccess')).toBe(true);
});

/** Clocks of functions may differ by so much, so that what is seen sooner after the round is left alone. */
const SKEW_MS = 10_000;

test('a baseline finds it in order, and the round behind it shows what comes later', async () => {
  // What others assigned for Maria is unexplained since her request ended; only what was seen can be found in order.
  await eventually(
    async () => (await drift()).findings.some((one) => one.userName === 'maria' && one.accountName === 'payments-dev'),
    150_000,
    () => service.output(),
  );
  const { answer } = await service.json<DriftBaselineView>('ines', 'drift', 'baseline');
  expect(answer.accepted).toBeGreaterThan(0);
  const since = await drift();
  expect(since.findings).toEqual([]);
  // A round may have come to its end meanwhile.
  if (!since.isRemoving) expect(since.whyNot).toBe('no-round-since');
  await eventually(
    async () => (await drift()).isRemoving,
    150_000,
    () => service.output(),
  );
  await new Promise((done) => setTimeout(done, SKEW_MS + 1000));
});

test('an assignment by somebody else is removed within seconds of its event', async () => {
  await eyes.client.send(
    new CreateAccountAssignmentCommand(assignmentOf('diego', 'payments-prod', 'AdministratorAccess')),
  );
  await eventually(() => isAssigned('diego', 'payments-prod', 'AdministratorAccess'), 5000);
  await eventually(
    async () => !(await isAssigned('diego', 'payments-prod', 'AdministratorAccess')),
    20_000,
    () => service.output(),
  );
  expect(await isAssigned('omar', 'payments-prod', 'ReadOnlyAccess')).toBe(true);
  expect(await drift()).toMatchObject({ removalsInTheLastHour: 1 });
});

test('a request whose assignment somebody removed says so, for good', async () => {
  const { id } = await usable('diego', 'payments-dev/ReadOnlyAccess');
  await eyes.client.send(new DeleteAccountAssignmentCommand(assignmentOf('diego', 'payments-dev', 'ReadOnlyAccess')));
  const marked = await eventually(
    async () => {
      const { externallyModified } = await show('diego', id);
      return externallyModified;
    },
    20_000,
    () => service.output(),
  );
  expect(marked).toMatchObject({ change: 'removed' });
  await service.brevet('diego', 'end', id);
  await eventually(async () => (await show('diego', id)).status === 'ended', 20_000);
  expect(await show('diego', id)).toMatchObject({ externallyModified: { change: 'removed' } });
  expect((await service.brevet('diego', 'show', id)).stdout).toMatch(/somebody removed the assignment/);
});
