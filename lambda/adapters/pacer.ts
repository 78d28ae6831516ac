/** Lets calls of a service begin no faster than so many a second, whoever makes them. */
import type { Clock } from '../ports/clock.ts';

/** Resolves when the next call may begin. */
export type Pacer = () => Promise<void>;

export const createPacer = (clock: Clock, perSecond: number): Pacer => {
  const gapMs = 1000 / perSecond;
  let nextAt = 0;
  return async () => {
    const now = clock.now();
    const at = Math.max(now, nextAt);
    nextAt = at + gapMs;
    if (at > now) await clock.sleep(at - now);
  };
};
