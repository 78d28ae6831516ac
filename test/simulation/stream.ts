/** The table's stream as Lambda reads it: one run at a time, of whatever came meanwhile; records come late, twice, or never. */
import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly weather: () => Weather;
  /** How often a record comes. */
  readonly times: () => number;
  readonly run: () => Promise<unknown>;
}

export interface Stream {
  put(): void;
}

const RETRIES = 2;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** On days that are not calm, so many come after minutes, and after those that were put later. */
const LATE = 0.1;

export const createStream = ({ timeline, chance, weather, times, run }: Parts): Stream => {
  let waiting = 0;
  let isReading = false;

  const read = (): void => {
    if (isReading || waiting === 0) return;
    isReading = true;
    waiting = 0;
    attempt(0);
  };
  const attempt = (tries: number): void => {
    run().then(next, () => {
      if (tries < RETRIES) timeline.after(2 ** tries * SECOND, () => attempt(tries + 1));
      else next();
    });
  };
  const next = (): void => {
    isReading = false;
    read();
  };
  const lag = (): number =>
    !weather().calm && chance.happens(LATE) ? chance.between(0, 5 * MINUTE) : chance.between(100, 1_500);

  return {
    put: () => {
      for (let count = times(); count > 0; count -= 1) {
        timeline.after(lag(), () => {
          waiting += 1;
          read();
        });
      }
    },
  };
};
