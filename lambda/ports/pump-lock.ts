/** At most one pump starts writes at a time: it holds the lock, and everything that it claims names the lock's number. */
import type { Instant } from '../domain/time.ts';

/** Every method @throws ServiceFault when the database fails. */
export interface PumpLock {
  /**
   * Takes the lock when nobody holds it, when whoever did has let its time run out, or when it was the same owner.
   * @returns the number that the lock carries from now on, which it never carried before; undefined while another holds it.
   */
  acquire(owner: string, now: Instant, until: Instant): Promise<number | undefined>;
  /** Holds it for longer. False when it carries another number by now, or was given back. */
  renew(fence: number, until: Instant): Promise<boolean>;
  /** Gives it back; nothing happens when it carries another number by now. */
  release(fence: number): Promise<void>;
  /** Until when somebody holds it; undefined when it was given back. */
  heldUntil(): Promise<Instant | undefined>;

  /** Tells whoever holds the lock, or takes it next, which leases to look at. */
  leaveHints(leaseIds: readonly string[]): Promise<void>;
  /** What was left, and forgets it. Whoever leaves the same hint after that is heard again. */
  takeHints(): Promise<readonly string[]>;
}
