/** What is held: (principal, target), every request that holds it, and what Brevet has done about it in Identity Center. */
import type { AccessRequest, Target } from './access-request.ts';
import { addSeconds, earliest, type Instant, latest } from './time.ts';

/** One request's claim on the lease. `endsAt` is the latest end; it only tightens, but for an approved extension. */
export interface Hold {
  readonly requestId: string;
  readonly endsAt: Instant;
  /** Present until the access is confirmed usable: since when somebody waits for it. */
  readonly unconfirmedSince?: Instant;
  /** The request is ending: what it holds is to go now, and it waits to hear that it is gone. */
  readonly ending?: true;
  /** Somebody broke the glass for it: it comes first. */
  readonly breakGlass?: true;
  /** Others took away what it held: it only waits for its end, and what is made for others meanwhile is not kept for it. */
  readonly lost?: true;
}

/** A call to Identity Center under way. Without an id nobody knows whether it was made: look first. */
export interface Operation {
  /** What Identity Center calls it. */
  readonly id?: string;
  /** It was accepted, and Identity Center has forgotten what it calls it: what it made may be there. */
  readonly accepted?: true;
  /** Names the runner that stored this and alone may make the call, until others may take over. */
  readonly claim: string;
  readonly since: Instant;
  /** Calls made so far that came to nothing. */
  readonly attempts: number;
  readonly refusal?: Refusal;
}

/** Identity Center would not, though it was not busy: how often by now, and not before when it is asked again. */
interface Refusal {
  readonly times: number;
  readonly retryAt: Instant;
}

/**
 * What an assignment cannot outlive, and is no longer there: its account or permission set, its account alone, its user.
 * `closed`: its account is there, and nobody can use it.
 */
export type Vanished = 'target' | 'account' | 'user' | 'closed';

/** Until then a call whose outcome nobody learned may still take effect: what is absent may appear, what is there go. */
interface Unsettled {
  readonly unsettledUntil?: Instant;
}

/**
 * `vacant`: nothing of ours is there. `standing`: an assignment that Brevet did not make was found, and stays (law 4).
 * The others are ours: ownership is decided once, when `creating` is stored after absence was observed.
 */
export type LeaseState =
  | { readonly kind: 'vacant'; readonly vanished?: Vanished }
  | { readonly kind: 'standing' }
  | ({ readonly kind: 'creating'; readonly operation: Operation } & Unsettled)
  /** `closed`: it was refused again and again, and its account is closed: it is looked at now and then, lest that is undone. */
  | ({ readonly kind: 'deleting'; readonly operation: Operation; readonly closed?: true } & Unsettled)
  /** `creationId`: what Identity Center calls the creation that made it, where that is known. */
  | ({ readonly kind: 'held'; readonly creationId?: string } & Unsettled);

export interface Lease {
  readonly id: string;
  readonly principalId: string;
  readonly target: Target;
  readonly holds: readonly Hold[];
  readonly state: LeaseState;
  /** Since when what is there is to go though no request waits for that: the alarm on late endings goes by it then. */
  readonly unheldSince?: Instant;
  readonly version: number;
}

/** One lease for each (principal, target). */
export const leaseIdOf = (
  principalId: string,
  target: Pick<Target, 'kind' | 'accountId' | 'permissionSetArn'>,
): string => `${principalId}/${target.kind}/${target.accountId}/${target.permissionSetArn.split('/').at(-1)}`;

export const emptyLease = (principalId: string, target: Target): Lease => ({
  id: leaseIdOf(principalId, target),
  principalId,
  target,
  holds: [],
  state: { kind: 'vacant' },
  version: 0,
});

const holdOf = (request: AccessRequest): Hold | undefined => {
  const requestId = request.id;
  const urgency = request.breakGlass ? { breakGlass: true as const } : {};
  switch (request.status) {
    case 'granting':
      return { requestId, endsAt: request.latestEnd, unconfirmedSince: request.begunAt, ...urgency };
    case 'active':
      return { requestId, endsAt: request.endsAt, ...urgency };
    case 'ending':
      return { requestId, endsAt: request.endsAt, ending: true, ...urgency };
    default:
      return undefined;
  }
};

/** Whether requests of this status hold a lease. */
export const holdsLease = (request: AccessRequest): boolean => holdOf(request) !== undefined;

/** The lease with exactly the hold that the request deserves in its status: one, moved, or none. */
export const withHoldOf = (lease: Lease, request: AccessRequest): Lease => {
  const others = lease.holds.filter(({ requestId }) => requestId !== request.id);
  const isLost = lease.holds.some(({ requestId, lost }) => requestId === request.id && lost);
  const hold = holdOf(request);
  return { ...lease, holds: hold ? [...others, { ...hold, ...(isLost && { lost: true }) }] : others };
};

const isAwaiting = ({ unconfirmedSince }: Hold): boolean => unconfirmedSince !== undefined;

/** Others took the assignment away: whoever used it has lost it, and only those who wait for access want one made. */
export const withHoldsLost = (lease: Lease): Lease => ({
  ...lease,
  holds: lease.holds.map((hold) => (isAwaiting(hold) ? hold : { ...hold, lost: true })),
});

/** What is there is to stay for somebody. */
export const isWanted = (lease: Lease, now: Instant): boolean =>
  lease.holds.some(({ endsAt, lost }) => !lost && endsAt > now);

/**
 * What is not there is to be made for somebody: for whoever waits for it alone, and is judged before. NB. Whoever has used it
 * lost it by the hand of others, and nobody has judged since that they should have it again (law 7).
 */
export const isAwaited = (lease: Lease, now: Instant): boolean =>
  lease.holds.some((hold) => isAwaiting(hold) && hold.endsAt > now);

/** Nobody has anything of it, and nobody waits for it. */
const isUnheld = ({ holds }: Lease): boolean => holds.every(({ lost }) => lost);

/** The lease as it is when nothing is there. */
export const vacated = ({ unheldSince: _, ...lease }: Lease, vanished?: Vanished): Lease => ({
  ...lease,
  state: { kind: 'vacant', ...(vanished !== undefined && { vanished }) },
});

/** What is there is to go from then on, or from when it was to go already; where requests wait for that, they say since when. */
export const toGo = ({ unheldSince, ...lease }: Lease, at: Instant): Lease =>
  isUnheld(lease) ? { ...lease, unheldSince: unheldSince ?? at } : lease;

/** Since when it should be gone, where no request tells: undefined where one does, and where it opens nothing. */
export const overdueSince = (lease: Lease): Instant | undefined =>
  isUnheld(lease) && !isClosed(lease) ? lease.unheldSince : undefined;

/** Whether anything is left to do or to watch. */
export const isIdle = (lease: Lease): boolean => lease.holds.length === 0 && lease.state.kind === 'vacant';

/** How long a call under way is left to whoever claimed it before others take it over, seconds. */
const TAKE_OVER_SECONDS = 30;

export const takeOverAt = ({ since }: Operation): Instant => addSeconds(since, TAKE_OVER_SECONDS);

/** Ending never gives up; but what is refused is asked for less and less often, seconds. */
const RETRY_SECONDS = { first: 30, longest: 300 } as const;

/** The same call, to be made again later: each refusal doubles the time until then. */
export const refusedAt = (operation: Operation, now: Instant): Operation => {
  const times = (operation.refusal?.times ?? 0) + 1;
  const seconds = Math.min(RETRY_SECONDS.first * 2 ** (times - 1), RETRY_SECONDS.longest);
  return { ...operation, refusal: { times, retryAt: addSeconds(now, seconds) } };
};

/** What is refused for a moment goes through the next time; so often, it is the account. */
const REFUSALS_OF_A_CLOSED_ACCOUNT = 3;
/** A closed account can be reinstated for 90 days: whether it was, is asked so often, seconds. */
const CLOSED_AGAIN_SECONDS = 600;

/** Whether the removal was refused so often that, where the account is closed, this is why. */
export const isRefusedForGood = ({ refusal }: Operation): boolean =>
  (refusal?.times ?? 0) >= REFUSALS_OF_A_CLOSED_ACCOUNT;

/** What is there opens nothing while its account is closed: whoever waits for it to go need not, and it is looked at now and then. */
export const asClosed = (lease: Lease, now: Instant): Lease => {
  if (lease.state.kind !== 'deleting') return lease;
  const { operation } = lease.state;
  const refusal = { times: operation.refusal?.times ?? 0, retryAt: addSeconds(now, CLOSED_AGAIN_SECONDS) };
  return { ...lease, state: { ...lease.state, operation: { ...operation, refusal }, closed: true } };
};

/** It opens something again: it is to go at once, and late from now on. */
export const asReopened = (lease: Lease, now: Instant): Lease => {
  if (lease.state.kind !== 'deleting') return lease;
  const { closed: _, operation, ...state } = lease.state;
  const { refusal: _refusal, ...fresh } = operation;
  const { unheldSince: _before, ...others } = lease;
  return toGo({ ...others, state: { ...state, operation: fresh } }, now);
};

export const isClosed = ({ state }: Lease): boolean => state.kind === 'deleting' && state.closed === true;

/** Whether the call was refused so lately that it is not made again yet. */
export const isPutOff = ({ id, refusal }: Operation, now: Instant): boolean =>
  id === undefined && refusal !== undefined && now < refusal.retryAt;

/** Whether somebody else is (or may be) at this very moment making the call. */
export const isClaimedByOther = (operation: Operation, claim: string | undefined, now: Instant): boolean =>
  operation.id === undefined && operation.claim !== claim && now < takeOverAt(operation);

/**
 * How soon after its claim a call must begin, seconds. Whoever was held up for longer may have been taken over from, and
 * looks again instead.
 */
const BEGIN_WITHIN_SECONDS = 5;

/**
 * A call begins within those seconds, is given up within twenty (the adapter's patience), and takes effect, if ever, within
 * a minute of its beginning; the rest is for clocks that differ.
 */
const UNSETTLED_SECONDS = 90;

export const isTooLateToCall = ({ since }: Operation, now: Instant): boolean =>
  now >= addSeconds(since, BEGIN_WITHIN_SECONDS);

/** Until when a call of unknown outcome may still take effect; undefined when there is none. */
export const unsettledUntil = ({ state }: Lease): Instant | undefined =>
  'unsettledUntil' in state ? state.unsettledUntil : undefined;

/** The state in which a call is about to be made: until its outcome is known, it may take effect. */
export const claiming = (kind: 'creating' | 'deleting', operation: Operation): LeaseState => ({
  kind,
  operation,
  unsettledUntil: addSeconds(operation.since, UNSETTLED_SECONDS),
});

/** A hold needs attention at its end, or before, when what it waits for was not confirmed in time. */
const holdDueAt = ({ endsAt, unconfirmedSince }: Hold): Instant =>
  unconfirmedSince === undefined ? endsAt : earliest(endsAt, addSeconds(unconfirmedSince, TAKE_OVER_SECONDS));

/** When the sweep must look at the lease next; undefined when it is idle. */
export const leaseDueAt = (lease: Lease): Instant | undefined => {
  const { state, holds } = lease;
  if (state.kind === 'creating' || state.kind === 'deleting') {
    const { refusal } = state.operation;
    // However long it is put off, each sweep tells how late it is, as it does of requests that are ending.
    if (overdueSince(lease) !== undefined) return takeOverAt(state.operation);
    return latest(takeOverAt(state.operation), refusal?.retryAt ?? state.operation.since);
  }
  if (state.kind !== 'vacant' && isUnheld(lease)) return 0 as Instant;
  const [first, ...others] = holds.map(holdDueAt);
  return first === undefined ? undefined : earliest(first, ...others);
};

/** The one step that brings reality nearer to the ledger. */
export type LeaseStep =
  /** Look whether the assignment is there, before deciding who owns it. */
  | 'observe'
  /** Intent to create is stored; make sure the call was made. */
  | 'create'
  /** Ask how the call that creates stands. */
  | 'await-created'
  /** Store the intent to delete, since nobody wants it any more. */
  | 'release'
  /** Intent to delete is stored; make sure the call was made. */
  | 'delete'
  /** Ask how the call that deletes stands. */
  | 'await-deleted'
  /** Reality is as the ledger wants it. */
  | 'none';

export const nextStep = (lease: Lease, now: Instant): LeaseStep => {
  const wanted = isWanted(lease, now);
  const awaited = isAwaited(lease, now);
  switch (lease.state.kind) {
    case 'vacant':
      return awaited ? 'observe' : 'none';
    case 'creating':
      if (lease.state.operation.id !== undefined) return 'await-created';
      return awaited ? 'create' : 'release';
    case 'standing':
      return wanted ? 'none' : 'release';
    case 'held':
      return wanted ? 'none' : 'release';
    case 'deleting':
      return lease.state.operation.id === undefined ? 'delete' : 'await-deleted';
  }
};
