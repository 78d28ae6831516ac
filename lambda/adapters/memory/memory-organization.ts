/** Accounts and permission sets in memory; tests move, suspend and remove them as they go. */
import type { Account, PermissionSet } from '../../domain/policy/facts.ts';
import type { Organization } from '../../ports/organization.ts';

export interface MemoryOrganization extends Organization {
  /** Adds the account, or replaces the one of the same id. */
  putAccount(account: Account): void;
  removeAccount(accountId: string): void;
  /** Adds the permission set, or replaces the one of the same ARN. */
  putPermissionSet(permissionSet: PermissionSet): void;
  removePermissionSet(arn: string): void;
}

export interface MemoryOrganizationContent {
  readonly accounts?: readonly Account[];
  readonly permissionSets?: readonly PermissionSet[];
}

export const createMemoryOrganization = ({
  accounts = [],
  permissionSets = [],
}: MemoryOrganizationContent = {}): MemoryOrganization => {
  const accountOf = new Map(accounts.map((account) => [account.id, account]));
  const permissionSetOf = new Map(permissionSets.map((permissionSet) => [permissionSet.arn, permissionSet]));
  return {
    findAccount: async (accountId) => accountOf.get(accountId),
    accounts: async () => [...accountOf.values()],
    findPermissionSet: async (arn) => permissionSetOf.get(arn),
    permissionSets: async () => [...permissionSetOf.values()],

    putAccount: (account) => void accountOf.set(account.id, account),
    removeAccount: (accountId) => void accountOf.delete(accountId),
    putPermissionSet: (permissionSet) => void permissionSetOf.set(permissionSet.arn, permissionSet),
    removePermissionSet: (arn) => void permissionSetOf.delete(arn),
  };
};
