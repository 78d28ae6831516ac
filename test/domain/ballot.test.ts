/** Counting votes: one per person, any rejection final, enough approvals decide. */
import { describe, expect, it } from 'vitest';
import type { Vote } from '../../lambda/domain/access-request.ts';
import {
  approvalsIn,
  type Ballot,
  cast,
  decidedHow,
  openStage,
  shortened,
  standingOf,
} from '../../lambda/domain/ballot.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { ANN, approve, at, BEN, CAT, DAN, HOUR, LEADS, reject, seconds } from './samples.ts';

const ballot = (required: number, ...votes: readonly Vote[]) => ({ approval: [{ required, groups: [LEADS] }], votes });

describe('standingOf', () => {
  it.each([
    ['nobody is asked', ballot(0), 'approved'],
    ['nobody has voted', ballot(1), 'open'],
    ['the one needed approved', ballot(1, approve(BEN)), 'approved'],
    ['the one needed rejected', ballot(1, reject(BEN)), 'rejected'],
    ['one of two approved', ballot(2, approve(BEN)), 'open'],
    ['two of two approved', ballot(2, approve(BEN), approve(CAT)), 'approved'],
    ['the second rejects', ballot(2, approve(BEN), reject(CAT)), 'rejected'],
    ['the first rejects', ballot(2, reject(BEN), approve(CAT)), 'rejected'],
    ['two of three approved', ballot(3, approve(BEN), approve(CAT)), 'open'],
    ['one rejects among enough approvals', ballot(2, approve(BEN), approve(CAT), reject(DAN)), 'rejected'],
  ])('when %s', (_situation, given, expected) => {
    expect(standingOf(given)).toBe(expected);
  });
});

describe('cast', () => {
  it('adds the vote at the end', () => {
    expect(cast(ballot(2, approve(BEN)), ANN, approve(CAT))).toEqual(ballot(2, approve(BEN), approve(CAT)));
  });

  it.each([
    ['approve', approve(ANN), 'self_approval'],
    ['reject', reject(ANN), 'self_approval'],
  ])('refuses the %s of the requester', (_choice, vote, expected) => {
    expect(cast(ballot(1), ANN, vote)).toMatchObject({ refused: expected });
  });

  it('knows the requester by id, not by name', () => {
    const renamed = { ...ANN, userName: 'somebody-else', displayName: 'Somebody Else' };
    expect(cast(ballot(1), ANN, approve(renamed))).toMatchObject({ refused: 'self_approval' });
  });

  it('knows a voter by id, not by name', () => {
    const renamed = { ...BEN, userName: 'benjamin' };
    expect(cast(ballot(2, approve(BEN)), ANN, approve(renamed))).toMatchObject({ refused: 'already_voted' });
  });

  it('says how and when somebody voted before', () => {
    const again = cast(ballot(2, reject(BEN, at('09:07'))), ANN, approve(BEN));
    expect(again).toMatchObject({
      refused: 'already_voted',
      detail: 'You already voted to reject at 2026-11-23T09:07:00.000Z; a vote stands.',
    });
  });
});

describe('stages', () => {
  const stages = (...required: readonly number[]): Ballot => ({
    approval: required.map((count) => ({ required: count, groups: [LEADS] })),
    votes: [],
  });
  const castAll = (ballot: Ballot, ...votes: readonly Vote[]): Ballot =>
    votes.reduce((current, vote) => {
      const next = cast(current, ANN, vote);
      if (isRefusal(next)) throw new Error(next.detail);
      return next;
    }, ballot);

  it.each([
    ['the first is open first', stages(1, 1), 0, 'open'],
    ['the next opens when it is complete', castAll(stages(1, 1), approve(BEN)), 1, 'open'],
    ['the second of three is not the last', castAll(stages(1, 1, 1), approve(BEN), approve(CAT)), 2, 'open'],
    ['one of two does not complete it', castAll(stages(2, 1), approve(BEN)), 0, 'open'],
    ['the last completes all', castAll(stages(1, 1), approve(BEN), approve(CAT)), undefined, 'approved'],
    ['a rejection in the first is final', castAll(stages(1, 1), reject(BEN)), undefined, 'rejected'],
    ['a rejection in the last is final', castAll(stages(1, 1), approve(BEN), reject(CAT)), undefined, 'rejected'],
  ])('%s', (_situation, ballot, open, standing) => {
    expect([openStage(ballot)?.number, standingOf(ballot)]).toEqual([open, standing]);
  });

  it('a vote goes to the stage that is open, whatever it says itself', () => {
    const forged = { ...approve(BEN), stage: 1 };
    expect(castAll(stages(1, 1), forged, approve(CAT)).votes.map(({ stage }) => stage)).toEqual([0, 1]);
  });

  it('of three are voted on one after the other', () => {
    const all = castAll(stages(1, 1, 1), approve(BEN), approve(CAT), approve(DAN));
    expect(all.votes.map(({ stage }) => stage)).toEqual([0, 1, 2]);
  });

  it('a vote that comes when all is decided counts in the last of them', () => {
    const decided = castAll(stages(1, 1), approve(BEN), approve(CAT));
    expect(castAll(decided, approve(DAN)).votes.at(-1)?.stage).toBe(1);
    expect(castAll(stages(), approve(DAN)).votes.at(-1)?.stage).toBe(0);
  });

  it('have approvals: their own, and no rejection', () => {
    const votes = [approve(BEN), reject(CAT), { ...approve(DAN), stage: 1 }];
    expect(approvalsIn(0, votes)).toEqual([approve(BEN)]);
  });

  it('votes of a later stage do not complete an earlier one', () => {
    const votes = [
      { ...approve(BEN), stage: 1 },
      { ...approve(CAT), stage: 1 },
    ];
    expect(standingOf({ ...stages(1, 1), votes })).toBe('open');
  });

  it('nobody counts in two stages', () => {
    expect(cast(castAll(stages(1, 1), approve(BEN, at('09:07'))), ANN, approve(BEN))).toMatchObject({
      refused: 'already_voted',
      detail:
        'You already voted to approve at 2026-11-23T09:07:00.000Z in stage 1; a vote stands, and nobody counts in two stages.',
    });
  });
});

describe('shortened', () => {
  it.each([
    ['nobody shortens', [approve(BEN)], 3600],
    ['one shortens', [approve(BEN, at('10:00'), seconds(600))], 600],
    [
      'the shortest of two counts',
      [approve(BEN, at('10:00'), seconds(600)), approve(CAT, at('10:00'), seconds(900))],
      600,
    ],
    ['nobody lengthens', [approve(BEN, at('10:00'), seconds(7200))], 3600],
  ])('when %s', (_situation, votes, expected) => {
    expect(shortened(HOUR, votes)).toBe(expected);
  });
});

describe('decidedHow', () => {
  it.each([
    [ballot(0), 'approved by policy'],
    [ballot(1, approve(BEN, at('09:07'))), 'approved by ben at 2026-11-23T09:07:00.000Z'],
    [
      ballot(2, approve(BEN, at('09:07')), approve(CAT, at('09:08'))),
      'approved by ben, cat at 2026-11-23T09:08:00.000Z',
    ],
    [ballot(2, approve(BEN, at('09:07')), reject(CAT, at('09:08'))), 'rejected by cat at 2026-11-23T09:08:00.000Z'],
  ])('%# says %s', (given, expected) => {
    expect(decidedHow(given)).toBe(expected);
  });
});
