// sso-admin: the instance, its permission sets, and where they are provisioned.
import type {
  DescribeInstanceResponse,
  DescribePermissionSetResponse,
  GetInlinePolicyForPermissionSetResponse,
  InstanceMetadata,
  ListAccountsForProvisionedPermissionSetResponse,
  ListInstancesResponse,
  ListManagedPoliciesInPermissionSetResponse,
  ListPermissionSetsProvisionedToAccountResponse,
  ListPermissionSetsResponse,
  ListTagsForResourceResponse,
} from '@aws-sdk/client-sso-admin';
import * as z from 'zod';
import { notFound } from './errors.ts';
import { pageOf } from './paging.ts';
import { type Operation, operation, type Wire, wireInstant } from './service.ts';
import {
  accountId,
  DEFAULT_PAGE,
  instanceArn,
  nextToken,
  paging,
  permissionSetArn,
  requireAccount,
  requireInstance,
  requirePermissionSet,
} from './sso-admin-inputs.ts';
import { roleKey } from './tables.ts';
import type { World } from './world.ts';

const provisioningStatus = z
  .enum(['LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'])
  .optional();
const ofInstance = z.object({ InstanceArn: instanceArn });
const ofPermissionSet = z.object({ InstanceArn: instanceArn, PermissionSetArn: permissionSetArn });

/** When everything in the seed came to be. */
const CREATED_AT = wireInstant(Date.UTC(2024, 0, 15, 9, 0, 0));

const listInstances = operation(z.object(paging), (input, context): Wire<ListInstancesResponse> => {
  const { items, NextToken } = pageOf(context, input, [metadata(context.world)], () => 'the only one', DEFAULT_PAGE);
  return { Instances: items, NextToken };
});

const describeInstance = operation(ofInstance, ({ InstanceArn }, { world }): Wire<DescribeInstanceResponse> => {
  requireInstance(world, InstanceArn);
  return {
    ...metadata(world),
    EncryptionConfigurationDetails: { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' },
    PermissionSetsEnabled: true,
  };
});

const metadata = ({ seed }: World): Wire<InstanceMetadata> => ({
  InstanceArn: seed.instanceArn,
  IdentityStoreId: seed.identityStoreId,
  IdentityStoreArn: `arn:aws:identitystore::${seed.managementAccountId}:identitystore/${seed.identityStoreId}`,
  OwnerAccountId: seed.managementAccountId,
  CreatedDate: CREATED_AT,
  Status: 'ACTIVE',
  PrimaryRegion: seed.region,
});

const listPermissionSets = operation(ofInstance.extend(paging), (input, context): Wire<ListPermissionSetsResponse> => {
  requireInstance(context.world, input.InstanceArn);
  const arns = context.world.seed.permissionSets.map(({ arn }) => arn);
  const { items, NextToken } = pageOf(context, input, arns, (arn) => arn, DEFAULT_PAGE);
  return { PermissionSets: items, NextToken };
});

const describePermissionSet = operation(
  ofPermissionSet,
  ({ InstanceArn, PermissionSetArn }, { world }): Wire<DescribePermissionSetResponse> => {
    requireInstance(world, InstanceArn);
    const { name, arn, description, sessionDuration } = requirePermissionSet(world, PermissionSetArn);
    return {
      PermissionSet: {
        Name: name,
        PermissionSetArn: arn,
        Description: description,
        SessionDuration: sessionDuration,
        CreatedDate: CREATED_AT,
      },
    };
  },
);

const listPermissionSetsProvisionedToAccount = operation(
  ofInstance.extend({ AccountId: accountId, ProvisioningStatus: provisioningStatus, ...paging }),
  (input, context): Wire<ListPermissionSetsProvisionedToAccountResponse> => {
    const { seed, tables } = context.world;
    requireInstance(context.world, input.InstanceArn);
    requireAccount(context.world, input.AccountId);
    const arns = seed.permissionSets
      .map(({ arn }) => arn)
      .filter((arn) => tables.roles.has(roleKey(input.AccountId, arn)));
    const { items, NextToken } = pageOf(context, input, upToDate(input, arns), (arn) => arn, DEFAULT_PAGE);
    return { PermissionSets: items, NextToken };
  },
);

const listAccountsForProvisionedPermissionSet = operation(
  ofPermissionSet.extend({ ProvisioningStatus: provisioningStatus, ...paging }),
  (input, context): Wire<ListAccountsForProvisionedPermissionSetResponse> => {
    const { seed, tables } = context.world;
    requireInstance(context.world, input.InstanceArn);
    requirePermissionSet(context.world, input.PermissionSetArn);
    const ids = seed.accounts.map(({ id }) => id).filter((id) => tables.roles.has(roleKey(id, input.PermissionSetArn)));
    const { items, NextToken } = pageOf(context, input, upToDate(input, ids), (id) => id, DEFAULT_PAGE);
    return { AccountIds: items, NextToken };
  },
);

/** Permission sets never change here, so everything that is provisioned is the latest. */
const upToDate = <Item>(
  { ProvisioningStatus }: { readonly ProvisioningStatus?: string | undefined },
  provisioned: readonly Item[],
): readonly Item[] => (ProvisioningStatus === 'LATEST_PERMISSION_SET_NOT_PROVISIONED' ? [] : provisioned);

const listTagsForResource = operation(
  z.object({
    InstanceArn: instanceArn.optional(),
    ResourceArn: z
      .string()
      .min(10)
      .max(2048)
      .regex(/^arn:aws(-[a-z]{1,5}){0,3}:sso:/),
    NextToken: nextToken,
  }),
  (input, context): Wire<ListTagsForResourceResponse> => {
    const { seed, tables } = context.world;
    if (input.InstanceArn !== undefined) requireInstance(context.world, input.InstanceArn);
    const known = [seed.instanceArn, ...seed.permissionSets.map(({ arn }) => arn)];
    if (!known.includes(input.ResourceArn)) throw notFound(`Could not find the resource ${input.ResourceArn}.`);
    const tags = Object.entries(tables.tags.get(input.ResourceArn) ?? {}).map(([Key, Value]) => ({ Key, Value }));
    const { items, NextToken } = pageOf(context, input, tags, ({ Key }) => Key, DEFAULT_PAGE);
    return { Tags: items, NextToken };
  },
);

const listManagedPolicies = operation(
  ofPermissionSet.extend(paging),
  (input, context): Wire<ListManagedPoliciesInPermissionSetResponse> => {
    requireInstance(context.world, input.InstanceArn);
    const { managedPolicyArns } = requirePermissionSet(context.world, input.PermissionSetArn);
    const policies = managedPolicyArns.map((Arn) => ({ Name: Arn.slice(Arn.lastIndexOf('/') + 1), Arn }));
    const { items, NextToken } = pageOf(context, input, policies, ({ Arn }) => Arn, DEFAULT_PAGE);
    return { AttachedManagedPolicies: items, NextToken };
  },
);

const getInlinePolicy = operation(
  ofPermissionSet,
  ({ InstanceArn, PermissionSetArn }, { world }): Wire<GetInlinePolicyForPermissionSetResponse> => {
    requireInstance(world, InstanceArn);
    return { InlinePolicy: requirePermissionSet(world, PermissionSetArn).inlinePolicy ?? '' };
  },
);

export const permissionSetOperations: Readonly<Record<string, Operation>> = {
  ListInstances: listInstances,
  DescribeInstance: describeInstance,
  ListPermissionSets: listPermissionSets,
  DescribePermissionSet: describePermissionSet,
  ListPermissionSetsProvisionedToAccount: listPermissionSetsProvisionedToAccount,
  ListAccountsForProvisionedPermissionSet: listAccountsForProvisionedPermissionSet,
  ListTagsForResource: listTagsForResource,
  ListManagedPoliciesInPermissionSet: listManagedPolicies,
  GetInlinePolicyForPermissionSet: getInlinePolicy,
};
