/** Lists of people out of the Identity Store of IAM Identity Center, at a pace of their own. */
import type { Clock } from '../ports/clock.ts';
import type { PeopleLists } from '../ports/people-lists.ts';
import type { IdentityStoreCalls, StoredUser } from './identity-store-calls.ts';
import { listMemberIds } from './identity-store-members.ts';
import { CENSUS_RATE, pacedIdentityStore } from './paced-client.ts';
import { allPages } from './paged.ts';
import { ENTERPRISE } from './person-attributes.ts';
import { personFrom } from './stored-person.ts';

export interface IdentityStorePeopleListsParts {
  readonly identityStore: IdentityStoreCalls;
  readonly identityStoreId: string;
  readonly clock: Clock;
}

/** The most that the Identity Store lists in one call. */
const PEOPLE_A_PAGE = 100;

/** Somebody without one is nobody whom a rule could name, or who could sign in. */
const hasUserName = ({ UserName }: StoredUser): boolean => UserName !== undefined;

export const createIdentityStorePeopleLists = ({
  identityStore,
  identityStoreId: IdentityStoreId,
  clock,
}: IdentityStorePeopleListsParts): PeopleLists => {
  const calls = pacedIdentityStore(identityStore, clock, CENSUS_RATE);

  const listUsers = (beforePage: (count: number) => Promise<void>): Promise<readonly StoredUser[]> => {
    let count = 0;
    return allPages(async (NextToken) => {
      await beforePage(count);
      const input = { IdentityStoreId, MaxResults: PEOPLE_A_PAGE, NextToken, Extensions: [ENTERPRISE] };
      const { Users = [], NextToken: nextToken } = await calls('ListUsers', input);
      const items = Users.filter(hasUserName);
      count += items.length;
      return { items, nextToken };
    });
  };

  return {
    /** Each once: pages that shift while they are read may name somebody twice. */
    people: async (beforePage) => {
      const people = (await listUsers(beforePage)).map(personFrom);
      return [...new Map(people.map((person) => [person.id, person])).values()];
    },

    memberIds: (GroupId, beforePage) => listMemberIds(calls, { IdentityStoreId, GroupId }, beforePage),
  };
};
