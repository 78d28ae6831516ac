/** Drift: which assignments no lease explains, which leases lost theirs, and what the baseline keeps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Assigned,
  type Baseline,
  compare,
  confirmed,
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
  isRoundDue,
  provenBy,
  recentRemovals,
  whyNoRemoval,
} from '../../lambda/domain/drift-state.ts';
import { emptyLease, type Lease, type LeaseState } from '../../lambda/domain/lease.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { at, TARGET } from './samples.ts';

const NOW = at('10:00');
const PLACE = { accountId: TARGET.accountId, permissionSetArn: TARGET.permissionSetArn };
const user = (principalId: string): Assigned => ({ principalType: 'USER', principalId });
const ANN = user('u-ann');

const call = { claim: 'c', since: NOW, attempts: 0 };
const STATES: Readonly<Record<string, LeaseState>> = {
  vacant: { kind: 'vacant' },
  standing: { kind: 'standing' },
  held: { kind: 'held' },
  'held, unsettled': { kind: 'held', unsettledUntil: addSeconds(NOW, 1) },
  'held, settled by now': { kind: 'held', unsettledUntil: NOW },
  creating: { kind: 'creating', operation: call },
  deleting: { kind: 'deleting', operation: call },
};

const leaseIn = (state: string, endsAt?: Instant): Lease => ({
  ...emptyLease(ANN.principalId, TARGET),
  state: STATES[state] ?? { kind: 'vacant' },
  holds: endsAt === undefined ? [] : [{ requestId: 'r', endsAt }],
  version: 3,
});

const outcome = (assigned: readonly Assigned[], leases: readonly Lease[]): string => {
  const { unexplained, missing } = compare(PLACE, assigned, new Map(leases.map((one) => [one.id, one])), NOW);
  return unexplained.length > 0 ? 'unexplained' : missing.length > 0 ? 'missing' : 'in order';
};

describe('one assignment and its lease', () => {
  const LATER = addSeconds(NOW, 60);

  it('without a lease is unexplained', () => {
    expect(outcome([ANN], [])).toBe('unexplained');
  });

  it.each([
    ['vacant', LATER, 'there', 'unexplained'],
    ['standing', LATER, 'there', 'unexplained'],
    ['held', LATER, 'there', 'in order'],
    ['held', undefined, 'there', 'in order'],
    ['creating', LATER, 'there', 'in order'],
    ['deleting', undefined, 'there', 'in order'],
    ['vacant', LATER, 'absent', 'in order'],
    ['standing', LATER, 'absent', 'missing'],
    ['held', LATER, 'absent', 'missing'],
    ['held, unsettled', LATER, 'absent', 'in order'],
    ['held, settled by now', LATER, 'absent', 'missing'],
    ['held', NOW, 'absent', 'in order'],
    ['held', undefined, 'absent', 'in order'],
    ['creating', LATER, 'absent', 'in order'],
    ['deleting', LATER, 'absent', 'in order'],
  ])('%s, held until %s, %s: %s', (state, endsAt, presence, expected) => {
    expect(outcome(presence === 'there' ? [ANN] : [], [leaseIn(state, endsAt)])).toBe(expected);
  });

  it('of a group is explained by nothing, not even the lease of somebody of the same id', () => {
    const group: Assigned = { principalType: 'GROUP', principalId: ANN.principalId };
    expect(outcome([group], [leaseIn('held')])).toBe('unexplained');
    const lost = leaseIn('held', LATER);
    expect(compare(PLACE, [group], new Map([[lost.id, lost]]), NOW).missing).toEqual([lost]);
  });
});

describe('two looks', () => {
  const missing = { unexplained: [], missing: [leaseIn('held', addSeconds(NOW, 60))] };

  it('agree on what both saw', () => {
    const first = { unexplained: [ANN, user('u-ben')], missing: missing.missing };
    expect(confirmed(first, { unexplained: [ANN], missing: missing.missing })).toEqual({
      unexplained: [ANN],
      missing: missing.missing,
    });
  });

  it('disagree about whoever only one of them saw', () => {
    const group: Assigned = { principalType: 'GROUP', principalId: ANN.principalId };
    const saw = (...unexplained: readonly Assigned[]) => ({ unexplained, missing: [] });
    expect(confirmed(saw(user('u-ben')), saw(ANN)).unexplained).toEqual([]);
    expect(confirmed(saw(group), saw(ANN)).unexplained).toEqual([]);
    expect(confirmed(saw(), saw(ANN)).unexplained).toEqual([]);
  });

  it('agree on each lease that both miss, and on no other of the same version', () => {
    const [lost] = missing.missing;
    const other = { ...leaseIn('held'), id: 'another' };
    expect(confirmed({ unexplained: [], missing: [...missing.missing, other] }, missing).missing).toEqual([lost]);
    expect(confirmed({ unexplained: [], missing: [other] }, missing).missing).toEqual([]);
  });

  it('disagree about a lease that was changed in between', () => {
    const changed = missing.missing.map((lease) => ({ ...lease, version: lease.version + 1 }));
    expect(confirmed(missing, { unexplained: [], missing: changed }).missing).toEqual([]);
  });
});

const SIGHTING: Sighting = {
  kind: 'unexplained',
  ...PLACE,
  ...ANN,
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

describe('removing', () => {
  const here = { mode: 'remove', instanceArn: 'i', tableId: 't' } as const;
  const proof = { at: NOW, permissionSetArns: [TARGET.permissionSetArn], withoutAccounts: ['400000000009'] };
  const state = { ...FIRST_DRIFT_STATE, baseline: { ...baselineAt(NOW), proof } };

  it.each([
    ['the settings say report', state, { ...here, mode: 'report' as const }, 'report-only'],
    ['there is no baseline', FIRST_DRIFT_STATE, here, 'no-baseline'],
    ['the instance is another', state, { ...here, instanceArn: 'other' }, 'other-instance'],
    ['the table is another', state, { ...here, tableId: 'restored' }, 'other-table'],
    ['no full round has followed the baseline', { ...state, baseline: baselineAt(NOW) }, here, 'no-round-since'],
    ['all is as when the baseline was taken', state, here, undefined],
  ])('when %s: %s', (_, given, surroundings, expected) => {
    expect(whyNoRemoval(given, surroundings)).toBe(expected);
  });

  const LATER = addSeconds(NOW, 11);
  it.each([
    ['after the round behind the baseline', { since: LATER }, true],
    ['too near to its end for clocks that differ', { since: addSeconds(NOW, 10) }, false],
    ['before its end', { since: addSeconds(NOW, -60) }, false],
    ['of a permission set that became elevatable since', { since: LATER, permissionSetArn: 'other' }, false],
    ['in an account that the round left out', { since: LATER, accountId: '400000000009' }, false],
  ])('is for what was first seen %s: %s', (_, change, expected) => {
    expect(isProvenLater({ ...SIGHTING, ...change }, state.baseline)).toBe(expected);
  });

  it('is for nothing while no round has followed', () => {
    expect(isProvenLater({ ...SIGHTING, since: LATER }, baselineAt(NOW))).toBe(false);
  });

  it.each([
    ['at the moment of the baseline', NOW, true],
    ['before it', addSeconds(NOW, -1), false],
  ])('is proven by a round that began %s: %s', (_, startedAt, expected) => {
    const round = {
      startedAt,
      done: 1,
      accounts: 1,
      places: 1,
      skipped: 0,
      permissionSetArns: [],
      withoutAccounts: [],
    };
    expect(provenBy(baselineAt(NOW), round, LATER)?.proof !== undefined).toBe(expected);
  });

  it('rests on what the first full round looked for, and no later one changes it', () => {
    const { permissionSetArns, withoutAccounts } = proof;
    const round = { startedAt: NOW, done: 1, accounts: 1, places: 1, skipped: 0, permissionSetArns, withoutAccounts };
    const proven = provenBy(baselineAt(NOW), round, LATER);
    expect(proven).toEqual({ ...baselineAt(NOW), proof: { ...proof, at: LATER } });
    const again = { ...round, permissionSetArns: [], withoutAccounts: [] };
    expect(provenBy(proven, again, addSeconds(LATER, 60))).toEqual(proven);
    expect(provenBy(undefined, round, LATER)).toBeUndefined();
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
  expect(leaseIdAt(PLACE, ANN.principalId)).toBe(emptyLease(ANN.principalId, TARGET).id);
});
