/** The clock of the machine. */
import { setTimeout as wait } from 'node:timers/promises';
import { instant } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

export const createSystemClock = (): Clock => ({
  now: () => instant(Date.now()),
  sleep: async (milliseconds) => {
    await wait(milliseconds);
  },
});
