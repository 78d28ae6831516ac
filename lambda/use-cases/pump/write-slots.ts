/** A place for each write that is, or may be, under way: Identity Center bears fifteen, for everybody together. */
import type { Urgency } from '../../domain/lease-work.ts';

const OUTSTANDING_WRITES = 15;
/** Kept for who breaks the glass, however slow the other writes are. */
const KEPT_FOR_BREAK_GLASS = 1;

export interface WriteSlots {
  /** A place for the lease, unless it has one, if one is left for what is so urgent. */
  tryTake(leaseId: string, urgency: Urgency): boolean;
  /** For what is under way already: it takes its place whether or not one is left. */
  force(leaseId: string): void;
  release(leaseId: string): void;
  hasRoom(urgency: Urgency): boolean;
  readonly has: (leaseId: string) => boolean;
  readonly taken: () => number;
}

export const createWriteSlots = (): WriteSlots => {
  const leases = new Set<string>();
  const hasRoom = (urgency: Urgency): boolean =>
    leases.size < OUTSTANDING_WRITES - (urgency === 'break-glass' ? 0 : KEPT_FOR_BREAK_GLASS);
  return {
    tryTake: (leaseId, urgency) => {
      if (!leases.has(leaseId) && !hasRoom(urgency)) return false;
      leases.add(leaseId);
      return true;
    },
    force: (leaseId) => void leases.add(leaseId),
    release: (leaseId) => void leases.delete(leaseId),
    hasRoom,
    has: (leaseId) => leases.has(leaseId),
    taken: () => leases.size,
  };
};
