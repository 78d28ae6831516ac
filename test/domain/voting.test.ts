/** The moves of a pending request: what a vote leaves behind. */
import { describe, expect, it } from 'vitest';
import type { PendingRequest, Vote } from '../../lambda/domain/access-request.ts';
import { voteOnPending } from '../../lambda/domain/voting.ts';
import { approve, at, BEN, LEADS, PENDING, reject, seconds } from './samples.ts';

const voted = (vote: Vote, change: Partial<PendingRequest> = {}) => voteOnPending({ ...PENDING, ...change }, vote);

describe('voteOnPending', () => {
  it.each([
    ['an immediate request starts at the decision', {}, '10:00'],
    ['a window in the future starts then', { start: at('12:00') }, '12:00'],
    ['a window that has begun starts at the decision', { start: at('09:30') }, '10:00'],
  ])('%s', (_rule, change, expected) => {
    expect(voted(approve(BEN), change)).toMatchObject({ next: { status: 'scheduled', startsAt: at(expected) } });
  });

  it('keeps the vote, and how long it waits, while approvals are missing', () => {
    const change = { approval: [{ required: 3, groups: [LEADS] }] };
    expect(voted(approve(BEN), change)).toMatchObject({
      next: { status: 'pending', expiresAt: at('17:00'), votes: [{}, { approver: BEN }] },
      fact: { kind: 'voted', to: 'pending', data: { choice: 'approve', outcome: 'open' } },
    });
  });

  it('leaves the window as it is when an approver names its own length', () => {
    const vote = approve(BEN, at('10:00'), PENDING.durationSeconds);
    expect(voted(vote)).toMatchObject({ next: { status: 'scheduled', durationSeconds: 3600 } });
  });

  it('shortens the window', () => {
    expect(voted(approve(BEN, at('10:00'), seconds(600)))).toMatchObject({
      next: { durationSeconds: 600 },
      fact: { data: { durationSeconds: 600 } },
    });
  });

  it('shortens the window also while approvals are missing', () => {
    const change = { approval: [{ required: 3, groups: [LEADS] }] };
    expect(voted(approve(BEN, at('10:00'), seconds(600)), change)).toMatchObject({ next: { durationSeconds: 600 } });
  });

  it('rejects for good with one rejection, though another approved', () => {
    expect(voted(reject(BEN))).toMatchObject({ next: { status: 'rejected', rejectedAt: at('10:00') } });
  });

  it('speaks of a comment by a text only', () => {
    expect(voted({ ...approve(BEN), comment: 'fine by me' })).toMatchObject({
      fact: { texts: { comment: 'fine by me' } },
    });
  });

  it.each([
    ['a moment before it expires counts', '16:59:59.999', 'next'],
    ['at its expiry is too late', '17:00', 'refused'],
  ])('a vote %s', (_rule, moment, expected) => {
    expect(voted(approve(BEN, at(moment)))).toHaveProperty(expected);
  });
});
