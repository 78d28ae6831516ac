/** When a cron comes round, by the clocks of a time zone. */
import { type CronFields, parseCron } from './cron.ts';
import { momentOf, wallClock } from './zone-time.ts';

const DAY_MS = 86_400_000;
/** Between two 29 February there are eight years at most; on a given day of the week, forty. */
const MOST_DAYS = 41 * 366;

const startOfDay = (wall: number): number => Math.floor(wall / DAY_MS) * DAY_MS;

const isLastOfMonth = (day: number): boolean => new Date(day + DAY_MS).getUTCDate() === 1;
const isLastSuch = (day: number): boolean => new Date(day + 7 * DAY_MS).getUTCMonth() !== new Date(day).getUTCMonth();

const fitsDays = ({ days, weekdays }: CronFields, day: number): boolean => {
  const [date, weekday] = [new Date(day).getUTCDate(), new Date(day).getUTCDay()];
  const ofMonth = days.numbers.has(date) || (days.last && isLastOfMonth(day));
  const isNth = (nth: number | 'last'): boolean => (nth === 'last' ? isLastSuch(day) : Math.ceil(date / 7) === nth);
  const ofWeek = weekdays.numbers.has(weekday) || weekdays.nth.some((one) => one.weekday === weekday && isNth(one.nth));
  // Cron's own rule: where both are narrowed, either will do.
  return days.every || weekdays.every ? ofMonth && ofWeek : ofMonth || ofWeek;
};

const fitsDay = (fields: CronFields, day: number): boolean =>
  fields.months.has(new Date(day).getUTCMonth() + 1) && fitsDays(fields, day);

/** The first moment on that day, by the clocks there, that is after another. */
const firstOnDay = ({ hours, minutes }: CronFields, day: number, after: number, timeZone: string) => {
  const notBefore = wallClock(after, timeZone);
  for (const hour of hours) {
    for (const minute of minutes) {
      const wall = day + (hour * 60 + minute) * 60_000;
      const moment = wall < notBefore ? after : momentOf(wall, timeZone);
      if (moment > after) return moment;
    }
  }
  return undefined;
};

const firstAfter = (fields: CronFields, after: number, timeZone: string): number | undefined => {
  const today = startOfDay(wallClock(after, timeZone));
  for (let day = today; day <= today + MOST_DAYS * DAY_MS; day += DAY_MS) {
    const moment = fitsDay(fields, day) ? firstOnDay(fields, day, after, timeZone) : undefined;
    if (moment !== undefined) return moment;
  }
  return undefined;
};

export interface Recurrence {
  /** The first moment after another, both in milliseconds; undefined if there is none, as on 30 February. */
  firstAfter(moment: number): number | undefined;
}

/** Undefined for what is no cron. @throws RangeError for a zone that is none */
export const recurrenceOf = (cron: string, timeZone: string): Recurrence | undefined => {
  const fields = parseCron(cron);
  if (!fields) return undefined;
  // Judging asks about nearly the same moment again and again.
  let last: { readonly after: number; readonly next: number } | undefined;
  return {
    firstAfter: (after) => {
      if (last && last.after <= after && after < last.next) return last.next;
      const next = firstAfter(fields, after, timeZone);
      last = next === undefined ? undefined : { after, next };
      return next;
    },
  };
};
