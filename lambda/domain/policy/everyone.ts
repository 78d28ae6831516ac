/** Everybody there is, and who is in which group, as policies are judged by it where all of them are known at once. */
import { groupedBy } from '../grouped.ts';
import { foldedCase } from '../proven-identity.ts';
import type { Person } from './facts.ts';
import type { Bearers, Staff } from './known-names.ts';

export interface GroupWithMembers {
  readonly name: string;
  /** Whoever is none of the people is nobody. */
  readonly memberIds: readonly string[];
}

export interface Everyone {
  readonly staff: Staff;
  /** Names of the groups that somebody is in. */
  groupsOf(personId: string): ReadonlySet<string>;
  /** Nobody where several bear the name: the service takes it for nobody's, too. */
  personNamed(userName: string): Person | undefined;
  bearersOf(userName: string): Bearers;
}

const groupsByMember = (groups: readonly GroupWithMembers[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  for (const { name, memberIds } of groups) {
    for (const id of memberIds) {
      const mine = found.get(id) ?? new Set<string>();
      mine.add(name);
      found.set(id, mine);
    }
  }
  return found;
};

const NONE: ReadonlySet<string> = new Set();

const staffOf = (
  people: readonly Person[],
  groups: readonly GroupWithMembers[],
  personNamed: Everyone['personNamed'],
): Staff => {
  const byId = new Map(people.map((person) => [person.id, person]));
  const members = new Map(groups.map(({ name, memberIds }) => [name, memberIds]));
  return {
    people,
    personOf: (id) => byId.get(id),
    idsOf: (named) => [
      ...named.users.flatMap((userName) => personNamed(userName)?.id ?? []),
      ...named.groups.flatMap((name) => members.get(name) ?? []),
    ],
  };
};

export const everyoneIn = (people: readonly Person[], groups: readonly GroupWithMembers[]): Everyone => {
  const byMember = groupsByMember(groups);
  const byName = groupedBy(people, ({ userName }) => foldedCase(userName));
  const bearers = (userName: string): readonly Person[] => byName.get(foldedCase(userName)) ?? [];
  const personNamed = (userName: string): Person | undefined => {
    const [only, another] = bearers(userName);
    return another ? undefined : only;
  };
  return {
    staff: staffOf(people, groups, personNamed),
    groupsOf: (personId) => byMember.get(personId) ?? NONE,
    personNamed,
    bearersOf: (userName) => {
      const { length } = bearers(userName);
      return length === 0 ? 'none' : length === 1 ? 'one' : 'several';
    },
  };
};
