/** Counting everybody: one count at a time, told how far it came, and what becomes of one that fails, is too slow, or dies. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryCensusStore } from '../../lambda/adapters/memory/memory-census-store.ts';
import { createMemoryPeopleLists } from '../../lambda/adapters/memory/memory-people-lists.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { ConflictFault, ServiceFault } from '../../lambda/ports/faults.ts';
import type { PeopleLists } from '../../lambda/ports/people-lists.ts';
import { takeCensus } from '../../lambda/use-cases/take-census.ts';
import { GROUPS, PEOPLE } from './small-policy.ts';
import { at } from './small-world.ts';

const { engineers, leads } = GROUPS;
const people = Object.values(PEOPLE);

const made = () => {
  const clock = createFixedClock(at('09:00'));
  const census = createMemoryCensusStore();
  const warnings: string[] = [];
  const lists: { -readonly [Call in keyof PeopleLists]: PeopleLists[Call] } = createMemoryPeopleLists({
    people,
    memberIds: { [engineers.id]: engineers.memberIds, [leads.id]: [...leads.memberIds, 'id-too-new'] },
  });
  const world = { clock, census, lists, reporter: { warn: (message: string) => void warnings.push(message) } };
  const count = (groupIds: readonly string[] = [engineers.id, leads.id], runId = 'one', within = 600) =>
    takeCensus(world, { runId, groupIds, deadline: addSeconds(clock.now(), within) });
  const taken = async () => {
    const { taken: found } = await census.readState();
    return found && { asOf: found.asOf, ...(await census.read(found.version)) };
  };
  return { clock, census, warnings, lists, count, taken };
};

let world: ReturnType<typeof made>;
beforeEach(() => {
  world = made();
});

/** Each read of members takes so long, and something may happen meanwhile. */
const slowly = (seconds: number, meanwhile: (groupId: string) => Promise<void> = async () => undefined): void => {
  const { memberIds } = world.lists;
  world.lists.memberIds = async (groupId, beforePage) => {
    world.clock.advance(seconds);
    await meanwhile(groupId);
    return memberIds(groupId, beforePage);
  };
};

describe('a count', () => {
  it('has everybody, and the members of the groups that were asked for by their places, as of its beginning', async () => {
    slowly(5);
    expect(await world.count()).toEqual({ outcome: 'counted', people: people.length, groups: 2 });
    const { asOf, people: found, members } = (await world.taken()) ?? {};
    expect(asOf).toBe(at('09:00'));
    expect(found).toEqual(people);
    const named = (places: readonly number[] = []) => places.map((place) => found?.[place]?.id);
    expect(named(members?.[engineers.id])).toEqual(engineers.memberIds);
    // Whoever was made after everybody was listed is none of them.
    expect(named(members?.[leads.id])).toEqual(leads.memberIds);
    expect(Object.keys(members ?? {})).toHaveLength(2);
    expect((await world.census.readState()).run).toBeUndefined();
  });

  it('is told of while it goes on: how many people, how many groups', async () => {
    const told: unknown[] = [];
    slowly(3, async () => void told.push((await world.census.readState()).run));
    await world.count([engineers.id, leads.id, 'group-none']);
    const progress = { people: people.length, groupsInAll: 3 };
    expect(told).toMatchObject([
      { id: 'one', progress: { people: 0, groups: 0, groupsInAll: 3 } },
      { id: 'one', until: addSeconds(at('09:00'), 123), progress: { ...progress, groups: 0 } },
      { id: 'one', until: addSeconds(at('09:00'), 126), progress: { ...progress, groups: 1 } },
    ]);
  });

  it('is not begun where everybody is known for these groups', async () => {
    await world.count();
    world.clock.advance(599);
    expect(await world.count([leads.id], 'two')).toEqual({ outcome: 'not-due', people: 0, groups: 0 });
    expect(await world.taken()).toMatchObject({ asOf: at('09:00') });
  });

  it('is taken anew for a group that is not in it, and once ten minutes have passed since', async () => {
    await world.count([leads.id]);
    world.clock.advance(60);
    expect(await world.count([engineers.id], 'two')).toMatchObject({ outcome: 'counted' });
    world.clock.advance(10 * 60);
    expect(await world.count([engineers.id], 'three')).toMatchObject({ outcome: 'counted' });
    expect(await world.taken()).toMatchObject({ asOf: at('09:11') });
  });

  it('is one at a time, until it has said nothing for two minutes', async () => {
    const others: unknown[] = [];
    slowly(119, async () => void others.push(await world.count([], 'two')));
    expect(await world.count([leads.id])).toMatchObject({ outcome: 'counted' });
    expect(others).toEqual([{ outcome: 'not-due', people: 0, groups: 0 }]);
  });

  it('says nothing more once another one has begun, since it was silent for too long', async () => {
    slowly(121, async (groupId) => {
      if (groupId === leads.id) await world.count([], 'two');
    });
    await world.count([leads.id]);
    expect((await world.taken())?.members).toEqual({});
  });

  it('is told of within a group, too, which may have more pages than two minutes are long; overtaken, it reads no further', async () => {
    let pages = 0;
    world.lists.memberIds = async (_groupId, beforePage) => {
      for (; pages < 300; pages += 1) {
        world.clock.advance(1);
        if (pages === 150) expect((await world.census.readState()).run?.until).toBeGreaterThan(world.clock.now());
        if (pages === 200) world.clock.advance(121);
        if (pages === 200) expect(await takenBy('two')).toMatchObject({ outcome: 'counted' });
        await beforePage();
      }
      return [];
    };
    const takenBy = (runId: string) => world.count([], runId);
    expect(await world.count([leads.id])).toEqual({ outcome: 'overtaken', people: 0, groups: 0 });
    expect(pages).toBe(200);
  });

  it('that cannot be read, since it is damaged or another version wrote it, is taken anew', async () => {
    await world.count();
    const { read } = world.census;
    world.census.read = async () => {
      throw new ServiceFault('database', 'UnknownShape', undefined);
    };
    expect(await world.count(undefined, 'two')).toMatchObject({ outcome: 'counted' });
    world.census.read = async () => {
      throw new ServiceFault('database', 'ThrottlingException', undefined);
    };
    await expect(world.count(undefined, 'three')).rejects.toThrow(ServiceFault);
    world.census.read = read;
  });

  it('of two that begin at the same moment is one', async () => {
    const reports = await Promise.all([world.count(undefined, 'one'), world.count(undefined, 'two')]);
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['counted', 'not-due']);
  });
});

describe('a count that comes to nothing', () => {
  const failsWith = (fault: Error): void => {
    world.lists.memberIds = async () => {
      throw fault;
    };
  };

  it('says so where Identity Center cannot be read, and keeps the one before', async () => {
    await world.count([leads.id]);
    failsWith(new ServiceFault('identity-store', 'ThrottlingException', undefined));
    world.clock.advance(60);
    const report = await world.count([engineers.id], 'two');
    expect(report).toEqual({ outcome: 'identity-store', people: 0, groups: 0 });
    expect(await world.census.readState()).toMatchObject({
      taken: { asOf: at('09:00') },
      failed: { at: at('09:01:10'), why: 'identity-store' },
    });
    expect((await world.census.readState()).run).toBeUndefined();
    expect(world.warnings).toEqual(['everybody could not be counted']);
  });

  it('says so where its time is used up by trying again', async () => {
    failsWith(new ServiceFault('identity-store', 'ThrottlingException', undefined));
    expect(await world.count(undefined, 'one', 10)).toMatchObject({ outcome: 'out-of-time' });
    expect(world.clock.now()).toBe(at('09:00:10'));
  });

  it('says so after ten faults in all, though each call comes to something in the end', async () => {
    const { memberIds } = world.lists;
    let calls = 0;
    world.lists.memberIds = async (groupId, beforePage) => {
      calls += 1;
      if (calls % 3 !== 0) throw new ServiceFault('identity-store', 'ThrottlingException', undefined);
      return memberIds(groupId, beforePage);
    };
    const groupIds = Array.from({ length: 6 }, (_, index) => `group-${index}`);
    expect(await world.count(groupIds.slice(0, 5))).toMatchObject({ groups: 5 });
    expect(await world.count(groupIds, 'two')).toMatchObject({ outcome: 'identity-store' });
  });

  it('is another thing where a few of thousands of calls fail: they are tried again', async () => {
    const { memberIds, people: list } = world.lists;
    let faults = 0;
    const failing = <Read>(read: () => Promise<Read>): Promise<Read> => {
      faults += 1;
      if (faults % 3 !== 0) throw new ServiceFault('identity-store', 'ThrottlingException', undefined);
      return read();
    };
    world.lists.people = async (seen) => failing(() => list(seen));
    world.lists.memberIds = async (groupId, beforePage) => failing(() => memberIds(groupId, beforePage));
    expect(await world.count()).toEqual({ outcome: 'counted', people: people.length, groups: 2 });
    expect(faults).toBe(9);
    expect(world.clock.now()).toBe(at('09:00:30'));
  });

  it('says so where its time is used up, whatever is left to count', async () => {
    slowly(20);
    expect(await world.count(undefined, 'one', 20)).toMatchObject({ outcome: 'out-of-time' });
    expect(await world.taken()).toBeUndefined();
    world.clock.advance(1);
    expect(await world.count(undefined, 'two', 41)).toMatchObject({ outcome: 'counted', people: people.length });
    expect((await world.census.readState()).failed).toBeUndefined();
  });

  it('throws what is no fault of the outside, says so, and lets the next one begin', async () => {
    failsWith(new TypeError('a bug'));
    await expect(world.count()).rejects.toThrow('a bug');
    expect(await world.census.readState()).toMatchObject({ failed: { at: at('09:00'), why: 'error' } });
    expect(await world.count([], 'two')).toMatchObject({ outcome: 'counted' });
  });

  it('says so where the table cannot be reached for what was counted', async () => {
    const put = world.census.put;
    world.census.put = async () => {
      throw new ServiceFault('database', 'ThrottlingException', undefined);
    };
    expect(await world.count()).toMatchObject({ outcome: 'database' });
    expect(world.clock.now()).toBe(at('09:00:10'));
    world.census.put = put;
    expect(await world.count(undefined, 'two')).toMatchObject({ outcome: 'counted' });
  });

  it('is none where only how far it is cannot be told, nor where storing it fails once', async () => {
    const { replaceState, put } = world.census;
    let faults = 0;
    const failing = <Done>(every: number, work: () => Promise<Done>): Promise<Done> => {
      faults += 1;
      if (faults % every === 0) throw new ServiceFault('database', 'ThrottlingException', undefined);
      return work();
    };
    slowly(3);
    world.census.replaceState = (next) =>
      next.run?.progress.people ? failing(1, async () => true) : replaceState(next);
    world.census.put = (...args) => failing(2, () => put(...args));
    expect(await world.count()).toMatchObject({ outcome: 'counted' });
    expect(world.warnings).toContain('how far the count came could not be told');
  });

  it('gives up where the state is changed again and again', async () => {
    world.census.replaceState = async () => false;
    await expect(world.count()).rejects.toThrow(ConflictFault);
  });
});
