/** When a freeze is on: between two moments, or again and again by cron in a time zone. */
import { Cron } from 'croner';
import type { FreezeInFile } from '../contract/policy-schedule.ts';
import type { Schedule, Window } from '../domain/policy/policy.ts';
import { addSeconds, instant } from '../domain/time.ts';

const overlaps = (left: Window, right: Window): boolean => left.from < right.until && right.from < left.until;

const dated = ({ fromMs, untilMs }: Extract<FreezeInFile, { kind: 'dated' }>): Schedule => {
  const frozen = { from: instant(fromMs), until: instant(untilMs) };
  return { firstWithin: (window) => (overlaps(frozen, window) ? frozen : undefined) };
};

const recurring = ({ cron, durationSeconds, timeZone }: Extract<FreezeInFile, { kind: 'recurring' }>): Schedule => {
  const job = new Cron(cron, { timezone: timeZone, paused: true });
  return {
    /** The first that begins late enough to be still on when the window opens, if it begins before the window closes. */
    firstWithin: (window) => {
      const begins = job.nextRun(new Date(window.from - durationSeconds * 1000));
      if (!begins) return undefined;
      const from = instant(begins.getTime());
      const frozen = { from, until: addSeconds(from, durationSeconds) };
      return overlaps(frozen, window) ? frozen : undefined;
    },
  };
};

export const scheduleFrom = (freeze: FreezeInFile): Schedule =>
  freeze.kind === 'dated' ? dated(freeze) : recurring(freeze);
