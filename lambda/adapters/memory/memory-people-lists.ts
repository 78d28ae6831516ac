/** Lists of people that are kept in memory; each is one page. */
import type { Person } from '../../domain/policy/facts.ts';
import type { PeopleLists } from '../../ports/people-lists.ts';

export interface MemoryPeopleListsParts {
  readonly people: readonly Person[];
  /** Ids of members by the id of the group. */
  readonly memberIds?: Readonly<Record<string, readonly string[]>>;
}

export const createMemoryPeopleLists = ({ people, memberIds = {} }: MemoryPeopleListsParts): PeopleLists => ({
  people: async (beforePage) => {
    await beforePage(0);
    return people;
  },
  memberIds: async (groupId, beforePage) => {
    await beforePage();
    return memberIds[groupId] ?? [];
  },
});
