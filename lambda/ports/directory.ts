/** People and groups, as IAM Identity Center knows them now. */
import type { GroupRef } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';
import type { Instant } from '../domain/time.ts';

/** Who fits: one person, disabled people too; nobody; or `several`, and then nobody for certain. */
export type Match = Person | 'several' | undefined;

export interface Directory {
  /** Whoever has that user name; `A` and `a` are the same letter. Nobody where it is none that a user can have. */
  findByUserName(userName: string): Promise<Match>;
  /** Whoever has that e-mail address; `A` and `a` are the same letter. */
  findByEmail(email: string): Promise<Match>;
  /** The person of that Identity Center user id, or undefined once deleted. */
  findById(personId: string): Promise<Person | undefined>;
  /** The same, as it was at most a minute ago: for telling who somebody is, never for deciding. */
  recall(personId: string): Promise<Person | undefined>;
  /** The group of that display name, or undefined. */
  findGroup(name: string): Promise<GroupRef | undefined>;
  /** Those of the groups to which the person belongs now. */
  groupsOf(personId: string, groups: readonly GroupRef[]): Promise<readonly GroupRef[]>;
  /**
   * Ids of the people in the group, as they were at most a minute ago: for telling who could decide; whether somebody
   * may is asked of `groupsOf`. A group that has vanished has none. A large one is read in pages.
   * @throws OutOfTime where not all are read by then.
   */
  memberIds(group: GroupRef, until?: Instant): Promise<readonly string[]>;
}
