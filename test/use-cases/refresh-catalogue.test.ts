/** Reading the organization for the catalogue: what is published when, what is kept when reading fails, one at a time. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryCatalogueStore } from '../../lambda/adapters/memory/memory-catalogue-store.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemorySurveyor } from '../../lambda/adapters/memory/memory-surveyor.ts';
import { withFaults } from '../../lambda/adapters/memory/with-faults.ts';
import { createRememberedCatalogue } from '../../lambda/adapters/remembered-catalogue.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { changeState, stillReading } from '../../lambda/use-cases/catalogue-state.ts';
import { refreshCatalogue } from '../../lambda/use-cases/refresh-catalogue.ts';
import { at, LIMITS } from './small-world.ts';

const account = (index: number) => ({
  id: String(400_000_000_000 + index),
  name: `account-${index}`,
  ouPath: 'Workloads',
  active: true,
  tags: { team: `team-${index}` },
});
const set = (index: number) => ({ arn: `arn:${index}`, name: `Set${index}`, sessionSeconds: 3600, tags: {} });

/** An organization of so many accounts, each call about which takes so long. */
const organizationOf = ({ accounts = 3, secondsACall = 0 } = {}) => {
  const clock = createFixedClock(at('09:00'));
  const organization = createMemoryOrganization({
    accounts: Array.from({ length: accounts }, (_, index) => account(index)),
    permissionSets: [set(1), set(2)],
  });
  const memory = createMemorySurveyor({
    organization,
    units: ['Workloads', 'Empty'],
    outOfReach: ['arn:2'],
    groups: [{ id: 'g-1', name: 'leads' }],
  });
  const asked: string[] = [];
  const surveyor = withFaults('organizations', {
    ...memory,
    tagsOf: async (accountId: string) => {
      asked.push(accountId);
      clock.advance(secondsACall);
      return memory.tagsOf(accountId);
    },
  });
  const store = withFaults('database', createMemoryCatalogueStore());
  const warnings: string[] = [];
  const reporter = { warn: (message: string) => void warnings.push(message) };
  const world = { clock, store, surveyor, reporter, limits: LIMITS };
  let runs = 0;
  const refresh = (resources?: readonly string[], seconds = 3600) => {
    runs += 1;
    const deadline: Instant = addSeconds(clock.now(), seconds);
    const input = { runId: `run-${runs}`, deadline, ...(resources && { wakeUp: { resources } }) };
    return refreshCatalogue(world, input);
  };
  const published = async () => createRememberedCatalogue(store, clock).current();
  return { world, clock, organization, surveyor, store, warnings, asked, refresh, published };
};

type Given = ReturnType<typeof organizationOf>;

describe('refreshCatalogue', () => {
  let given: Given;
  beforeEach(() => {
    given = organizationOf();
  });

  it('publishes the organization as it is, with tags, and what is out of reach', async () => {
    expect(await given.refresh()).toEqual({
      wasDue: true,
      ageSeconds: 0,
      accounts: 3,
      permissionSets: 2,
      groups: 1,
      left: 0,
      failures: 0,
      piecesDiscarded: 0,
    });
    expect(await given.published()).toEqual({
      asOf: at('09:00'),
      accounts: [account(0), account(1), account(2)],
      units: ['Workloads', 'Empty'],
      permissionSets: [set(1), { ...set(2), outOfReach: 'provisioned-in-management-account' }],
    });
    const groups = await createRememberedCatalogue(given.store, given.clock).groups();
    expect([...(groups?.byName.values() ?? [])]).toEqual([{ id: 'g-1', name: 'leads' }]);
  });

  it('reads nothing again before its time', async () => {
    await given.refresh();
    given.clock.advance(300);
    expect(await given.refresh()).toMatchObject({ wasDue: false, ageSeconds: 300 });
    expect(given.asked).toHaveLength(3);
  });

  it('reads lists again after a quarter of an hour, and tags only when they are older', async () => {
    await given.refresh();
    given.organization.putAccount({ ...account(3), ouPath: 'Sandbox' });
    given.organization.removeAccount(account(0).id);
    given.clock.advance(900);
    await given.refresh();
    expect((await given.published())?.accounts).toEqual([account(1), account(2), { ...account(3), ouPath: 'Sandbox' }]);
    expect(given.asked).toHaveLength(4);
    given.clock.advance(900);
    await given.refresh();
    expect(given.asked).toHaveLength(6);
  });

  it('reads anew what an event told of, and nothing else', async () => {
    await given.refresh();
    for (const index of [1, 2]) given.organization.putAccount({ ...account(index), tags: { team: 'moved' } });
    given.clock.advance(120);
    await given.refresh([account(1).id]);
    const tags = (await given.published())?.accounts.map((one) => one.tags?.team);
    expect(tags).toEqual(['team-0', 'moved', 'team-2']);
  });

  it('makes one reading of many events, and forgets none of them', async () => {
    await given.refresh();
    given.clock.advance(10);
    for (const index of [0, 1, 2]) {
      given.organization.putAccount({ ...account(index), tags: { team: 'moved' } });
      expect(await given.refresh([account(index).id])).toMatchObject({ wasDue: false });
    }
    given.clock.advance(60);
    expect(await given.refresh()).toMatchObject({ wasDue: true });
    expect((await given.published())?.accounts.map((one) => one.tags?.team)).toEqual(['moved', 'moved', 'moved']);
    given.clock.advance(60);
    expect(await given.refresh()).toMatchObject({ wasDue: false });
  });

  it('looks in the organization for what an event names, and does nothing about what is not there', async () => {
    await given.refresh();
    given.clock.advance(120);
    await given.refresh(['999999999999', 'arn:aws:sso:::permissionSet/ssoins-1/ps-0000000000000000']);
    expect(given.asked).toHaveLength(3);
    expect((await given.published())?.accounts).toHaveLength(3);
  });

  it.each(['accounts', 'permissionSetArns'] as const)(
    'law 9: keeps the old data when %s fails, and lets it grow old',
    async (method) => {
      await given.refresh();
      const before = await given.published();
      for (const hour of [1, 2]) {
        given.clock.advance(3600);
        given.surveyor.failNext(method);
        expect(await given.refresh()).toMatchObject({ ageSeconds: hour * 3600, failures: 1 });
      }
      expect(await given.published()).toEqual(before);
      expect(given.warnings).toHaveLength(2);
    },
  );

  it('law 9: publishes nothing while accounts could not be listed even once', async () => {
    given.surveyor.failNext('accounts');
    expect(await given.refresh()).toMatchObject({ accounts: 0, failures: 1 });
    expect(await given.published()).toBeUndefined();
    given.clock.advance(60);
    await given.refresh();
    expect((await given.published())?.accounts).toHaveLength(3);
  });

  it('law 9: publishes nothing while a permission set was never read: it would pass for one that does not exist', async () => {
    given.surveyor.failNext('permissionSet');
    expect(await given.refresh()).toMatchObject({ failures: 1 });
    expect(await given.published()).toBeUndefined();
    given.clock.advance(60);
    await given.refresh();
    expect((await given.published())?.permissionSets).toHaveLength(2);
  });

  it('law 9: tags that cannot be read are unknown, and not none', async () => {
    given.surveyor.failNext('tagsOf');
    expect(await given.refresh()).toMatchObject({ left: 1, failures: 1 });
    const { tags: _, ...untagged } = account(0);
    expect((await given.published())?.accounts[0]).toEqual(untagged);
    given.clock.advance(60);
    await given.refresh();
    expect((await given.published())?.accounts[0]).toEqual(account(0));
  });

  it('keeps the tags that it has when they cannot be read again, and says how old they are', async () => {
    await given.refresh();
    given.clock.advance(1800);
    given.surveyor.failNext('tagsOf', { times: 3 });
    expect(await given.refresh()).toMatchObject({ ageSeconds: 1800, failures: 3 });
    expect((await given.published())?.accounts).toEqual([account(0), account(1), account(2)]);
  });

  it('one account whose tags cannot be read for a day makes no catalogue that is too old to be believed', async () => {
    await given.refresh();
    const { tagsOf } = given.surveyor;
    given.surveyor.tagsOf = async (id) => {
      if (id === account(0).id) throw new ServiceFault('organizations', 'Broken', undefined);
      return tagsOf(id);
    };
    const ages: number[] = [];
    for (let seconds = 0; seconds < 25 * 3600; seconds += 70) {
      given.clock.advance(70);
      const asOf = (await given.published())?.asOf ?? 0;
      ages.push((given.clock.now() - asOf) / 1000);
      await given.refresh();
    }
    expect(Math.max(...ages)).toBeLessThan(LIMITS.catalogueDeniesSeconds);
    const { tags: _, ...untagged } = account(0);
    expect((await given.published())?.accounts).toEqual([untagged, account(1), account(2)]);
  });

  it('a bug is not taken for a failure of the outside', async () => {
    const surveyor = { ...given.surveyor, accounts: () => Promise.reject(new TypeError('a bug')) };
    const input = { runId: 'run', deadline: at('10:00') };
    await expect(refreshCatalogue({ ...given.world, surveyor }, input)).rejects.toThrow('a bug');
  });

  it('publishes nothing in which a permission set is missing only because it was not described yet', async () => {
    await given.refresh();
    given.clock.advance(900);
    for (let index = 3; index <= 600; index += 1) given.organization.putPermissionSet(set(index));
    let between: number | undefined = -1;
    const permissionSet = given.surveyor.permissionSet;
    const surveyor = {
      ...given.surveyor,
      permissionSet: async (arn: string) => {
        between = (await given.published())?.permissionSets.length;
        return permissionSet(arn);
      },
    };
    await refreshCatalogue({ ...given.world, surveyor }, { runId: 'run', deadline: at('10:00') });
    expect([between, (await given.published())?.permissionSets.length]).toEqual([2, 600]);
  });

  it('lets one read at a time, and another one when that has been silent for two minutes', async () => {
    const { store, clock } = given.world;
    await changeState(store, (state) => ({ ...state, run: { id: 'another', until: addSeconds(clock.now(), 120) } }));
    expect(await given.refresh()).toMatchObject({ wasDue: false });
    clock.advance(100);
    await stillReading(given.world, 'another');
    clock.advance(100);
    expect(await given.refresh()).toMatchObject({ wasDue: false });
    clock.advance(20);
    expect(await given.refresh()).toMatchObject({ wasDue: true });
  });

  it('whoever was silent for too long publishes nothing over the other', async () => {
    const slow = organizationOf({ accounts: 1 });
    const accounts = slow.surveyor.accounts;
    let isFirst = true;
    const surveyor = {
      ...slow.surveyor,
      accounts: async () => {
        const found = await accounts();
        if (!isFirst) return found;
        isFirst = false;
        slow.clock.advance(300);
        slow.organization.putAccount(account(7));
        await slow.refresh();
        return found;
      },
    };
    await refreshCatalogue({ ...slow.world, surveyor }, { runId: 'slow', deadline: at('10:00') });
    expect((await slow.published())?.accounts.map(({ name }) => name)).toEqual(['account-0', 'account-7']);
    expect((await slow.store.readState()).run).toBeUndefined();
  });

  it('throws what the store throws, and reads on from there the next time', async () => {
    given.store.failNext('put');
    await expect(given.refresh()).rejects.toBeInstanceOf(ServiceFault);
    given.clock.advance(121);
    expect(await given.refresh()).toMatchObject({ wasDue: true, left: 0 });
  });

  it('discards what was published an hour before', async () => {
    await given.refresh();
    let discarded = 0;
    for (let quarter = 1; quarter <= 8; quarter += 1) {
      given.organization.putAccount({ ...account(0), name: `renamed-${quarter}` });
      given.clock.advance(900);
      discarded += (await given.refresh()).piecesDiscarded;
    }
    expect(discarded).toBeGreaterThan(0);
    expect((await given.published())?.accounts[0]?.name).toBe('renamed-8');
  });
});

describe('a large organization', () => {
  it('is read over several runs, each within its time, and no tags are read twice', async () => {
    const large = organizationOf({ accounts: 2000, secondsACall: 0.125 });
    const reports = [];
    for (let run = 0; run < 4; run += 1) {
      reports.push(await large.refresh(undefined, 100));
      large.clock.advance(60);
    }
    expect(reports.map(({ left }) => left)).toEqual([1200, 400, 0, 0]);
    expect(new Set(large.asked).size).toBe(2000);
    expect(large.asked).toHaveLength(2000);
  });

  it('has what was read when a run is killed in the middle', async () => {
    const large = organizationOf({ accounts: 1200, secondsACall: 0.125 });
    const tagsOf = large.surveyor.tagsOf;
    let left = 1100;
    const surveyor = {
      ...large.surveyor,
      tagsOf: async (accountId: string) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return tagsOf(accountId);
      },
    };
    const input = { runId: 'killed', deadline: at('10:00') };
    await expect(refreshCatalogue({ ...large.world, surveyor }, input)).rejects.toThrow('killed');
    large.clock.advance(121);
    large.asked.length = 0;
    await large.refresh();
    expect(large.asked).toHaveLength(200);
  });
});
