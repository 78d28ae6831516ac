/** The surveyor's suite, on memory and on AWS's services; and that it stays within their rates. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAwsSurveyor } from '../../lambda/adapters/aws-surveyor.ts';
import { createFixedClock, type FixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemorySurveyor } from '../../lambda/adapters/memory/memory-surveyor.ts';
import type { Account } from '../../lambda/domain/policy/facts.ts';
import type { Clock } from '../../lambda/ports/clock.ts';
import type { Surveyor } from '../../lambda/ports/surveyor.ts';
import type { Seed } from '../../local/seed/seed.ts';
import { MORNING } from './samples.ts';
import { readTestSeed, startStandIn, type TestStandIn } from './stand-in.ts';
import { describeSurveyor } from './surveyor-contract.ts';

const HOURS: Readonly<Record<string, number>> = { PT1H: 1, PT2H: 2, PT4H: 4, PT8H: 8 };
const FORBIDDEN: Readonly<Record<string, Account['forbidden']>> = {
  '100000000001': 'management-account',
  '300000000001': 'hosting-account',
};

const inMemory = async (): Promise<Surveyor> => {
  const seed = await readTestSeed();
  const accounts = seed.accounts.map(({ id, name, path, state, tags }): Account => {
    const forbidden = FORBIDDEN[id];
    return { id, name, ouPath: path.join('/'), active: state === 'ACTIVE', tags, ...(forbidden && { forbidden }) };
  });
  const permissionSets = seed.permissionSets.map(({ arn, name, sessionDuration, tags }) => {
    return { arn, name, sessionSeconds: (HOURS[sessionDuration] ?? 0) * 3600, tags };
  });
  const outOfReach = permissionSets.filter(({ name }) => ['BillingView', 'OrganizationAdmin'].includes(name));
  return createMemorySurveyor({
    organization: createMemoryOrganization({ accounts, permissionSets }),
    units: seed.organizationalUnits.map(({ path }) => path.join('/')),
    outOfReach: outOfReach.map(({ arn }) => arn),
    groups: seed.groups.map(({ groupId: id, displayName: name }) => ({ id, name })),
  });
};

describeSurveyor('memory', inMemory);

describe('on the stand-in', () => {
  let standIn: TestStandIn;
  let clock: FixedClock;
  afterEach(() => standIn.stop());

  const start = async (changes: Partial<Seed> = {}, hostingAccountId?: string, by?: (clock: FixedClock) => Clock) => {
    standIn = await startStandIn(changes);
    clock = createFixedClock(MORNING);
    return createAwsSurveyor({
      organizations: standIn.organizationsCalls,
      permissionSets: standIn.permissionSetCalls,
      identityStore: standIn.identityStoreCalls,
      instanceArn: standIn.seed.instanceArn,
      identityStoreId: standIn.seed.identityStoreId,
      hostingAccountId: hostingAccountId ?? standIn.seed.hostingAccountId,
      clock: by?.(clock) ?? clock,
    });
  };

  describeSurveyor('AWS', () => start());

  describeSurveyor('AWS, page by page,', async () => {
    const surveyor = await start();
    await standIn.pace({ pageSizeCap: 1 });
    return surveyor;
  });

  it('leaves nothing out when it runs in the management account', async () => {
    const surveyor = await start({ callerIs: 'management' }, '100000000001');
    expect(await surveyor.permissionSetArns()).toMatchObject({ outOfReach: [] });
  });

  it.each([
    ['accounts', 'ListAccounts', 'organizations', (it: Surveyor) => it.accounts()],
    ['accounts', 'ListOrganizationalUnitsForParent', 'organizations', (it: Surveyor) => it.accounts()],
    ['accounts', 'DescribeOrganization', 'organizations', (it: Surveyor) => it.accounts()],
    ['tagsOf', 'ListTagsForResource', 'organizations', (it: Surveyor) => it.tagsOf('400000000001')],
    ['permissionSetArns', 'ListPermissionSets', 'identity-center', (it: Surveyor) => it.permissionSetArns()],
    [
      'permissionSetArns',
      'ListPermissionSetsProvisionedToAccount',
      'identity-center',
      (it: Surveyor) => it.permissionSetArns(),
    ],
    ['groups', 'ListGroups', 'identity-store', (it: Surveyor) => it.groups()],
  ])(
    'throws a fault and never less than there is when the service fails: %s, %s',
    async (_, operation, source, call) => {
      const surveyor = await start();
      await standIn.fail({ kind: 'error', operation, error: 'InternalServerException' });
      await expect(call(surveyor)).rejects.toMatchObject({
        name: 'ServiceFault',
        source,
        code: 'InternalServerException',
      });
    },
  );

  /** Time passes for the stand-in as it does for the surveyor. */
  const together = (fixed: FixedClock): Clock => ({
    now: fixed.now,
    sleep: async (milliseconds) => {
      standIn.advance(milliseconds / 1000);
      await fixed.sleep(milliseconds);
    },
  });

  it('reads all of it without being throttled once, at the rates that AWS documents', async () => {
    const surveyor = await start({}, undefined, together);
    await standIn.pace({ directoryQuotas: true, requestsPerSecond: 20 });
    const { found } = await surveyor.accounts();
    const { arns } = await surveyor.permissionSetArns();
    for (const { id } of found) await surveyor.tagsOf(id);
    for (const arn of arns) await surveyor.permissionSet(arn);
    await surveyor.groups();
    expect(standIn.callsOf('ListTagsForResource')).toBe(45 + 11);
  });
});
