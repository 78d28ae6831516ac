/** Reading the organization for the catalogue: what is read and published when, one at a time, and in parts where it is large. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createRememberedCatalogue } from '../../lambda/adapters/remembered-catalogue.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { changeState, stillReading } from '../../lambda/use-cases/catalogue-state.ts';
import { refreshCatalogue } from '../../lambda/use-cases/refresh-catalogue.ts';
import { account, type Given, organizationOf, set } from './organization-read.ts';
import { at } from './small-world.ts';

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
