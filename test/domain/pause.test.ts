/** When the next look at a lease is due: what an engineer waits for is noticed soon, and few looks are spent on it. */
import { describe, expect, it } from 'vitest';
import type { LeaseStep } from '../../lambda/domain/lease.ts';
import { firstLookMs, lookAgainMs, pauseAfter } from '../../lambda/domain/pause.ts';

/** Moments, in milliseconds since the call, at which is looked whether it is done. */
const looks = (call: LeaseStep, await_: LeaseStep, count: number): readonly number[] => {
  const moments = [pauseAfter(call, 0)];
  for (let pauses = 1; pauses < count; pauses += 1) moments.push((moments.at(-1) ?? 0) + pauseAfter(await_, pauses));
  return moments;
};

describe('after a call that gives access', () => {
  // Worked out in each test, so that each can be held to it.
  const moments = (): readonly number[] => looks('create', 'await-created', 40);

  it('notices within half a second whatever takes from two to twelve seconds', () => {
    const lateness = (tookMs: number): number =>
      (moments().find((moment) => moment >= tookMs) ?? Number.POSITIVE_INFINITY) - tookMs;
    const lengths = Array.from({ length: 101 }, (_, index) => 2_000 + index * 100);
    expect(lengths.filter((tookMs) => lateness(tookMs) > 500)).toEqual([]);
  });

  it.each(['observe', 'create', 'await-created'] as const)('looks first after a second, when it is to %s', (step) => {
    expect(pauseAfter(step, 0)).toBe(1_000);
  });

  it('looks nine times at most when it takes five seconds', () => {
    expect(moments().filter((moment) => moment <= 5_000).length).toBeLessThanOrEqual(9);
  });

  it('looks once a second when it takes unusually long', () => {
    expect((moments().at(-1) ?? 0) - (moments().at(-2) ?? 0)).toBe(1_000);
  });
});

describe('after a call that takes access away', () => {
  it('looks seldom, since nobody waits for it', () => {
    expect(looks('release', 'await-deleted', 3)).toEqual([4_000, 9_000, 14_000]);
    expect(looks('delete', 'await-deleted', 3)).toEqual([4_000, 9_000, 14_000]);
  });

  it('looks first after the same time when another made the call', () => {
    expect(pauseAfter('await-deleted', 0)).toBe(4_000);
  });
});

describe('a call that Identity Center has no room for', () => {
  it.each([
    ['observe', 1_000],
    ['create', 1_000],
    ['release', 4_000],
    ['delete', 4_000],
  ] as const)('is tried again in the same rhythm, however often: %s', (step, everyMs) => {
    expect([0, 1, 5, 20].map((pauses) => pauseAfter(step, pauses))).toEqual([everyMs, everyMs, everyMs, everyMs]);
  });
});

describe('after a fault', () => {
  it('tries again soon, and then more and more patiently', () => {
    expect([0, 1, 2, 20].map((pauses) => pauseAfter(undefined, pauses))).toEqual([200, 300, 450, 2_000]);
  });

  it('comes back as soon when there was nothing to do', () => {
    expect(pauseAfter('none', 0)).toBe(200);
  });
});

describe('looks at many writes together', () => {
  it.each([
    ['create', false, 2_000],
    ['create', true, 1_500],
    ['delete', false, 4_000],
    ['delete', true, 1_500],
  ] as const)('begin, for a %s with others waiting for a place: %s, after so long', (write, hurried, expected) => {
    expect(firstLookMs(write, hurried)).toBe(expected);
  });

  it.each([
    ['create', 2_000, false, 400],
    ['create', 12_000, false, 1_000],
    ['create', 12_000, true, 250],
    ['delete', 4_000, false, 5_000],
    ['delete', 4_000, true, 250],
  ] as const)('go on, for a %s of %i ms with others waiting: %s, after so long', (write, age, hurried, expected) => {
    expect(lookAgainMs(write, age, hurried)).toBe(expected);
  });
});
