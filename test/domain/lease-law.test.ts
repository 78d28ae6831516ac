/** The law that the lease keeps whatever becomes of those who hold it (docs/law.md). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import {
  emptyLease,
  holdsLease,
  type Lease,
  type LeaseState,
  nextStep,
  withHoldOf,
  withHoldsLost,
} from '../../lambda/domain/lease.ts';
import { anyMoment, anySituation } from './anything.ts';
import { ANN, at, TARGET } from './samples.ts';

describe('the lease', () => {
  const anyHolder = fc
    .tuple(fc.constantFrom('one', 'two', 'three'), anySituation)
    .map(([id, request]) => ({ ...request, id }));
  const anyOperation = fc.record({
    claim: fc.constant('a'),
    since: anyMoment,
    attempts: fc.nat(3),
    id: fc.constantFrom('x'),
  });
  const anyState: fc.Arbitrary<LeaseState> = fc.oneof(
    fc.constant<LeaseState>({ kind: 'vacant' }),
    fc.constant<LeaseState>({ kind: 'standing' }),
    fc.constant<LeaseState>({ kind: 'held' }),
    anyOperation.map((operation): LeaseState => ({ kind: 'creating', operation })),
    anyOperation.map(({ id: _, ...operation }): LeaseState => ({ kind: 'creating', operation })),
    anyOperation.map((operation): LeaseState => ({ kind: 'deleting', operation, unsettledUntil: at('10:01') })),
    anyOperation.map(({ id: _, ...operation }): LeaseState => ({ kind: 'deleting', operation })),
  );
  const held = (holders: readonly AccessRequest[]): Lease => holders.reduce(withHoldOf, emptyLease(ANN.id, TARGET));

  it('holds each request at most once, and only as it was last', () => {
    fc.assert(
      fc.property(fc.array(anyHolder, { maxLength: 12 }), (holders) => {
        const ids = held(holders).holds.map(({ requestId }) => requestId);
        const last = new Map(holders.map((request) => [request.id, request]));
        const expected = [...last.values()].filter(holdsLease).map(({ id }) => id);
        expect([...ids].sort()).toEqual(expected.sort());
      }),
    );
  });

  it('law 4: never asks to touch an assignment that stood before', () => {
    fc.assert(
      fc.property(fc.array(anyHolder, { maxLength: 6 }), anyMoment, (holders, now) => {
        const step = nextStep({ ...held(holders), state: { kind: 'standing' } }, now);
        expect(['delete', 'await-deleted', 'create', 'await-created', 'observe']).not.toContain(step);
      }),
    );
  });

  it('laws 1 and 7: never asks to create what nobody waits for, since nobody else is judged for it', () => {
    fc.assert(
      fc.property(fc.array(anyHolder, { maxLength: 6 }), anyState, anyMoment, (holders, state, now) => {
        const lease = { ...held(holders), state };
        const step = nextStep(lease, now);
        if (step !== 'create' && step !== 'observe') return;
        const last = new Map(holders.map((request) => [request.id, request]));
        const waiting = [...last.values()].filter((one) => one.status === 'granting' && one.latestEnd > now);
        expect(waiting).not.toEqual([]);
      }),
    );
  });

  it('law 4: never asks to take away what somebody holds', () => {
    fc.assert(
      fc.property(fc.array(anyHolder, { maxLength: 6 }), anyState, anyMoment, (holders, state, now) => {
        const lease = { ...held(holders), state };
        if (nextStep(lease, now) !== 'release' || state.kind === 'creating') return;
        expect(lease.holds.every(({ endsAt }) => endsAt <= now)).toBe(true);
      }),
    );
  });

  it('law 7: what was taken away by others is neither made nor kept for whoever had it, though others come and go', () => {
    const isWaiting = ({ status }: AccessRequest): boolean => status === 'granting';
    fc.assert(
      fc.property(
        fc.array(anyHolder, { maxLength: 6 }),
        fc.uniqueArray(anyHolder, { selector: ({ id }) => id }),
        anyState,
        anyMoment,
        (had, later, state, now) => {
          const withoutWaiting = had.filter((one) => !isWaiting(one));
          const former = new Set(held(withoutWaiting).holds.map(({ requestId }) => requestId));
          // Of those who had it, only what becomes of them: ended, extended, never granted anew.
          const comers = later.filter((one) => !(former.has(one.id) && isWaiting(one)));
          const lease = { ...comers.reduce(withHoldOf, withHoldsLost(held(withoutWaiting))), state };
          const step = nextStep(lease, now);
          const others = lease.holds.filter(({ requestId, endsAt }) => !former.has(requestId) && endsAt > now);
          if (others.length > 0) return;
          expect(['observe', 'create']).not.toContain(step);
          if (state.kind === 'held' || state.kind === 'standing') expect(step).toBe('release');
        },
      ),
      { numRuns: 500 },
    );
  });
});
