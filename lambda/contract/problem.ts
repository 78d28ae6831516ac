/** Errors on the wire: problem+json (RFC 9457) with a stable code; one table maps codes to HTTP. */
import * as z from 'zod';

/** HTTP status and title of every code that the API can answer with. */
export const PROBLEMS = {
  // at the door
  body_not_json: [400, 'The body is not JSON'],
  body_invalid: [400, 'The body does not fit'],
  body_too_large: [413, 'The body is too large'],
  content_type_unsupported: [415, 'The content type is not application/json'],
  query_invalid: [400, 'A query parameter does not fit'],
  cursor_invalid: [400, 'The cursor is not one of ours'],
  window_too_long: [422, 'The window is too long'],
  idempotency_key_invalid: [400, 'The Idempotency-Key does not fit'],
  route_unknown: [404, 'There is no such resource'],
  method_not_allowed: [405, 'The resource does not know this method'],
  not_signed_in: [401, 'The call proves no identity'],
  unavailable: [503, 'A service that Brevet needs does not answer'],
  unexpected: [500, 'Something went wrong here'],
  // who is asking
  caller_unknown: [403, 'The caller is nobody in IAM Identity Center'],
  caller_disabled: [403, 'The caller is disabled in IAM Identity Center'],
  caller_ambiguous: [403, 'More than one user of IAM Identity Center fits the caller'],
  identity_unproven: [403, 'The token does not prove who the caller is'],
  // what is asked for
  account_unknown: [422, 'There is no such account'],
  permission_set_unknown: [422, 'There is no such permission set'],
  person_unknown: [422, 'There is no such person'],
  target_forbidden: [403, 'This target is never given'],
  not_eligible: [403, 'No rule lets you ask for this'],
  guardrail_forbids: [403, 'A guardrail forbids this'],
  frozen: [403, 'A freeze is on'],
  combination_forbidden: [403, 'This is not held together with something else'],
  outside_hours: [422, 'This access does not begin at that time'],
  not_on_call: [403, 'You are not on call'],
  on_call_unknown: [503, 'It cannot be told who is on call'],
  duration_invalid: [422, 'The duration is not one'],
  duration_too_long: [422, 'The duration is too long'],
  start_invalid: [422, 'The start is no moment'],
  start_in_past: [422, 'The start has passed'],
  start_too_far: [422, 'The start is too far ahead'],
  justification_empty: [422, 'There is no justification'],
  justification_too_short: [422, 'The justification is too short'],
  justification_too_long: [422, 'The justification is too long'],
  justification_unprintable: [422, 'The justification has unprintable characters'],
  comment_too_long: [422, 'The comment is too long'],
  comment_unprintable: [422, 'The comment has unprintable characters'],
  ticket_required: [422, 'A ticket is required'],
  ticket_invalid: [422, 'The ticket does not fit'],
  no_approver: [422, 'Nobody could approve this'],
  break_glass_not_allowed: [403, 'The glass is not broken for this'],
  break_glass_limit: [429, 'The glass was broken too often'],
  incident_invalid: [422, 'The incident does not fit'],
  review_overdue: [403, 'A review is overdue'],
  nobody_to_tell: [422, 'There is nobody to tell'],
  too_many_open: [429, 'Too many open requests'],
  catalogue_not_read: [503, 'The organization has not been read yet'],
  catalogue_too_old: [503, 'The organization was last read too long ago'],
  idempotency_key_reused: [422, 'The Idempotency-Key stood for another body'],
  // what is done to a request
  request_unknown: [404, 'There is no such request'],
  request_not_pending: [409, 'The request is not pending'],
  not_what_waits: [409, 'Something else waits for approval'],
  request_not_cancellable: [409, 'The request cannot be cancelled'],
  request_not_started: [409, 'The request has not started'],
  request_already_over: [409, 'The request is already over'],
  request_not_extendable: [409, 'The request cannot be extended'],
  request_not_due: [409, 'It is not time yet'],
  extension_pending: [409, 'An extension already waits'],
  extension_too_long: [422, 'The extension is too long'],
  too_many_extensions: [409, 'Extended too often'],
  self_approval: [403, 'Nobody decides for themselves'],
  not_an_approver: [403, 'You are no approver of this request'],
  stage_not_open: [409, 'Another stage of its approval is open'],
  already_voted: [409, 'You already voted'],
  duration_not_shorter: [422, 'An approver may only shorten'],
  not_permitted: [403, 'This is not yours to do'],
  not_break_glass: [409, 'The glass was not broken for it'],
  already_acknowledged: [409, 'It is acknowledged already'],
  already_reviewed: [409, 'It is reviewed already'],
  check_too_large: [422, 'More would have to be looked at than one call may'],
  people_being_counted: [503, 'Everybody is being counted'],
  people_not_counted: [503, 'Everybody could not be counted'],
  drift_round_unfinished: [409, 'Not every account has been looked at yet'],
  changed_meanwhile: [409, 'Somebody changed it at the same moment'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** Stable; programs decide by it and by nothing else. */
  code: z.string(),
  detail: z.string(),
  /** Id under which the logs know this call. */
  traceId: z.string().optional(),
  /** Machine-readable facts, such as the limit that was exceeded. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])).optional(),
  /** What does not fit, for `body_invalid` and `query_invalid`. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
