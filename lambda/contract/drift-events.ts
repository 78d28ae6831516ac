/** What CloudTrail tells through EventBridge about changed assignments: which events the rule lets through, and what is read of one. */
import * as z from 'zod';

/** Names of the API's own calls, and of the older ones that the console makes. */
const CREATIONS = ['CreateAccountAssignment', 'AssociateProfile'] as const;
const DELETIONS = ['DeleteAccountAssignment', 'DisassociateProfile'] as const;

const DRIFT_EVENT_SOURCE = 'aws.sso';

/** Of whoever holds a role: the role's ARN. */
const issuer = (matches: unknown): object => ({
  userIdentity: { sessionContext: { sessionIssuer: { arn: [matches] } } },
});

/**
 * The pattern of the EventBridge rule: calls that went through, by anybody but the role with which Brevet itself changes
 * assignments. `anything-but` alone would leave out whoever holds no role.
 */
export const driftEventPattern = (convergeRoleArn: string) => ({
  source: [DRIFT_EVENT_SOURCE],
  detail: {
    eventSource: ['sso.amazonaws.com'],
    eventName: [...CREATIONS, ...DELETIONS],
    errorCode: [{ exists: false }],
    $or: [issuer({ exists: false }), issuer({ 'anything-but': [convergeRoleArn] })],
  },
});

const loose = z.string().optional().catch(undefined);
const written = z.object({ requestId: loose }).optional().catch(undefined);

const cloudTrailEvent = z.object({
  source: z.literal(DRIFT_EVENT_SOURCE),
  detail: z.object({
    eventName: z.enum([...CREATIONS, ...DELETIONS]),
    userIdentity: z
      .object({
        sessionContext: z
          .object({ sessionIssuer: z.object({ arn: loose }).optional().catch(undefined) })
          .optional()
          .catch(undefined),
      })
      .optional()
      .catch(undefined),
    requestParameters: z
      .object({ targetId: loose, permissionSetArn: loose, principalType: loose, principalId: loose })
      .nullish()
      .catch(undefined),
    responseElements: z
      .object({ accountAssignmentCreationStatus: written, accountAssignmentDeletionStatus: written })
      .nullish()
      .catch(undefined),
  }),
});

/** What is read of an event: each part only where it has the form that it must have. */
export interface DriftEventContent {
  readonly change: 'assigned' | 'removed';
  /** ARN of the role of whoever made the call, if it was one. */
  readonly roleArn?: string;
  readonly place?: { readonly accountId: string; readonly permissionSetArn: string };
  readonly userId?: string;
  readonly operationId?: string;
}

const ACCOUNT = /^\d{12}$/;
const PERMISSION_SET = /^arn:aws[a-z-]*:sso:::permissionSet\/[\w.-]{1,64}\/ps-[\w.-]{16}$/;
const PRINCIPAL = /^[\w-]{1,47}$/;
const OPERATION = /^[\w-]{1,64}$/;

const fitting = (pattern: RegExp, text: string | undefined): string | undefined =>
  text !== undefined && pattern.test(text) ? text : undefined;

/** @returns undefined when it is no event of CloudTrail's about an assignment, such as the one of the schedule. */
export const readDriftEvent = (event: unknown): DriftEventContent | undefined => {
  const parsed = cloudTrailEvent.safeParse(event);
  if (!parsed.success) return undefined;
  const { eventName, userIdentity, requestParameters: asked, responseElements: answered } = parsed.data.detail;
  const roleArn = userIdentity?.sessionContext?.sessionIssuer?.arn;
  const accountId = fitting(ACCOUNT, asked?.targetId);
  const permissionSetArn = fitting(PERMISSION_SET, asked?.permissionSetArn);
  const userId = asked?.principalType === 'USER' ? fitting(PRINCIPAL, asked.principalId) : undefined;
  const written = answered?.accountAssignmentCreationStatus ?? answered?.accountAssignmentDeletionStatus;
  const operationId = fitting(OPERATION, written?.requestId);
  return {
    change: (CREATIONS as readonly string[]).includes(eventName) ? 'assigned' : 'removed',
    ...(roleArn !== undefined && { roleArn }),
    ...(accountId !== undefined && permissionSetArn !== undefined && { place: { accountId, permissionSetArn } }),
    ...(userId !== undefined && { userId }),
    ...(operationId !== undefined && { operationId }),
  };
};
