/** Moves one request, its hold on the lease and its audit event in one transaction; tries again when others are faster. */
import type { AccessRequest } from '../domain/access-request.ts';
import { sealEvent, trailAfter } from '../domain/audit-event.ts';
import { emptyLease, holdsLease, type Lease, leaseIdOf, withHoldOf } from '../domain/lease.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { raisedTo, toldOfLease } from '../domain/session.ts';
import { type RequestEvent, transition } from '../domain/transition.ts';
import type { Ids } from '../ports/ids.ts';
import type { RequestChange } from '../ports/ledger.ts';
import type { Needs } from './world.ts';

const ATTEMPTS = 8;

/** The change that an event makes to a request, sealed into its chain; or why it makes none. */
export const advance = (request: AccessRequest, event: RequestEvent, ids: Ids): RequestChange | Refusal => {
  const result = transition(request, event);
  if (isRefusal(result)) return result;
  const sealed = sealEvent(request.id, request.trail, request.salt, result.fact, ids.sha256);
  return { before: request, after: { ...result.next, trail: trailAfter(sealed) }, events: [sealed] };
};

/** The lease that the request holds, or takes now. NB. What the event is told of it is of the very version that is stored with it. */
const leaseOf = async (world: Needs<'ledger'>, request: AccessRequest, event: RequestEvent) => {
  if (!holdsLease(request) && event.kind !== 'begin-grant') return undefined;
  const { requester, target } = request;
  return (await world.ledger.readLease(leaseIdOf(requester.id, target))) ?? emptyLease(requester.id, target);
};

const leaseAfter = (lease: Lease, after: AccessRequest): Lease => {
  const next = withHoldOf(lease, after);
  return after.status === 'active' ? raisedTo(next, after.target.sessionSeconds) : next;
};

/** Says what should happen to the request as it is now. */
export type Intent = (request: AccessRequest) => RequestEvent | Refusal | Promise<RequestEvent | Refusal>;

export const requestUnknown = (requestId: string): Refusal =>
  refuse('request_unknown', `There is no request ${requestId}, or it is not yours to see.`);

/** @returns the request as it was stored, or the refusal; `changed_meanwhile` when others were faster again and again. */
export const moveRequest = async (
  world: Needs<'ledger' | 'ids'>,
  requestId: string,
  intent: Intent,
): Promise<AccessRequest | Refusal> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const request = await world.ledger.readRequest(requestId);
    if (!request) return requestUnknown(requestId);
    const event = await intent(request);
    if (isRefusal(event)) return event;
    const lease = await leaseOf(world, request, event);
    const told = lease && request.status === 'granting' ? toldOfLease(event, lease) : event;
    const change = advance(request, told, world.ids);
    if (isRefusal(change)) return change;
    const { after } = change;
    const result = await world.ledger.commit({ requests: [change], leases: lease ? [leaseAfter(lease, after)] : [] });
    if (result === 'committed') return { ...after, version: request.version + 1 };
  }
  return refuse('changed_meanwhile', 'Others changed this request at the same moment, again and again. Try again.');
};
