/** Bodies and answers of the API, the same under both doors. Moments are ISO 8601 in UTC, durations ISO 8601. */
import * as z from 'zod';
import { approvalView } from './approval-view.ts';
import { askedBreakGlass, breakGlassOffer, breakGlassView } from './break-glass.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { STATUSES } from './statuses.ts';
import { moment, personView } from './view-parts.ts';

const text = z.string().max(20_000);
const duration = z.string().max(100);

// ---------- what comes in ----------

const comment = text.describe(`For the requester and the record; at most ${DEFAULT_LIMITS.textLength} characters.`);

export const submitBody = z.strictObject({
  target: z.strictObject({
    kind: z.literal('account'),
    accountId: z.string().max(100),
    permissionSet: z.string().max(200).describe('Name of the permission set.'),
  }),
  duration: duration.describe('Length of the window, such as PT1H30M, in whole seconds.'),
  start: z
    .string()
    .max(100)
    .optional()
    .describe('Start of the window, with its zone, such as 2026-11-23T22:00:00Z; at once when left out.'),
  justification: text.describe(`Why, in plain text for the approver; at most ${DEFAULT_LIMITS.textLength} characters.`),
  ticket: text
    .optional()
    .describe(`At most ${DEFAULT_LIMITS.ticketLength} characters, of the form that the rule wants.`),
  breakGlass: askedBreakGlass.optional(),
});
export type SubmitBody = z.infer<typeof submitBody>;

export const decideBody = z.strictObject({
  comment: comment.optional(),
  duration: duration.optional().describe('Shortens the window, or the extension; an approver cannot lengthen it.'),
  extendTo: duration
    .optional()
    .describe(
      'Approves the extension that waits: its `extendTo`, as the approver saw it. Without, the request is meant.',
    ),
});
export type DecideBody = z.infer<typeof decideBody>;

export const rejectBody = z.strictObject({ comment: comment.optional() });
export const emptyBody = z.strictObject({});

export const extendBody = z.strictObject({ duration: duration.describe('How much longer, such as PT30M.') });
export type ExtendBody = z.infer<typeof extendBody>;

export const VIEWS = ['mine', 'to-review', 'active', 'break-glass', 'all'] as const;

export const cursor = z.string().max(500).describe('The cursor of the page before, as it is, for the same list.');

export const noParameters = z.strictObject({});
export const listParameters = z.strictObject({
  view: z
    .enum(VIEWS)
    .default('mine')
    .describe('`break-glass`: those not reviewed yet of which you are told. `all` is for auditors and administrators.'),
  status: z.enum(STATUSES).optional(),
  cursor: cursor.optional(),
});
export const catalogParameters = z.strictObject({
  q: z.string().max(200).optional().describe('Words that must all occur in account, OU path or permission set.'),
  cursor: cursor.optional(),
});

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/)
  .describe('1 to 128 printable ASCII characters without spaces; the same key and body are one request.');
export const requestId = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  .describe('Id of the request: a ULID.');

// ---------- what goes out ----------

export const ACTIONS = ['approve', 'reject', 'cancel', 'end', 'extend', 'acknowledge', 'review'] as const;

export const eventView = z.object({
  sequence: z.int(),
  kind: z.string(),
  at: moment,
  actor: z.object({ kind: z.string(), userName: z.string().optional() }),
  from: z.enum(STATUSES).optional(),
  to: z.enum(STATUSES),
});
export type EventView = z.infer<typeof eventView>;

export const sessionDuration = z
  .string()
  .describe(
    'How long credentials of the permission set live; those issued before an end may work so much longer (ISO 8601).',
  );

export const requestView = z.object({
  id: z.string(),
  status: z.enum(STATUSES),
  requester: personView,
  target: z.object({
    kind: z.literal('account'),
    accountId: z.string(),
    accountName: z.string(),
    permissionSet: z.string(),
    sessionDuration: sessionDuration.describe(
      'How long credentials may work after the end (ISO 8601): as it was known when asked, and from when it is given, as it was then, or longer.',
    ),
  }),
  duration: z.string(),
  justification: z.string(),
  ticket: z.string().optional(),
  breakGlass: breakGlassView.optional(),
  askedAt: moment,
  entitlement: z.string(),
  policyVersion: z.string(),
  maxDuration: z.string(),
  approval: approvalView,
  start: moment.optional().describe('Asked start of a scheduled window.'),
  expiresAt: moment.optional().describe('pending: until when it waits.'),
  startsAt: moment.optional().describe('scheduled: when it starts.'),
  grantBy: moment.optional().describe('granting: when the attempt is given up.'),
  activeSince: moment.optional(),
  endsAt: moment.optional().describe('active and ending: when access ends; granting: the latest end that was stored.'),
  endedAt: moment.optional(),
  reason: z.string().optional().describe('Why it ended, failed or was rejected, for people.'),
  standing: z
    .boolean()
    .optional()
    .describe(
      'True when the assignment stood before the request, or others made it during the request: it stays at the end.',
    ),
  externallyModified: z
    .object({ change: z.enum(['removed', 'assigned']), at: moment.describe('When Brevet noticed.') })
    .optional()
    .describe('Somebody changed its assignment outside Brevet while it was held; the latest such change. It lasts.'),
  credentialsMayWorkUntil: moment
    .optional()
    .describe(
      'Until when credentials issued before the end may still work (they cannot be recalled). While it is granting or ' +
        'active: by the end that is stored now, or now, where that has passed. Absent where the assignment stays, or never stood.',
    ),
  extension: z
    .object({
      duration: z.string(),
      extendTo: z.string().describe('How long access lasts in all with it.'),
      askedAt: moment,
      approval: approvalView,
    })
    .optional(),
  youMay: z.array(z.enum(ACTIONS)).describe('What the caller may do with it now.'),
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
  sessionDuration,
  approvalsRequired: z.int().describe('In all stages together.'),
  approvalStages: z.int(),
  approverGroups: z.array(z.string()),
  approverUsers: z.array(z.string()).describe('User names.'),
  approverAttributes: z
    .array(z.record(z.string(), z.array(z.string())))
    .optional()
    .describe('What everybody has who approves by that alone: one of the values of each attribute.'),
  entitlement: z.string(),
  breakGlass: breakGlassOffer.optional(),
});
export type CatalogEntryView = z.infer<typeof catalogEntry>;
/** How old it is, what the catalogue is made from. */
export const catalogOrganization = z.object({
  asOf: moment.describe('When the oldest of it was read.'),
  isStale: z.boolean().describe('Older than an hour: the organization could not be read lately.'),
  leftOut: z
    .array(z.object({ permissionSet: z.string(), reason: z.enum(['provisioned-in-management-account']) }))
    .describe('What the policy would let the caller ask for, and cannot be assigned from where Brevet runs.'),
});
export const catalogPage = z.object({
  items: z.array(catalogEntry),
  cursor: z.string().optional(),
  organization: catalogOrganization.optional().describe('On the first page.'),
});
export type CatalogPage = z.infer<typeof catalogPage>;

export const meView = personView.extend({
  roles: z
    .array(z.enum(['administrator', 'auditor', 'approver']))
    .describe('`administrator` may end anything; `auditor` may read everything; `approver` decides for somebody.'),
  groups: z.array(z.string()).describe("Those of the policy's and settings' groups that count for this person."),
  openRequests: z.int(),
  toReview: z.int(),
});
export type MeView = z.infer<typeof meView>;

/** An OpenAPI document: whoever reads one knows what is in it. */
export const openApiView = z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) });

/** Header that makes asking safe to repeat. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
