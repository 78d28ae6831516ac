/** What becomes of sightings from one look at a place to the next: each is told of once, and the baseline keeps its own. */
import { describe, expect, it } from 'vitest';
import {
  type Baseline,
  isFinding,
  isRemovalLate,
  isSameSighting,
  type Sighting,
  sightingChanges,
  stillLeaving,
} from '../../lambda/domain/drift.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { at, TARGET } from './samples.ts';

const NOW = at('10:00');
const OLD: Sighting = {
  kind: 'unexplained',
  accountId: TARGET.accountId,
  permissionSetArn: TARGET.permissionSetArn,
  principalType: 'USER',
  principalId: 'u-ann',
  accountName: 'payments-prod',
  permissionSetName: 'Admin',
  since: at('09:00'),
};
const NEW: Sighting = { ...OLD, since: at('09:45') };
const SEEN: Sighting = { ...OLD, since: NOW };
const BASELINE: Baseline = {
  takenAt: at('09:30'),
  by: { id: 'u-ada', userName: 'ada' },
  instanceArn: 'i',
  tableId: 't',
  accepted: 1,
};
const GONE = { goneAt: at('09:50') } as const;
const LOST: Sighting = { ...OLD, kind: 'missing' };
const NOTHING = { put: [], drop: [], fresh: [] };

describe('after a look', () => {
  it.each([
    ['what was known and is still there stays as it is', [NEW], [SEEN], NOTHING],
    ['what nobody knew of is fresh', [], [SEEN], { put: [SEEN], drop: [], fresh: [SEEN] }],
    ['what is not there any more keeps its age', [NEW], [], { ...NOTHING, put: [{ ...NEW, goneAt: NOW }] }],
    ['and goes on keeping it', [{ ...NEW, ...GONE }], [], NOTHING],
    [
      'what comes again is as old as it was, and told',
      [{ ...NEW, ...GONE }],
      [SEEN],
      { ...NOTHING, put: [NEW], fresh: [NEW] },
    ],
    ['a lease that lost its assignment is dropped when it has it again', [LOST], [], { ...NOTHING, drop: [LOST] }],
    ['the baseline remembers since when its own is gone', [OLD], [], { ...NOTHING, put: [{ ...OLD, goneAt: NOW }] }],
    ['and since when at first', [{ ...OLD, ...GONE }], [], NOTHING],
    ['what the baseline has comes back as what it was', [{ ...OLD, ...GONE }], [SEEN], { ...NOTHING, put: [OLD] }],
    ['what the baseline has, and is there, stays as it is', [OLD], [SEEN], NOTHING],
  ])('%s', (_rule, known, seen, expected) => {
    expect(sightingChanges(known, seen, BASELINE, NOW)).toStrictEqual(expected);
  });

  it('whatever is gone is nothing to tell, also what no baseline has', () => {
    expect(isFinding(NEW, BASELINE)).toBe(true);
    expect(isFinding({ ...NEW, ...GONE }, BASELINE)).toBe(false);
  });
});

describe('once a round has proven what came later', () => {
  const proof = { at: at('09:44'), round: at('09:31'), permissionSetArns: [] };
  const PROVEN: Baseline = { ...BASELINE, proof };
  const since = (moment: Instant): Sighting => ({ ...OLD, since: moment });
  const kept = (one: Sighting) => ({ ...NOTHING, put: [{ ...one, goneAt: NOW }] });
  const dropped = (one: Sighting) => ({ ...NOTHING, drop: [one] });
  const [atItsEnd, later] = [since(addSeconds(proof.at, 10)), since(addSeconds(proof.at, 11))];

  it.each([
    ['what that round may have seen keeps its age when it goes', atItsEnd, kept(atItsEnd)],
    ['what came later is dropped when it goes', later, dropped(later)],
    ['what the baseline has keeps its age', OLD, kept(OLD)],
  ])('%s', (_rule, known, expected) => {
    expect(sightingChanges([known], [], PROVEN, NOW)).toStrictEqual(expected);
  });

  it('what came later, and comes again, is as young as it is seen', () => {
    const gone = { ...later, goneAt: at('09:55') };
    expect(sightingChanges([gone], [SEEN], PROVEN, NOW)).toStrictEqual({ put: [SEEN], drop: [], fresh: [SEEN] });
  });

  it('what is gone is dropped by a baseline that is taken after that, and by none', () => {
    const gone = { ...OLD, goneAt: at('09:20') };
    expect(sightingChanges([gone], [], PROVEN, NOW)).toStrictEqual(dropped(gone));
    expect(sightingChanges([NEW], [], undefined, NOW)).toStrictEqual(dropped(NEW));
  });
});

describe('what others had asked for before it was seen', () => {
  const proof = { at: at('09:44'), round: at('09:31'), permissionSetArns: [] };
  const PROVEN: Baseline = { ...BASELINE, proof };
  const LATE: Sighting = { ...OLD, since: at('09:55') };
  const made = (one: Sighting, moment: Instant): Sighting => ({ ...one, madeAt: moment });
  const [BEFORE, AFTER] = [at('09:20'), at('09:50')];

  it('is stored as it is seen, and told', () => {
    const seen = made(SEEN, BEFORE);
    expect(sightingChanges([], [seen], PROVEN, NOW)).toStrictEqual({ put: [seen], drop: [], fresh: [seen] });
    expect(isFinding(seen, PROVEN)).toBe(true);
  });

  it.each([
    ['is remembered of what is known, and is no news', LATE, made(SEEN, BEFORE), [made(LATE, BEFORE)]],
    ['by the oldest that is heard of', made(LATE, AFTER), made(SEEN, BEFORE), [made(LATE, BEFORE)]],
    ['and by no younger one', made(LATE, BEFORE), made(SEEN, AFTER), []],
    ['nor by the same again', made(LATE, BEFORE), made(SEEN, BEFORE), []],
    ['nor where it was seen before that', NEW, made(SEEN, AFTER), []],
    ['nor at that very moment', NEW, made(SEEN, NEW.since), []],
    ['nor when nothing is heard', made(LATE, BEFORE), SEEN, []],
  ])('%s', (_rule, known, seen, put) => {
    expect(sightingChanges([known], [seen], PROVEN, NOW)).toStrictEqual({ ...NOTHING, put });
  });

  it('keeps its age when it goes and comes again, as far as it may have stood', () => {
    const old = made(LATE, BEFORE);
    expect(sightingChanges([old], [], PROVEN, NOW).put).toStrictEqual([{ ...old, goneAt: NOW }]);
    const back = sightingChanges([{ ...old, ...GONE }], [SEEN], PROVEN, NOW);
    expect(back).toStrictEqual({ put: [old], drop: [], fresh: [old] });
    expect(sightingChanges([made(LATE, AFTER)], [], PROVEN, NOW).drop).toHaveLength(1);
  });

  it('comes again as old as it is known to be by then', () => {
    const gone = { ...NEW, since: at('09:44'), ...GONE };
    const old = { ...NEW, since: at('09:44'), madeAt: BEFORE };
    expect(sightingChanges([gone], [made(SEEN, BEFORE)], PROVEN, NOW)).toStrictEqual({
      put: [old],
      drop: [],
      fresh: [old],
    });
  });
});

describe('what is being removed', () => {
  const proof = { at: at('09:40'), round: at('09:31'), permissionSetArns: [] };
  const PROVEN: Baseline = { ...BASELINE, proof };
  const comparison = (...leaving: readonly string[]) => ({
    unexplained: [],
    missing: [],
    leaving: leaving.map((principalId) => ({ principalType: 'USER' as const, principalId })),
  });
  const REMOVING: Sighting = { ...NEW, removingSince: at('09:50') };
  const leavingOf = (known: Sighting, baseline: Baseline | undefined = PROVEN) =>
    stillLeaving([known], comparison('u-ann'), baseline, NOW);

  it('is told of while it is there, from its first removal on', () => {
    expect(leavingOf(NEW)).toStrictEqual([{ ...NEW, removingSince: NOW }]);
    expect(leavingOf(REMOVING)).toStrictEqual([REMOVING]);
    expect(stillLeaving([OLD], comparison('u-ann'), undefined, NOW)).toStrictEqual([{ ...OLD, removingSince: NOW }]);
    const several = {
      ...comparison('u-ann'),
      leaving: ['u-ben', 'u-ann'].map((principalId) => ({ principalType: 'USER' as const, principalId })),
    };
    expect(stillLeaving([OLD], several, undefined, NOW)).toHaveLength(1);
    expect(isFinding(REMOVING, PROVEN)).toBe(true);
  });

  it.each([
    ['somebody else', { ...NEW, principalId: 'u-ben' }],
    ['a group of that id', { ...NEW, principalType: 'GROUP' as const }],
    ['a lease that lost its assignment', { ...NEW, kind: 'missing' as const }],
    ['what the baseline has', OLD],
    ['what may have stood, whose age counts', { ...OLD, since: at('09:35') }],
    ['what is gone', { ...NEW, goneAt: at('09:50') }],
  ])('is not %s', (_, known) => {
    expect(leavingOf(known)).toEqual([]);
  });

  it('is stored once, and is no news', () => {
    expect(sightingChanges([NEW], [REMOVING], PROVEN, NOW)).toStrictEqual({ ...NOTHING, put: [REMOVING] });
    expect(sightingChanges([], [REMOVING], PROVEN, NOW)).toStrictEqual({ ...NOTHING, put: [REMOVING] });
    expect(sightingChanges([REMOVING], [REMOVING], PROVEN, NOW)).toStrictEqual(NOTHING);
  });

  it('is dropped once it is gone, by a baseline that was taken meanwhile too', () => {
    const later: Baseline = { ...BASELINE, takenAt: at('09:55') };
    for (const baseline of [PROVEN, later]) {
      expect(sightingChanges([REMOVING], [], baseline, NOW)).toStrictEqual({ ...NOTHING, drop: [REMOVING] });
    }
  });

  it('and was assigned once more is news', () => {
    expect(sightingChanges([REMOVING], [SEEN], PROVEN, NOW)).toStrictEqual({ put: [SEEN], drop: [], fresh: [SEEN] });
  });

  it.each([
    ['five minutes ago', addSeconds(NOW, -300), true],
    ['a second later', addSeconds(NOW, -299), false],
    ['not', undefined, false],
  ])('is late when its removal began %s: %s, %s', (_, removingSince, expected) => {
    expect(isRemovalLate({ ...NEW, ...(removingSince && { removingSince }) }, NOW)).toBe(expected);
  });
});

describe('two sightings', () => {
  it('of the same are the same, whenever they were made', () => {
    expect(isSameSighting(OLD, { ...SEEN, accountName: 'renamed' })).toBe(true);
  });

  it.each([
    ['kind', { kind: 'missing' }],
    ['account', { accountId: '400000000002' }],
    ['permission set', { permissionSetArn: 'other' }],
    ['type of principal', { principalType: 'GROUP' }],
    ['principal', { principalId: 'u-ben' }],
  ] as const)('of another %s are two', (_what, change) => {
    expect(isSameSighting(OLD, { ...OLD, ...change })).toBe(false);
  });
});
