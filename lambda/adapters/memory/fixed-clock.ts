/** A clock that stands still until it is set; sleeping on it moves it on. */
import { type Instant, instant } from '../../domain/time.ts';
import type { Clock } from '../../ports/clock.ts';

export interface FixedClock extends Clock {
  set(now: Instant): void;
  advance(seconds: number): void;
}

export const createFixedClock = (start: Instant): FixedClock => {
  let now = start;
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now = instant(now + milliseconds);
    },
    set: (moment) => {
      now = moment;
    },
    advance: (seconds) => {
      now = instant(now + seconds * 1000);
    },
  };
};
