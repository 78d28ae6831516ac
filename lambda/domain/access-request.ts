/** One person's ask for one target: a union discriminated by status, each status with only its own fields. */
import type { Approval, Everybody } from './approval.ts';
import type { TrailHead } from './audit-event.ts';
import type { Vanished } from './lease.ts';
import type { DurationSeconds, Instant } from './time.ts';

/** A person by the id that counts (Identity Center user id) and the names that people read. */
export interface PersonRef {
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
}

export interface GroupRef {
  readonly id: string;
  readonly name: string;
}

/** An account and a permission set, both with the names they had when asked. */
export interface AccountTarget {
  readonly kind: 'account';
  readonly accountId: string;
  readonly accountName: string;
  readonly permissionSetArn: string;
  readonly permissionSetName: string;
  /**
   * How long credentials issued by this permission set may live on, seconds (law 14): as it was known when somebody asked,
   * and from when it is given, as it is then; what stands never has less than it had.
   */
  readonly sessionSeconds: number;
}

export type Target = AccountTarget;

/** What an approver says. */
export interface VoteGiven {
  readonly approver: PersonRef;
  readonly choice: 'approve' | 'reject';
  readonly at: Instant;
  readonly comment?: string;
  /** Set when the approver shortened the window. */
  readonly durationSeconds?: DurationSeconds;
}

/** What an approver has said, in the stage that was open then, counted from 0. */
export interface Vote extends VoteGiven {
  readonly stage: number;
}

/** The rule that let the request through. */
export interface Entitled {
  readonly name: string;
  readonly policyVersion: string;
  readonly maxDurationSeconds: DurationSeconds;
}

export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly userName: string }
  | { readonly kind: 'clock' }
  | { readonly kind: 'brevet' };

export type EndCause =
  | { readonly kind: 'window-closed' }
  | { readonly kind: 'ended-early'; readonly by: Actor }
  | { readonly kind: 'grant-failed'; readonly reason: string };

/** A pending wish for more time on an active request, with a ballot of its own. */
export interface Extension {
  readonly durationSeconds: DurationSeconds;
  readonly askedAt: Instant;
  readonly approval: Approval;
  readonly votes: readonly Vote[];
  readonly entitled: Entitled;
}

/** Who was asked for more time, and who decided on it: approvers of the request from then on, though their rule is another. */
export interface ExtensionApprovers {
  readonly groups: readonly GroupRef[];
  /** Ids of those who were asked by name. */
  readonly userIds?: readonly string[];
  /** Those who were asked by attributes alone. */
  readonly everybody?: readonly Everybody[];
  /** Ids of those who voted, for when they leave the group. */
  readonly voterIds: readonly string[];
}

/** Somebody else changed the assignment in Identity Center while the request held it. */
export interface ExternalChange {
  readonly change: 'removed' | 'assigned';
  /** When Brevet noticed. */
  readonly at: Instant;
}

/** People who were named when the request was asked: who belongs to the groups is resolved when they act. */
export interface Audience {
  readonly groups: readonly GroupRef[];
  readonly people: readonly PersonRef[];
}

export const REVIEW_OUTCOMES = ['justified', 'not_justified'] as const;

export interface Review {
  readonly by: PersonRef;
  readonly at: Instant;
  readonly outcome: (typeof REVIEW_OUTCOMES)[number];
  readonly comment?: string;
}

/** Somebody broke the glass: nobody approved, and so others are told, acknowledge, and review it afterwards. */
export interface BreakGlass {
  readonly incident: string;
  readonly told: Audience;
  readonly reviewers: Audience;
  readonly reviewBy: Instant;
  /** Until then the alarm is raised again and again. */
  readonly acknowledged?: Pick<Review, 'by' | 'at'>;
  readonly review?: Review;
}

interface RequestBase {
  readonly id: string;
  readonly requester: PersonRef;
  readonly target: Target;
  /** Length of the window; an approver may have shortened it. */
  readonly durationSeconds: DurationSeconds;
  /** Present for a scheduled window, which is absolute; an immediate one starts when usable (law 10). */
  readonly start?: Instant;
  readonly justification: string;
  readonly ticket?: string;
  /** Present where the glass was broken for it: it is granted before anything else is done. */
  readonly breakGlass?: BreakGlass;
  /** Salt of the hashes by which events speak of this request's texts (law 8). */
  readonly salt: string;
  readonly entitled: Entitled;
  readonly approval: Approval;
  readonly votes: readonly Vote[];
  /** Present once an extension was asked of somebody. */
  readonly extensionApprovers?: ExtensionApprovers;
  readonly askedAt: Instant;
  /** The latest such change; it stays with the request for good. */
  readonly externallyModified?: ExternalChange;
  /** It was over before it was usable, and yet somebody may have got credentials: its assignment may have been there. */
  readonly mayHaveStood?: true;
  readonly trail: TrailHead;
  /** Counts stored changes; conditional writes compare it. */
  readonly version: number;
}

export interface PendingRequest extends RequestBase {
  readonly status: 'pending';
  readonly expiresAt: Instant;
}
/** Approved, and its start not yet reached (an immediate one may start at once). */
export interface ScheduledRequest extends RequestBase {
  readonly status: 'scheduled';
  readonly startsAt: Instant;
}
/** The lease is stored; Identity Center is being asked. `latestEnd` holds whatever fails (law 2). */
export interface GrantingRequest extends RequestBase {
  readonly status: 'granting';
  readonly begunAt: Instant;
  readonly grantBy: Instant;
  readonly latestEnd: Instant;
}
export interface ActiveRequest extends RequestBase {
  readonly status: 'active';
  readonly activeSince: Instant;
  readonly endsAt: Instant;
  /** True when the assignment stood before and will stay (law 4). */
  readonly standing: boolean;
  readonly extension?: Extension;
}
export interface EndingRequest extends RequestBase {
  readonly status: 'ending';
  readonly endsAt: Instant;
  readonly cause: EndCause;
  readonly standing: boolean;
  readonly activeSince?: Instant;
}
export interface EndedRequest extends RequestBase {
  readonly status: 'ended';
  readonly endedAt: Instant;
  readonly cause: EndCause;
  readonly standing: boolean;
  readonly activeSince?: Instant;
  /** Present when the assignment went, or cannot be used any more, because what it was for is not there any more. */
  readonly vanished?: Vanished;
}
export interface RejectedRequest extends RequestBase {
  readonly status: 'rejected';
  readonly rejectedAt: Instant;
}
export interface CancelledRequest extends RequestBase {
  readonly status: 'cancelled';
  readonly cancelledAt: Instant;
}
export interface ExpiredRequest extends RequestBase {
  readonly status: 'expired';
  readonly expiredAt: Instant;
}
/** The grant failed and the lease is confirmed gone. */
export interface FailedRequest extends RequestBase {
  readonly status: 'failed';
  readonly failedAt: Instant;
  readonly reason: string;
}

export type OpenRequest = PendingRequest | ScheduledRequest | GrantingRequest | ActiveRequest | EndingRequest;
export type OverRequest = EndedRequest | RejectedRequest | CancelledRequest | ExpiredRequest | FailedRequest;
export type AccessRequest = OpenRequest | OverRequest;
export type RequestStatus = AccessRequest['status'];

const OVER: ReadonlySet<RequestStatus> = new Set(['ended', 'rejected', 'cancelled', 'expired', 'failed']);

export const isOpen = (request: AccessRequest): request is OpenRequest => !OVER.has(request.status);

/** The base fields alone, for building the next status without dragging old fields along. */
export const baseOf = (request: AccessRequest): RequestBase => ({
  id: request.id,
  requester: request.requester,
  target: request.target,
  durationSeconds: request.durationSeconds,
  ...(request.start === undefined ? {} : { start: request.start }),
  justification: request.justification,
  ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
  ...(request.breakGlass === undefined ? {} : { breakGlass: request.breakGlass }),
  salt: request.salt,
  entitled: request.entitled,
  approval: request.approval,
  votes: request.votes,
  ...(request.extensionApprovers === undefined ? {} : { extensionApprovers: request.extensionApprovers }),
  askedAt: request.askedAt,
  ...(request.externallyModified === undefined ? {} : { externallyModified: request.externallyModified }),
  ...(request.mayHaveStood && { mayHaveStood: request.mayHaveStood }),
  trail: request.trail,
  version: request.version,
});

/** Until when credentials already issued may still work after `end` (law 14). */
export const credentialsMayWorkUntil = (target: Target, end: Instant): Instant =>
  (end + target.sessionSeconds * 1000) as Instant;
