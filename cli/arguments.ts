/** Durations and moments as people type them on the command line. */
import { parseDuration, toIsoDuration } from '../lambda/contract/duration.ts';
import { failure } from './failure.ts';

/** @throws Failure `duration_invalid` naming the option. */
export const secondsFrom = (text: string, option: string): number => {
  const seconds = parseDuration(text.trim());
  if (seconds !== undefined) return seconds;
  throw failure('duration_invalid', `${option} "${text}" is no duration.`, {
    next: 'Write hours, minutes or seconds, such as 1h, 90m, 1h30m or PT1H30M; more than zero, without fractions.',
  });
};

/** The duration in ISO 8601, as the API takes it. */
export const isoDurationFrom = (text: string, option: string): string => toIsoDuration(secondsFrom(text, option));

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/i;
const LOCAL = /^(?<date>\d{4}-\d{2}-\d{2})[T ](?<time>\d{2}:\d{2}(:\d{2})?)$/;
const TIME = /^(?<hours>[01]\d|2[0-3]):(?<minutes>[0-5]\d)$/;

/** Today at that local time, or tomorrow where that has passed. */
const nextAt = (hours: number, minutes: number, now: number): number => {
  const moment = new Date(now);
  moment.setHours(hours, minutes, 0, 0);
  if (moment.getTime() <= now) moment.setDate(moment.getDate() + 1);
  return moment.getTime();
};

const millisecondsFrom = (text: string, now: number): number => {
  if (text.startsWith('+')) return now + (parseDuration(text.slice(1)) ?? Number.NaN) * 1000;
  if (WITH_ZONE.test(text)) return Date.parse(text.replace(' ', 'T'));
  const local = LOCAL.exec(text)?.groups;
  // Without a zone, ECMAScript reads date and time as local.
  if (local) return Date.parse(`${local.date}T${local.time}`);
  const time = TIME.exec(text)?.groups;
  return time ? nextAt(Number(time.hours), Number(time.minutes), now) : Number.NaN;
};

/** A start, as an ISO 8601 moment in UTC. @throws Failure `start_invalid` */
export const startFrom = (text: string, now: number): string => {
  const milliseconds = millisecondsFrom(text.trim(), now);
  if (Number.isFinite(milliseconds)) return new Date(milliseconds).toISOString();
  throw failure('start_invalid', `--start "${text}" is no moment.`, {
    next: 'Write +30m, 14:30 (local time), "2026-11-23 14:30" (local time), or 2026-11-23T14:30Z.',
  });
};
