/** Since when a place is one that drift must search, without a break: kept by looking at the facts every few seconds. */
import type { Place } from '../../../lambda/domain/drift.ts';
import type { Population } from '../population.ts';

export interface Searched {
  /** Looks at the facts as they are. */
  look(): void;
  /** True time; undefined when it is none now. */
  since(place: Place): number | undefined;
}

interface Parts {
  readonly now: () => number;
  readonly population: Population;
  /** Whether the account is missing from lists now. */
  readonly isMissing: (accountId: string) => boolean;
}

export const createSearched = ({ now, population, isMissing }: Parts): Searched => {
  const sinceOf = new Map<string, number>();

  const isElevatable = (name: string): boolean =>
    population.policyNow().entitlements.some(({ what }) => what.permissionSets.names.includes(name));
  const searchedNow = (): readonly string[] => [
    ...[...population.permissionSets.values()].filter(({ name }) => isElevatable(name)).map(({ arn }) => arn),
    ...[...population.accounts.values()]
      .filter(({ id, active, forbidden }) => active && !forbidden && !isMissing(id))
      .map(({ id }) => id),
  ];

  return {
    look: () => {
      const found = new Set(searchedNow());
      for (const id of [...sinceOf.keys()]) if (!found.has(id)) sinceOf.delete(id);
      for (const id of found) if (!sinceOf.has(id)) sinceOf.set(id, now());
    },
    since: ({ accountId, permissionSetArn }) => {
      const [account, set] = [sinceOf.get(accountId), sinceOf.get(permissionSetArn)];
      return account === undefined || set === undefined ? undefined : Math.max(account, set);
    },
  };
};
