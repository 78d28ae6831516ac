/** What is remembered of drift, in memory beside the ledger in memory: for tests and simulations. */
import type { Sighting } from '../../domain/drift.ts';
import type { Instant } from '../../domain/time.ts';
import type { DriftStore } from '../../ports/drift-store.ts';
import { accountKeyOf, sightingKeyIn, sightingKeyOf, toSightingCursor } from '../sighting-cursor.ts';
import { frozenCopy } from './frozen.ts';
import type { MemoryLedger } from './memory-ledger.ts';

export interface MemoryDriftStore extends DriftStore {
  /** From now on it is another table, as after a restore. */
  becomeTable(tableId: string): void;
}

const byKey = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

export const createMemoryDriftStore = (ledger: Pick<MemoryLedger, 'driftState'>): MemoryDriftStore => {
  const sightings = new Map<string, Sighting>();
  const looks = new Map<string, Instant>();
  let tableId = 'table-1';
  return {
    readState: async () => ledger.driftState(),
    tableId: async () => tableId,
    sightingsIn: async (accountId) =>
      [...sightings]
        .sort(byKey)
        .filter(([key]) => key.startsWith(accountKeyOf(accountId)))
        .map(([, sighting]) => sighting),
    listSightings: async ({ cursor, limit }) => {
      const after = cursor === undefined ? '' : sightingKeyIn(cursor);
      if (after === undefined) return 'invalid-cursor';
      const rest = [...sightings].sort(byKey).filter(([key]) => key > after);
      const shown = rest.slice(0, limit);
      const last = shown.at(-1)?.[0];
      const items = shown.map(([, sighting]) => sighting);
      return rest.length > limit && last !== undefined ? { items, cursor: toSightingCursor(last) } : { items };
    },
    saveSightings: async ({ put, drop }) => {
      for (const one of drop) sightings.delete(sightingKeyOf(one));
      for (const one of put) sightings.set(sightingKeyOf(one), frozenCopy(one));
    },
    saveLooks: async (accountIds, round) => {
      for (const accountId of accountIds) looks.set(accountId, round);
    },
    lookedAt: async (accountId) => looks.get(accountId),
    becomeTable: (id) => {
      tableId = id;
    },
  };
};
