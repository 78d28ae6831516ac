/** What stands in another order: as little as would have to be moved. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedBetween } from '../../../lambda/domain/policy/moved.ts';

const moved = (before: string, after: string): string => [...movedBetween([...before], [...after])].join('');

describe('moved', () => {
  it.each([
    ['nothing, where all stands as it stood', 'abcd', 'abcd', ''],
    ['nothing, where some are gone and some are new', 'abcd', 'xbyd', ''],
    ['nothing of what only one list has', 'ab', 'bc', ''],
    ['the last that is the first now', 'abcd', 'dabc', 'd'],
    ['the first that is the last now', 'abcd', 'bcda', 'a'],
    ['all but one, where all is turned round', 'abc', 'cba', 'cb'],
    ['one of two that changed places', 'abcd', 'acbd', 'c'],
    ['what stands further down, though it stands at its old place too', 'aba', 'ba', 'b'],
    ['nothing, where something stands there once more', 'ab', 'aba', ''],
  ])('is %s', (_what, before, after, expected) => {
    expect(moved(before, after)).toBe(expected);
  });

  it('is at least one of any two that changed places, law; without it both lists have one order', () => {
    const lists = fc.tuple(fc.shuffledSubarray([...'abcdefgh']), fc.shuffledSubarray([...'abcdefgh']));
    fc.assert(
      fc.property(lists, ([before, after]) => {
        const found = movedBetween(before, after);
        const kept = (list: readonly string[], other: readonly string[]) =>
          list.filter((one) => other.includes(one) && !found.has(one));
        expect(kept(before, after)).toEqual(kept(after, before));
        expect([...found].every((one) => before.includes(one) && after.includes(one))).toBe(true);
      }),
    );
  });

  it('is as little as can be, law', () => {
    const most = (list: readonly number[]): number =>
      Math.max(0, ...list.map((one, at) => 1 + most(list.slice(at + 1).filter((other) => other > one))));
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }), (list) => {
        const found = movedBetween([...'123456'], list.map(String));
        expect(list.length - found.size).toBe(most(list));
      }),
    );
  });
});
