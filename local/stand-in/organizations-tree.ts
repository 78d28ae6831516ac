// Organizations: the organization, its root and its organizational units.
import type {
  DescribeOrganizationalUnitResponse,
  DescribeOrganizationResponse,
  ListChildrenResponse,
  ListOrganizationalUnitsForParentResponse,
  ListParentsResponse,
  ListRootsResponse,
  OrganizationalUnit,
} from '@aws-sdk/client-organizations';
import * as z from 'zod';
import type { SeedOrganizationalUnit } from '../seed/seed.ts';
import { ServiceError } from './errors.ts';
import {
  arnOf,
  childId,
  DEFAULT_PAGE,
  paging,
  parentId,
  pathOf,
  requireAccount,
  requireParent,
  unitId,
} from './organizations-inputs.ts';
import { pageOf } from './paging.ts';
import { type Operation, operation, type Wire } from './service.ts';
import type { World } from './world.ts';

const describeOrganization = operation(z.object({}), (_, { world }): Wire<DescribeOrganizationResponse> => {
  const { organizationId, managementAccountId } = world.seed;
  return {
    Organization: {
      Id: organizationId,
      Arn: `arn:aws:organizations::${managementAccountId}:organization/${organizationId}`,
      FeatureSet: 'ALL',
      MasterAccountArn: arnOf(world.seed, 'account', managementAccountId),
      MasterAccountId: managementAccountId,
      MasterAccountEmail: requireAccount(world, managementAccountId).email,
    },
  };
});

const listRoots = operation(z.object(paging), (input, context): Wire<ListRootsResponse> => {
  const { seed } = context.world;
  const policyTypes = [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] as const;
  const root = { Id: seed.rootId, Arn: arnOf(seed, 'root', seed.rootId), Name: 'Root', PolicyTypes: policyTypes };
  const { items, NextToken } = pageOf(context, input, [root], ({ Id }) => Id, DEFAULT_PAGE);
  return { Roots: items, NextToken };
});

const listOrganizationalUnitsForParent = operation(
  z.object({ ParentId: parentId, ...paging }),
  (input, context): Wire<ListOrganizationalUnitsForParentResponse> => {
    requireParent(context.world, input.ParentId);
    const units = context.world.seed.organizationalUnits.filter((unit) => unit.parentId === input.ParentId);
    const { items, NextToken } = pageOf(context, input, units, ({ id }) => id, DEFAULT_PAGE);
    return { OrganizationalUnits: items.map((unit) => wireUnit(context.world, unit)), NextToken };
  },
);

const describeOrganizationalUnit = operation(
  z.object({ OrganizationalUnitId: unitId }),
  ({ OrganizationalUnitId }, { world }): Wire<DescribeOrganizationalUnitResponse> => {
    const found = world.seed.organizationalUnits.find(({ id }) => id === OrganizationalUnitId);
    if (found === undefined) {
      throw new ServiceError(
        'OrganizationalUnitNotFoundException',
        `There is no organizational unit ${OrganizationalUnitId}.`,
      );
    }
    return { OrganizationalUnit: wireUnit(world, found) };
  },
);

const wireUnit = (world: World, { id, name }: SeedOrganizationalUnit): Wire<OrganizationalUnit> => ({
  Id: id,
  Arn: arnOf(world.seed, 'ou', id),
  Name: name,
  Path: pathOf(world, id),
});

const listParents = operation(
  z.object({ ChildId: childId, ...paging }),
  ({ ChildId }, { world: { seed, tables } }): Wire<ListParentsResponse> => {
    const parent =
      tables.accountParents.get(ChildId) ?? seed.organizationalUnits.find(({ id }) => id === ChildId)?.parentId;
    if (parent === undefined)
      throw new ServiceError('ChildNotFoundException', `There is no account or organizational unit ${ChildId}.`);
    return { Parents: [{ Id: parent, Type: parent === seed.rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
  },
);

const listChildren = operation(
  z.object({ ParentId: parentId, ChildType: z.enum(['ACCOUNT', 'ORGANIZATIONAL_UNIT']), ...paging }),
  (input, context): Wire<ListChildrenResponse> => {
    requireParent(context.world, input.ParentId);
    const ids = childrenOf(context.world, input.ParentId, input.ChildType);
    const { items, NextToken } = pageOf(context, input, ids, (id) => id, DEFAULT_PAGE);
    return { Children: items.map((Id) => ({ Id, Type: input.ChildType })), NextToken };
  },
);

const childrenOf = (
  { seed, tables }: World,
  parent: string,
  type: 'ACCOUNT' | 'ORGANIZATIONAL_UNIT',
): readonly string[] =>
  type === 'ACCOUNT'
    ? [...tables.accountParents].filter(([, of]) => of === parent).map(([id]) => id)
    : seed.organizationalUnits.filter((unit) => unit.parentId === parent).map(({ id }) => id);

export const treeOperations: Readonly<Record<string, Operation>> = {
  DescribeOrganization: describeOrganization,
  ListRoots: listRoots,
  ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
  DescribeOrganizationalUnit: describeOrganizationalUnit,
  ListParents: listParents,
  ListChildren: listChildren,
};
