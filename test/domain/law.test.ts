/** The law that the pure functions keep whatever happens in whatever order (docs/law.md). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest, Vote, VoteGiven } from '../../lambda/domain/access-request.ts';
import { cast, standingOf } from '../../lambda/domain/ballot.ts';
import {
  emptyLease,
  holdsLease,
  type Lease,
  type LeaseState,
  nextStep,
  withHoldOf,
  withHoldsLost,
} from '../../lambda/domain/lease.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import { ANN, at, BEN, CAT, DAN, ENTITLED, LEADS, PENDING, SITUATIONS, seconds, TARGET } from './samples.ts';

// ---------- anything that may happen ----------

const FROM = at('09:00');
const MAXIMUM = ENTITLED.maxDurationSeconds;
const anyMoment: fc.Arbitrary<Instant> = fc.integer({ min: 0, max: 9 * 3600 }).map((count) => addSeconds(FROM, count));
const anyone = fc.constantFrom(ANN, BEN, CAT, DAN);
const anyLength = fc.integer({ min: 1, max: 2 * MAXIMUM }).map(seconds);
/** Stands for it, being longer than anything. */
const LOOKED = seconds(10 * MAXIMUM);
const anyVote: fc.Arbitrary<VoteGiven> = fc
  .record({
    approver: anyone,
    choice: fc.constantFrom('approve', 'reject'),
    at: anyMoment,
    shorter: fc.option(anyLength),
  })
  .map(({ shorter, ...vote }) => (shorter === null ? vote : { ...vote, durationSeconds: shorter }));
const anyApproval = fc.array(fc.record({ required: fc.integer({ min: 1, max: 2 }), groups: fc.constant([LEADS]) }), {
  maxLength: 2,
});
const anyEnder = fc.constantFrom(
  { kind: 'clock' } as const,
  { kind: 'brevet' } as const,
  { kind: 'person', id: DAN.id, userName: 'dan' } as const,
);
const anySession = fc.record({ sessionSeconds: fc.constantFrom(3600, 7200, 14_400) });
const extending: fc.Arbitrary<RequestEvent> = fc.record({
  kind: fc.constant('extend' as const),
  at: anyMoment,
  durationSeconds: anyLength,
  entitled: fc.constant(ENTITLED),
  approval: anyApproval,
  session: anySession,
});
/** Who has seen anything, or has looked last: then it fits (`fitting`). */
const anyVoting: fc.Arbitrary<RequestEvent> = fc
  .record({ vote: anyVote, extendTo: fc.option(fc.oneof(fc.constant(LOOKED), anyLength)) })
  .map(({ vote, extendTo }) => ({ kind: 'vote', vote, ...(extendTo === null ? {} : { extendTo }) }));
const anyEvent: fc.Arbitrary<RequestEvent> = fc.oneof(
  anyVoting,
  fc.record({ kind: fc.constant('cancel' as const), at: anyMoment, by: anyone }),
  fc.record({ kind: fc.constant('expire' as const), at: anyMoment }),
  fc.record({ kind: fc.constant('begin-grant' as const), at: anyMoment, grantBy: anyMoment }),
  fc.record({
    kind: fc.constant('usable' as const),
    at: anyMoment,
    standing: fc.boolean(),
    session: anySession,
  }),
  fc.record({ kind: fc.constant('fail-grant' as const), at: anyMoment, reason: fc.constant('because') }),
  fc.record({ kind: fc.constant('end' as const), at: anyMoment, by: anyEnder }),
  fc.record({ kind: fc.constant('gone' as const), at: anyMoment }),
  extending,
);
/** As time goes on: events do not happen before those that came before them. */
const momentOf = (event: RequestEvent): Instant => (event.kind === 'vote' ? event.vote.at : event.at);
const inOrder = (events: readonly RequestEvent[]): readonly RequestEvent[] =>
  [...events].sort((left, right) => momentOf(left) - momentOf(right));

const anySituation = fc.constantFrom(...Object.values(SITUATIONS));
/** With what the voter has seen who has just looked. */
const fitting = (request: AccessRequest, event: RequestEvent): RequestEvent => {
  if (event.kind !== 'vote' || event.extendTo !== LOOKED) return event;
  const { extendTo: _, ...voting } = event;
  if (request.status !== 'active' || !request.extension) return voting;
  const until = (request.endsAt - (request.start ?? request.activeSince)) / 1000 + request.extension.durationSeconds;
  return { ...voting, extendTo: seconds(until) };
};
const after = (request: AccessRequest, event: RequestEvent): AccessRequest => {
  const result = transition(request, fitting(request, event));
  return isRefusal(result) ? request : result.next;
};
const endOf = (request: AccessRequest): Instant | undefined =>
  withHoldOf(emptyLease(ANN.id, TARGET), request).holds[0]?.endsAt;

// ---------- the law ----------

describe('law 5: one outcome', () => {
  const OVER = ['ended', 'rejected', 'cancelled', 'expired', 'failed'];

  it('what is over stays so, whatever happens', () => {
    fc.assert(
      fc.property(anySituation, fc.array(anyEvent, { maxLength: 20 }), (request, events) => {
        let current = request;
        for (const event of events) {
          const next = after(current, event);
          if (OVER.includes(current.status)) expect(next).toBe(current);
          current = next;
        }
      }),
    );
  });

  it('a vote counts once a person, never for oneself, and any rejection is final', () => {
    fc.assert(
      fc.property(fc.array(anyVote, { maxLength: 8 }), fc.nat(3), (votes, required) => {
        let ballot = { approval: [{ required, groups: [LEADS] }], votes: [] as readonly Vote[] };
        for (const vote of votes) {
          const next = cast(ballot, ANN, vote);
          ballot = isRefusal(next) ? ballot : { ...ballot, votes: next.votes };
        }
        const voters = ballot.votes.map(({ approver }) => approver.id);
        expect(new Set(voters).size).toBe(voters.length);
        expect(voters).not.toContain(ANN.id);
        const rejections = ballot.votes.filter(({ choice }) => choice === 'reject').length;
        const expected = rejections > 0 ? 'rejected' : voters.length >= required ? 'approved' : 'open';
        expect(standingOf(ballot)).toBe(expected);
      }),
    );
  });

  const anyStages = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 });

  it('a request is approved only by as many others as its rule asks, stage by stage', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 25 }), anyStages, (events, stages) => {
        const approval = stages.map((required) => ({ required, groups: [LEADS] }));
        const asked = { ...PENDING, votes: [], approval };
        const end = inOrder(events).reduce(after, asked as AccessRequest);
        if (['pending', 'rejected', 'cancelled', 'expired'].includes(end.status)) return;
        const approvers = new Set(end.votes.map(({ approver }) => approver.id));
        expect(approvers.size).toBe(end.votes.length);
        expect(approvers).not.toContain(ANN.id);
        // In their order, and none more than it takes.
        expect(end.votes.map(({ stage }) => stage)).toEqual(
          stages.flatMap((required, stage) => Array.from({ length: required }, () => stage)),
        );
        expect(end.votes.some(({ choice }) => choice === 'reject')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('law 2: the latest end', () => {
  it('only tightens, except by an extension', () => {
    fc.assert(
      fc.property(anySituation, fc.array(anyEvent, { maxLength: 25 }), (request, events) => {
        let current = request;
        for (const event of inOrder(events)) {
          const next = after(current, event);
          const [before, now] = [endOf(current), endOf(next)];
          const extended = event.kind === 'extend' || (event.kind === 'vote' && current.status === 'active');
          if (before !== undefined && now !== undefined && !extended) expect(now).toBeLessThanOrEqual(before);
          current = next;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('law 7: extending', () => {
  it('never takes the total beyond the longest duration', () => {
    const active = fc
      .record({ since: fc.integer({ min: 0, max: 3600 }), length: fc.integer({ min: 1, max: MAXIMUM }) })
      .map(({ since, length }): AccessRequest => {
        const activeSince = addSeconds(FROM, since);
        const { expiresAt: _, ...base } = PENDING;
        return { ...base, status: 'active', activeSince, endsAt: addSeconds(activeSince, length), standing: false };
      });
    const anyExtending = fc.oneof(extending, anyVoting);
    fc.assert(
      fc.property(active, fc.array(anyExtending, { maxLength: 30 }), (request, events) => {
        const end = inOrder(events).reduce(after, request);
        if (end.status !== 'active') return;
        expect(end.endsAt - end.activeSince).toBeLessThanOrEqual(MAXIMUM * 1000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('law 7: approving more time', () => {
  it('gives it to whoever asked for no more in all than the approver says', () => {
    fc.assert(
      fc.property(anySituation, fc.array(anyEvent, { maxLength: 25 }), (request, events) => {
        let current = request;
        for (const event of inOrder(events)) {
          const voting = fitting(current, event);
          const next = after(current, event);
          const isLonger = current.status === 'active' && next.status === 'active' && next.endsAt > current.endsAt;
          if (isLonger && voting.kind === 'vote') {
            const total = (next.endsAt - (next.start ?? next.activeSince)) / 1000;
            expect(total).toBeLessThanOrEqual(voting.extendTo ?? 0);
          }
          current = next;
        }
      }),
      { numRuns: 500 },
    );
  });
});

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
