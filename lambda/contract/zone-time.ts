/** Moments and what the clocks of a time zone show at them, summer time included. All in milliseconds. */

const DAY_MS = 86_400_000;

/** Making one costs a hundred times what using it does. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone that is none */
const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
};

/** What the clocks show, as if it were UTC: 02:00 in Berlin is 02:00Z. Whole seconds. */
export const wallClock = (moment: number, timeZone: string): number => {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(moment)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

const aheadOfUtc = (moment: number, timeZone: string): number =>
  wallClock(moment, timeZone) - Math.floor(moment / 1000) * 1000;

/** The moment between two at which the clocks are put forward. */
const jumpBetween = (before: number, after: number, timeZone: string): number => {
  const ahead = aheadOfUtc(after, timeZone);
  let [low, high] = [before, after];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (aheadOfUtc(middle, timeZone) === ahead) high = middle;
    else low = middle;
  }
  return high;
};

/**
 * When the clocks first show this. What they leave out when they are put forward is the moment at which that happens;
 * what they show twice when they are put back is the first time.
 */
export const momentOf = (wall: number, timeZone: string): number => {
  const candidates = [wall - DAY_MS, wall + DAY_MS].map((near) => wall - aheadOfUtc(near, timeZone));
  const shown = candidates.filter((moment) => wallClock(moment, timeZone) === wall);
  return shown.length > 0
    ? Math.min(...shown)
    : jumpBetween(Math.min(...candidates), Math.max(...candidates), timeZone);
};
