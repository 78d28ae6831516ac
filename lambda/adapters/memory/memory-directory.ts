/** People and groups in memory; tests disable, remove and regroup them as they go. */
import type { GroupRef } from '../../domain/access-request.ts';
import type { Person } from '../../domain/policy/facts.ts';
import type { Directory } from '../../ports/directory.ts';

export interface MemoryGroup extends GroupRef {
  readonly memberIds: readonly string[];
}

export interface MemoryDirectory extends Directory {
  /** Adds the person, or replaces the one of the same id. */
  putPerson(person: Person): void;
  removePerson(personId: string): void;
  /** Adds the group, or replaces the one of the same id. */
  putGroup(group: MemoryGroup): void;
  removeGroup(groupId: string): void;
}

export interface MemoryDirectoryContent {
  readonly people?: readonly Person[];
  readonly groups?: readonly MemoryGroup[];
}

export const createMemoryDirectory = ({ people = [], groups = [] }: MemoryDirectoryContent = {}): MemoryDirectory => {
  const personOf = new Map(people.map((person) => [person.id, person]));
  const groupOf = new Map(groups.map((group) => [group.id, group]));
  const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
  return {
    findByUserName: async (userName) => [...personOf.values()].find((person) => sameName(person.userName, userName)),
    findById: async (personId) => personOf.get(personId),
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
