/** Expected refusals: returned, never thrown, each with a code from a closed union. */

export type RefusalCode =
  // who is asking
  | 'caller_unknown'
  | 'caller_disabled'
  | 'caller_ambiguous'
  | 'identity_unproven'
  // what is asked for
  | 'account_unknown'
  | 'permission_set_unknown'
  | 'person_unknown'
  | 'target_forbidden'
  | 'not_eligible'
  | 'guardrail_forbids'
  | 'frozen'
  | 'combination_forbidden'
  | 'outside_hours'
  | 'not_on_call'
  | 'on_call_unknown'
  | 'duration_invalid'
  | 'duration_too_long'
  | 'start_invalid'
  | 'start_in_past'
  | 'start_too_far'
  | 'justification_empty'
  | 'justification_too_short'
  | 'justification_too_long'
  | 'justification_unprintable'
  | 'comment_too_long'
  | 'comment_unprintable'
  | 'ticket_required'
  | 'ticket_invalid'
  | 'no_approver'
  // breaking the glass
  | 'break_glass_not_allowed'
  | 'break_glass_limit'
  | 'incident_invalid'
  | 'review_overdue'
  | 'nobody_to_tell'
  | 'too_many_open'
  // how much is known of the organization
  | 'catalogue_not_read'
  | 'catalogue_too_old'
  | 'idempotency_key_reused'
  // what is done to a request
  | 'request_unknown'
  | 'request_not_pending'
  | 'not_what_waits'
  | 'request_not_cancellable'
  | 'request_not_started'
  | 'request_already_over'
  | 'request_not_extendable'
  | 'request_not_due'
  | 'extension_pending'
  | 'extension_too_long'
  | 'too_many_extensions'
  | 'self_approval'
  | 'not_an_approver'
  | 'stage_not_open'
  | 'already_voted'
  | 'duration_not_shorter'
  | 'not_permitted'
  | 'not_break_glass'
  | 'already_acknowledged'
  | 'already_reviewed'
  | 'check_too_large'
  | 'people_being_counted'
  | 'people_not_counted'
  | 'drift_round_unfinished'
  | 'changed_meanwhile';

/** Says what happened, the value got, the values allowed, and what to do next. `detail` is shown to the caller as it is. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly detail: string;
  /** Facts that a program may want, such as `{ maximum: 'PT4H' }`. */
  readonly facts?: Readonly<Record<string, string | number | readonly string[]>>;
}

export const refuse = (refused: RefusalCode, detail: string, facts?: Refusal['facts']): Refusal =>
  facts ? { refused, detail, facts } : { refused, detail };

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value && 'detail' in value;
