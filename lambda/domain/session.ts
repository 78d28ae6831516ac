/** How long credentials live that an assignment gives (law 14): as the permission set says when it is given, and as it said of what may have stood all the same. */
import type { AccessRequest, Target } from './access-request.ts';
import type { Lease } from './lease.ts';
import type { Transition } from './move.ts';
import type { RequestEvent } from './transition.ts';

interface Targeted {
  readonly target: Target;
}

/** What an event tells of that. */
export interface ToldSession {
  /** How long credentials of the permission set live now. */
  readonly sessionSeconds: number;
  /** It ends before it was usable, and its assignment may have been there all the same. */
  readonly mayHaveStood?: true;
}

const withSession = <Thing extends Targeted>(thing: Thing, sessionSeconds: number): Thing => ({
  ...thing,
  target: { ...thing.target, sessionSeconds },
});

/** While something stands it may have given credentials by what was said before, so that the figure only rises. */
export const raisedTo = <Thing extends Targeted>(thing: Thing, sessionSeconds: number): Thing =>
  withSession(thing, Math.max(thing.target.sessionSeconds, sessionSeconds));

/** A move with what its event told; what is active stands. */
export const withTold = (before: AccessRequest, { next, fact }: Transition, told: ToldSession): Transition => {
  const given = (before.status === 'active' ? raisedTo : withSession)(next, told.sessionSeconds);
  const { sessionSeconds } = given.target;
  const stood = told.mayHaveStood && { mayHaveStood: told.mayHaveStood };
  return { next: { ...given, ...stood }, fact: { ...fact, data: { ...fact.data, ...stood, sessionSeconds } } };
};

/**
 * The lease that is given now. Where nothing is there yet, what was said before does not count: that is of when somebody
 * asked, or of an assignment that is long gone.
 *
 * @param found what Identity Center says of its permission set now, by each that was just judged.
 */
export const givenNow = (lease: Lease, found: readonly number[]): Lease => {
  if (found.length === 0) return lease;
  const sessionSeconds = Math.max(...found);
  return lease.state.kind === 'vacant' ? withSession(lease, sessionSeconds) : raisedTo(lease, sessionSeconds);
};

/** Whether something of ours is there, or may be: a creation was accepted, or nobody knows whether it was. */
const mayStand = ({ state }: Lease): boolean => {
  if (state.kind !== 'creating') return state.kind === 'held';
  const { id, accepted } = state.operation;
  return (id ?? accepted ?? state.unsettledUntil) !== undefined;
};

/** The event by which a request ends that was being granted: what of it may have stood all the same, by its lease. */
export const toldOfLease = (event: RequestEvent, lease: Lease): RequestEvent =>
  (event.kind === 'end' || event.kind === 'fail-grant') && mayStand(lease)
    ? { ...event, session: { sessionSeconds: lease.target.sessionSeconds, mayHaveStood: true } }
    : event;
