/** What the baseline keeps, what may be removed after it, and how far the search has come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Baseline,
  isFinding,
  isInBaseline,
  isProvenLater,
  leaseIdAt,
  type Sighting,
  sightingChanges,
} from '../../lambda/domain/drift.ts';
import {
  FIRST_DRIFT_STATE,
  hasRoundOf,
  isProofOf,
  isRoundDue,
  isSameRound,
  provenBy,
  type Round,
  recentRemovals,
  roundAgeSeconds,
  whyNoRemoval,
} from '../../lambda/domain/drift-state.ts';
import { emptyLease } from '../../lambda/domain/lease.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { at, TARGET } from './samples.ts';

const NOW = at('10:00');

const SIGHTING: Sighting = {
  kind: 'unexplained',
  accountId: TARGET.accountId,
  permissionSetArn: TARGET.permissionSetArn,
  principalType: 'USER',
  principalId: 'u-ann',
  accountName: 'payments-prod',
  permissionSetName: 'Admin',
  since: at('09:00'),
};

const baselineAt = (takenAt: Instant): Baseline => ({
  takenAt,
  by: { id: 'u-ada', userName: 'ada' },
  instanceArn: 'i',
  tableId: 't',
  accepted: 1,
});

describe('the baseline', () => {
  it.each([
    ['seen before it', {}, '09:30', true],
    ['seen at the same moment', {}, '09:00', true],
    ['seen after it', {}, '08:59', false],
    ['gone before it', { goneAt: at('09:20') }, '09:30', false],
    ['gone at the same moment', { goneAt: at('09:30') }, '09:30', false],
    ['gone after it', { goneAt: at('09:40') }, '09:30', true],
    ['a lease that lost its assignment', { kind: 'missing' as const }, '09:30', false],
    ['being removed by then', { removingSince: at('09:10') }, '09:30', false],
  ])('has what was %s: %s', (_, change, takenAt, expected) => {
    expect(isInBaseline({ ...SIGHTING, ...change }, baselineAt(at(takenAt)))).toBe(expected);
  });

  it('has nothing while there is none', () => {
    expect(isInBaseline(SIGHTING, undefined)).toBe(false);
    expect(isFinding(SIGHTING, undefined)).toBe(true);
  });

  /** What a life of looks and baselines leaves; each look sees the assignment or not. */
  it('keeps whatever stood when it was taken, though it go and come again', () => {
    const looks = fc.array(fc.boolean(), { maxLength: 12 });
    fc.assert(
      fc.property(looks, looks, (before, after) => {
        let known: readonly Sighting[] = [];
        let now = at('01:00');
        const look = (isThere: boolean, baseline: Baseline | undefined): void => {
          now = addSeconds(now, 60);
          const seen = isThere ? [{ ...SIGHTING, since: now }] : [];
          const { put, drop } = sightingChanges(known, seen, baseline, now);
          known = [...known.filter((one) => !drop.includes(one) && put.length === 0), ...put];
        };
        for (const isThere of before) look(isThere, undefined);
        const stood = before.at(-1) === true;
        const baseline = baselineAt(addSeconds(now, 30));
        for (const isThere of [...after, true]) look(isThere, baseline);
        expect(known.some((one) => isFinding(one, baseline))).toBe(!stood);
      }),
    );
  });

  it('that is taken anew lets go of what was gone by then', () => {
    const gone = { ...SIGHTING, goneAt: at('09:40') };
    const seen = { ...SIGHTING, since: NOW };
    const { put, fresh } = sightingChanges([gone], [seen], baselineAt(at('09:50')), NOW);
    expect([put, fresh]).toEqual([[seen], [seen]]);
  });
});

const ROUND = addSeconds(NOW, -60);

describe('removing', () => {
  const here = { mode: 'remove', instanceArn: 'i', tableId: 't' } as const;
  const proof = { at: NOW, round: ROUND, permissionSetArns: [TARGET.permissionSetArn] };
  const takenAt = addSeconds(NOW, -120);
  const state = { ...FIRST_DRIFT_STATE, baseline: { ...baselineAt(takenAt), proof } };
  const { round: _round, ...olderProof } = proof;
  const older = { ...state, baseline: { ...baselineAt(takenAt), proof: olderProof } };

  it.each([
    ['the settings say report', state, { ...here, mode: 'report' as const }, 'report-only'],
    ['there is no baseline', FIRST_DRIFT_STATE, here, 'no-baseline'],
    ['the instance is another', state, { ...here, instanceArn: 'other' }, 'other-instance'],
    ['the table is another', state, { ...here, tableId: 'restored' }, 'other-table'],
    ['no full round has followed the baseline', { ...state, baseline: baselineAt(NOW) }, here, 'no-round-since'],
    ['nothing tells which accounts its round looked at', older, here, 'no-round-since'],
    ['all is as when the baseline was taken', state, here, undefined],
  ])('when %s: %s', (_, given, surroundings, expected) => {
    expect(whyNoRemoval(given, surroundings)).toBe(expected);
  });

  const LATER = addSeconds(NOW, 11);
  it.each([
    ['after the round behind the baseline', { since: LATER }, ROUND, true],
    ['too near to its end for clocks that differ', { since: addSeconds(NOW, 10) }, ROUND, false],
    ['before its end', { since: addSeconds(NOW, -60) }, ROUND, false],
    ['of a permission set that became elevatable since', { since: LATER, permissionSetArn: 'other' }, ROUND, false],
    ['in an account that no such round ever looked at', { since: LATER }, undefined, false],
    ['then, and asked for then', { since: LATER, madeAt: LATER }, ROUND, true],
    [
      'then, and asked for as the round may have come to its end',
      { since: LATER, madeAt: addSeconds(LATER, -1) },
      ROUND,
      false,
    ],
    [
      'as the round may have come to its end, and asked for later',
      { since: addSeconds(LATER, -1), madeAt: LATER },
      ROUND,
      false,
    ],
    ['in an account that only another one looked at', { since: LATER }, addSeconds(ROUND, 1), false],
  ])('is for what was first seen %s: %s, %s', (_, change, lookedAt, expected) => {
    expect(isProvenLater({ ...SIGHTING, ...change }, state.baseline, lookedAt)).toBe(expected);
  });

  it('is for nothing while no round has followed, or none of which the accounts are known', () => {
    const sighting = { ...SIGHTING, since: LATER };
    expect(isProvenLater(sighting, baselineAt(NOW), undefined)).toBe(false);
    expect(isProvenLater(sighting, older.baseline, undefined)).toBe(false);
  });

  const round = {
    startedAt: NOW,
    behind: NOW,
    done: 1,
    accounts: 1,
    places: 1,
    skipped: 0,
    permissionSetArns: [TARGET.permissionSetArn],
  };

  it.each([
    ['on this baseline', { behind: NOW }, true],
    ['on it, by a clock that is behind', { behind: NOW, startedAt: addSeconds(NOW, -5) }, true],
    ['on the one before, by a clock that is ahead', { behind: takenAt, startedAt: addSeconds(NOW, 5) }, false],
    ['on none', { behind: undefined, startedAt: addSeconds(NOW, 5) }, false],
  ])('is proven by a round that began %s: %j, %s', (_, change, expected) => {
    const { behind: _behind, ...unknown } = round;
    const { behind, ...others } = change;
    const given = { ...unknown, ...others, ...(behind && { behind }) };
    expect(isProofOf(given, baselineAt(NOW))).toBe(expected);
    expect(provenBy(baselineAt(NOW), given, LATER)?.proof !== undefined).toBe(expected);
  });

  it('rests on the first full round of which the accounts are known, and no later one changes it', () => {
    const proven = provenBy(baselineAt(NOW), round, LATER);
    const { permissionSetArns } = proof;
    expect(proven).toEqual({ ...baselineAt(NOW), proof: { at: LATER, round: NOW, permissionSetArns } });
    expect(provenBy(proven, { ...round, permissionSetArns: [] }, addSeconds(LATER, 60))).toEqual(proven);
    expect(isProofOf(round, proven)).toBe(false);
    expect(provenBy({ ...baselineAt(NOW), proof: olderProof }, round, LATER)).toEqual(proven);
    expect(provenBy(undefined, round, LATER)).toBeUndefined();
    expect(isProofOf(round, undefined)).toBe(false);
  });

  it('counts the hour that ends now', () => {
    const removedAt = [addSeconds(NOW, -3600), addSeconds(NOW, -3599), NOW];
    expect(recentRemovals({ ...FIRST_DRIFT_STATE, removedAt }, NOW)).toEqual([addSeconds(NOW, -3599), NOW]);
    expect(recentRemovals(FIRST_DRIFT_STATE, NOW)).toEqual([]);
  });
});

describe('a round', () => {
  it.each([
    ['there was none', {}, true],
    ['the last began an hour ago', { lastStartedAt: addSeconds(NOW, -3600) }, true],
    ['the last began a second later', { lastStartedAt: addSeconds(NOW, -3599) }, false],
    ['somebody wants one', { lastStartedAt: NOW, isRoundWanted: true }, true],
  ])('is due when %s: %s', (_, change, expected) => {
    expect(isRoundDue({ ...FIRST_DRIFT_STATE, ...change }, 3600, NOW)).toBe(expected);
  });

  const ROUND_AT: Round = {
    startedAt: NOW,
    after: 'a',
    within: { accountId: 'b', permissionSetArn: 'p' },
    done: 1,
    accounts: 3,
    places: 2,
    skipped: 0,
    permissionSetArns: [],
  };
  it.each([
    ['what is stored stands where it stood', { ...ROUND_AT, done: 2, busyUntil: NOW }, true],
    ['there is none any more', undefined, false],
    ['another one has begun', { ...ROUND_AT, startedAt: addSeconds(NOW, 1) }, false],
    ['it went on to the next account', { ...ROUND_AT, after: 'b' }, false],
    ['it is in another account', { ...ROUND_AT, within: { accountId: 'c', permissionSetArn: 'p' } }, false],
    ['it went on within the account', { ...ROUND_AT, within: { accountId: 'b', permissionSetArn: 'q' } }, false],
  ])('is the same when %s: %s, %s', (_, stored, expected) => {
    expect(isSameRound(stored, ROUND_AT)).toBe(expected);
  });

  it('is the same when it is in the middle of no account', () => {
    const { within: _middle, ...round } = ROUND_AT;
    expect(isSameRound(round, round)).toBe(true);
    expect(isSameRound(ROUND_AT, round)).toBe(false);
    expect(isSameRound(round, ROUND_AT)).toBe(false);
  });

  const finishedAt = addSeconds(NOW, -60);
  const finished = { startedAt: NOW, finishedAt, accounts: 1, places: 1, instanceArn: 'i', tableId: 't' };
  it.each([
    ['of the last full one', { lastRound: finished, searchedSince: addSeconds(NOW, -600) }, 60],
    ['of the search, while none was full', { searchedSince: addSeconds(NOW, -600) }, 600],
    ['of a clock that is ahead is none', { searchedSince: addSeconds(NOW, 5) }, 0],
    ['is not known before anything was searched', {}, undefined],
  ])('has the age %s: %s', (_, change, expected) => {
    expect(roundAgeSeconds({ ...FIRST_DRIFT_STATE, ...change }, NOW)).toBe(expected);
  });

  it('of another table or instance tells nothing about this one', () => {
    const lastRound = { startedAt: NOW, finishedAt: NOW, accounts: 1, places: 1, instanceArn: 'i', tableId: 't' };
    const state = { ...FIRST_DRIFT_STATE, lastRound };
    expect(hasRoundOf(state, { instanceArn: 'i', tableId: 't' })).toBe(true);
    expect(hasRoundOf(state, { instanceArn: 'i', tableId: 'u' })).toBe(false);
    expect(hasRoundOf(state, { instanceArn: 'j', tableId: 't' })).toBe(false);
    expect(hasRoundOf(FIRST_DRIFT_STATE, { instanceArn: 'i', tableId: 't' })).toBe(false);
  });
});

it('a lease at a place has the id that the lease of a target has', () => {
  const id = emptyLease('u-ann', TARGET).id;
  expect(leaseIdAt(TARGET, 'u-ann')).toBe(id);
  expect(leaseIdAt(SIGHTING, 'u-ann')).toBe(id);
});
