/** Who people are and where they belong, as it truly is in the world, and whether that was otherwise a while ago. */
import type { Audience } from '../../../lambda/domain/access-request.ts';
import type { Population } from '../population.ts';

export interface PeopleFacts {
  isEnabled(personId: string): boolean;
  /** Everybody in those groups, and those who are named; by id. */
  everybodyIn(audience: Audience): ReadonlySet<string>;
  everybodyBy(groupNames: readonly string[], userNames: readonly string[]): ReadonlySet<string>;
  /** Whether something of the person, or of one of the groups, changed since. */
  hasChanged(since: number, personId: string, groupNames: readonly string[]): boolean;
}

export const peopleFacts = ({ people, groups, changedAt }: Population): PeopleFacts => {
  const membersOf = (groupNames: readonly string[]): readonly string[] =>
    groupNames.flatMap((name) => groups.get(`group-${name}`)?.memberIds ?? []);
  return {
    isEnabled: (personId) => people.get(personId)?.enabled === true,
    everybodyIn: (audience) =>
      new Set([...membersOf(audience.groups.map(({ name }) => name)), ...audience.people.map(({ id }) => id)]),
    everybodyBy: (groupNames, userNames) => {
      const named = [...people.values()].filter(({ userName }) => userNames.includes(userName));
      return new Set([...membersOf(groupNames), ...named.map(({ id }) => id)]);
    },
    hasChanged: (since, personId, groupNames) =>
      [personId, ...groupNames.map((name) => `group-${name}`)].some(
        (subject) => (changedAt.get(subject) ?? Number.NEGATIVE_INFINITY) >= since,
      ),
  };
};
