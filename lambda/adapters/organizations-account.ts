/** An account of AWS Organizations, with where it stands, as the policy knows it. */
import type { Account } from '../domain/policy/facts.ts';
import type { PlacedAccount } from './organizations-tree.ts';
import { required } from './service-call.ts';

/** The two accounts that are never targets (law 15). */
export interface ForbiddenAccounts {
  readonly managementAccountId: string;
  /** Account that hosts Brevet: the management account, or a delegated administrator of Identity Center. */
  readonly hostingAccountId: string;
}

/** NB. A unit's own name may contain a slash, and must not pass for a unit further down that a rule speaks of. */
export const pathText = (names: readonly string[]): string =>
  names.map((name) => name.replaceAll('/', '%2F')).join('/');

const forbiddenFor = (accountId: string, of: ForbiddenAccounts): Account['forbidden'] => {
  if (accountId === of.managementAccountId) return 'management-account';
  return accountId === of.hostingAccountId ? 'hosting-account' : undefined;
};

/** Without its tags. */
export const accountFrom = ({ account, path }: PlacedAccount, of: ForbiddenAccounts): Account => {
  const id = required('organizations', 'AccountId', account.Id);
  const forbidden = forbiddenFor(id, of);
  return {
    id,
    name: required('organizations', 'AccountName', account.Name),
    ouPath: pathText(path),
    // `Status` was retired in 2026; an account that says nothing of its state is not assigned to.
    active: account.State === 'ACTIVE',
    ...(forbidden && { forbidden }),
  };
};
