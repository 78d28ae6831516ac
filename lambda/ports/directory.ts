/** People and groups, as IAM Identity Center knows them now. */
import type { GroupRef } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';

export interface Directory {
  /** The person of that user name, or undefined; disabled people are found too. */
  findByUserName(userName: string): Promise<Person | undefined>;
  /** The person of that Identity Center user id, or undefined once deleted. */
  findById(personId: string): Promise<Person | undefined>;
  /** The group of that display name, or undefined. */
  findGroup(name: string): Promise<GroupRef | undefined>;
  /** Those of the groups to which the person belongs now. */
  groupsOf(personId: string, groups: readonly GroupRef[]): Promise<readonly GroupRef[]>;
  /** Ids of the people in the group now; a group that has vanished has none. */
  memberIds(group: GroupRef): Promise<readonly string[]>;
}
