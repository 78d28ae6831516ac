/** Times for people: local time, UTC, and how far away. */
import { describe, expect, it } from 'vitest';
import { clockTime, fromNow, length, moment } from '../../../cli/render/moment.ts';

const NOON = Date.parse('2026-11-23T12:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a moment', () => {
  it.each([
    ['UTC', '2026-11-23 12:00:00 UTC'],
    ['Europe/Berlin', '2026-11-23 13:00:00 +01:00 (12:00:00 UTC)'],
    ['Asia/Kolkata', '2026-11-23 17:30:00 +05:30 (12:00:00 UTC)'],
    ['Pacific/Auckland', '2026-11-24 01:00:00 +13:00 (2026-11-23 12:00:00 UTC)'],
    ['America/Los_Angeles', '2026-11-23 04:00:00 -08:00 (12:00:00 UTC)'],
  ])('in %s is shown in local time and in UTC', (timeZone, expected) => {
    expect(clockTime(NOON, timeZone)).toBe(expected);
  });

  it('keeps midnight as the start of a day', () => {
    expect(clockTime(Date.parse('2026-11-23T00:00:00Z'), 'UTC')).toBe('2026-11-23 00:00:00 UTC');
  });

  it.each([
    [0, 'now'],
    [45 * SECOND, 'in 45s'],
    [90 * SECOND, 'in 1m 30s'],
    [59 * MINUTE + 40 * SECOND, 'in 1h'],
    [90 * MINUTE, 'in 1h 30m'],
    [-3 * MINUTE, '3m ago'],
    [47 * HOUR, 'in 47h'],
    [3 * DAY, 'in 3 days'],
  ])('%i ms away is %s', (away, expected) => {
    expect(fromNow(NOON + away, NOON)).toBe(expected);
  });

  it('comes with its distance', () => {
    expect(moment('2026-11-23T12:30:00.000Z', { now: NOON, timeZone: 'UTC' })).toBe('2026-11-23 12:30:00 UTC, in 30m');
  });
});

describe('a length of time', () => {
  it.each([
    ['PT1H30M', '1h 30m'],
    ['PT45S', '45s'],
    ['P1D', '24h'],
    ['something else', 'something else'],
  ])('%s reads %s', (iso, expected) => {
    expect(length(iso)).toBe(expected);
  });
});
