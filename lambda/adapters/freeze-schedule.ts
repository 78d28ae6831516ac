/** When a freeze is on: between two moments, or again and again by cron in a time zone. */
import type { FreezeInFile } from '../contract/policy-schedule.ts';
import { recurrenceOf } from '../contract/recurrence.ts';
import type { Schedule, Window } from '../domain/policy/policy.ts';
import { addSeconds, instant } from '../domain/time.ts';

const overlaps = (left: Window, right: Window): boolean => left.from < right.until && right.from < left.until;

const dated = ({ fromMs, untilMs }: Extract<FreezeInFile, { kind: 'dated' }>): Schedule => {
  const frozen = { from: instant(fromMs), until: instant(untilMs) };
  return { firstWithin: (window) => (overlaps(frozen, window) ? frozen : undefined) };
};

const recurring = ({ cron, durationSeconds, timeZone }: Extract<FreezeInFile, { kind: 'recurring' }>): Schedule => {
  const begins = recurrenceOf(cron, timeZone);
  if (!begins) throw new Error('the schema lets no cron through that cannot be read');
  return {
    /** The first that begins late enough to be still on when the window opens, if it begins before the window closes. */
    firstWithin: (window) => {
      const next = begins.firstAfter(window.from - durationSeconds * 1000);
      if (next === undefined) return undefined;
      const from = instant(next);
      const frozen = { from, until: addSeconds(from, durationSeconds) };
      return overlaps(frozen, window) ? frozen : undefined;
    },
  };
};

export const scheduleFrom = (freeze: FreezeInFile): Schedule =>
  freeze.kind === 'dated' ? dated(freeze) : recurring(freeze);
