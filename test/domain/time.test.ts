/** Moments and lengths of time: what is read, what is refused, and that no clock change or leap day shifts them. */
import { describe, expect, it } from 'vitest';
import {
  addSeconds,
  durationSeconds,
  durationText,
  earliest,
  instant,
  parseInstant,
  secondsBetween,
  toIso,
  toIsoSecondsCeiling,
} from '../../lambda/domain/time.ts';
import { at } from './samples.ts';

const NOTHING = 'nothing';
const read = (text: string): string => {
  const moment = parseInstant(text);
  return moment === undefined ? NOTHING : toIso(moment);
};

describe('parseInstant', () => {
  it.each([
    ['2026-11-23T09:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['2026-11-23T09:00Z', '2026-11-23T09:00:00.000Z'],
    ['2026-11-23T09:00:00.5Z', '2026-11-23T09:00:00.500Z'],
    ['2026-11-23T09:00:00.123Z', '2026-11-23T09:00:00.123Z'],
    ['2026-11-23T09:00:00+01:00', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23T00:30:00+05:45', '2026-11-22T18:45:00.000Z'],
    ['2026-11-23T23:30:00-09:30', '2026-11-24T09:00:00.000Z'],
    ['2026-11-23T09:00:00+00:00', '2026-11-23T09:00:00.000Z'],
    // The day on which Europe turns its clocks back: an offset is an offset.
    ['2026-10-25T02:30:00+02:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00.000Z'],
    ['2028-02-29T12:00:00Z', '2028-02-29T12:00:00.000Z'],
    ['2000-02-29T12:00:00Z', '2000-02-29T12:00:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31T23:59:59.999Z'],
    ['2026-02-29T12:00:00Z', NOTHING],
    ['2026-02-30T12:00:00Z', NOTHING],
    ['2100-02-29T12:00:00Z', NOTHING],
    ['2026-04-31T12:00:00Z', NOTHING],
    ['2026-11-31T12:00:00+01:00', NOTHING],
    ['2026-13-01T12:00:00Z', NOTHING],
    ['2026-00-10T12:00:00Z', NOTHING],
    ['2026-11-00T12:00:00Z', NOTHING],
    ['2026-11-32T12:00:00Z', NOTHING],
    ['2026-11-23T25:00:00Z', NOTHING],
    ['2026-11-23T09:60:00Z', NOTHING],
    ['2026-11-23T09:00:60Z', NOTHING],
    ['2026-11-23T09:00:00+25:00', NOTHING],
    ['2026-11-23T09:00:00', NOTHING],
    ['2026-11-23', NOTHING],
    ['2026-11-23 09:00:00Z', NOTHING],
    ['2026-11-23T09:00:00z', NOTHING],
    ['2026-11-23T09:00:00.1234Z', NOTHING],
    ['+002026-11-23T09:00:00Z', NOTHING],
    [' 2026-11-23T09:00:00Z', NOTHING],
    ['2026-11-23T09:00:00Z\n', NOTHING],
    ['2026-11-23T09:00:00Z (half past eight)', NOTHING],
    ['20261123T090000Z', NOTHING],
    ['tomorrow', NOTHING],
    ['1795424400000', NOTHING],
    ['', NOTHING],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('instant', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -8.64e15 - 1])(
    'throws for %d, which is a bug',
    (number) => {
      expect(() => instant(number)).toThrow(RangeError);
    },
  );

  it('takes the last moment that can be told', () => {
    expect(toIso(instant(8.64e15))).toBe('+275760-09-13T00:00:00.000Z');
  });

  it('drops what is less than a millisecond', () => {
    expect(instant(1.9)).toBe(1);
  });
});

describe('durationSeconds', () => {
  it.each([
    [1, 1],
    [43_200, 43_200],
    [0, undefined],
    [-1, undefined],
    [1.5, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [2 ** 53, undefined],
  ])('of %d is %s', (number, expected) => {
    expect(durationSeconds(number)).toBe(expected);
  });
});

describe('arithmetic', () => {
  it('counts a day as 24 hours, over a leap day too', () => {
    expect(toIso(addSeconds(instant(Date.UTC(2028, 1, 28, 12)), 86_400))).toBe('2028-02-29T12:00:00.000Z');
    expect(toIso(addSeconds(instant(Date.UTC(2026, 1, 28, 12)), 86_400))).toBe('2026-03-01T12:00:00.000Z');
  });

  it('measures from one moment to another, in seconds, forwards and backwards', () => {
    expect(secondsBetween(at('09:00'), at('09:00:01.500'))).toBe(1.5);
    expect(secondsBetween(at('09:01'), at('09:00'))).toBe(-60);
  });

  it('finds the earliest', () => {
    expect(earliest(at('09:00'))).toBe(at('09:00'));
    expect(earliest(at('09:02'), at('09:01'), at('09:03'))).toBe(at('09:01'));
  });
});

it.each([
  [0, '0s'],
  [59, '59s'],
  [3600, '1h'],
  [5430, '1h 30m 30s'],
])('%d seconds are told as %s', (seconds, expected) => {
  expect(durationText(seconds)).toBe(expected);
});

describe('toIsoSecondsCeiling', () => {
  it.each([
    ['09:00:00.000', '2026-11-23T09:00:00Z'],
    ['09:00:00.001', '2026-11-23T09:00:01Z'],
    ['09:00:00.999', '2026-11-23T09:00:01Z'],
    ['23:59:59.500', '2026-11-24T00:00:00Z'],
  ])('%s is never earlier: %s', (timeOfDay, expected) => {
    expect(toIsoSecondsCeiling(at(timeOfDay))).toBe(expected);
  });
});
