/** The outbox of the ledger in memory: for tests and simulations. */
import { isUrgent, type Telling } from '../../domain/telling.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { frozenCopy } from './frozen.ts';
import { type MemoryLedger, tellingKey } from './memory-ledger.ts';

const inOrder = (left: Telling, right: Telling): number =>
  Number(isUrgent(right)) - Number(isUrgent(left)) || left.nextAt - right.nextAt;

export const createMemoryOutbox = ({ tellings }: Pick<MemoryLedger, 'tellings'>): Outbox => {
  const isStale = (telling: Telling): boolean => tellings.get(tellingKey(telling))?.version !== telling.version;
  return {
    list: async (limit) => [...tellings.values()].sort(inOrder).slice(0, limit),
    keep: async (telling, nextAt) => {
      if (isStale(telling)) return undefined;
      const next = frozenCopy({ ...telling, nextAt, version: telling.version + 1 });
      tellings.set(tellingKey(telling), next);
      return next;
    },
    remove: async (telling) => {
      if (!isStale(telling)) tellings.delete(tellingKey(telling));
    },
  };
};
