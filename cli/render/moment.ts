/** Moments and lengths of time for people: local time, UTC beside it, and how far away that is. */
import { parseDuration, toReadableDuration } from '../../lambda/contract/duration.ts';
import type { Terminal } from '../terminal.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Clockwork {
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
}

export const clockworkOf = ({ now, timeZone }: Terminal): Clockwork => ({ now: now(), timeZone });

const partsIn = (
  timeZone: string,
  milliseconds: number,
): { readonly date: string; readonly time: string; readonly offset: string } => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  });
  const parts = Object.fromEntries(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
    offset: (parts.timeZoneName ?? '').replace('GMT', ''),
  };
};

/** Rounded to what matters at that distance: seconds below two minutes, minutes below two days, then days. */
export const toRoughDuration = (seconds: number): string => {
  if (seconds < 2 * MINUTE) return toReadableDuration(Math.round(seconds));
  if (seconds < 2 * DAY) return toReadableDuration(Math.round(seconds / MINUTE) * MINUTE);
  return `${Math.round(seconds / DAY)} days`;
};

/** `in 59m`, `3m ago`, `now`. */
export const fromNow = (milliseconds: number, now: number): string => {
  const seconds = Math.round((milliseconds - now) / 1000);
  if (seconds === 0) return 'now';
  return seconds > 0 ? `in ${toRoughDuration(seconds)}` : `${toRoughDuration(-seconds)} ago`;
};

/** As Node's versions write it. */
const NO_OFFSET: ReadonlySet<string> = new Set(['', '+00:00']);

/** `2026-11-23 15:04:05 +01:00 (14:04:05 UTC)`; UTC's date is named where it is another one. */
export const clockTime = (milliseconds: number, timeZone: string): string => {
  const utc = partsIn('UTC', milliseconds);
  const local = partsIn(timeZone, milliseconds);
  if (NO_OFFSET.has(local.offset)) return `${utc.date} ${utc.time} UTC`;
  const beside = utc.date === local.date ? utc.time : `${utc.date} ${utc.time}`;
  return `${local.date} ${local.time} ${local.offset} (${beside} UTC)`;
};

/** `15:04:05`, local: of a moment that is not far away. */
export const timeOfDay = (milliseconds: number, timeZone: string): string => partsIn(timeZone, milliseconds).time;

/** Local time, UTC and the distance, of an ISO 8601 moment. */
export const moment = (iso: string, { now, timeZone }: Clockwork): string => {
  const milliseconds = Date.parse(iso);
  return `${clockTime(milliseconds, timeZone)}, ${fromNow(milliseconds, now)}`;
};

/** An ISO 8601 duration as `1h 30m`; what is none stays as it is. */
export const length = (iso: string): string => {
  const seconds = parseDuration(iso);
  return seconds === undefined ? iso : toReadableDuration(seconds);
};
