/** What the state of a lease, or the time, means for a request that holds it. */
import type { AccessRequest } from './access-request.ts';
import { isClosed, isWanted, type Lease, type Vanished } from './lease.ts';
import { toldOfLease } from './session.ts';
import type { Instant } from './time.ts';
import { toIso } from './time.ts';
import type { RequestEvent } from './transition.ts';

/**
 * Another request holds the lease: what is there, or is being made, is there for it. NB. What is being taken away is not: until it is
 * gone whoever held it is late, however many wait to be given another.
 */
const isKeptForOther = (lease: Lease, requestId: string, now: Instant): boolean =>
  lease.state.kind !== 'deleting' &&
  isWanted({ ...lease, holds: lease.holds.filter((hold) => hold.requestId !== requestId) }, now);

/** Nothing of the request's own is left: nothing is there, or what is there belongs to others, or opens nothing. */
const isReleased = (lease: Lease, requestId: string, now: Instant): boolean =>
  lease.state.kind === 'vacant' ||
  lease.state.kind === 'standing' ||
  isClosed(lease) ||
  isKeptForOther(lease, requestId, now);

const whyGone = (lease: Lease): { readonly vanished?: Vanished } => {
  if (isClosed(lease)) return { vanished: 'closed' };
  const { state } = lease;
  return state.kind === 'vacant' && state.vanished !== undefined ? { vanished: state.vanished } : {};
};

/** The event that is due for the request, if any; never one that gives access. */
export const eventDue = (request: AccessRequest, lease: Lease, now: Instant): RequestEvent | undefined => {
  switch (request.status) {
    case 'granting':
      if (now < request.grantBy) return undefined;
      return toldOfLease({ kind: 'fail-grant', at: now, reason: `not usable before ${toIso(request.grantBy)}` }, lease);
    case 'active':
      return now >= request.endsAt ? { kind: 'end', at: now, by: { kind: 'clock' } } : undefined;
    case 'ending':
      return isReleased(lease, request.id, now) ? { kind: 'gone', at: now, ...whyGone(lease) } : undefined;
    default:
      return undefined;
  }
};
