/** What becomes of sightings from one look at a place to the next: each is told of once, and the baseline keeps its own. */
import { describe, expect, it } from 'vitest';
import { type Baseline, isFinding, isSameSighting, type Sighting, sightingChanges } from '../../lambda/domain/drift.ts';
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
const NOTHING = { put: [], drop: [], fresh: [] };

describe('after a look', () => {
  it.each([
    ['what was known and is still there stays as it is', [NEW], [SEEN], NOTHING],
    ['what nobody knew of is fresh', [], [SEEN], { put: [SEEN], drop: [], fresh: [SEEN] }],
    ['what is not there any more is dropped', [NEW], [], { put: [], drop: [NEW], fresh: [] }],
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
