/** What one person may ask for: every (account, permission set) that some entitlement opens to them. */
import type { Account, PermissionSet, Requester } from './facts.ts';
import { applies, byLeastAsked, refuseForbidden } from './judge.ts';
import type { Entitlement, Policy } from './policy.ts';

export interface CatalogEntry {
  readonly account: Account;
  readonly permissionSet: PermissionSet;
  /** The entitlement that asks the least. */
  readonly entitlement: Entitlement;
  /** The longest that any applying entitlement allows, seconds. */
  readonly longestSeconds: number;
}

const entryFor = (
  policy: Policy,
  requester: Requester,
  account: Account,
  permissionSet: PermissionSet,
): CatalogEntry | undefined => {
  const applying = policy.entitlements.filter((rule) => applies(rule, requester, account, permissionSet));
  const [entitlement] = byLeastAsked(applying);
  if (!entitlement) return undefined;
  const longestSeconds = Math.max(...applying.map(({ maxDurationSeconds }) => maxDurationSeconds));
  return { account, permissionSet, entitlement, longestSeconds };
};

/** Ordered by account name, then permission set name. */
export const catalogFor = (
  policy: Policy,
  requester: Requester,
  accounts: readonly Account[],
  permissionSets: readonly PermissionSet[],
): readonly CatalogEntry[] => {
  const byName = (left: { name: string }, right: { name: string }): number => (left.name < right.name ? -1 : 1);
  return accounts
    .filter((account) => refuseForbidden(account) === undefined)
    .sort(byName)
    .flatMap((account) =>
      [...permissionSets]
        .sort(byName)
        .flatMap((permissionSet) => entryFor(policy, requester, account, permissionSet) ?? []),
    );
};
