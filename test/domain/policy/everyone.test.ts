/** Everybody and their groups: who bears a name, who is in a group, and what several of a name come to. */
import { describe, expect, it } from 'vitest';
import { everyoneIn } from '../../../lambda/domain/policy/everyone.ts';
import { colleague } from './sample-staff.ts';

const [ann, bob, twin, other] = [
  colleague('ann'),
  colleague('bob'),
  colleague('twin'),
  { ...colleague('TWIN'), id: 'id-other' },
];
const everyone = everyoneIn(
  [ann, bob, twin, other],
  [
    { name: 'engineers', memberIds: [ann.id, bob.id, 'id-gone'] },
    { name: 'leads', memberIds: [bob.id] },
    { name: 'empty', memberIds: [] },
  ],
);

describe('everyone', () => {
  it('is known by name, whatever the case; of several who bear one nobody is', () => {
    expect(everyone.personNamed('ANN')).toBe(ann);
    expect(everyone.personNamed('twin')).toBeUndefined();
    expect(everyone.personNamed('nobody')).toBeUndefined();
    expect(['Ann', 'Twin', 'nobody'].map(everyone.bearersOf)).toEqual(['one', 'several', 'none']);
  });

  it('is in the groups that have them', () => {
    expect([...everyone.groupsOf(bob.id)]).toEqual(['engineers', 'leads']);
    expect([...everyone.groupsOf(ann.id)]).toEqual(['engineers']);
    expect([...everyone.groupsOf(twin.id)]).toEqual([]);
  });

  it('is staff: names and groups come to ids, in that order, and ids to people', () => {
    const { people, idsOf, personOf } = everyone.staff;
    expect(people).toEqual([ann, bob, twin, other]);
    expect(idsOf({ users: ['BOB', 'twin', 'nobody'], groups: ['engineers', 'empty', 'gone'] })).toEqual([
      ...[bob.id, ann.id, bob.id],
      'id-gone',
    ]);
    expect(personOf(other.id)).toBe(other);
    expect(personOf('id-gone')).toBeUndefined();
  });
});
