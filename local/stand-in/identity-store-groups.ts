// Identity Store: groups, found and described.
import type { GetGroupIdResponse, Group, ListGroupsResponse } from '@aws-sdk/client-identitystore';
import * as z from 'zod';
import type { SeedGroup } from '../seed/seed.ts';
import { invalid } from './errors.ts';
import {
  alternateIdentifier,
  DEFAULT_PAGE,
  filters,
  identityStoreId,
  paging,
  requireGroup,
  requireStore,
  resourceId,
  resourceNotFound,
} from './identity-store-inputs.ts';
import { pageOf } from './paging.ts';
import { type Operation, operation, type Wire } from './service.ts';

const listGroups = operation(
  z.object({ IdentityStoreId: identityStoreId, Filters: filters, ...paging }),
  (input, context): Wire<ListGroupsResponse> => {
    requireStore(context.world, input.IdentityStoreId);
    const found = matching(context.world.seed.groups, input.Filters);
    const { items, NextToken } = pageOf(context, input, found, ({ groupId }) => groupId, DEFAULT_PAGE);
    return { Groups: items.map((group) => wireGroup(group, input.IdentityStoreId)), NextToken };
  },
);

const matching = (groups: readonly SeedGroup[], wanted: z.infer<typeof filters>): readonly SeedGroup[] => {
  const [filter] = wanted ?? [];
  if (filter === undefined) return groups;
  if (filter.AttributePath !== 'DisplayName') {
    throw invalid(`Filtering groups by ${filter.AttributePath} is not supported.`);
  }
  return groups.filter(({ displayName }) => displayName === filter.AttributeValue);
};

const describeGroup = operation(
  z.object({ IdentityStoreId: identityStoreId, GroupId: resourceId }),
  ({ IdentityStoreId, GroupId }, { world }): Wire<Group> => {
    requireStore(world, IdentityStoreId);
    return wireGroup(requireGroup(world, GroupId), IdentityStoreId);
  },
);

const wireGroup = ({ groupId, displayName, description }: SeedGroup, IdentityStoreId: string): Wire<Group> => ({
  GroupId: groupId,
  DisplayName: displayName,
  Description: description,
  IdentityStoreId,
});

const getGroupId = operation(
  z.object({ IdentityStoreId: identityStoreId, AlternateIdentifier: alternateIdentifier }),
  ({ IdentityStoreId, AlternateIdentifier: { UniqueAttribute, ExternalId } }, { world }): Wire<GetGroupIdResponse> => {
    requireStore(world, IdentityStoreId);
    if (ExternalId === undefined && UniqueAttribute?.AttributePath !== 'displayName') {
      throw invalid('The attribute path of a unique attribute must be displayName.');
    }
    const found = world.seed.groups.find(({ displayName }) => displayName === UniqueAttribute?.AttributeValue);
    if (found === undefined) throw resourceNotFound('GROUP', 'unknown');
    return { IdentityStoreId, GroupId: found.groupId };
  },
);

export const groupOperations: Readonly<Record<string, Operation>> = {
  ListGroups: listGroups,
  DescribeGroup: describeGroup,
  GetGroupId: getGroupId,
};
