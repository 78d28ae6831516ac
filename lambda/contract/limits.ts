/** Everything that has a limit, with its default: the one table that code, docs and settings read. */

export interface Limits {
  /** Longest time that any policy rule may grant, seconds. */
  readonly longestDurationSeconds: number;
  /** Requests that one person may have open (not yet over) at the same time. */
  readonly openRequestsPerPerson: number;
  /** Events in the trail of a request, from which on it can be asked for no more time: each ask for that is one at least. */
  readonly eventsBeforeExtension: number;
  /** How long a request waits for its approvers before it expires, seconds. */
  readonly pendingExpirySeconds: number;
  /** How long making an access usable may take before it is given up and cleaned away, seconds. */
  readonly timeToGrantSeconds: number;
  /** How far ahead a window may start, seconds. */
  readonly startAheadSeconds: number;
  /** How long an Idempotency-Key is remembered, seconds. */
  readonly idempotencySeconds: number;
  /** Longest justification or comment, characters (UTF-16 code units, as JavaScript counts). */
  readonly textLength: number;
  /** Longest ticket reference, characters. */
  readonly ticketLength: number;
  /** Largest request body, bytes. */
  readonly bodyBytes: number;
  /** Objects and lists within each other in a request body. */
  readonly bodyDepth: number;
  /** Requests, events or catalogue rows on one page. */
  readonly pageSize: number;
  /** From so many seconds on, the catalogue of the organization is called stale wherever it is shown. */
  readonly catalogueStaleSeconds: number;
  /** From so many seconds on, nothing is offered or taken by the catalogue any more. */
  readonly catalogueDeniesSeconds: number;
  /** From one alarm about a broken glass to the next, while nobody acknowledges or reviews it, seconds. */
  readonly glassAlarmSeconds: number;
  /** Longest window of audit events that can be listed in one go, seconds. */
  readonly auditSpanSeconds: number;
  /** Largest policy file, bytes: a version must fit one table item. */
  readonly policyBytes: number;
  /** Largest body of a proposed policy with its cases, bytes. */
  readonly policyCheckBytes: number;
  /** Memberships looked up for a proposed policy: people by groups that it or the policy in force names. */
  readonly policyCheckMemberships: number;
  /** Rules of both policies by accounts, for comparing them. */
  readonly policyCheckPairs: number;
  /** How long a proposed policy is compared with the one in force, and with the past, seconds. */
  readonly policyCheckSeconds: number;
  /** User names of a proposed policy that are looked up. */
  readonly policyCheckUsers: number;
  /** Groups of a proposed policy and of that in force whose members are counted, where it is looked at for everybody. */
  readonly policyCheckGroups: number;
  /** Events that are read to find past requests for a proposed policy. */
  readonly policyCheckEvents: number;
  /** Until when people are looked up for findings and past requests, seconds from the beginning. */
  readonly policyCheckLookupSeconds: number;
  /** From the beginning of one round for drift through all accounts to that of the next, seconds. */
  readonly driftRoundSeconds: number;
  /** Calls to Identity Center that the search for drift begins in a second, of the 20 that it bears from everybody. */
  readonly driftCallsPerSecond: number;
  /** Assignments that are removed as drift in an hour. */
  readonly driftRemovalsPerHour: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const DEFAULT_LIMITS: Limits = {
  longestDurationSeconds: 12 * HOUR,
  openRequestsPerPerson: 10,
  eventsBeforeExtension: 100,
  pendingExpirySeconds: 8 * HOUR,
  timeToGrantSeconds: 15 * MINUTE,
  startAheadSeconds: 20 * DAY,
  idempotencySeconds: DAY,
  textLength: 1000,
  ticketLength: 100,
  bodyBytes: 64 * 1024,
  bodyDepth: 20,
  pageSize: 50,
  catalogueStaleSeconds: HOUR,
  catalogueDeniesSeconds: DAY,
  glassAlarmSeconds: 15 * MINUTE,
  auditSpanSeconds: 31 * DAY,
  policyBytes: 256 * 1024,
  policyCheckBytes: 320 * 1024,
  policyCheckMemberships: 5000,
  policyCheckPairs: 5_000_000,
  policyCheckSeconds: 10,
  policyCheckUsers: 100,
  policyCheckGroups: 4000,
  policyCheckEvents: 5000,
  policyCheckLookupSeconds: 14,
  driftRoundSeconds: HOUR,
  driftCallsPerSecond: 5,
  driftRemovalsPerHour: 10,
};
