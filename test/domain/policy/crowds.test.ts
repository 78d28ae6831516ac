/** People who are the same to some rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crowds, partsOf } from '../../../lambda/domain/policy/crowds.ts';

describe('a crowd', () => {
  it('is one for the same people, and another for others', () => {
    const crowdOf = crowds();
    const [some, others] = [crowdOf([1, 2]), crowdOf([12])];
    expect(crowdOf([1, 2])).toBe(some);
    expect(some.id).not.toBe(others.id);
    expect([0, 1, 2, 12].map((one) => some.has(one))).toEqual([false, true, true, false]);
  });
});

it('parts are those who belong to the same crowds, law', () => {
  const people = fc.subarray([0, 1, 2, 3, 4, 5]);
  fc.assert(
    fc.property(
      fc.array(people, { minLength: 1, maxLength: 3 }),
      fc.array(people, { maxLength: 3 }),
      (some, others) => {
        const crowdOf = crowds();
        const [asking, held] = [some.map(crowdOf), others.map(crowdOf)];
        const signs = (person: number): string => [...asking, ...held].map((crowd) => crowd.has(person)).join();
        const all = [0, 1, 2, 3, 4, 5].filter((person) => asking.some((crowd) => crowd.has(person)));
        const parts = partsOf(asking, held);
        expect(parts.flat().toSorted()).toEqual(all);
        expect(parts.every((part) => part.length > 0 && new Set(part.map(signs)).size === 1)).toBe(true);
        expect(new Set(parts.map(([one = 0]) => signs(one))).size).toBe(parts.length);
        expect(parts.every((part) => part.every((one, at) => at === 0 || one > (part[at - 1] ?? 0)))).toBe(true);
      },
    ),
  );
});
