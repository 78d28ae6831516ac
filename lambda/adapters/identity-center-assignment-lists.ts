/** Who is assigned where, through the lists of IAM Identity Center, at a pace that leaves most of its limit to granting and ending. */
import {
  type AccountAssignmentOperationStatus,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Assigned } from '../domain/drift.ts';
import { instant } from '../domain/time.ts';
import type { AskedWrite, AssignmentLists } from '../ports/assignment-lists.ts';
import type { Clock } from '../ports/clock.ts';
import { operationStatusFrom } from './identity-center-assignments.ts';
import { createPacer } from './pacer.ts';
import { allPages } from './paged.ts';
import { callingUnless, required } from './service-call.ts';

export interface IdentityCenterAssignmentListsParts {
  readonly client: SSOAdminClient;
  readonly instanceArn: string;
  readonly clock: Clock;
  readonly callsASecond: number;
}

const SOURCE = 'identity-center';
const NOT_FOUND = ['ResourceNotFoundException'];
const LARGEST_PAGE = 100;

const assignedFrom = (one: { PrincipalType?: string | undefined; PrincipalId?: string | undefined }): Assigned => ({
  principalType: one.PrincipalType === 'USER' ? 'USER' : 'GROUP',
  principalId: required(SOURCE, 'PrincipalId', one.PrincipalId),
});

const writeFrom = (status: AccountAssignmentOperationStatus): AskedWrite => ({
  accountId: required(SOURCE, 'TargetId', status.TargetId),
  permissionSetArn: required(SOURCE, 'PermissionSetArn', status.PermissionSetArn),
  ...assignedFrom(status),
  askedAt: instant(required(SOURCE, 'CreatedDate', status.CreatedDate).getTime()),
  status: operationStatusFrom(status),
});

export const createIdentityCenterAssignmentLists = ({
  client,
  instanceArn: InstanceArn,
  clock,
  callsASecond,
}: IdentityCenterAssignmentListsParts): AssignmentLists => {
  const turn = createPacer(clock, callsASecond);

  const findCreation = async (operationId: string): Promise<AccountAssignmentOperationStatus | undefined> => {
    const AccountAssignmentCreationRequestId = operationId;
    const command = new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn,
      AccountAssignmentCreationRequestId,
    });
    return (await callingUnless(SOURCE, NOT_FOUND, client.send(command)))?.AccountAssignmentCreationStatus;
  };

  const findDeletion = async (operationId: string): Promise<AccountAssignmentOperationStatus | undefined> => {
    const AccountAssignmentDeletionRequestId = operationId;
    const command = new DescribeAccountAssignmentDeletionStatusCommand({
      InstanceArn,
      AccountAssignmentDeletionRequestId,
    });
    return (await callingUnless(SOURCE, NOT_FOUND, client.send(command)))?.AccountAssignmentDeletionStatus;
  };

  return {
    provisionedTo: (AccountId) =>
      allPages(async (NextToken) => {
        await turn();
        const command = new ListPermissionSetsProvisionedToAccountCommand({
          InstanceArn,
          AccountId,
          NextToken,
          MaxResults: LARGEST_PAGE,
        });
        const answer = await callingUnless(SOURCE, NOT_FOUND, client.send(command));
        return { items: answer?.PermissionSets, nextToken: answer?.NextToken };
      }),

    assignedAt: async ({ accountId: AccountId, permissionSetArn: PermissionSetArn }) => {
      const assignments = await allPages(async (NextToken) => {
        await turn();
        const command = new ListAccountAssignmentsCommand({
          InstanceArn,
          AccountId,
          PermissionSetArn,
          NextToken,
          MaxResults: LARGEST_PAGE,
        });
        const answer = await callingUnless(SOURCE, NOT_FOUND, client.send(command));
        return { items: answer?.AccountAssignments, nextToken: answer?.NextToken };
      });
      return assignments.map(assignedFrom);
    },

    findWrite: async (kind, operationId) => {
      await turn();
      const status = await (kind === 'creation' ? findCreation(operationId) : findDeletion(operationId));
      return status && writeFrom(status);
    },
  };
};
