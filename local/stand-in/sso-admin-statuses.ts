// sso-admin: what became of asynchronous writes. Creations and deletions are looked up apart: neither finds the other's ids.
import type {
  AccountAssignmentOperationStatus,
  AccountAssignmentOperationStatusMetadata,
  DescribeAccountAssignmentCreationStatusResponse,
  DescribeAccountAssignmentDeletionStatusResponse,
  ListAccountAssignmentCreationStatusResponse,
  ListAccountAssignmentDeletionStatusResponse,
} from '@aws-sdk/client-sso-admin';
import * as z from 'zod';
import { notFound } from './errors.ts';
import { type Page, type PageRequest, pageOf } from './paging.ts';
import { type Context, type Operation, operation, type Wire, wireInstant } from './service.ts';
import { DEFAULT_PAGE, instanceArn, paging, requestId, requireInstance } from './sso-admin-inputs.ts';
import type { AssignmentOperation } from './tables.ts';

type Kind = AssignmentOperation['kind'];

const describeCreation = operation(
  z.object({ InstanceArn: instanceArn, AccountAssignmentCreationRequestId: requestId }),
  (input, context): Wire<DescribeAccountAssignmentCreationStatusResponse> => {
    requireInstance(context.world, input.InstanceArn);
    return { AccountAssignmentCreationStatus: describe('creation', input.AccountAssignmentCreationRequestId, context) };
  },
);

const describeDeletion = operation(
  z.object({ InstanceArn: instanceArn, AccountAssignmentDeletionRequestId: requestId }),
  (input, context): Wire<DescribeAccountAssignmentDeletionStatusResponse> => {
    requireInstance(context.world, input.InstanceArn);
    return { AccountAssignmentDeletionStatus: describe('deletion', input.AccountAssignmentDeletionRequestId, context) };
  },
);

const describe = (kind: Kind, id: string, { world }: Context): Wire<AccountAssignmentOperationStatus> => {
  const found = world.tables.operations.get(id);
  if (found?.kind !== kind) throw notFound(`Could not find an account assignment ${kind} request with id ${id}.`);
  return {
    ...metadata(found),
    FailureReason: found.failureReason,
    TargetId: found.assignment.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: found.assignment.permissionSetArn,
    PrincipalType: found.assignment.principalType,
    PrincipalId: found.assignment.principalId,
  };
};

const listInput = z.object({
  InstanceArn: instanceArn,
  Filter: z.object({ Status: z.enum(['IN_PROGRESS', 'FAILED', 'SUCCEEDED']).optional() }).optional(),
  ...paging,
});

const listCreations = operation(listInput, (input, context): Wire<ListAccountAssignmentCreationStatusResponse> => {
  const { items, NextToken } = list('creation', input, context);
  return { AccountAssignmentsCreationStatus: items.map(metadata), NextToken };
});

const listDeletions = operation(listInput, (input, context): Wire<ListAccountAssignmentDeletionStatusResponse> => {
  const { items, NextToken } = list('deletion', input, context);
  return { AccountAssignmentsDeletionStatus: items.map(metadata), NextToken };
});

const list = (
  kind: Kind,
  input: z.infer<typeof listInput> & PageRequest,
  context: Context,
): Page<AssignmentOperation> => {
  const { inFlight, tables } = context.world;
  requireInstance(context.world, input.InstanceArn);
  const status = input.Filter?.Status;
  // Polling is for what is in progress: not through all that ever was.
  const operations = [...(status === 'IN_PROGRESS' ? inFlight : tables.operations).values()];
  const found = operations.filter((one) => one.kind === kind && (status === undefined || one.status === status));
  return pageOf(context, input, found, ({ requestId }) => requestId, DEFAULT_PAGE);
};

const metadata = ({
  status,
  requestId,
  createdAtMs,
}: AssignmentOperation): Wire<AccountAssignmentOperationStatusMetadata> => ({
  Status: status,
  RequestId: requestId,
  CreatedDate: wireInstant(createdAtMs),
});

export const statusOperations: Readonly<Record<string, Operation>> = {
  DescribeAccountAssignmentCreationStatus: describeCreation,
  DescribeAccountAssignmentDeletionStatus: describeDeletion,
  ListAccountAssignmentCreationStatus: listCreations,
  ListAccountAssignmentDeletionStatus: listDeletions,
};
