// Identity Store: who is in which group, asked and changed.
import type {
  CreateGroupMembershipResponse,
  DescribeGroupMembershipResponse,
  GetGroupMembershipIdResponse,
  GroupMembership,
  IsMemberInGroupsResponse,
  ListGroupMembershipsForMemberResponse,
  ListGroupMembershipsResponse,
} from '@aws-sdk/client-identitystore';
import * as z from 'zod';
import { ServiceError } from './errors.ts';
import {
  DEFAULT_PAGE,
  identityStoreId,
  memberId,
  paging,
  requireGroup,
  requireStore,
  requireUser,
  resourceId,
  resourceNotFound,
} from './identity-store-inputs.ts';
import { pageOf } from './paging.ts';
import { randomUuid } from './random-ids.ts';
import { type Operation, operation, type Wire } from './service.ts';
import type { Membership } from './tables.ts';
import type { World } from './world.ts';

const ofMember = z.object({ IdentityStoreId: identityStoreId, GroupId: resourceId, MemberId: memberId });

const listGroupMemberships = operation(
  z.object({ IdentityStoreId: identityStoreId, GroupId: resourceId, ...paging }),
  (input, context): Wire<ListGroupMembershipsResponse> => {
    requireStore(context.world, input.IdentityStoreId);
    requireGroup(context.world, input.GroupId);
    const found = memberships(context.world).filter(({ groupId }) => groupId === input.GroupId);
    const { items, NextToken } = pageOf(context, input, found, ({ membershipId }) => membershipId, DEFAULT_PAGE);
    return { GroupMemberships: items.map((one) => wireMembership(one, input.IdentityStoreId)), NextToken };
  },
);

const listGroupMembershipsForMember = operation(
  z.object({ IdentityStoreId: identityStoreId, MemberId: memberId, ...paging }),
  (input, context): Wire<ListGroupMembershipsForMemberResponse> => {
    requireStore(context.world, input.IdentityStoreId);
    requireUser(context.world, input.MemberId.UserId);
    const found = memberships(context.world).filter(({ userId }) => userId === input.MemberId.UserId);
    const { items, NextToken } = pageOf(context, input, found, ({ membershipId }) => membershipId, DEFAULT_PAGE);
    return { GroupMemberships: items.map((one) => wireMembership(one, input.IdentityStoreId)), NextToken };
  },
);

/** One unknown group fails the whole call, as one unknown user does. */
const isMemberInGroups = operation(
  z.object({ IdentityStoreId: identityStoreId, MemberId: memberId, GroupIds: z.array(resourceId).min(1).max(100) }),
  ({ IdentityStoreId, MemberId, GroupIds }, { world }): Wire<IsMemberInGroupsResponse> => {
    requireStore(world, IdentityStoreId);
    requireUser(world, MemberId.UserId);
    for (const groupId of GroupIds) requireGroup(world, groupId);
    return {
      Results: GroupIds.map((GroupId) => ({
        GroupId,
        MemberId,
        MembershipExists: find(world, GroupId, MemberId.UserId) !== undefined,
      })),
    };
  },
);

const getGroupMembershipId = operation(
  ofMember,
  ({ IdentityStoreId, GroupId, MemberId }, { world }): Wire<GetGroupMembershipIdResponse> => {
    requireStore(world, IdentityStoreId);
    const found = find(world, GroupId, MemberId.UserId);
    if (found === undefined) throw resourceNotFound('GROUP_MEMBERSHIP', `${GroupId} ${MemberId.UserId}`);
    return { IdentityStoreId, MembershipId: found.membershipId };
  },
);

const describeGroupMembership = operation(
  z.object({ IdentityStoreId: identityStoreId, MembershipId: resourceId }),
  ({ IdentityStoreId, MembershipId }, { world }): Wire<DescribeGroupMembershipResponse> => {
    requireStore(world, IdentityStoreId);
    const found = world.tables.memberships.get(MembershipId);
    if (found === undefined) throw resourceNotFound('GROUP_MEMBERSHIP', MembershipId);
    const { membershipId, groupId, userId } = found;
    return { IdentityStoreId, MembershipId: membershipId, GroupId: groupId, MemberId: { UserId: userId } };
  },
);

const createGroupMembership = operation(
  ofMember,
  ({ IdentityStoreId, GroupId, MemberId }, { world }): Wire<CreateGroupMembershipResponse> => {
    requireStore(world, IdentityStoreId);
    requireGroup(world, GroupId);
    requireUser(world, MemberId.UserId);
    if (find(world, GroupId, MemberId.UserId) !== undefined) {
      throw new ServiceError('ConflictException', 'Member and Group relationship already exists.', {
        Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
      });
    }
    const prefix = `${IdentityStoreId.slice('d-'.length)}-`;
    const membershipId = randomUuid(world.random, world.tables.memberships, prefix);
    const membership: Membership = { membershipId, groupId: GroupId, userId: MemberId.UserId };
    world.commit([{ table: 'memberships', key: membershipId, value: membership }]);
    return { IdentityStoreId, MembershipId: membershipId };
  },
);

const deleteGroupMembership = operation(
  z.object({ IdentityStoreId: identityStoreId, MembershipId: resourceId }),
  ({ IdentityStoreId, MembershipId }, { world }) => {
    requireStore(world, IdentityStoreId);
    if (!world.tables.memberships.has(MembershipId)) throw resourceNotFound('GROUP_MEMBERSHIP', MembershipId);
    world.commit([{ table: 'memberships', key: MembershipId, value: null }]);
    return {};
  },
);

const memberships = ({ tables }: World): readonly Membership[] => [...tables.memberships.values()];

const find = (world: World, groupId: string, userId: string): Membership | undefined =>
  memberships(world).find((one) => one.groupId === groupId && one.userId === userId);

const wireMembership = (
  { membershipId, groupId, userId }: Membership,
  IdentityStoreId: string,
): Wire<GroupMembership> => ({
  IdentityStoreId,
  MembershipId: membershipId,
  GroupId: groupId,
  MemberId: { UserId: userId },
});

export const membershipOperations: Readonly<Record<string, Operation>> = {
  ListGroupMemberships: listGroupMemberships,
  ListGroupMembershipsForMember: listGroupMembershipsForMember,
  IsMemberInGroups: isMemberInGroups,
  GetGroupMembershipId: getGroupMembershipId,
  DescribeGroupMembership: describeGroupMembership,
  CreateGroupMembership: createGroupMembership,
  DeleteGroupMembership: deleteGroupMembership,
};
