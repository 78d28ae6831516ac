/** Every operation of the API: where it is, what it takes, what it answers, and every code with which it may refuse. */
import {
  catalogPage,
  catalogParameters,
  decideBody,
  emptyBody,
  extendBody,
  listParameters,
  meView,
  noParameters,
  openApiView,
  rejectBody,
  requestDetail,
  requestPage,
  submitBody,
} from './api.ts';
import { auditPage, auditParameters } from './audit.ts';
import { reviewBody } from './break-glass.ts';
import { DESCRIPTION_PATH } from './doors.ts';
import { driftBaseline, driftParameters, driftView } from './drift.ts';
import { explainBody, explanationView } from './explain.ts';
import type { OperationSpec } from './operation-spec.ts';
import { POLICY_OPERATIONS } from './policy-operations.ts';
import type { ProblemCode } from './problem.ts';

const ONE_REQUEST = { status: 200, is: 'The request as it is now.', schema: requestDetail } as const;

/** Why the policy, as it is now, does not let somebody through; the duration is another matter. */
const JUDGING = [
  'account_unknown',
  'permission_set_unknown',
  'target_forbidden',
  'not_eligible',
  'guardrail_forbids',
  'frozen',
  'combination_forbidden',
  'outside_hours',
  'not_on_call',
  'on_call_unknown',
  'too_many_open',
  'justification_too_short',
  'ticket_required',
  'ticket_invalid',
] as const satisfies readonly ProblemCode[];

const DECIDING = [
  'self_approval',
  'not_an_approver',
  'stage_not_open',
  'request_not_pending',
  'already_voted',
  'comment_too_long',
  'comment_unprintable',
  'changed_meanwhile',
] as const satisfies readonly ProblemCode[];

const BREAKING = ['break_glass_not_allowed', 'break_glass_limit', 'review_overdue', 'incident_invalid'] as const;
const ATTENDING = ['not_permitted', 'self_approval', 'not_break_glass', 'changed_meanwhile'] as const;

export const OPERATIONS = {
  showMe: {
    method: 'GET',
    path: '/me',
    summary: 'Who the caller is, and what they may do',
    query: noParameters,
    answer: { status: 200, is: 'The caller.', schema: meView },
    refusals: [],
  },
  browseCatalog: {
    method: 'GET',
    path: '/catalog',
    summary: 'What the caller may ask for',
    query: catalogParameters,
    answer: { status: 200, is: 'A page of the catalogue, by account name.', schema: catalogPage },
    refusals: ['cursor_invalid', 'catalogue_not_read', 'catalogue_too_old'],
  },
  explainAsk: {
    method: 'POST',
    path: '/explain',
    summary: 'Why the policy would let a request through, or not: rule by rule; nothing is stored',
    description: 'For another person only by auditors and administrators.',
    query: noParameters,
    body: explainBody,
    answer: { status: 200, is: 'The verdict, whether it allows or refuses.', schema: explanationView },
    refusals: [
      'account_unknown',
      'permission_set_unknown',
      'person_unknown',
      'duration_invalid',
      'start_invalid',
      'not_permitted',
      'catalogue_too_old',
    ],
  },
  submitRequest: {
    method: 'POST',
    path: '/requests',
    summary: 'Ask for access',
    query: noParameters,
    body: submitBody,
    isIdempotent: true,
    answer: {
      status: 201,
      is: 'The request as it was stored, now or before by the same Idempotency-Key.',
      schema: requestDetail,
    },
    refusals: [
      ...JUDGING,
      'duration_invalid',
      'duration_too_long',
      'start_invalid',
      'start_in_past',
      'start_too_far',
      'justification_empty',
      'justification_too_long',
      'justification_unprintable',
      'no_approver',
      ...BREAKING,
      'nobody_to_tell',
      'catalogue_too_old',
      'changed_meanwhile',
    ],
  },
  listRequests: {
    method: 'GET',
    path: '/requests',
    summary: 'Requests: one’s own, those to decide, those active, those of broken glass, or all',
    query: listParameters,
    answer: { status: 200, is: 'A page of requests, newest first.', schema: requestPage },
    refusals: ['cursor_invalid', 'not_permitted'],
  },
  showRequest: {
    method: 'GET',
    path: '/requests/{id}',
    summary: 'One request, with its history and who can decide now',
    query: noParameters,
    answer: ONE_REQUEST,
    refusals: [],
  },
  approveRequest: {
    method: 'POST',
    path: '/requests/{id}/approve',
    summary: 'Approve a request, or the extension that it asks for',
    query: noParameters,
    body: decideBody,
    answer: ONE_REQUEST,
    refusals: [
      ...DECIDING,
      'not_what_waits',
      ...JUDGING,
      'duration_invalid',
      'duration_too_long',
      'duration_not_shorter',
    ],
  },
  rejectRequest: {
    method: 'POST',
    path: '/requests/{id}/reject',
    summary: 'Reject a request, or the extension that it asks for',
    query: noParameters,
    body: rejectBody,
    answer: ONE_REQUEST,
    refusals: DECIDING,
  },
  cancelRequest: {
    method: 'POST',
    path: '/requests/{id}/cancel',
    summary: 'Take back a request that has not begun',
    query: noParameters,
    body: emptyBody,
    answer: ONE_REQUEST,
    refusals: ['not_permitted', 'request_not_cancellable', 'changed_meanwhile'],
  },
  endRequest: {
    method: 'POST',
    path: '/requests/{id}/end',
    summary: 'End access now',
    description: 'The requester, approvers, those told of a broken glass and administrators can always end it.',
    query: noParameters,
    body: emptyBody,
    answer: ONE_REQUEST,
    refusals: ['not_permitted', 'request_not_started', 'request_already_over', 'changed_meanwhile'],
  },
  extendRequest: {
    method: 'POST',
    path: '/requests/{id}/extend',
    summary: 'Ask for more time on access that one holds',
    description: 'Judged anew by the policy; the total never exceeds the longest duration of the rule.',
    query: noParameters,
    body: extendBody,
    answer: ONE_REQUEST,
    refusals: [
      ...JUDGING,
      'not_permitted',
      'duration_invalid',
      'request_not_extendable',
      'extension_pending',
      'extension_too_long',
      'too_many_extensions',
      'no_approver',
      'changed_meanwhile',
    ],
  },
  acknowledgeRequest: {
    method: 'POST',
    path: '/requests/{id}/acknowledge',
    summary: 'Say that one knows that the glass was broken',
    description: 'By whoever was told, or an administrator; never by the requester.',
    query: noParameters,
    body: emptyBody,
    answer: ONE_REQUEST,
    refusals: [...ATTENDING, 'already_acknowledged'],
  },
  reviewRequest: {
    method: 'POST',
    path: '/requests/{id}/review',
    summary: 'Say whether it was right to break the glass',
    description: 'Once, by a reviewer or an administrator; never by the requester.',
    query: noParameters,
    body: reviewBody,
    answer: ONE_REQUEST,
    refusals: [...ATTENDING, 'already_reviewed', 'comment_too_long', 'comment_unprintable'],
  },
  listEvents: {
    method: 'GET',
    path: '/audit',
    summary: 'The audit events of all requests, oldest first; for auditors and administrators',
    description:
      'Each event is a link in the hash chain of its request: docs/api.md says how it is verified. ' +
      'Events of the last seconds may still be on their way into the list.',
    query: auditParameters,
    answer: { status: 200, is: 'A page of events.', schema: auditPage },
    refusals: ['cursor_invalid', 'not_permitted', 'window_too_long'],
  },
  showDrift: {
    method: 'GET',
    path: '/drift',
    summary: 'Assignments made or removed outside Brevet; for auditors and administrators',
    description: 'Each page tells how the search stands too. A page may be short, or empty, and still have a next one.',
    query: driftParameters,
    answer: { status: 200, is: 'A page of findings, by account, and how the search stands.', schema: driftView },
    refusals: ['cursor_invalid', 'not_permitted'],
  },
  takeBaseline: {
    method: 'POST',
    path: '/drift/baseline',
    summary: 'Find in order every unexplained assignment that is known to be there now; for administrators',
    description:
      'Possible once a full round through the accounts has come to its end. The baseline before is replaced.',
    query: noParameters,
    body: emptyBody,
    answer: { status: 200, is: 'The baseline.', schema: driftBaseline },
    refusals: ['not_permitted', 'drift_round_unfinished', 'changed_meanwhile'],
  },
  ...POLICY_OPERATIONS,
  describeApi: {
    method: 'GET',
    path: DESCRIPTION_PATH,
    summary: 'This document',
    query: noParameters,
    answer: { status: 200, is: 'The API in OpenAPI 3.1.', schema: openApiView },
    refusals: [],
  },
} as const satisfies Record<string, OperationSpec>;

export type OperationId = keyof typeof OPERATIONS;

/** What any call may meet, before or behind its operation. */
const EVERYWHERE = [
  'not_signed_in',
  'caller_unknown',
  'caller_disabled',
  'caller_ambiguous',
  'identity_unproven',
  'query_invalid',
  'unavailable',
  'unexpected',
] as const satisfies readonly ProblemCode[];

const WITH_BODY = [
  'body_not_json',
  'body_invalid',
  'body_too_large',
  'content_type_unsupported',
] as const satisfies readonly ProblemCode[];

/** Every code with which the operation may refuse. */
export const refusalsOf = (operation: OperationSpec): readonly ProblemCode[] => [
  ...EVERYWHERE,
  ...(operation.path.includes('{id}') ? (['request_unknown'] as const) : []),
  ...(operation.body ? WITH_BODY : []),
  ...(operation.isIdempotent ? (['idempotency_key_invalid', 'idempotency_key_reused'] as const) : []),
  ...operation.refusals,
];

/** What a call behind no operation may meet; it needs no identity. */
export const ROUTING_REFUSALS = ['route_unknown', 'method_not_allowed'] as const satisfies readonly ProblemCode[];
