/** Plain values for tests of the domain: people, a target, and one request in every situation of its life. */
import type {
  AccessRequest,
  AccountTarget,
  ActiveRequest,
  BreakGlass,
  EndingRequest,
  GrantingRequest,
  PendingRequest,
  PersonRef,
  RequestStatus,
  ScheduledRequest,
  Vote,
} from '../../lambda/domain/access-request.ts';
import type { DurationSeconds, Instant } from '../../lambda/domain/time.ts';

/** A moment of the day on which all of it happens, `09:30` or `09:30:15.500`, UTC. */
export const at = (timeOfDay: string): Instant => Date.parse(`2026-11-23T${timeOfDay}Z`) as Instant;
export const seconds = (count: number): DurationSeconds => count as DurationSeconds;
export const HOUR = seconds(3600);
export const HALF_AN_HOUR = seconds(1800);

const someone = (userName: string): PersonRef => ({ id: `id-${userName}`, userName, displayName: userName });
export const ANN = someone('ann');
export const BEN = someone('ben');
export const CAT = someone('cat');
export const DAN = someone('dan');

export const TARGET: AccountTarget = {
  kind: 'account',
  accountId: '400000000001',
  accountName: 'payments-prod',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0123456789abcdef',
  permissionSetName: 'AdministratorAccess',
  sessionSeconds: 7200,
};

export const LEADS = { id: 'group-leads', name: 'leads' };

/** Of the first stage. */
export const approve = (approver: PersonRef, moment = at('10:00'), durationSeconds?: DurationSeconds): Vote => ({
  stage: 0,
  approver,
  choice: 'approve',
  at: moment,
  ...(durationSeconds === undefined ? {} : { durationSeconds }),
});
export const reject = (approver: PersonRef, moment = at('10:00')): Vote => ({
  stage: 0,
  approver,
  choice: 'reject',
  at: moment,
});

export const ENTITLED = {
  name: 'payments-production',
  policyVersion: 'a'.repeat(64),
  maxDurationSeconds: seconds(14_400),
};

/** Asked at nine for an hour by Ann; two must approve, and Cat has. */
export const BASE = {
  id: '01KAQ000000000000000000001',
  requester: ANN,
  target: TARGET,
  durationSeconds: HOUR,
  justification: 'Deploy the fix of the payment outage',
  salt: '00112233445566778899aabbccddeeff',
  entitled: ENTITLED,
  approval: [{ required: 2, groups: [LEADS] }],
  votes: [approve(CAT, at('09:05'))],
  askedAt: at('09:00'),
  trail: { count: 2, hash: 'b'.repeat(64) },
  version: 2,
} as const;

export const PENDING: PendingRequest = { ...BASE, status: 'pending', expiresAt: at('17:00') };
export const SCHEDULED: ScheduledRequest = { ...BASE, status: 'scheduled', startsAt: at('09:30') };
export const GRANTING: GrantingRequest = {
  ...BASE,
  status: 'granting',
  begunAt: at('09:30'),
  grantBy: at('09:45'),
  latestEnd: at('10:45'),
};
export const ACTIVE: ActiveRequest = {
  ...BASE,
  status: 'active',
  activeSince: at('09:31'),
  endsAt: at('10:31'),
  standing: false,
};
/** Wants half an hour more; two must approve, and Cat has. */
export const EXTENDING: ActiveRequest = {
  ...ACTIVE,
  extension: {
    durationSeconds: HALF_AN_HOUR,
    askedAt: at('09:50'),
    approval: [{ required: 2, groups: [LEADS] }],
    votes: [approve(CAT, at('09:55'))],
    entitled: { ...ENTITLED, name: 'payments-extended' },
  },
};
export const ENDING: EndingRequest = {
  ...BASE,
  status: 'ending',
  activeSince: at('09:31'),
  endsAt: at('10:31'),
  cause: { kind: 'window-closed' },
  standing: false,
};
export const ENDING_FAILED: EndingRequest = {
  ...BASE,
  status: 'ending',
  endsAt: at('09:40'),
  cause: { kind: 'grant-failed', reason: 'the account is suspended' },
  standing: false,
};

/** As it is while nobody has said anything about it; Cat and whoever leads were told, and review it within a day. */
export const BROKEN: BreakGlass = {
  incident: 'INC-42',
  told: { groups: [LEADS], people: [CAT] },
  reviewers: { groups: [LEADS], people: [CAT] },
  reviewBy: (at('09:00') + 86_400_000) as Instant,
};

/** Every situation by name; those with a plus sign or a dash are variants of a status. */
export const SITUATIONS: Readonly<Record<string, AccessRequest>> = {
  pending: PENDING,
  scheduled: SCHEDULED,
  granting: GRANTING,
  active: ACTIVE,
  'active+extension': EXTENDING,
  ending: ENDING,
  'ending-failed': ENDING_FAILED,
  ended: { ...ENDING, status: 'ended', endedAt: at('10:32') },
  rejected: { ...BASE, status: 'rejected', votes: [reject(CAT, at('09:05'))], rejectedAt: at('09:05') },
  cancelled: { ...BASE, status: 'cancelled', cancelledAt: at('09:06') },
  expired: { ...BASE, status: 'expired', expiredAt: at('17:00') },
  failed: { ...BASE, status: 'failed', failedAt: at('09:41'), reason: 'the account is suspended' },
};

/** Typed as the contract's list would be; a status that is added must be added here. */
export const EVERY_STATUS: readonly RequestStatus[] = [
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
];
