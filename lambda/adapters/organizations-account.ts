/** An account of AWS Organizations, with where it stands, as the policy knows it. */
import type { Account } from '../domain/policy/facts.ts';
import type { PlacedAccount } from './organizations-tree.ts';
import { required } from './service-call.ts';

/** The two accounts that are never targets, unless the settings say so of the second (law 15). */
export interface OwnAccounts {
  readonly managementAccountId: string;
  /** Account that hosts Brevet: the management account, or a delegated administrator of Identity Center. */
  readonly hostingAccountId: string;
  /** The hosting account may be a target. NB. A delegated administrator cannot assign anything in the management account. */
  readonly isHostTarget?: boolean;
}

/** NB. A unit's own name may contain a slash, and must not pass for a unit further down that a rule speaks of. */
export const pathText = (names: readonly string[]): string =>
  names.map((name) => name.replaceAll('/', '%2F')).join('/');

const protectionOf = (accountId: string, own: OwnAccounts): Pick<Account, 'forbidden' | 'guarded'> => {
  const isHost = accountId === own.hostingAccountId;
  if (isHost && own.isHostTarget) return { guarded: true };
  if (accountId === own.managementAccountId) return { forbidden: 'management-account' };
  return isHost ? { forbidden: 'hosting-account' } : {};
};

/** Without its tags. */
export const accountFrom = ({ account, path }: PlacedAccount, own: OwnAccounts): Account => {
  const id = required('organizations', 'AccountId', account.Id);
  return {
    id,
    name: required('organizations', 'AccountName', account.Name),
    ouPath: pathText(path),
    // `Status` was retired in 2026; an account that says nothing of its state is not assigned to.
    active: account.State === 'ACTIVE',
    ...protectionOf(id, own),
  };
};
