/** Who is in a group of the Identity Store. */
import type { IdentityStoreCalls } from './identity-store-calls.ts';
import { allPages } from './paged.ts';
import { callingUnless } from './service-call.ts';

export interface GroupPlace {
  readonly IdentityStoreId: string;
  readonly GroupId: string;
}

const MEMBERS_A_PAGE = 100;

/** User ids; none of a group that has vanished. @param beforePage is awaited before each page; what it throws ends the reading */
export const listMemberIds = async (
  calls: IdentityStoreCalls,
  group: GroupPlace,
  beforePage: () => Promise<void>,
): Promise<readonly string[]> => {
  const members = await allPages(async (NextToken) => {
    await beforePage();
    const listing = calls('ListGroupMemberships', { ...group, MaxResults: MEMBERS_A_PAGE, NextToken });
    const answer = await callingUnless('identity-store', ['ResourceNotFoundException'], listing);
    return { items: answer?.GroupMemberships, nextToken: answer?.NextToken };
  });
  return members.flatMap(({ MemberId }) => MemberId?.UserId ?? []);
};
