// sso-admin: account assignments, listed, created and deleted.
import type {
  AccountAssignmentOperationStatus,
  CreateAccountAssignmentResponse,
  DeleteAccountAssignmentResponse,
  ListAccountAssignmentsForPrincipalResponse,
  ListAccountAssignmentsResponse,
} from '@aws-sdk/client-sso-admin';
import * as z from 'zod';
import { acceptWrite } from './assignment-writes.ts';
import { accessDenied } from './errors.ts';
import { pageOf } from './paging.ts';
import { type Context, type Operation, operation, type Wire } from './service.ts';
import {
  accountId,
  DEFAULT_PAGE,
  instanceArn,
  paging,
  permissionSetArn,
  principalId,
  principalType,
  requireAccount,
  requireInstance,
  requirePermissionSet,
} from './sso-admin-inputs.ts';
import { type Assignment, type AssignmentOperation, assignmentKey } from './tables.ts';

const listAccountAssignments = operation(
  z.object({ InstanceArn: instanceArn, AccountId: accountId, PermissionSetArn: permissionSetArn, ...paging }),
  (input, context): Wire<ListAccountAssignmentsResponse> => {
    requireInstance(context.world, input.InstanceArn);
    requireAccount(context.world, input.AccountId);
    requirePermissionSet(context.world, input.PermissionSetArn);
    const found = [...context.world.tables.assignments.values()].filter(
      (one) => one.accountId === input.AccountId && one.permissionSetArn === input.PermissionSetArn,
    );
    const { items, NextToken } = pageOf(context, input, found, assignmentKey, DEFAULT_PAGE);
    return { AccountAssignments: items.map(wireAssignment), NextToken };
  },
);

const listAccountAssignmentsForPrincipal = operation(
  z.object({
    InstanceArn: instanceArn,
    PrincipalId: principalId,
    PrincipalType: principalType,
    Filter: z.object({ AccountId: accountId.optional() }).optional(),
    ...paging,
  }),
  (input, context): Wire<ListAccountAssignmentsForPrincipalResponse> => {
    requireInstance(context.world, input.InstanceArn);
    refuseOutsideManagement(context, input.InstanceArn);
    const { PrincipalId, PrincipalType, Filter } = input;
    const groups = PrincipalType === 'USER' ? groupsOf(context, PrincipalId) : new Set<string>();
    const found = [...context.world.tables.assignments.values()].filter(
      (one) =>
        ((one.principalType === PrincipalType && one.principalId === PrincipalId) || groups.has(one.principalId)) &&
        (Filter?.AccountId === undefined || one.accountId === Filter.AccountId),
    );
    const { items, NextToken } = pageOf(context, input, found, assignmentKey, DEFAULT_PAGE);
    return { AccountAssignments: items.map(wireAssignment), NextToken };
  },
);

/** "This action must be called from the management account." (API reference) */
const refuseOutsideManagement = ({ world: { seed } }: Context, arn: string): void => {
  if (seed.callerIs === 'management') return;
  const caller = `arn:aws:sts::${seed.hostingAccountId}:assumed-role/brevet/stand-in`;
  throw accessDenied('sso:ListAccountAssignmentsForPrincipal', arn, caller);
};

/** A user's list has what came through groups too, with the group as its principal. */
const groupsOf = ({ world: { tables } }: Context, userId: string): ReadonlySet<string> =>
  new Set([...tables.memberships.values()].filter((one) => one.userId === userId).map(({ groupId }) => groupId));

const writeInput = z.object({
  InstanceArn: instanceArn,
  TargetId: accountId,
  TargetType: z.enum(['AWS_ACCOUNT']),
  PermissionSetArn: permissionSetArn,
  PrincipalType: principalType,
  PrincipalId: principalId,
});

const createAccountAssignment = operation(
  writeInput,
  (input, context): Wire<CreateAccountAssignmentResponse> => ({
    AccountAssignmentCreationStatus: accepted('creation', input, context),
  }),
);

const deleteAccountAssignment = operation(
  writeInput,
  (input, context): Wire<DeleteAccountAssignmentResponse> => ({
    AccountAssignmentDeletionStatus: accepted('deletion', input, context),
  }),
);

const accepted = (
  kind: AssignmentOperation['kind'],
  input: z.infer<typeof writeInput>,
  context: Context,
): Wire<AccountAssignmentOperationStatus> => {
  requireInstance(context.world, input.InstanceArn);
  requireAccount(context.world, input.TargetId);
  requirePermissionSet(context.world, input.PermissionSetArn);
  const assignment: Assignment = {
    accountId: input.TargetId,
    permissionSetArn: input.PermissionSetArn,
    principalType: input.PrincipalType,
    principalId: input.PrincipalId,
  };
  const { status, requestId } = acceptWrite(kind, assignment, context);
  return {
    Status: status,
    RequestId: requestId,
    TargetId: assignment.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: assignment.permissionSetArn,
    PrincipalType: assignment.principalType,
    PrincipalId: assignment.principalId,
  };
};

const wireAssignment = (one: Assignment) => ({
  AccountId: one.accountId,
  PermissionSetArn: one.permissionSetArn,
  PrincipalType: one.principalType,
  PrincipalId: one.principalId,
});

export const assignmentOperations: Readonly<Record<string, Operation>> = {
  ListAccountAssignments: listAccountAssignments,
  ListAccountAssignmentsForPrincipal: listAccountAssignmentsForPrincipal,
  CreateAccountAssignment: createAccountAssignment,
  DeleteAccountAssignment: deleteAccountAssignment,
};
