/** The law that requests keep whatever happens in whatever order (docs/law.md). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest, Vote } from '../../lambda/domain/access-request.ts';
import { cast, standingOf } from '../../lambda/domain/ballot.ts';
import { emptyLease, withHoldOf } from '../../lambda/domain/lease.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import {
  after,
  anyEvent,
  anySituation,
  anyVote,
  anyVoting,
  extending,
  FROM,
  fitting,
  inOrder,
  MAXIMUM,
} from './anything.ts';
import { ANN, LEADS, PENDING, TARGET } from './samples.ts';

const endOf = (request: AccessRequest): Instant | undefined =>
  withHoldOf(emptyLease(ANN.id, TARGET), request).holds[0]?.endsAt;

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
