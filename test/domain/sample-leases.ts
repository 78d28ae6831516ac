/** A lease in every state, and those who hold it, or wait for it, or have lost it. */
import { emptyLease, type Hold, type Lease, type LeaseState, type Operation } from '../../lambda/domain/lease.ts';
import { ANN, at, TARGET } from './samples.ts';

export const NOW = at('10:00');
export const CALLING: Operation = { claim: 'a', since: at('09:59'), attempts: 0 };
export const CALLED: Operation = { ...CALLING, id: 'operation-1' };
export const STATES = {
  vacant: { kind: 'vacant' },
  standing: { kind: 'standing' },
  'creating, no id': { kind: 'creating', operation: CALLING },
  'creating, id': { kind: 'creating', operation: CALLED },
  held: { kind: 'held' },
  'deleting, no id': { kind: 'deleting', operation: CALLING },
  'deleting, id': { kind: 'deleting', operation: CALLED, unsettledUntil: at('10:01') },
} as const satisfies Record<string, LeaseState>;
export const LATER: Hold = { requestId: 'later', endsAt: at('11:00') };
export const AWAITED: Hold = { requestId: 'awaited', endsAt: at('11:00'), unconfirmedSince: at('09:58') };
export const PAST: Hold = { requestId: 'past', endsAt: at('10:00') };
export const LOST: Hold = { requestId: 'lost', endsAt: at('11:00'), lost: true };
export const OVERDUE: Hold = { requestId: 'overdue', endsAt: at('10:00'), unconfirmedSince: at('09:40') };

export const lease = (state: LeaseState, ...holds: readonly Hold[]): Lease => ({
  ...emptyLease(ANN.id, TARGET),
  state,
  holds,
});
