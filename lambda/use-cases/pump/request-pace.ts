/** How many requests a second the pump sends to Identity Center, which bears 20 for everybody: fewer as soon as it says so. */
import type { Clock } from '../../ports/clock.ts';

/** A second; the rest is for people and whatever else uses Identity Center. */
const MOST = 15;
const LEAST = 1;
/** Sent at once after a quiet time. */
const BURST = 5;
/** The rate grows by so much in each second in which nothing was throttled. */
const GROWTH = 0.5;
/** Answers of the same moment tell the same thing. */
const ONE_LESSON_MS = 1_000;

export interface RequestPace {
  /** The right to one request now; false when there is none left. */
  tryTake(): boolean;
  /** Resolves when one may be sent. */
  take(): Promise<void>;
  /** Identity Center said that it is too much. */
  throttled(): void;
  /** Until one may be sent, milliseconds. */
  readonly waitMs: () => number;
  /** How often it was told to slow down. */
  readonly lessons: () => number;
}

export const createRequestPace = (clock: Clock): RequestPace => {
  let rate = MOST;
  let rights = BURST;
  let at = clock.now();
  let slowedAt = Number.NEGATIVE_INFINITY;
  let lessons = 0;

  const passTime = (): void => {
    const seconds = Math.max(0, clock.now() - at) / 1000;
    at = clock.now();
    rights = Math.min(BURST, rights + seconds * rate);
    rate = Math.min(MOST, rate + seconds * GROWTH);
  };
  const waitMs = (): number => {
    passTime();
    return rights >= 1 ? 0 : Math.ceil(((1 - rights) / rate) * 1000);
  };
  return {
    tryTake: () => {
      if (waitMs() > 0) return false;
      rights -= 1;
      return true;
    },
    // Whoever comes later waits for longer: what is taken ahead is owed.
    take: async () => {
      const wait = waitMs();
      rights -= 1;
      if (wait > 0) await clock.sleep(wait);
    },
    throttled: () => {
      passTime();
      if (clock.now() < slowedAt + ONE_LESSON_MS) return;
      slowedAt = clock.now();
      lessons += 1;
      rate = Math.max(LEAST, rate / 2);
      rights = Math.min(rights, 0);
    },
    waitMs,
    lessons: () => lessons,
  };
};
