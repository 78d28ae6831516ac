/** The leases that wait for their turn in this pump, the most urgent first. */
import { byUrgency, type Work } from '../../domain/lease-work.ts';

export interface WorkQueue {
  /** What is known already is known better now. */
  add(work: Work): void;
  /** The most urgent that may have its turn, and takes it out. */
  takeFirst(mayHaveTurn: (work: Work) => boolean): Work | undefined;
  remove(leaseId: string): void;
  /** What is left, most urgent first. */
  all(): readonly Work[];
  readonly has: (leaseId: string) => boolean;
  /** Whether anything waits but ordinary grants: what is to be settled may turn out to be an end. */
  readonly hasBeforeGrants: () => boolean;
  readonly size: () => number;
}

export const createWorkQueue = (): WorkQueue => {
  const waiting = new Map<string, Work>();
  let sorted: Work[] | undefined;
  const inOrder = (): Work[] => {
    sorted ??= [...waiting.values()].sort(byUrgency);
    return sorted;
  };
  const remove = (leaseId: string): void => {
    if (!waiting.delete(leaseId)) return;
    sorted = sorted?.filter((work) => work.leaseId !== leaseId);
  };
  return {
    add: (work) => {
      waiting.set(work.leaseId, work);
      sorted = undefined;
    },
    takeFirst: (mayHaveTurn) => {
      const first = inOrder().find(mayHaveTurn);
      if (first) remove(first.leaseId);
      return first;
    },
    remove,
    all: inOrder,
    has: (leaseId) => waiting.has(leaseId),
    hasBeforeGrants: () => (inOrder()[0]?.urgency ?? 'grant') !== 'grant',
    size: () => waiting.size,
  };
};
