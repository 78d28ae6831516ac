/** Whether there are enough people for every stage, beside a search that tries every way to share them out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StageStaffing, tooFewApprovers } from '../../lambda/domain/enough-approvers.ts';

const stage = (required: number, people: readonly string[], isAll = true): StageStaffing => ({
  required,
  people: new Set(people),
  isAll,
});

describe('tooFewApprovers', () => {
  it.each([
    ['no stage needs nobody', [], undefined],
    ['enough', [stage(2, ['a', 'b'])], undefined],
    ['one is missing', [stage(2, ['a'])], { stages: [0], required: 2, available: 1 }],
    ['the second lacks', [stage(1, ['a']), stage(1, [])], { stages: [1], required: 1, available: 0 }],
    [
      'each has one, and it is the same person',
      [stage(1, ['a']), stage(1, ['a'])],
      { stages: [0, 1], required: 2, available: 1 },
    ],
    ['each has another', [stage(1, ['a']), stage(1, ['a', 'b'])], undefined],
    [
      'one alone lacks, and others lack together: the one is named',
      [stage(1, ['a']), stage(1, ['a']), stage(1, [])],
      { stages: [2], required: 1, available: 0 },
    ],
    ['one of two that share a person may have more', [stage(1, ['a'], false), stage(1, ['a'])], undefined],
    ['there may be more than were looked at', [stage(2, ['a'], false)], undefined],
    [
      'more in one do not help another',
      [stage(1, ['a'], false), stage(1, [])],
      { stages: [1], required: 1, available: 0 },
    ],
  ] as const)('%s', (_situation, staffing, expected) => {
    expect(tooFewApprovers(staffing)).toEqual(expected);
  });

  /** Tries everybody for every place that is left. */
  const canBeStaffed = (places: readonly ReadonlySet<string>[], used: ReadonlySet<string> = new Set()): boolean => {
    const [first, ...rest] = places;
    if (!first) return true;
    return [...first].some((one) => !used.has(one) && canBeStaffed(rest, new Set([...used, one])));
  };

  it('says the same as trying every way', () => {
    const anyStage = fc
      .record({ required: fc.integer({ min: 1, max: 2 }), people: fc.subarray(['a', 'b', 'c', 'd']) })
      .map(({ required, people }) => stage(required, people));
    fc.assert(
      fc.property(fc.array(anyStage, { maxLength: 3 }), (staffing) => {
        const places = staffing.flatMap(({ required, people }) => Array.from({ length: required }, () => people));
        expect(tooFewApprovers(staffing) === undefined).toBe(canBeStaffed(places));
      }),
    );
  });
});
