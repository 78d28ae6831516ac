/** Bodies and answers of the API, the same under both doors. Moments are ISO 8601 in UTC, durations ISO 8601. */
import * as z from 'zod';

const text = z.string().max(20_000);
const moment = z.iso.datetime();

// ---------- what comes in ----------

export const submitBody = z.strictObject({
  target: z.strictObject({
    kind: z.literal('account'),
    accountId: z.string().max(100),
    /** Name of the permission set. */
    permissionSet: z.string().max(200),
  }),
  duration: z.string().max(100),
  start: z.string().max(100).optional(),
  justification: text,
  ticket: text.optional(),
});
export type SubmitBody = z.infer<typeof submitBody>;

export const decideBody = z.strictObject({ comment: text.optional(), duration: z.string().max(100).optional() });
export type DecideBody = z.infer<typeof decideBody>;

export const rejectBody = z.strictObject({ comment: text.optional() });
export const emptyBody = z.strictObject({});

export const extendBody = z.strictObject({ duration: z.string().max(100), justification: text.optional() });
export type ExtendBody = z.infer<typeof extendBody>;

export const VIEWS = ['mine', 'to-review', 'active', 'all'] as const;
export const STATUSES = [
  'pending',
  'scheduled',
  'granting',
  'active',
  'ending',
  'ended',
  'rejected',
  'cancelled',
  'expired',
  'failed',
] as const;

export const listParameters = z.strictObject({
  view: z.enum(VIEWS).default('mine'),
  status: z.enum(STATUSES).optional(),
  cursor: z.string().max(500).optional(),
});
export const catalogParameters = z.strictObject({
  q: z.string().max(200).optional(),
  cursor: z.string().max(500).optional(),
});

/** Printable ASCII, 1 to 128 characters. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,128}$/);
export const requestId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/);

// ---------- what goes out ----------

export const personView = z.object({ id: z.string(), userName: z.string(), displayName: z.string() });
export type PersonView = z.infer<typeof personView>;

export const voteView = z.object({
  approver: personView,
  choice: z.enum(['approve', 'reject']),
  at: moment,
  comment: z.string().optional(),
  duration: z.string().optional(),
});

export const approvalView = z.object({
  /** People who must say yes; zero when the policy asks nobody. */
  required: z.int(),
  groups: z.array(z.string()),
  votes: z.array(voteView),
});

export const ACTIONS = ['approve', 'reject', 'cancel', 'end', 'extend'] as const;

export const eventView = z.object({
  sequence: z.int(),
  kind: z.string(),
  at: moment,
  actor: z.object({ kind: z.string(), userName: z.string().optional() }),
  from: z.enum(STATUSES).optional(),
  to: z.enum(STATUSES),
});
export type EventView = z.infer<typeof eventView>;

export const requestView = z.object({
  id: z.string(),
  status: z.enum(STATUSES),
  requester: personView,
  target: z.object({
    kind: z.literal('account'),
    accountId: z.string(),
    accountName: z.string(),
    permissionSet: z.string(),
  }),
  duration: z.string(),
  justification: z.string(),
  ticket: z.string().optional(),
  askedAt: moment,
  entitlement: z.string(),
  policyVersion: z.string(),
  maxDuration: z.string(),
  approval: approvalView,
  /** Asked start of a scheduled window. */
  start: moment.optional(),
  /** pending: until when it waits. */
  expiresAt: moment.optional(),
  /** scheduled: when it starts. */
  startsAt: moment.optional(),
  /** granting: when the attempt is given up. */
  grantBy: moment.optional(),
  activeSince: moment.optional(),
  /** active and ending: when access ends; granting: the latest end that was stored. */
  endsAt: moment.optional(),
  endedAt: moment.optional(),
  /** Why it ended, failed or was rejected, for people. */
  reason: z.string().optional(),
  /** True when the assignment stood before the request and stays when it ends. */
  standing: z.boolean().optional(),
  /** Until when credentials already issued may still work after the end (they cannot be recalled). */
  credentialsMayWorkUntil: moment.optional(),
  extension: z.object({ duration: z.string(), askedAt: moment, approval: approvalView }).optional(),
  /** What the caller may do with it now. */
  youMay: z.array(z.enum(ACTIONS)),
});
export type RequestView = z.infer<typeof requestView>;

/** One request, with its history and who can decide now. */
export const requestDetail = requestView.extend({
  approvers: z.array(personView),
  history: z.array(eventView),
});
export type RequestDetail = z.infer<typeof requestDetail>;

export const requestPage = z.object({ items: z.array(requestView), cursor: z.string().optional() });
export type RequestPage = z.infer<typeof requestPage>;

export const catalogEntry = z.object({
  accountId: z.string(),
  accountName: z.string(),
  ouPath: z.string(),
  permissionSet: z.string(),
  maxDuration: z.string(),
  approvalsRequired: z.int(),
  approverGroups: z.array(z.string()),
  entitlement: z.string(),
});
export type CatalogEntryView = z.infer<typeof catalogEntry>;
export const catalogPage = z.object({ items: z.array(catalogEntry), cursor: z.string().optional() });
export type CatalogPage = z.infer<typeof catalogPage>;

export const meView = personView.extend({
  /** `administrator` may end anything; `auditor` may read everything; `approver` decides for somebody. */
  roles: z.array(z.enum(['administrator', 'auditor', 'approver'])),
  /** Those of the policy's and settings' groups that count for this person. */
  groups: z.array(z.string()),
  openRequests: z.int(),
  toReview: z.int(),
});
export type MeView = z.infer<typeof meView>;

/** Method and path of every operation, below the door's prefix (`/v1` or `/iam/v1`). */
export const ROUTES = [
  ['GET', '/me'],
  ['GET', '/catalog'],
  ['POST', '/requests'],
  ['GET', '/requests'],
  ['GET', '/requests/{id}'],
  ['POST', '/requests/{id}/approve'],
  ['POST', '/requests/{id}/reject'],
  ['POST', '/requests/{id}/cancel'],
  ['POST', '/requests/{id}/end'],
  ['POST', '/requests/{id}/extend'],
] as const;

/** Header that makes asking safe to repeat. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
