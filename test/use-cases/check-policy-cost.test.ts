/** How much one look at a proposed policy may cost: what is refused, what is not looked up, and when comparing stops. */
import { beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { check, found, proposed, readOnce, SAME } from './checking.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';

let small: SmallWorld;
beforeEach(() => {
  small = smallWorld();
  readOnce(small);
});

describe('what one look may cost', () => {
  it.each([
    ['memberships', { policyCheckMemberships: 2 }, ['ann', 'bob', 'sam']],
    ['rules by accounts', { policyCheckPairs: 49 }, ['ann']],
  ])('is refused over the limit of %s, which is named', async (_, limits, people) => {
    const refused = await check(small, { content: SAME, people }, limits);
    expect(refused).toMatchObject({ refused: 'check_too_large', facts: { maximum: Object.values(limits)[0] } });
    expect(isRefusal(await check(small, { content: SAME }, limits))).toBe(false);
  });

  it('is refused for everybody before anybody is counted', async () => {
    const refused = await check(small, { content: SAME, everybody: true }, { policyCheckPairs: 49 });
    expect(refused).toMatchObject({ refused: 'check_too_large' });
    expect(small.counting.begun).toEqual([]);
    await check(small, { content: SAME, everybody: true });
    expect(small.counting.begun).toHaveLength(1);
  });

  it('looks up nobody who is not named, and no group that the catalogue does not have', async () => {
    const asked: string[] = [];
    const { groupsOf, findGroup } = small.world.directory;
    small.world.directory.groupsOf = async (id, groups) => {
      asked.push(...groups.map(({ name }) => `${id} ${name}`));
      return groupsOf(id, groups);
    };
    small.world.directory.findGroup = async (name) => {
      asked.push(name);
      return findGroup(name);
    };
    await found(small, {
      content: proposed(
        'groups: [engineers] }\n    what: { accounts: { organizational_units: [Sandbox]',
        'groups: [engineers, made-up] }\n    what: { accounts: { organizational_units: [Sandbox]',
      ),
      people: ['ann'],
    });
    expect(asked.filter((one) => one.includes('made-up'))).toEqual([]);
    expect(asked).toContain('id-ann engineers');
  });

  it('stops comparing when its time is over, tells no change that is none, and says that there may be more', async () => {
    const { now } = small.clock;
    let looks = 0;
    // A second passes with every look at the clock.
    const clock = { ...small.clock, now: () => (now() + 1000 * looks++) as ReturnType<typeof now> };
    small = { ...small, world: { ...small.world, clock } } as SmallWorld;
    const content = proposed('groups: [leads, seconds], required: 2', 'groups: [leads], required: 1');
    for (let seconds = 1; seconds < 20; seconds += 1) {
      const { people } = await found(small, { content, people: ['ann'] }, { policyCheckSeconds: seconds });
      for (const { changes } of people) expect(changes.every(({ kind }) => kind === 'changes')).toBe(true);
    }
    const { people } = await found(small, { content, people: ['ann', 'bob'] }, { policyCheckSeconds: 1 });
    expect(people.map(({ isWhole }) => isWhole)).toEqual([false, false]);
  });

  it.each(['catalogue_not_read', 'catalogue_too_old'])(
    'is refused without a catalogue to judge by: %s',
    async (code) => {
      if (code === 'catalogue_not_read') small = smallWorld();
      else small.clock.advance(86_400);
      expect(await check(small, { content: SAME })).toMatchObject({ refused: code });
    },
  );
});
