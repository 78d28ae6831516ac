/** Keeps calls within a rate: whoever wants to call waits for a turn. */
import { type Instant, instant } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

export interface Rate {
  readonly perSecond: number;
  /** So many may come at once after a pause. */
  readonly burst: number;
}

/** Resolves when it is the caller's turn; turns are given in the order in which they were asked for. */
export type TakeTurn = () => Promise<void>;

export const createTurns = ({ perSecond, burst }: Rate, clock: Clock): TakeTurn => {
  const intervalMs = 1000 / perSecond;
  /** When the next turn would be if turns came evenly; a burst may be so far ahead of it. */
  let even = instant(0);
  return async () => {
    const now: Instant = clock.now();
    const turn = Math.max(even, now);
    even = (turn + intervalMs) as Instant;
    const waitMs = turn - intervalMs * (burst - 1) - now;
    if (waitMs > 0) await clock.sleep(waitMs);
  };
};
