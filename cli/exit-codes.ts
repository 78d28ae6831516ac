/** What the command tells the shell: one table of exit codes, and which problem and which status ends in which. */
import type { RequestView } from '../lambda/contract/api.ts';
import type { ProblemCode } from '../lambda/contract/problem.ts';
import type { LocalProblemCode } from './failure.ts';
import type { Interrupt } from './terminal.ts';

export const EXIT = {
  /** Usable now; for commands other than `request`, done. */
  usable: 0,
  /** Refused as things stand: too late, already done, changed meanwhile. */
  refused: 1,
  /** The command line, an argument or the setting of the endpoint does not fit. */
  usage: 2,
  pending: 10,
  rejected: 11,
  expired: 12,
  notEligible: 13,
  notSignedIn: 14,
  /** Cancelled, or ended before it could be used. */
  cancelled: 15,
  failed: 16,
  serviceError: 20,
  /** `run`: the command is not there, as shells count it. */
  commandMissing: 127,
  /** The terminal closed while waiting (128 + 1). */
  hungUp: 129,
  /** Ctrl-C while waiting, as shells count it (128 + 2). */
  interrupted: 130,
  /** Told to end while waiting (128 + 15). */
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_OF_PROBLEM: Record<ProblemCode | LocalProblemCode, ExitCode> = {
  // The command spoke past the service: another version, or no Brevet at that endpoint.
  body_not_json: EXIT.serviceError,
  content_type_unsupported: EXIT.serviceError,
  cursor_invalid: EXIT.usage,
  window_too_long: EXIT.usage,
  idempotency_key_invalid: EXIT.serviceError,
  idempotency_key_reused: EXIT.serviceError,
  route_unknown: EXIT.serviceError,
  method_not_allowed: EXIT.serviceError,
  unavailable: EXIT.serviceError,
  unexpected: EXIT.serviceError,
  // What was typed does not fit.
  body_invalid: EXIT.usage,
  body_too_large: EXIT.usage,
  query_invalid: EXIT.usage,
  duration_invalid: EXIT.usage,
  duration_too_long: EXIT.usage,
  start_invalid: EXIT.usage,
  start_in_past: EXIT.usage,
  start_too_far: EXIT.usage,
  justification_empty: EXIT.usage,
  justification_too_short: EXIT.usage,
  justification_too_long: EXIT.usage,
  justification_unprintable: EXIT.usage,
  comment_too_long: EXIT.usage,
  comment_unprintable: EXIT.usage,
  ticket_required: EXIT.usage,
  ticket_invalid: EXIT.usage,
  incident_invalid: EXIT.usage,
  extension_too_long: EXIT.usage,
  duration_not_shorter: EXIT.usage,
  request_unknown: EXIT.usage,
  person_unknown: EXIT.usage,
  check_too_large: EXIT.usage,
  // Not for this person.
  account_unknown: EXIT.notEligible,
  permission_set_unknown: EXIT.notEligible,
  target_forbidden: EXIT.notEligible,
  not_eligible: EXIT.notEligible,
  guardrail_forbids: EXIT.notEligible,
  frozen: EXIT.notEligible,
  combination_forbidden: EXIT.notEligible,
  outside_hours: EXIT.notEligible,
  not_on_call: EXIT.notEligible,
  no_approver: EXIT.notEligible,
  break_glass_not_allowed: EXIT.notEligible,
  nobody_to_tell: EXIT.notEligible,
  self_approval: EXIT.notEligible,
  not_an_approver: EXIT.notEligible,
  not_permitted: EXIT.notEligible,
  // Nobody the service knows.
  not_signed_in: EXIT.notSignedIn,
  caller_unknown: EXIT.notSignedIn,
  caller_disabled: EXIT.notSignedIn,
  caller_ambiguous: EXIT.notSignedIn,
  identity_unproven: EXIT.notSignedIn,
  // Not as things stand.
  too_many_open: EXIT.refused,
  break_glass_limit: EXIT.refused,
  review_overdue: EXIT.refused,
  not_break_glass: EXIT.refused,
  already_acknowledged: EXIT.refused,
  already_reviewed: EXIT.refused,
  request_not_pending: EXIT.refused,
  not_what_waits: EXIT.refused,
  request_not_cancellable: EXIT.refused,
  request_not_started: EXIT.refused,
  request_already_over: EXIT.refused,
  request_not_extendable: EXIT.refused,
  request_not_due: EXIT.refused,
  extension_pending: EXIT.refused,
  too_many_extensions: EXIT.refused,
  stage_not_open: EXIT.refused,
  already_voted: EXIT.refused,
  drift_round_unfinished: EXIT.refused,
  changed_meanwhile: EXIT.refused,
  // Not before somebody who runs the service looks, or the next reading.
  catalogue_not_read: EXIT.serviceError,
  people_being_counted: EXIT.serviceError,
  people_not_counted: EXIT.serviceError,
  on_call_unknown: EXIT.serviceError,
  catalogue_too_old: EXIT.serviceError,
  // Found by the command itself.
  usage: EXIT.usage,
  endpoint_missing: EXIT.usage,
  endpoint_unusable: EXIT.usage,
  region_missing: EXIT.usage,
  ambiguous: EXIT.usage,
  nothing_fits: EXIT.usage,
  local_service_missing: EXIT.refused,
  profile_taken: EXIT.usage,
  config_unwritable: EXIT.refused,
  nothing_to_join: EXIT.refused,
  left_alone: EXIT.refused,
  credentials_unavailable: EXIT.serviceError,
  command_missing: EXIT.commandMissing,
  sign_in_failed: EXIT.notSignedIn,
  sign_in_unavailable: EXIT.usage,
  unreachable: EXIT.serviceError,
  answer_unreadable: EXIT.serviceError,
  cli_fault: EXIT.serviceError,
};

const isKnown = (code: string): code is keyof typeof EXIT_OF_PROBLEM => Object.hasOwn(EXIT_OF_PROBLEM, code);

/** By the code; by the class of the HTTP status for a code that this version does not know. */
export const exitOfProblem = ({ code, status }: { readonly code: string; readonly status: number }): ExitCode => {
  if (isKnown(code)) return EXIT_OF_PROBLEM[code];
  if (status === 401) return EXIT.notSignedIn;
  if (status === 403) return EXIT.notEligible;
  return status >= 500 ? EXIT.serviceError : EXIT.refused;
};

export const EXIT_OF_INTERRUPT: Record<Interrupt, ExitCode> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hungUp,
};

/** How a request that was asked for stands, for whoever wants to use it. */
export const EXIT_OF_STATUS: Record<RequestView['status'], ExitCode> = {
  pending: EXIT.pending,
  scheduled: EXIT.pending,
  granting: EXIT.pending,
  active: EXIT.usable,
  ending: EXIT.cancelled,
  ended: EXIT.cancelled,
  rejected: EXIT.rejected,
  cancelled: EXIT.cancelled,
  expired: EXIT.expired,
  failed: EXIT.failed,
};
