/** The suite of the lists of people, on memory and on the Identity Store; and that they keep to their pace. */
import { afterEach, describe, expect, it } from 'vitest';
import type { IdentityStoreCalls, StoredUser } from '../../lambda/adapters/identity-store-calls.ts';
import { createIdentityStorePeopleLists } from '../../lambda/adapters/identity-store-people-lists.ts';
import { createFixedClock, type FixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryPeopleLists } from '../../lambda/adapters/memory/memory-people-lists.ts';
import type { Clock } from '../../lambda/ports/clock.ts';
import type { PeopleLists } from '../../lambda/ports/people-lists.ts';
import { describePeopleLists } from './people-lists-contract.ts';
import { MORNING } from './samples.ts';
import { readTestSeed, startStandIn, type TestStandIn } from './stand-in.ts';

const onAndOn = async (): Promise<void> => undefined;

describePeopleLists('memory', async () => {
  const seed = await readTestSeed();
  return createMemoryPeopleLists({
    people: seed.people.map(({ userId: id, userName, displayName, status, title, attributes: { team = '' } }) => {
      const attributes = { title, user_type: 'Employee', department: team };
      return { id, userName, displayName, enabled: status === 'ENABLED', attributes };
    }),
    memberIds: Object.fromEntries(seed.groups.map(({ groupId, memberUserIds }) => [groupId, memberUserIds])),
  });
});

describe('on the stand-in', () => {
  let standIn: TestStandIn;
  let clock: FixedClock;
  afterEach(() => standIn.stop());

  const start = async (by?: (clock: FixedClock) => Clock): Promise<PeopleLists> => {
    standIn = await startStandIn();
    clock = createFixedClock(MORNING);
    return createIdentityStorePeopleLists({
      identityStore: standIn.identityStoreCalls,
      identityStoreId: standIn.seed.identityStoreId,
      clock: by?.(clock) ?? clock,
    });
  };

  describePeopleLists('Identity Store', () => start());

  describePeopleLists('Identity Store, page by page,', async () => {
    const lists = await start();
    await standIn.pace({ pageSizeCap: 1 });
    return lists;
  });

  it.each([
    ['people', 'ListUsers', (it: PeopleLists) => it.people(onAndOn)],
    [
      'memberIds',
      'ListGroupMemberships',
      (it: PeopleLists) => it.memberIds(standIn.seed.groups[0]?.groupId ?? '', onAndOn),
    ],
  ])('throw a fault and never have less than there is when the service fails: %s', async (_, operation, read) => {
    const lists = await start();
    await standIn.fail({ kind: 'error', operation, error: 'InternalServerException' });
    await expect(read(lists)).rejects.toMatchObject({
      name: 'ServiceFault',
      source: 'identity-store',
      code: 'InternalServerException',
    });
  });

  /** Time passes for the stand-in as it does for the lists. */
  const together = (fixed: FixedClock): Clock => ({
    now: fixed.now,
    sleep: async (milliseconds) => {
      standIn.advance(milliseconds / 1000);
      await fixed.sleep(milliseconds);
    },
  });

  it('have everybody and all members without being throttled once, at six calls a second in all', async () => {
    const lists = await start(together);
    await standIn.pace({ directoryQuotas: true, pageSizeCap: 1 });
    const before = clock.now();
    const counts: number[] = [];
    await lists.people(async (count) => void counts.push(count));
    expect(counts).toEqual(Array.from({ length: 31 }, (_, index) => index));
    for (const { groupId } of standIn.seed.groups) await lists.memberIds(groupId, onAndOn);
    const members = standIn.callsOf('ListGroupMemberships');
    expect(standIn.callsOf('ListUsers')).toBe(31);
    expect(members).toBeGreaterThan(standIn.seed.groups.length);
    const seconds = (clock.now() - before) / 1000;
    expect((31 + members - 1) / seconds).toBeCloseTo(6, 1);
  });

  it('ask before each page of members, and call no more once they are told to stop', async () => {
    const lists = await start();
    await standIn.pace({ pageSizeCap: 1 });
    const leads = standIn.seed.groups.find(({ displayName }) => displayName === 'payments-leads')?.groupId ?? '';
    const stop = new Error('out of time');
    let pages = 0;
    const twice = async (): Promise<void> => {
      pages += 1;
      if (pages > 2) throw stop;
    };
    await expect(lists.memberIds(leads, twice)).rejects.toBe(stop);
    expect(standIn.callsOf('ListGroupMemberships')).toBe(2);
  });

  it('wait for whoever is asked before they call', async () => {
    const lists = await start();
    const calls: number[] = [];
    const slowly = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      calls.push(standIn.callsOf('ListUsers'), standIn.callsOf('ListGroupMemberships'));
    };
    await lists.people(slowly);
    await lists.memberIds(standIn.seed.groups[0]?.groupId ?? '', slowly);
    expect(calls.slice(0, 4)).toEqual([0, 0, 1, 0]);
  });
});

describe('everybody, as a stub lists them', () => {
  const listedBy = (...pages: readonly (readonly StoredUser[])[]) => {
    const asked: unknown[] = [];
    const identityStore = (async (operation: string, input: { readonly NextToken?: string }) => {
      asked.push({ operation, ...input });
      const page = Number(input.NextToken ?? '0');
      return { Users: pages[page], ...(page + 1 < pages.length && { NextToken: String(page + 1) }) };
    }) as unknown as IdentityStoreCalls;
    const clock = createFixedClock(MORNING);
    return { lists: createIdentityStorePeopleLists({ identityStore, identityStoreId: 'd-906712ab3f', clock }), asked };
  };
  const user = (UserId: string, UserName?: string): StoredUser => ({ UserId, ...(UserName && { UserName }) });

  it('are asked for without a filter, with what rules may speak of, and by the longest pages', async () => {
    const { lists, asked } = listedBy([user('1', 'maria')], [user('2', 'tom')]);
    await lists.people(onAndOn);
    const whole = { IdentityStoreId: 'd-906712ab3f', MaxResults: 100, Extensions: ['aws:identitystore:enterprise'] };
    expect(asked).toEqual([
      { operation: 'ListUsers', ...whole },
      { operation: 'ListUsers', ...whole, NextToken: '1' },
    ]);
  });

  it('leave out who has no user name, and do not count them', async () => {
    const told: number[] = [];
    const { lists } = listedBy([user('1'), user('2', 'tom')], [user('3')], [], [user('4', 'maria')]);
    const people = await lists.people(async (count) => void told.push(count));
    expect(people.map(({ id }) => id)).toEqual(['2', '4']);
    expect(told).toEqual([0, 1, 1, 1]);
  });

  it('have each person once, though pages shift while they are read', async () => {
    const { lists } = listedBy([user('1', 'maria'), user('2', 'tom')], [user('2', 'tom'), user('3', 'lena')]);
    const people = await lists.people(onAndOn);
    expect(people.map(({ userName }) => userName)).toEqual(['maria', 'tom', 'lena']);
  });

  it('are a fault when one of them has no id', async () => {
    const { lists } = listedBy([{ UserName: 'maria' }]);
    await expect(lists.people(onAndOn)).rejects.toMatchObject({ code: 'MissingUserId' });
  });
});
