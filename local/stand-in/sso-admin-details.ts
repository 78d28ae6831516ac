// sso-admin: what a curious person asks about permission sets and the instance, where this organization has nothing to show.
import type {
  ListCustomerManagedPolicyReferencesInPermissionSetResponse,
  ListPermissionSetProvisioningStatusResponse,
} from '@aws-sdk/client-sso-admin';
import * as z from 'zod';
import { notFound } from './errors.ts';
import { pageOf } from './paging.ts';
import { type Operation, operation, type Wire } from './service.ts';
import {
  DEFAULT_PAGE,
  instanceArn,
  paging,
  permissionSetArn,
  requestId,
  requireInstance,
  requirePermissionSet,
} from './sso-admin-inputs.ts';

const ofInstance = z.object({ InstanceArn: instanceArn });
const ofPermissionSet = ofInstance.extend({ PermissionSetArn: permissionSetArn });

const listCustomerManagedPolicyReferences = operation(
  ofPermissionSet.extend(paging),
  (input, context): Wire<ListCustomerManagedPolicyReferencesInPermissionSetResponse> => {
    requireInstance(context.world, input.InstanceArn);
    requirePermissionSet(context.world, input.PermissionSetArn);
    const { NextToken } = pageOf(context, input, [], String, DEFAULT_PAGE);
    return { CustomerManagedPolicyReferences: [], NextToken };
  },
);

/** A permission set without a boundary is "not found", as hashicorp/terraform-provider-aws treats it. */
const getPermissionsBoundary = operation(ofPermissionSet, ({ InstanceArn, PermissionSetArn }, { world }) => {
  requireInstance(world, InstanceArn);
  const { arn } = requirePermissionSet(world, PermissionSetArn);
  throw notFound(`There is no permissions boundary in the PermissionSet ${arn}.`);
});

/** Nobody provisions a permission set anew here, so there never is a status. */
const listProvisioningStatus = operation(
  ofInstance.extend({
    Filter: z.object({ Status: z.enum(['IN_PROGRESS', 'FAILED', 'SUCCEEDED']).optional() }).optional(),
    ...paging,
  }),
  (input, context): Wire<ListPermissionSetProvisioningStatusResponse> => {
    requireInstance(context.world, input.InstanceArn);
    const { NextToken } = pageOf(context, input, [], String, DEFAULT_PAGE);
    return { PermissionSetsProvisioningStatus: [], NextToken };
  },
);

const describeProvisioningStatus = operation(
  ofInstance.extend({ ProvisionPermissionSetRequestId: requestId }),
  ({ InstanceArn, ProvisionPermissionSetRequestId }, { world }) => {
    requireInstance(world, InstanceArn);
    throw notFound(`Could not find a provisioning request with id ${ProvisionPermissionSetRequestId}.`);
  },
);

/** Attributes for access control are not enabled. */
const describeAccessControlAttributes = operation(ofInstance, ({ InstanceArn }, { world }) => {
  requireInstance(world, InstanceArn);
  throw notFound(`Attributes for access control are not enabled on ${InstanceArn}.`);
});

export const detailOperations: Readonly<Record<string, Operation>> = {
  ListCustomerManagedPolicyReferencesInPermissionSet: listCustomerManagedPolicyReferences,
  GetPermissionsBoundaryForPermissionSet: getPermissionsBoundary,
  ListPermissionSetProvisioningStatus: listProvisioningStatus,
  DescribePermissionSetProvisioningStatus: describeProvisioningStatus,
  DescribeInstanceAccessControlAttributeConfiguration: describeAccessControlAttributes,
};
