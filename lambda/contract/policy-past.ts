/** Past requests against a proposed policy, on the wire: how many of each outcome, and each that is or may be another. */
import * as z from 'zod';
import { moment } from './view-parts.ts';

/** So many requests are looked back at in one call. */
export const MOST_PAST = 100;

export const pastWish = z.strictObject({
  last: z.int().min(1).max(MOST_PAST).describe('How many: those that were asked last.'),
});

const changedAsk = z.object({
  requestId: z.string(),
  what: z.enum(['request', 'extension']),
  askedAt: moment,
  userName: z.string(),
  account: z.string().describe('Its name, or its id where the organization has it no more.'),
  permissionSet: z.string().describe('Its name, or its ARN.'),
  duration: z.string().describe('In all, extensions included.'),
  cameTo: z.string().describe('Status of the request where the events end.'),
  before: z.object({
    rule: z.string(),
    approvals: z.int().optional().describe('Absent where the events say no more than that it needed some.'),
  }),
  outcome: z
    .enum(['refused', 'more-approvals', 'fewer-approvals', 'other-approvers', 'unknown', 'unjudged'])
    .describe(
      '`unknown`: it depends on what is not known, such as texts, which events do not carry. `unjudged`: the organization has somebody or something no more.',
    ),
  after: z.object({ rule: z.string(), approvals: z.int(), approvers: z.array(z.string()) }).optional(),
  refusal: z.object({ code: z.string(), detail: z.string() }).optional(),
  dependsOn: z
    .array(z.enum(['justification', 'ticket', 'on_call', 'approvers']))
    .optional()
    .describe('`approvers`: on who bears the user names of those who are to approve.'),
  missing: z.enum(['person', 'account', 'permission_set']).optional(),
});

const counts = z.object({
  unchanged: z.int(),
  refused: z.int(),
  'more-approvals': z.int(),
  'fewer-approvals': z.int(),
  'other-approvers': z.int(),
  unknown: z.int(),
  unjudged: z.int(),
});

/** What is told of them, wherever they come from. */
export const pastOutcomes = z.object({
  requests: z.int(),
  begunBefore: z
    .int()
    .describe('Requests of which only later events were read; they are not judged, and do not count as open.'),
  counts: counts.describe('Asks, extensions included, by what would become of them.'),
  changes: z.array(changedAsk).describe('Every ask that would come out otherwise, or may.'),
});
export type PastOutcomes = z.infer<typeof pastOutcomes>;

export const pastChecked = pastOutcomes.extend({
  requests: z.int().describe('Those that were judged.'),
  leftOut: z.int().describe('Requests that were found too, and not judged: what one call may cost was used up.'),
  readFrom: moment.describe(
    'Events were read back to this moment. What was asked before it is not among the requests.',
  ),
});
export type PastChecked = z.infer<typeof pastChecked>;
