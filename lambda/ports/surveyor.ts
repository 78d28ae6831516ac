/** Reads the organization for the catalogue: many calls, each within the share that others leave of what AWS bears. */
import type { ListedGroup } from '../domain/catalogue.ts';
import type { Account, PermissionSet, Tags } from '../domain/policy/facts.ts';

/** Each throws a ServiceFault rather than answer with less than there is (law 9). */
export interface Surveyor {
  /** Every account, without tags, and the paths of all organizational units. */
  accounts(): Promise<{ readonly found: readonly Account[]; readonly units: readonly string[] }>;
  /** An account that is gone by now has none. */
  tagsOf(accountId: string): Promise<Tags>;
  /** ARNs of all permission sets, and those of them that cannot be assigned from the account that hosts Brevet. */
  permissionSetArns(): Promise<{ readonly arns: readonly string[]; readonly outOfReach: readonly string[] }>;
  /** With its tags; undefined once it is deleted. */
  permissionSet(arn: string): Promise<PermissionSet | undefined>;
  groups(): Promise<readonly ListedGroup[]>;
}
