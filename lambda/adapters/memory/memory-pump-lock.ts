/** The pump's lock in memory, for tests and simulations; the ledger in memory asks it for its number. */
import type { Instant } from '../../domain/time.ts';
import type { PumpLock } from '../../ports/pump-lock.ts';

export interface MemoryPumpLock extends PumpLock {
  /** What the lock carries, held or not; undefined before it was ever taken. */
  readonly fenceNow: () => number | undefined;
  /** Who holds it. */
  readonly owner: () => string | undefined;
}

export const createMemoryPumpLock = (): MemoryPumpLock => {
  let fence = 0;
  let held: { readonly owner: string; readonly until: Instant } | undefined;
  const hints = new Set<string>();
  return {
    acquire: async (owner, now, until) => {
      if (held && held.owner !== owner && held.until > now) return undefined;
      fence += 1;
      held = { owner, until };
      return fence;
    },
    renew: async (known, until) => {
      if (!held || known !== fence) return false;
      held = { ...held, until };
      return true;
    },
    release: async (known) => {
      if (known === fence) held = undefined;
    },
    heldUntil: async () => held?.until,
    leaveHints: async (leaseIds) => {
      for (const leaseId of leaseIds) hints.add(leaseId);
    },
    takeHints: async () => {
      const taken = [...hints].sort();
      hints.clear();
      return taken;
    },
    fenceNow: () => (fence === 0 ? undefined : fence),
    owner: () => held?.owner,
  };
};
