/** Holds the pump's lock for as long as there is something to begin, and says whether one may still call under it. */
import { addSeconds, type Instant } from '../../domain/time.ts';
import type { Needs } from '../world.ts';

/** How long the lock is held without being renewed: so long everything stands still when a pump has died. */
const HELD_SECONDS = 30;
const RENEWED_AFTER_SECONDS = 8;
const TRIED_AGAIN_AFTER_SECONDS = 1;
/**
 * Whoever claims a call has so much of the lock's time left at least: the call begins within five seconds of its claim
 * (`domain/lease.ts`), and the rest is for clocks that differ.
 */
const CLAIM_BEFORE_END_SECONDS = 15;

/** A holder that lives has renewed the lock by then, but for a moment's delay. */
const OVERDUE_SECONDS = 12;

export const isOverdue = (until: Instant, now: Instant): boolean =>
  addSeconds(now, HELD_SECONDS - OVERDUE_SECONDS) >= until;

export interface LockKeeper {
  /** @returns whether the lock is held now. */
  take(): Promise<boolean>;
  /** The number under which a call may be claimed now; undefined when none may. */
  readonly fence: () => number | undefined;
  readonly isHeld: () => boolean;
  /** Renews the lock when it is time, or at once when there is reason to think that it was lost. */
  renew(reason?: 'in-doubt'): Promise<void>;
  /** @returns whether it was held until now. Should it not be heard, the lock runs out by itself. */
  giveBack(): Promise<boolean>;
}

interface Held {
  readonly fence: number;
  readonly until: Instant;
  /** When it is to be renewed next. */
  readonly renewAt: Instant;
}

export const createLockKeeper = (world: Needs<'lock' | 'clock' | 'reporter'>, owner: string): LockKeeper => {
  const { lock, clock, reporter } = world;
  let held: Held | undefined;
  let renewing = false;

  const holding = (fence: number, from: Instant): Held => ({
    fence,
    until: addSeconds(from, HELD_SECONDS),
    renewAt: addSeconds(from, RENEWED_AFTER_SECONDS),
  });
  const renewNow = async ({ fence }: Held): Promise<void> => {
    const from = clock.now();
    try {
      const isStillOurs = await lock.renew(fence, addSeconds(from, HELD_SECONDS));
      // Given back, or taken anew, while that was asked: then it says nothing about what is held now.
      if (held?.fence === fence) held = isStillOurs ? holding(fence, from) : undefined;
    } catch (fault) {
      reporter.warn('the lock of the pump could not be renewed', { fault });
      if (held?.fence === fence) held = { ...held, renewAt: addSeconds(from, TRIED_AGAIN_AFTER_SECONDS) };
    }
  };

  return {
    take: async () => {
      const from = clock.now();
      const fence = await lock.acquire(owner, from, addSeconds(from, HELD_SECONDS));
      held = fence === undefined ? undefined : holding(fence, from);
      return held !== undefined;
    },
    fence: () => (held && addSeconds(clock.now(), CLAIM_BEFORE_END_SECONDS) <= held.until ? held.fence : undefined),
    isHeld: () => held !== undefined,
    renew: async (reason) => {
      if (!held || renewing || (reason === undefined && clock.now() < held.renewAt)) return;
      renewing = true;
      await renewNow(held);
      renewing = false;
    },
    giveBack: async () => {
      const given = held;
      held = undefined;
      if (!given) return false;
      await lock.release(given.fence).catch((fault: unknown) => {
        reporter.warn('the lock of the pump was not given back', { fault });
      });
      return true;
    },
  };
};
