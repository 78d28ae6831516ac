/** Accounts and permission sets: what can be asked for at all. */
import type { Account, PermissionSet } from '../domain/policy/facts.ts';

export interface Organization {
  /** The account of that id as it is now, or undefined when the organization has none. */
  findAccount(accountId: string): Promise<Account | undefined>;
  /** All accounts; may be some minutes old. */
  accounts(): Promise<readonly Account[]>;
  /** The permission set of that ARN, when it can be assigned from here; may be some minutes old. */
  findPermissionSet(arn: string): Promise<PermissionSet | undefined>;
  /** All permission sets that can be assigned from here; may be some minutes old. */
  permissionSets(): Promise<readonly PermissionSet[]>;
}
