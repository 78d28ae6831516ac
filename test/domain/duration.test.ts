/** Durations as people write and read them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, toIsoDuration, toReadableDuration } from '../../lambda/contract/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['PT1H', 3600],
    ['PT1H30M', 5400],
    ['PT90M', 5400],
    ['PT45S', 45],
    ['P1D', 86_400],
    ['P1DT2H3M4S', 93_784],
    ['1h', 3600],
    ['1h30m', 5400],
    ['90m', 5400],
    ['45s', 45],
    ['1d', 86_400],
    ['1H30M', 5400],
    ['PT0S', undefined],
    ['0m', undefined],
    ['PT', undefined],
    ['P', undefined],
    ['', undefined],
    ['-PT1H', undefined],
    ['PT-1H', undefined],
    ['-1h', undefined],
    ['PT1.5H', undefined],
    ['1.5h', undefined],
    ['PT0.5S', undefined],
    ['P1M', undefined],
    ['P1W', undefined],
    ['P1Y', undefined],
    ['PT1H30', undefined],
    ['PT30M1H', undefined],
    ['30m1h', undefined],
    ['1 h', undefined],
    ['1h\n', undefined],
    ['60', undefined],
    ['one hour', undefined],
    ['pt1h', undefined],
    ['١h', undefined],
    ['PT9999999999S', undefined],
  ])('%j is %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});

describe('printing', () => {
  it.each([
    [1, 'PT1S', '1s'],
    [60, 'PT1M', '1m'],
    [3600, 'PT1H', '1h'],
    [5400, 'PT1H30M', '1h 30m'],
    [3661, 'PT1H1M1S', '1h 1m 1s'],
    [86_400, 'PT24H', '24h'],
    [0, 'PT0S', '0s'],
  ])('%d seconds', (count, iso, readable) => {
    expect([toIsoDuration(count), toReadableDuration(count)]).toEqual([iso, readable]);
  });

  it('prints what it reads back as the same length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (count) => {
        expect(parseDuration(toIsoDuration(count))).toBe(count);
        expect(parseDuration(toReadableDuration(count).replaceAll(' ', ''))).toBe(count);
      }),
    );
  });
});
