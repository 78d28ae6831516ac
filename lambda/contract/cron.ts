/** Cron: five fields, read into what they stand for; when they come round is reckoned in `recurrence.ts`. */

export interface CronFields {
  /** Each in ascending order. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly days: DaysOfMonth;
  readonly weekdays: DaysOfWeek;
}

export interface DaysOfMonth {
  /** The field is `*`: it is the days of the week that decide. */
  readonly every: boolean;
  readonly numbers: ReadonlySet<number>;
  /** `L` */
  readonly last: boolean;
}

export interface DaysOfWeek {
  readonly every: boolean;
  /** 0 is Sunday. */
  readonly numbers: ReadonlySet<number>;
  /** `FRI#2`, the second Friday of a month, and `FRI#L`, the last one. */
  readonly nth: readonly { readonly weekday: number; readonly nth: number | 'last' }[];
}

interface Range {
  readonly least: number;
  readonly most: number;
  /** In the order of their numbers, the first one being `least`. */
  readonly names?: readonly string[];
}

const MINUTES: Range = { least: 0, most: 59 };
const HOURS: Range = { least: 0, most: 23 };
const DAYS: Range = { least: 1, most: 31 };
const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const MONTHS: Range = { least: 1, most: 12, names: MONTH_NAMES };
/** Sunday is 0, and 7 too. */
const WEEKDAYS: Range = { least: 0, most: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] };

/** Inside only: what a field cannot be read as ends the reading of all. */
class NoCron extends Error {
  override readonly name = 'NoCron';
}

const numberIn = ({ least, most, names = [] }: Range, text: string): number => {
  const name = names.indexOf(text.toUpperCase());
  const value = name >= 0 ? name + least : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new NoCron(text);
};

const isEvery = (field: string): boolean => field === '*' || field === '?';

const boundsOf = (range: Range, text: string): readonly [number, number] => {
  if (isEvery(text)) return [range.least, range.most];
  const [from = '', to = from, ...rest] = text.split('-');
  const bounds = [numberIn(range, from), numberIn(range, to)] as const;
  if (rest.length > 0 || bounds[0] > bounds[1]) throw new NoCron(text);
  return bounds;
};

const stepOf = (range: Range, text: string, bounds: string): number => {
  const isRange = isEvery(bounds) || bounds.includes('-');
  if (isRange && /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= range.most) return Number(text);
  throw new NoCron(text);
};

/** `7`, `MON`, `1-5`, `*`, and the last two with a step: `1-30/5`. */
const numbersIn = (range: Range, part: string): readonly number[] => {
  const [bounds = '', step, ...rest] = part.split('/');
  if (rest.length > 0) throw new NoCron(part);
  const [first, last] = boundsOf(range, bounds);
  const each = step === undefined ? 1 : stepOf(range, step, bounds);
  return Array.from({ length: Math.floor((last - first) / each) + 1 }, (_, index) => first + index * each);
};

const ascending = (numbers: Iterable<number>): readonly number[] => [...new Set(numbers)].sort((a, b) => a - b);

const listed = (range: Range, field: string): readonly number[] =>
  ascending(field.split(',').flatMap((part) => numbersIn(range, part)));

const daysIn = (field: string): DaysOfMonth => {
  const parts = field.split(',');
  const isLast = (part: string): boolean => part.toUpperCase() === 'L';
  const numbers = parts.filter((part) => !isLast(part)).flatMap((part) => numbersIn(DAYS, part));
  return { every: isEvery(field), numbers: new Set(numbers), last: parts.some(isLast) };
};

const nthIn = (part: string): { readonly weekday: number; readonly nth: number | 'last' } => {
  const [weekday = '', nth = '', ...rest] = part.split('#');
  if (rest.length > 0 || !/^[1-5L]$/i.test(nth)) throw new NoCron(part);
  return { weekday: numberIn(WEEKDAYS, weekday) % 7, nth: nth.toUpperCase() === 'L' ? 'last' : Number(nth) };
};

const weekdaysIn = (field: string): DaysOfWeek => {
  const parts = field.split(',');
  const isNth = (part: string): boolean => part.includes('#');
  const numbers = parts.filter((part) => !isNth(part)).flatMap((part) => numbersIn(WEEKDAYS, part));
  return {
    every: isEvery(field),
    numbers: new Set(numbers.map((day) => day % 7)),
    nth: parts.filter(isNth).map(nthIn),
  };
};

const fieldsOf = (text: string): CronFields => {
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) throw new NoCron(text);
  return {
    minutes: listed(MINUTES, minute),
    hours: listed(HOURS, hour),
    days: daysIn(day),
    months: new Set(listed(MONTHS, month)),
    weekdays: weekdaysIn(weekday),
  };
};

/** Undefined for what is no cron of five fields. */
export const parseCron = (text: string): CronFields | undefined => {
  try {
    return fieldsOf(text);
  } catch (thrown) {
    if (thrown instanceof NoCron) return undefined;
    throw thrown;
  }
};
