/**
 * Past requests against a proposed policy, on the wire: how many of each outcome, and each that is or may be another. The API's
 * function carries the schemas for its document, and somebody waits for it to start: few words here, docs/policy.md has the others.
 */
import * as z from 'zod';
import { moment } from './view-parts.ts';

/** So many requests are looked back at in one call. */
export const MOST_PAST = 100;

export const pastWish = z.strictObject({ last: z.int().min(1).max(MOST_PAST).describe('The latest requests.') });

/** Of what was: without approvers, and without approvals where events say no more than that some were needed. */
const terms = z.object({ rule: z.string(), approvals: z.int().optional(), approvers: z.array(z.string()).optional() });

const outcome = z.enum(['refused', 'more-approvals', 'fewer-approvals', 'other-approvers', 'unknown', 'unjudged']);

const changedAsk = z.object({
  requestId: z.string(),
  what: z.enum(['request', 'extension']),
  askedAt: moment,
  userName: z.string(),
  /** Its name, or its id where the organization has it no more; and so the permission set, or its ARN. */
  account: z.string(),
  permissionSet: z.string(),
  /** In all, extensions included. */
  duration: z.string(),
  /** Status of the request where the events end. */
  cameTo: z.string(),
  before: terms,
  /** `unknown`: it depends on what is not known, such as texts. `unjudged`: the organization has somebody or something no more. */
  outcome,
  after: terms.optional(),
  refusal: z.object({ code: z.string(), detail: z.string() }).optional(),
  dependsOn: z.array(z.enum(['justification', 'ticket', 'on_call', 'approvers'])).optional(),
  missing: z.enum(['person', 'account', 'permission_set']).optional(),
});

/** What is told of them, wherever they come from. */
export const pastOutcomes = z.object({
  /** Those that were judged. */
  requests: z.int(),
  begunBefore: z.int().describe('Begun before what was read.'),
  /** Asks, extensions included. */
  counts: z.partialRecord(z.enum(['unchanged', ...outcome.options]), z.int()),
  changes: z.array(changedAsk),
});
export type PastOutcomes = z.infer<typeof pastOutcomes>;

export const pastChecked = pastOutcomes.extend({
  leftOut: z.int().describe('Found and not judged: over a limit.'),
  readFrom: moment.describe('Events were read back to here.'),
});
export type PastChecked = z.infer<typeof pastChecked>;
