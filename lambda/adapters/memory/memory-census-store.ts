/** The census in memory. */
import { canonicalJson } from '../../domain/audit-event.ts';
import { type Census, type CensusState, NOTHING_COUNTED } from '../../domain/census.ts';
import type { CensusStore } from '../../ports/census-store.ts';
import { ServiceFault } from '../../ports/faults.ts';
import { versionOf } from '../catalogue-pieces.ts';

export const createMemoryCensusStore = (): CensusStore => {
  let state: CensusState = NOTHING_COUNTED;
  const kept = new Map<string, Census>();
  return {
    readState: async () => state,
    replaceState: async (next) => {
      if (next.revision !== state.revision) return false;
      state = structuredClone({ ...next, revision: next.revision + 1 });
      return true;
    },
    put: async (census) => {
      const version = versionOf(canonicalJson(census));
      kept.set(version, structuredClone(census));
      return version;
    },
    read: async (version) => {
      const found = kept.get(version);
      if (!found) throw new ServiceFault('database', 'PieceMissing', undefined);
      return found;
    },
  };
};
