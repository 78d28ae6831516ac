/** Requests, events and leases for the suites: complete, plain, and different where a test says so. */
import type { AccessRequest, AccountTarget, BreakGlass, PersonRef } from '../../lambda/domain/access-request.ts';
import type { AuditEvent } from '../../lambda/domain/audit-event.ts';
import type { Lease } from '../../lambda/domain/lease.ts';
import type { DurationSeconds, Instant } from '../../lambda/domain/time.ts';

export const at = (iso: string): Instant => Date.parse(iso) as Instant;
export const MORNING = at('2026-11-23T08:00:00.000Z');
export const minutesAfter = (moment: Instant, minutes: number): Instant => (moment + minutes * 60_000) as Instant;
export const HOUR = 3600 as DurationSeconds;

export const MARIA: PersonRef = { id: 'id-maria', userName: 'maria', displayName: 'Maria Santos' };
export const OMAR: PersonRef = { id: 'id-omar', userName: 'omar', displayName: 'Omar Haddad' };

export const TARGET: AccountTarget = {
  kind: 'account',
  accountId: '400000000001',
  accountName: 'payments-prod',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0123456789abcdef',
  permissionSetName: 'AdministratorAccess',
  sessionSeconds: 3600,
};

/** An id in the form of the real ones. */
export const idOf = (number: number): string => `01KAQ${String(number).padStart(21, '0')}`;

export const BASE = {
  requester: MARIA,
  target: TARGET,
  durationSeconds: HOUR,
  justification: 'Deploy the fix of the payment outage',
  salt: '00112233445566778899aabbccddeeff',
  entitled: { name: 'payments-prod', policyVersion: 'f'.repeat(64), maxDurationSeconds: HOUR },
  approval: [{ required: 1, groups: [{ id: 'id-leads', name: 'payments-leads' }] }],
  votes: [],
  askedAt: MORNING,
  trail: { count: 1, hash: 'a'.repeat(64) },
  version: 0,
} as const;

export const pending = (number: number, differences: Partial<AccessRequest> = {}): AccessRequest =>
  ({
    ...BASE,
    id: idOf(number),
    status: 'pending',
    expiresAt: minutesAfter(MORNING, 480),
    ...differences,
  }) as AccessRequest;

export const cancelled = (request: AccessRequest, cancelledAt: Instant = MORNING): AccessRequest => {
  const { expiresAt: _, ...rest } = { expiresAt: undefined, ...request };
  return { ...rest, status: 'cancelled', cancelledAt } as AccessRequest;
};

const GRANT_FAILED = { kind: 'grant-failed', reason: 'The account is suspended' } as const;
const ENDED_EARLY = { kind: 'ended-early', by: { kind: 'person', id: OMAR.id, userName: OMAR.userName } } as const;
const VOTES = [
  { stage: 0, approver: OMAR, choice: 'approve', at: MORNING, comment: 'Go ahead', durationSeconds: HOUR },
  {
    stage: 1,
    approver: { id: 'id-lena', userName: 'lena', displayName: 'Lena Fischer' },
    choice: 'reject',
    at: MORNING,
  },
] as const;

/** Everything that a stage can have. */
const STAGES = [
  ...BASE.approval,
  {
    required: 2,
    groups: [],
    users: [OMAR],
    attributes: [{ attribute: 'department', values: ['Payments', 'Risk'] }],
    among: [[{ id: 'id-security', name: 'security' }], []],
    reminder: { afterSeconds: HOUR, remindedAt: MORNING },
    escalation: {
      afterSeconds: HOUR,
      groups: [{ id: 'id-directors', name: 'directors' }],
      users: [OMAR],
      escalatedAt: MORNING,
    },
  },
  { required: 1, groups: [], everybodyWith: [{ attribute: 'title', values: ['Lead'] }] },
] as const;

const REVIEW = { by: OMAR, at: MORNING, outcome: 'not_justified', comment: 'It was no incident' } as const;
/** With everything that may be there. */
export const BROKEN: BreakGlass = {
  incident: 'INC-7',
  told: { groups: [{ id: 'group-security', name: 'security' }], people: [OMAR] },
  reviewers: { groups: [], people: [OMAR] },
  reviewBy: minutesAfter(MORNING, 60),
  acknowledged: { by: OMAR, at: MORNING },
  review: REVIEW,
};

/** One request in every status, with every field that may be there, and without those that need not. */
export const EVERY_REQUEST: readonly AccessRequest[] = [
  pending(1),
  pending(2, { start: minutesAfter(MORNING, 60), ticket: 'PAY-1234', votes: [...VOTES], breakGlass: BROKEN }),
  { ...BASE, id: idOf(3), status: 'scheduled', startsAt: MORNING },
  {
    ...BASE,
    id: idOf(4),
    status: 'granting',
    begunAt: MORNING,
    grantBy: MORNING,
    latestEnd: minutesAfter(MORNING, 75),
  },
  { ...BASE, id: idOf(5), status: 'active', activeSince: MORNING, endsAt: minutesAfter(MORNING, 60), standing: false },
  {
    ...BASE,
    id: idOf(6),
    status: 'active',
    activeSince: MORNING,
    endsAt: minutesAfter(MORNING, 60),
    standing: true,
    extension: {
      durationSeconds: HOUR,
      askedAt: MORNING,
      approval: STAGES,
      votes: [...VOTES],
      entitled: BASE.entitled,
    },
    extensionApprovers: {
      groups: [{ id: 'id-leads', name: 'leads' }],
      userIds: ['id-lena'],
      everybody: [
        { everybodyWith: [{ attribute: 'title', values: ['Lead'] }] },
        {
          everybodyWith: [{ attribute: 'cost_center', values: ['1', '2'] }],
          among: [[{ id: 'id-leads', name: 'leads' }]],
        },
      ],
      voterIds: ['id-omar'],
    },
  },
  { ...BASE, id: idOf(7), status: 'ending', endsAt: MORNING, cause: { kind: 'window-closed' }, standing: false },
  {
    ...BASE,
    id: idOf(8),
    status: 'ending',
    endsAt: MORNING,
    cause: GRANT_FAILED,
    standing: false,
    mayHaveStood: true,
  },
  {
    ...BASE,
    id: idOf(15),
    status: 'ended',
    endedAt: MORNING,
    cause: ENDED_EARLY,
    standing: false,
    mayHaveStood: true,
  },
  { ...BASE, id: idOf(9), status: 'ended', endedAt: MORNING, cause: ENDED_EARLY, standing: true, activeSince: MORNING },
  {
    ...BASE,
    id: idOf(14),
    status: 'ended',
    endedAt: MORNING,
    cause: { kind: 'window-closed' },
    standing: false,
    vanished: 'user',
  },
  { ...BASE, id: idOf(10), status: 'rejected', rejectedAt: MORNING },
  { ...BASE, id: idOf(11), status: 'cancelled', cancelledAt: MORNING },
  { ...BASE, id: idOf(12), status: 'expired', expiredAt: MORNING },
  { ...BASE, id: idOf(13), status: 'failed', failedAt: MORNING, reason: 'The account is suspended' },
  { ...BASE, id: idOf(16), status: 'failed', failedAt: MORNING, reason: 'Too late', mayHaveStood: true },
];

export const eventOf = (requestId: string, sequence: number, differences: Partial<AuditEvent> = {}): AuditEvent => ({
  requestId,
  sequence,
  kind: 'voted',
  at: '2026-11-23T08:00:00.000Z',
  actor: { kind: 'person', id: OMAR.id, userName: OMAR.userName },
  from: 'pending',
  to: 'pending',
  data: { choice: 'approve', durationSeconds: 3600, standing: false, approverGroupIds: ['id-leads'] },
  textHashes: { comment: 'c'.repeat(64) },
  previousHash: 'b'.repeat(64),
  hash: 'a'.repeat(64),
  ...differences,
});

export const leaseOf = (differences: Partial<Lease> = {}): Lease => ({
  id: 'id-maria/account/400000000001/ps-0123456789abcdef',
  principalId: MARIA.id,
  target: TARGET,
  holds: [],
  state: { kind: 'vacant' },
  version: 0,
  ...differences,
});

const OPERATION = { claim: 'claim-1', since: MORNING, attempts: 2 } as const;

/** A lease in every state. */
export const EVERY_LEASE: readonly Lease[] = [
  leaseOf({ id: 'vacant' }),
  leaseOf({ id: 'vacant-vanished', state: { kind: 'vacant', vanished: 'account' } }),
  leaseOf({
    id: 'deleting-refused',
    state: {
      kind: 'deleting',
      operation: { ...OPERATION, refusal: { times: 3, retryAt: minutesAfter(MORNING, 5) } },
    },
  }),
  leaseOf({
    id: 'deleting-closed',
    state: { kind: 'deleting', operation: OPERATION, closed: true },
    unheldSince: MORNING,
    holds: [{ requestId: idOf(1), endsAt: MORNING, lost: true }],
  }),
  leaseOf({
    id: 'standing',
    state: { kind: 'standing' },
    holds: [{ requestId: idOf(1), endsAt: MORNING, ending: true }],
  }),
  leaseOf({
    id: 'held',
    state: { kind: 'held' },
    holds: [{ requestId: idOf(1), endsAt: MORNING, unconfirmedSince: MORNING, breakGlass: true }],
  }),
  leaseOf({ id: 'creating', state: { kind: 'creating', operation: OPERATION } }),
  leaseOf({ id: 'creation-forgotten', state: { kind: 'creating', operation: { ...OPERATION, accepted: true } } }),
  leaseOf({ id: 'creating-known', state: { kind: 'creating', operation: { ...OPERATION, id: 'operation-1' } } }),
  leaseOf({
    id: 'deleting',
    state: { kind: 'deleting', operation: OPERATION, unsettledUntil: minutesAfter(MORNING, 2) },
  }),
];
