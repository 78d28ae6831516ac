/** Counting everybody: one count at a time, told how far it came, and what becomes of one that fails, is too slow, or dies. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryCensusStore } from '../../lambda/adapters/memory/memory-census-store.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemorySurveyor } from '../../lambda/adapters/memory/memory-surveyor.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { ConflictFault, ServiceFault } from '../../lambda/ports/faults.ts';
import type { Surveyor } from '../../lambda/ports/surveyor.ts';
import { takeCensus } from '../../lambda/use-cases/take-census.ts';
import { GROUPS, PEOPLE } from './small-policy.ts';
import { at } from './small-world.ts';

const { engineers, leads } = GROUPS;
const people = Object.values(PEOPLE);

const made = () => {
  const clock = createFixedClock(at('09:00'));
  const census = createMemoryCensusStore();
  const warnings: string[] = [];
  const surveyor: { -readonly [Call in keyof Surveyor]: Surveyor[Call] } = createMemorySurveyor({
    organization: createMemoryOrganization({}),
    people,
    memberIds: { [engineers.id]: engineers.memberIds, [leads.id]: [...leads.memberIds, 'id-too-new'] },
  });
  const world = { clock, census, surveyor, reporter: { warn: (message: string) => void warnings.push(message) } };
  const count = (groupIds: readonly string[] = [engineers.id, leads.id], runId = 'one', within = 600) =>
    takeCensus(world, { runId, groupIds, deadline: addSeconds(clock.now(), within) });
  const taken = async () => {
    const { taken: found } = await census.readState();
    return found && { asOf: found.asOf, ...(await census.read(found.version)) };
  };
  return { clock, census, warnings, surveyor, count, taken };
};

let world: ReturnType<typeof made>;
beforeEach(() => {
  world = made();
});

/** Each read of members takes so long, and something may happen meanwhile. */
const slowly = (seconds: number, meanwhile: (groupId: string) => Promise<void> = async () => undefined): void => {
  const { memberIds } = world.surveyor;
  world.surveyor.memberIds = async (groupId) => {
    world.clock.advance(seconds);
    await meanwhile(groupId);
    return memberIds(groupId);
  };
};

describe('a count', () => {
  it('has everybody, and the members of the groups that were asked for by their places, as of its beginning', async () => {
    slowly(5);
    expect(await world.count()).toEqual({ wasDue: true, people: people.length, groups: 2 });
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
    await world.count();
    const progress = { people: people.length, groupsInAll: 2 };
    expect(told).toMatchObject([
      { id: 'one', progress: { people: 0, groups: 0, groupsInAll: 2 } },
      { id: 'one', until: addSeconds(at('09:00'), 123), progress: { ...progress, groups: 1 } },
    ]);
  });

  it('is not begun where everybody is known for these groups', async () => {
    await world.count();
    world.clock.advance(29 * 60);
    expect(await world.count([leads.id], 'two')).toEqual({ wasDue: false, people: 0, groups: 0 });
    expect(await world.taken()).toMatchObject({ asOf: at('09:00') });
  });

  it('is taken anew for a group that is not in it, and once it is half an hour old', async () => {
    await world.count([leads.id]);
    world.clock.advance(60);
    expect(await world.count([engineers.id], 'two')).toMatchObject({ wasDue: true });
    world.clock.advance(30 * 60);
    expect(await world.count([engineers.id], 'three')).toMatchObject({ wasDue: true });
    expect(await world.taken()).toMatchObject({ asOf: at('09:31') });
  });

  it('is one at a time, until it has said nothing for two minutes', async () => {
    const others: unknown[] = [];
    slowly(119, async () => void others.push(await world.count([], 'two')));
    expect(await world.count([leads.id])).toMatchObject({ wasDue: true });
    expect(others).toEqual([{ wasDue: false, people: 0, groups: 0 }]);
  });

  it('says nothing more once another one has begun, since it was silent for too long', async () => {
    slowly(121, async (groupId) => {
      if (groupId === leads.id) await world.count([], 'two');
    });
    await world.count([leads.id]);
    expect(await world.taken()).toMatchObject({ members: {} });
  });

  it('of two that begin at the same moment is one', async () => {
    const reports = await Promise.all([world.count(undefined, 'one'), world.count(undefined, 'two')]);
    expect(reports.map(({ wasDue }) => wasDue).sort()).toEqual([false, true]);
  });
});

describe('a count that comes to nothing', () => {
  const failsWith = (fault: Error): void => {
    world.surveyor.memberIds = async () => {
      throw fault;
    };
  };

  it('says so where Identity Center cannot be read, and keeps the one before', async () => {
    await world.count([leads.id]);
    failsWith(new ServiceFault('identity-store', 'ThrottlingException', undefined));
    world.clock.advance(60);
    const report = await world.count([engineers.id], 'two');
    expect(report).toEqual({ wasDue: true, people: 0, groups: 0, failed: 'fault' });
    expect(await world.census.readState()).toMatchObject({
      taken: { asOf: at('09:00') },
      failed: { at: at('09:01:10'), why: 'fault' },
    });
    expect((await world.census.readState()).run).toBeUndefined();
    expect(world.warnings).toEqual(['everybody could not be counted']);
  });

  it('says so where its time is used up by trying again', async () => {
    failsWith(new ServiceFault('identity-store', 'ThrottlingException', undefined));
    expect(await world.count(undefined, 'one', 10)).toMatchObject({ failed: 'out-of-time' });
    expect(world.clock.now()).toBe(at('09:00:10'));
  });

  it('says so after ten faults in all, though each call comes to something in the end', async () => {
    const { memberIds } = world.surveyor;
    let calls = 0;
    world.surveyor.memberIds = async (groupId) => {
      calls += 1;
      if (calls % 3 !== 0) throw new ServiceFault('identity-store', 'ThrottlingException', undefined);
      return memberIds(groupId);
    };
    const groupIds = Array.from({ length: 6 }, (_, index) => `group-${index}`);
    expect(await world.count(groupIds.slice(0, 5))).toMatchObject({ groups: 5 });
    expect(await world.count(groupIds, 'two')).toMatchObject({ failed: 'fault' });
  });

  it('is another thing where a few of thousands of calls fail: they are tried again', async () => {
    const { memberIds, people: list } = world.surveyor;
    let faults = 0;
    const failing = <Read>(read: () => Promise<Read>): Promise<Read> => {
      faults += 1;
      if (faults % 3 !== 0) throw new ServiceFault('identity-store', 'ThrottlingException', undefined);
      return read();
    };
    world.surveyor.people = async (seen) => failing(() => list(seen));
    world.surveyor.memberIds = async (groupId) => failing(() => memberIds(groupId));
    expect(await world.count()).toEqual({ wasDue: true, people: people.length, groups: 2 });
    expect(faults).toBe(9);
    expect(world.clock.now()).toBe(at('09:00:30'));
  });

  it('says so where its time is used up, whatever is left to count', async () => {
    slowly(20);
    expect(await world.count(undefined, 'one', 20)).toMatchObject({ failed: 'out-of-time' });
    expect(await world.taken()).toBeUndefined();
    world.clock.advance(1);
    expect(await world.count(undefined, 'two', 41)).toMatchObject({ wasDue: true, people: people.length });
    expect((await world.census.readState()).failed).toBeUndefined();
  });

  it('throws what is no fault of the outside, and lets the next one begin once it is silent', async () => {
    failsWith(new TypeError('a bug'));
    await expect(world.count()).rejects.toThrow('a bug');
    expect(await world.count([], 'two')).toMatchObject({ wasDue: false });
    world.clock.advance(120);
    expect(await world.count([], 'three')).toMatchObject({ wasDue: true });
  });

  it('gives up where the state is changed again and again', async () => {
    world.census.replaceState = async () => false;
    await expect(world.count()).rejects.toThrow(ConflictFault);
  });
});
