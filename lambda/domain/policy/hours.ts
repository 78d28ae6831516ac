/** Days and times of day in a time zone, summer time included. */
import type { Instant } from '../time.ts';
import type { Hours } from './policy.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTES_A_DAY = 24 * 60;

/** Making one costs a hundred times what using it does. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone that is none: the policy's schema lets none through. */
const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
};

/** Day of the week (0 is Sunday) and minute of the day, as clocks there show them. */
export const localTime = (moment: Instant, timeZone: string): { readonly day: number; readonly minute: number } => {
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  return { day: DAYS.indexOf(parts.weekday ?? ''), minute: Number(parts.hour) * 60 + Number(parts.minute) };
};

export const isWithin = ({ days, fromMinute, untilMinute, timeZone }: Hours, moment: Instant): boolean => {
  const { day, minute } = localTime(moment, timeZone);
  if (fromMinute < untilMinute) return days.includes(day) && minute >= fromMinute && minute < untilMinute;
  const dayBefore = (day + 6) % 7;
  return (days.includes(day) && minute >= fromMinute) || (days.includes(dayBefore) && minute < untilMinute);
};

const clock = (minute: number): string => {
  const hour = String(Math.floor(minute / 60)).padStart(2, '0');
  return `${hour}:${String(minute % 60).padStart(2, '0')}`;
};

/** `Mon, Tue 08:00-18:00 Europe/Berlin` */
export const hoursText = ({ days, fromMinute, untilMinute, timeZone }: Hours): string =>
  `${days.map((day) => DAYS[day]).join(', ')} ${clock(fromMinute)}-${clock(untilMinute === 0 ? MINUTES_A_DAY : untilMinute)} ${timeZone}`;
