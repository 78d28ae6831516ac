/** Lists of the people in IAM Identity Center, for counting them: read for minutes, within the share that others leave of what AWS bears. */
import type { Person } from '../domain/policy/facts.ts';

/** Each throws a ServiceFault rather than answer with less than there is. */
export interface PeopleLists {
  /** Everybody, disabled people too. @param beforePage is awaited before each page, with how many there are so far; what it throws ends the reading */
  people(beforePage: (count: number) => Promise<void>): Promise<readonly Person[]>;
  /** Ids of the people in the group; a group that has vanished has none. @param beforePage the same */
  memberIds(groupId: string, beforePage: () => Promise<void>): Promise<readonly string[]>;
}
