/** Account assignments through the API of IAM Identity Center. */
import {
  type AccountAssignmentOperationStatus,
  type AccountAssignmentOperationStatusMetadata,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Target } from '../domain/access-request.ts';
import type { Assignments, OperationStatus, WriteStarted } from '../ports/assignments.ts';
import { allPages } from './paged.ts';
import { asFault, calling, callingUnless, exceptionName, required } from './service-call.ts';

export interface IdentityCenterAssignmentsParts {
  readonly client: SSOAdminClient;
  readonly instanceArn: string;
}

const SOURCE = 'identity-center';
const NOT_FOUND = 'ResourceNotFoundException';
const UNKNOWN: OperationStatus = { kind: 'unknown' };

/** An earlier write of the same assignment has not propagated, or too much is under way. */
const BUSY: ReadonlySet<string> = new Set(['ConflictException', 'ThrottlingException']);
const REFUSED: ReadonlySet<string> = new Set([
  'ServiceQuotaExceededException',
  'AccessDeniedException',
  'ValidationException',
  NOT_FOUND,
]);

export const operationStatusFrom = (status: AccountAssignmentOperationStatus): OperationStatus => {
  switch (status.Status) {
    case 'IN_PROGRESS':
      return { kind: 'in-progress' };
    case 'SUCCEEDED':
      return { kind: 'succeeded' };
    case 'FAILED':
      return { kind: 'failed', reason: status.FailureReason ?? 'Identity Center gave no reason' };
    default:
      return UNKNOWN;
  }
};

const startedFrom = (status: AccountAssignmentOperationStatus | undefined): WriteStarted => {
  const begun = required(SOURCE, 'OperationStatus', status);
  return {
    kind: 'started',
    operationId: required(SOURCE, 'RequestId', begun.RequestId),
    status: operationStatusFrom(begun),
  };
};

/** @throws ServiceFault for whatever leaves it open whether the write was accepted. */
const judgeRefusal = (thrown: unknown): WriteStarted => {
  const code = exceptionName(thrown);
  if (BUSY.has(code)) return { kind: 'busy', code };
  if (thrown instanceof Error && REFUSED.has(code)) return { kind: 'refused', code, reason: thrown.message };
  throw asFault(SOURCE, thrown);
};

/**
 * The account, the permission set or the instance is gone, and an assignment cannot outlive any of them: what was to be
 * deleted is not there. Without this an end could never be confirmed.
 */
const NOTHING_TO_DELETE: WriteStarted = { kind: 'not-there' };

/**
 * A write is given up after so long, tries of the SDK and its own pauses included, milliseconds. The lease counts on it:
 * others take over ten seconds later (`domain/lease.ts`).
 */
const WRITE_PATIENCE_MS = 20_000;
const patience = () => ({ abortSignal: AbortSignal.timeout(WRITE_PATIENCE_MS) });

/** A hundred is the largest page, and Identity Center bears fifteen writes at once: one call tells all. */
const UNDER_WAY = { MaxResults: 100, Filter: { Status: 'IN_PROGRESS' } } as const;

const idsOf = (statuses: readonly AccountAssignmentOperationStatusMetadata[]): ReadonlySet<string> =>
  new Set(statuses.map(({ RequestId }) => required(SOURCE, 'RequestId', RequestId)));

export const createIdentityCenterAssignments = ({
  client,
  instanceArn: InstanceArn,
}: IdentityCenterAssignmentsParts): Assignments => {
  const assignmentOf = (principalId: string, target: Target) => ({
    InstanceArn,
    PrincipalType: 'USER' as const,
    PrincipalId: principalId,
    TargetType: 'AWS_ACCOUNT' as const,
    TargetId: target.accountId,
    PermissionSetArn: target.permissionSetArn,
  });

  return {
    /** Group assignments do not count: only the user's own would be removed with the lease. */
    isAssigned: async (principalId, { accountId: AccountId, permissionSetArn: PermissionSetArn }) => {
      const assignments = await allPages(async (NextToken) => {
        const command = new ListAccountAssignmentsCommand({ InstanceArn, AccountId, PermissionSetArn, NextToken });
        // No assignment outlives its account or permission set, so not found is a certain no.
        const answer = await callingUnless(SOURCE, [NOT_FOUND], client.send(command));
        return { items: answer?.AccountAssignments, nextToken: answer?.NextToken };
      });
      return assignments.some((one) => one.PrincipalType === 'USER' && one.PrincipalId === principalId);
    },

    create: async (principalId, target) => {
      const command = new CreateAccountAssignmentCommand(assignmentOf(principalId, target));
      try {
        const answer = await client.send(command, patience());
        return startedFrom(answer.AccountAssignmentCreationStatus);
      } catch (thrown) {
        return judgeRefusal(thrown);
      }
    },

    delete: async (principalId, target) => {
      const command = new DeleteAccountAssignmentCommand(assignmentOf(principalId, target));
      try {
        const answer = await client.send(command, patience());
        return startedFrom(answer.AccountAssignmentDeletionStatus);
      } catch (thrown) {
        return exceptionName(thrown) === NOT_FOUND ? NOTHING_TO_DELETE : judgeRefusal(thrown);
      }
    },

    creationStatus: async (operationId) => {
      const AccountAssignmentCreationRequestId = operationId;
      const command = new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn,
        AccountAssignmentCreationRequestId,
      });
      const answer = await callingUnless(SOURCE, [NOT_FOUND], client.send(command));
      return answer
        ? operationStatusFrom(required(SOURCE, 'OperationStatus', answer.AccountAssignmentCreationStatus))
        : UNKNOWN;
    },

    deletionStatus: async (operationId) => {
      const AccountAssignmentDeletionRequestId = operationId;
      const command = new DescribeAccountAssignmentDeletionStatusCommand({
        InstanceArn,
        AccountAssignmentDeletionRequestId,
      });
      const answer = await callingUnless(SOURCE, [NOT_FOUND], client.send(command));
      return answer
        ? operationStatusFrom(required(SOURCE, 'OperationStatus', answer.AccountAssignmentDeletionStatus))
        : UNKNOWN;
    },

    creationsInProgress: async () =>
      idsOf(
        await allPages(async (NextToken) => {
          const command = new ListAccountAssignmentCreationStatusCommand({ InstanceArn, ...UNDER_WAY, NextToken });
          const answer = await calling(SOURCE, client.send(command));
          return { items: answer.AccountAssignmentsCreationStatus, nextToken: answer.NextToken };
        }),
      ),

    deletionsInProgress: async () =>
      idsOf(
        await allPages(async (NextToken) => {
          const command = new ListAccountAssignmentDeletionStatusCommand({ InstanceArn, ...UNDER_WAY, NextToken });
          const answer = await calling(SOURCE, client.send(command));
          return { items: answer.AccountAssignmentsDeletionStatus, nextToken: answer.NextToken };
        }),
      ),
  };
};
