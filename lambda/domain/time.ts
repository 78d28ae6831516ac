/** Instants and durations as checked types; the domain never reads a clock. */

declare const instantBrand: unique symbol;
declare const secondsBrand: unique symbol;

/** A moment, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [instantBrand]: true };

/** A length of time in whole, positive seconds. */
export type DurationSeconds = number & { readonly [secondsBrand]: true };

const LATEST = 8.64e15;

/** @throws RangeError when the number is no representable moment: a bug, since texts go through `parseInstant`. */
export const instant = (epochMilliseconds: number): Instant => {
  if (!Number.isFinite(epochMilliseconds) || Math.abs(epochMilliseconds) > LATEST) {
    throw new RangeError(`not a moment: ${epochMilliseconds}`);
  }
  return Math.trunc(epochMilliseconds) as Instant;
};

/** The duration, or undefined when the number is not whole and positive. */
export const durationSeconds = (seconds: number): DurationSeconds | undefined =>
  Number.isSafeInteger(seconds) && seconds > 0 ? (seconds as DurationSeconds) : undefined;

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** `Date.parse` alone would read February 30 as March 2. */
const isCalendarDay = (date: string): boolean => {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
};

/** Reads an ISO 8601 moment that names its zone; undefined for anything else. */
export const parseInstant = (text: string): Instant | undefined => {
  if (!WITH_ZONE.test(text) || !isCalendarDay(text.slice(0, 10))) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : (milliseconds as Instant);
};

export const toIso = (moment: Instant): string => new Date(moment).toISOString();

/** The same moment in whole seconds, never earlier: for Wait states, which take no fractions. */
export const toIsoSecondsCeiling = (moment: Instant): string =>
  toIso(instant(Math.ceil(moment / 1000) * 1000)).replace('.000Z', 'Z');

/** The last whole second up to the moment. */
export const wholeSecond = (moment: Instant): Instant => instant(Math.floor(moment / 1000) * 1000);

export const addSeconds = (moment: Instant, seconds: number): Instant => instant(moment + seconds * 1000);

export const secondsBetween = (from: Instant, until: Instant): number => (until - from) / 1000;

export const earliest = (first: Instant, ...others: readonly Instant[]): Instant => instant(Math.min(first, ...others));

export const latest = (first: Instant, ...others: readonly Instant[]): Instant => instant(Math.max(first, ...others));

/** `1h 30m`; `0s` for none. */
export const durationText = (seconds: number): string => {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [Math.floor(seconds % 60), 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join(' ') || '0s';
};
