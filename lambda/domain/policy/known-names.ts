/** What an organization bears names for, by which lint judges the names in a policy. */
import type { Account, PermissionSet, Person } from './facts.ts';
import type { NamedPeople } from './policy.ts';

/** How many users bear a name. */
export type Bearers = 'none' | 'one' | 'several';

/** What is left out was not looked up, and nothing is said of it. */
export interface KnownNames {
  readonly groups?: readonly string[];
  /** Who bears a user name, whatever the case of A to Z; undefined for one that was not looked up. */
  bearersOf?(userName: string): Bearers | undefined;
  /** Every user name that there is. */
  readonly users?: readonly string[];
  readonly accounts?: readonly Pick<Account, 'id' | 'name' | 'ouPath'>[];
  /** Paths from the root, and `/` for it. */
  readonly units?: readonly string[];
  readonly permissionSets?: readonly Pick<PermissionSet, 'name' | 'tags'>[];
  readonly accountTags?: ValuesByKey;
  readonly permissionSetTags?: ValuesByKey;
  readonly attributes?: ValuesByKey;
  /** Who there is to approve. */
  readonly staff?: Staff;
}

/** Everybody, with the groups as they are. */
export interface Staff {
  readonly people: readonly Person[];
  /** Undefined for somebody who is not there any more. */
  readonly personOf: (id: string) => Person | undefined;
  /** Ids of the people of user names and groups, in that order. Names that nothing bears, or several users, are nobody. */
  idsOf(named: NamedPeople): readonly string[];
}

export type ValuesByKey = ReadonlyMap<string, readonly string[]>;

type Facts = Readonly<Record<string, string | undefined>>;

/** Every value that some of them have, by key. */
export const valuesByKey = (all: readonly Facts[]): ValuesByKey => {
  const found = new Map<string, Set<string>>();
  for (const facts of all) {
    for (const [key, value] of Object.entries(facts)) {
      if (value !== undefined) found.set(key, (found.get(key) ?? new Set()).add(value));
    }
  }
  return new Map([...found].map(([key, values]) => [key, [...values]]));
};
