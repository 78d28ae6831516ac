/** Lets a loop wait for a moment, or for less when something happens. */
import type { Clock } from '../../ports/clock.ts';

export interface Signal {
  ring(): void;
  /** Resolves after so long, or as soon as somebody rings, or at once when somebody rang since. */
  wait(milliseconds: number): Promise<void>;
}

export const createSignal = (clock: Clock): Signal => {
  let bell = Promise.withResolvers<void>();
  return {
    ring: () => bell.resolve(),
    wait: async (milliseconds) => {
      await Promise.race([bell.promise, clock.sleep(milliseconds)]);
      bell = Promise.withResolvers<void>();
    },
  };
};
