/** Cron in time zones: examples with what a calendar says, and beside a well-known library on random ones. */
import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCron } from '../../lambda/contract/cron.ts';
import { recurrenceOf } from '../../lambda/contract/recurrence.ts';
import { momentOf, wallClock } from '../../lambda/contract/zone-time.ts';

const iso = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString().replace(':00.000Z', 'Z');

const next = (cron: string, zone: string, after: string): string | undefined =>
  iso(recurrenceOf(cron, zone)?.firstAfter(Date.parse(after)));

describe('the first moment after another', () => {
  test.each([
    ['Friday at three, in summer', '0 15 * * 5', 'Europe/Berlin', '2026-07-01T00:00Z', '2026-07-03T13:00Z'],
    ['Friday at three, in winter', '0 15 * * FRI', 'Europe/Berlin', '2026-12-01T00:00Z', '2026-12-04T14:00Z'],
    ['the moment itself is not after itself', '0 15 * * 5', 'UTC', '2026-07-03T15:00Z', '2026-07-10T15:00Z'],
    ['seven is Sunday', '0 0 * * 7', 'UTC', '2026-07-01T00:00Z', '2026-07-05T00:00Z'],
    ['lists, ranges and steps', '*/20 9-17/4 1,15 jan,Jul *', 'UTC', '2026-07-01T09:40Z', '2026-07-01T13:00Z'],
    ['either day, where both are named', '0 0 13 * 5', 'UTC', '2026-11-07T00:00Z', '2026-11-13T00:00Z'],
    ['either day, the one of the week first', '0 0 20 * 1', 'UTC', '2026-11-14T00:00Z', '2026-11-16T00:00Z'],
    ['the last day of February', '0 18 L * *', 'UTC', '2027-02-01T00:00Z', '2027-02-28T18:00Z'],
    ['the second Tuesday', '0 0 * * TUE#2', 'UTC', '2026-11-01T00:00Z', '2026-11-10T00:00Z'],
    ['the last Friday', '0 0 * * 5#L', 'UTC', '2026-11-01T00:00Z', '2026-11-27T00:00Z'],
    ['a leap day', '0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', '2104-02-29T00:00Z'],
    ['over the end of a year', '30 23 31 12 *', 'America/New_York', '2026-12-31T12:00Z', '2027-01-01T04:30Z'],
    [
      'a time that is left out: when the clocks are put forward',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-29T01:00Z',
    ],
    ['the day after that one', '30 2 * * *', 'Europe/Berlin', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ['a time that comes twice: the first one', '30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T00:30Z'],
    ['and not the second one', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ['half an hour of summer time', '15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00Z', '2026-10-03T15:30Z'],
    ['a zone that is a quarter past', '0 0 * * *', 'Asia/Kathmandu', '2026-01-01T00:00Z', '2026-01-01T18:15Z'],
  ])('%s', (_, cron, zone, after, expected) => {
    expect(next(cron, zone, after)).toBe(expected);
  });

  test('a day that never comes has none', () => {
    expect(next('0 0 30 2 *', 'UTC', '2026-01-01T00:00Z')).toBeUndefined();
  });

  test('asking again about an earlier moment is not answered from memory', () => {
    const daily = recurrenceOf('0 12 * * *', 'UTC');
    const asked = ['2026-07-05T13:00Z', '2026-07-05T14:00Z', '2026-07-01T00:00Z', '2026-07-06T12:00Z'];
    expect(asked.map((moment) => iso(daily?.firstAfter(Date.parse(moment))))).toEqual([
      '2026-07-06T12:00Z',
      '2026-07-06T12:00Z',
      '2026-07-01T12:00Z',
      '2026-07-07T12:00Z',
    ]);
  });
});

describe('what is no cron', () => {
  test.each([
    ['four fields', '0 0 * *'],
    ['six fields', '0 0 0 * * *'],
    ['nothing', ''],
    ['a minute too many', '60 0 * * *'],
    ['a day too few', '0 0 0 * *'],
    ['a month by a name that is none', '0 0 1 FOO *'],
    ['a range that runs backwards', '0 17-9 * * *'],
    ['a step of nothing', '*/0 * * * *'],
    ['a step of a single number', '5/10 * * * *'],
    ['two steps', '*/5/5 * * * *'],
    ['an empty part of a list', '1,,2 * * * *'],
    ['a negative number', '-5 * * * *'],
    ['a sixth Friday', '0 0 * * 5#6'],
    ['a fraction', '1.5 * * * *'],
    ['the last minute', 'L * * * *'],
    ['a word', '@daily'],
  ])('%s', (_, cron) => {
    expect(parseCron(cron)).toBeUndefined();
    expect(recurrenceOf(cron, 'UTC')).toBeUndefined();
  });
});

const range = (least: number, most: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
    .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);

const field = (least: number, most: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: least, max: most }).map(String),
    range(least, most),
    fc.tuple(range(least, most), fc.integer({ min: 1, max: 7 })).map(([bounds, step]) => `${bounds}/${step}`),
    fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 4 }).map((list) => list.join(',')),
  );

/** Days that every month has: on others the library gives up after fewer years than we do. */
const cron = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    fc.oneof(field(1, 28), fc.constant('L')),
    field(1, 12),
    fc.oneof(field(0, 6), fc.constantFrom('FRI#2', '1#L')),
  )
  .map((fields) => fields.join(' '));

const BEGIN = Date.parse('2024-01-01T00:00Z');
const zone = fc.constantFrom('UTC', 'Asia/Tokyo', 'Asia/Kathmandu', 'America/Bogota', 'Africa/Lagos');

test('agrees with a library on random crons, in zones without summer time', () => {
  fc.assert(
    fc.property(cron, zone, fc.integer({ min: 0, max: 5 * 365 * 86_400 }), (text, timezone, seconds) => {
      const after = BEGIN + seconds * 1000;
      const theirs = new Cron(text, { timezone, paused: true }).nextRun(new Date(after))?.getTime();
      expect(iso(recurrenceOf(text, timezone)?.firstAfter(after))).toBe(iso(theirs));
    }),
    { numRuns: 2000 },
  );
});

test('a moment is when the clocks first show what they show', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC');
  fc.assert(
    fc.property(zones, fc.integer({ min: 0, max: 20 * 365 * 86_400 }), (timeZone, seconds) => {
      const moment = BEGIN + seconds * 1000;
      const wall = wallClock(moment, timeZone);
      const first = momentOf(wall, timeZone);
      expect(wallClock(first, timeZone)).toBe(wall);
      expect(first).toBeLessThanOrEqual(moment);
    }),
    { numRuns: 1000 },
  );
});
