/** Durations and moments as people type them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isoDurationFrom, startFrom } from '../../cli/arguments.ts';

describe('a duration', () => {
  it.each([
    ['1h', 'PT1H'],
    ['90m', 'PT1H30M'],
    ['1h30m', 'PT1H30M'],
    ['PT45M', 'PT45M'],
    [' 2H ', 'PT2H'],
    ['1d', 'PT24H'],
  ])('%s is sent as %s', (text, expected) => {
    expect(isoDurationFrom(text, '--for')).toBe(expected);
  });

  it.each(['', '0h', '-1h', '1.5h', '90', 'soon', '1h 30m', 'PT0S'])(
    '"%s" is refused by the name of its option',
    (text) => {
      expect(() => isoDurationFrom(text, '--for')).toThrow(`duration_invalid: --for "${text}" is no duration.`);
    },
  );
});

describe('a start', () => {
  const NOW = Date.parse('2026-11-23T12:00:00Z');

  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Berlin');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ['2026-11-23T22:00Z', '2026-11-23T22:00:00.000Z'],
    ['2026-11-23 22:00:30+02:00', '2026-11-23T20:00:30.000Z'],
    ['2026-11-23 22:00', '2026-11-23T21:00:00.000Z'],
    ['2026-11-23T22:00:05', '2026-11-23T21:00:05.000Z'],
    ['14:30', '2026-11-23T13:30:00.000Z'],
    ['09:15', '2026-11-24T08:15:00.000Z'],
    ['+30m', '2026-11-23T12:30:00.000Z'],
    ['+1h30m', '2026-11-23T13:30:00.000Z'],
  ])('%s in Berlin at 13:00 is %s', (text, expected) => {
    expect(startFrom(text, NOW)).toBe(expected);
  });

  it.each(['', 'tomorrow', '25:00', '9:15', '2026-13-45 10:00', '+0m', '+soon', '2026-11-23'])(
    '"%s" is refused',
    (text) => {
      expect(() => startFrom(text, NOW)).toThrow('start_invalid');
    },
  );
});
