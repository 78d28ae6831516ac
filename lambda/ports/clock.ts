/** The only way to learn what time it is. */
import type { Instant } from '../domain/time.ts';

export interface Clock {
  now(): Instant;
  /** Resolves after so many milliseconds: for polling, never for ending access. */
  sleep(milliseconds: number): Promise<void>;
}
