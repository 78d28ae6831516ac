/** Times in a policy: time zones, times of day, days, freezes by date or by cron; checked here, reckoned where they are used. */
import * as z from 'zod';
import { parseCron } from './cron.ts';
import { parseDuration } from './duration.ts';
import { recurrenceOf } from './recurrence.ts';
import { momentOf } from './zone-time.ts';

export const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const reads = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};

export const durationText = z.string().transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds === undefined) context.addIssue(`"${text}" is no duration; write 4h, 30m or PT4H`);
  return seconds ?? z.NEVER;
});

const timeZone = z
  .string()
  .refine((zone) => reads(() => new Intl.DateTimeFormat('en', { timeZone: zone })), 'a time zone such as Europe/Berlin')
  .describe('Name of a time zone, such as Europe/Berlin; summer time is minded.');

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as 08:00, in quotes')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

export const hours = z
  .strictObject({
    days: z.array(z.enum(DAY_NAMES)).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']),
    from: timeOfDay,
    until: timeOfDay.describe('Not included. Before `from`, it is on the day after.'),
    time_zone: timeZone,
  })
  .refine(({ from, until }) => from !== until, 'from and until are the same')
  .describe('Access begins within these hours only.');

/** A day, or a moment that names its zone. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

const isReal = (text: string): boolean => {
  const midnight = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(text.slice(0, 10));
  return isDay && (DAY.test(text) || (MOMENT.test(text) && !Number.isNaN(Date.parse(text))));
};

const dayOrMoment = z
  .string()
  .refine(isReal, 'a day such as 2026-12-20, or a moment with its zone such as 2026-12-20T18:00:00+01:00');

/** A moment alone. */
export const momentText = z
  .string()
  .refine((text) => MOMENT.test(text) && isReal(text), 'a moment with its zone, such as 2026-11-23T10:00Z');

const reason = z.string().min(1).max(500).describe('Shown to whoever is refused.');

/** The moment that a day begins in a zone. */
const midnightIn = (day: string, zone: string): number => momentOf(Date.parse(day), zone);

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

const dated = z
  .strictObject({
    reason,
    from: dayOrMoment.describe('A day, from its beginning; or a moment with its zone.'),
    until: dayOrMoment.describe('A day, to its end; or a moment with its zone, not included.'),
    time_zone: timeZone.default('UTC'),
  })
  .transform(({ reason: why, from, until, time_zone }) => ({
    kind: 'dated' as const,
    reason: why,
    fromMs: DAY.test(from) ? midnightIn(from, time_zone) : Date.parse(from),
    untilMs: DAY.test(until) ? midnightIn(dayAfter(until), time_zone) : Date.parse(until),
  }))
  .refine(({ fromMs, untilMs }) => fromMs < untilMs, 'until is not after from');

const LONGEST_FREEZE = 31 * 86_400;

const recurring = z
  .strictObject({
    reason,
    cron: z
      .string()
      .max(200)
      .refine((text) => parseCron(text) !== undefined, {
        error: 'five cron fields: minute, hour, day of the month, month, day of the week',
        abort: true,
      })
      .refine((text) => recurrenceOf(text, 'UTC')?.firstAfter(0) !== undefined, 'no such day ever comes')
      .describe('When it begins: minute, hour, day of the month, month, day of the week.'),
    duration: durationText.refine((seconds) => seconds <= LONGEST_FREEZE, 'at most 31 days'),
    time_zone: timeZone,
  })
  .transform(({ reason: why, cron, duration, time_zone }) => ({
    kind: 'recurring' as const,
    reason: why,
    cron,
    durationSeconds: duration,
    timeZone: time_zone,
  }));

export const freeze = z.union([dated, recurring]);
export type FreezeInFile = z.output<typeof freeze>;
