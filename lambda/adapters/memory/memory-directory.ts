/** People and groups in memory; tests disable, remove and regroup them as they go. */
import type { GroupRef } from '../../domain/access-request.ts';
import type { Person } from '../../domain/policy/facts.ts';
import { foldedCase, isStoreName } from '../../domain/proven-identity.ts';
import type { Directory, Match } from '../../ports/directory.ts';

export interface MemoryGroup extends GroupRef {
  readonly memberIds: readonly string[];
}

export interface MemoryPerson extends Person {
  readonly emails?: readonly string[];
}

export interface MemoryDirectory extends Directory {
  /** Adds the person, or replaces the one of the same id. */
  putPerson(person: MemoryPerson): void;
  removePerson(personId: string): void;
  /** Adds the group, or replaces the one of the same id. */
  putGroup(group: MemoryGroup): void;
  removeGroup(groupId: string): void;
}

export interface MemoryDirectoryContent {
  readonly people?: readonly MemoryPerson[];
  readonly groups?: readonly MemoryGroup[];
}

const plain = ({ emails: _emails, ...person }: MemoryPerson): Person => person;

export const createMemoryDirectory = ({ people = [], groups = [] }: MemoryDirectoryContent = {}): MemoryDirectory => {
  const personOf = new Map(people.map((person) => [person.id, person]));
  const groupOf = new Map(groups.map((group) => [group.id, group]));
  const matching = (fits: (person: MemoryPerson) => boolean): Match => {
    const [only, another] = [...personOf.values()].filter(fits);
    return another ? 'several' : only && plain(only);
  };
  const find = async (personId: string): Promise<Person | undefined> => {
    const found = personOf.get(personId);
    return found && plain(found);
  };
  const isSame = (left: string, right: string): boolean => foldedCase(left) === foldedCase(right);
  return {
    findByUserName: async (userName) =>
      isStoreName(userName) ? matching((person) => isSame(person.userName, userName)) : undefined,
    findByEmail: async (email) => matching(({ emails = [] }) => emails.some((one) => isSame(one, email))),
    findById: find,
    recall: find,
    findGroup: async (name) => {
      const found = [...groupOf.values()].find((group) => group.name === name);
      return found && { id: found.id, name: found.name };
    },
    groupsOf: async (personId, asked) => asked.filter(({ id }) => groupOf.get(id)?.memberIds.includes(personId)),
    memberIds: async ({ id }) => groupOf.get(id)?.memberIds ?? [],

    putPerson: (person) => void personOf.set(person.id, person),
    removePerson: (personId) => void personOf.delete(personId),
    putGroup: (group) => void groupOf.set(group.id, group),
    removeGroup: (groupId) => void groupOf.delete(groupId),
  };
};
