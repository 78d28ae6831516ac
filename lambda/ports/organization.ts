/** Accounts and permission sets: what can be asked for at all. */
import type { Account, PermissionSet } from '../domain/policy/facts.ts';
import type { OrganizationNames } from '../domain/policy/rule-names.ts';

/** Tags cost a call for each account or permission set, so they come only when they are asked for. */
export interface Wanted {
  readonly tags?: boolean;
  /** Of one permission set: as it is now, some seconds ago at most. */
  readonly now?: boolean;
}

export interface Organization {
  /** The account of that id as it is now (its tags a minute ago at most), or undefined when the organization has none. */
  findAccount(accountId: string, wanted?: Wanted): Promise<Account | undefined>;
  /** All accounts; may be some minutes old. */
  accounts(wanted?: Wanted): Promise<readonly Account[]>;
  /** The permission set of that ARN, when it can be assigned from here; may be some minutes old. */
  findPermissionSet(arn: string, wanted?: Wanted): Promise<PermissionSet | undefined>;
  /** All permission sets that can be assigned from here; may be some minutes old. */
  permissionSets(wanted?: Wanted): Promise<readonly PermissionSet[]>;
  /** Those of the paths of organizational units, `Workloads/Payments`, that do not exist; may be a minute old. */
  unknownUnits(paths: readonly string[]): Promise<readonly string[]>;
  /** Those of the names that nothing bears; may be some minutes old. What cannot be assigned from here is there all the same. */
  unknownNames(names: OrganizationNames): Promise<OrganizationNames>;
}
