/** What an organization bears names for, by which lint judges the names in a policy. */
import type { PersonAttributes } from './facts.ts';

/** What is left out was not looked up, and nothing is said of it. */
export interface KnownNames {
  readonly groups?: readonly string[];
  readonly users?: readonly string[];
  readonly accountIds?: readonly string[];
  readonly accountNames?: readonly string[];
  /** Paths from the root, and `/` for it. */
  readonly units?: readonly string[];
  readonly permissionSets?: readonly string[];
  readonly accountTags?: ValuesByKey;
  readonly permissionSetTags?: ValuesByKey;
  readonly attributes?: ValuesByKey;
  /** Who there is to approve. */
  readonly staff?: Staff;
}

export interface Staff {
  readonly people: readonly { readonly id: string; readonly enabled: boolean; readonly attributes: PersonAttributes }[];
  /** Ids of the people of groups and user names. */
  idsOf(named: { readonly groups: readonly string[]; readonly users: readonly string[] }): readonly string[];
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
