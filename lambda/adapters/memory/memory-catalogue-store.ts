/** The catalogue's store in memory. */
import { canonicalJson } from '../../domain/audit-event.ts';
import { type CatalogueState, NOTHING_READ } from '../../domain/catalogue.ts';
import type { Instant } from '../../domain/time.ts';
import type { CatalogueStore } from '../../ports/catalogue-store.ts';
import { ServiceFault } from '../../ports/faults.ts';
import { readSection } from '../catalogue-documents.ts';
import { versionOf } from '../catalogue-pieces.ts';

export const createMemoryCatalogueStore = (): CatalogueStore => {
  let state: CatalogueState = NOTHING_READ;
  const texts = new Map<string, { readonly text: string; readonly putAt: Instant }>();
  return {
    readState: async () => state,
    replaceState: async (next) => {
      if (next.revision !== state.revision) return false;
      state = structuredClone({ ...next, revision: next.revision + 1 });
      return true;
    },
    put: async (_section, content, now) => {
      const text = canonicalJson(content);
      texts.set(versionOf(text), { text, putAt: now });
      return versionOf(text);
    },
    read: async (section, version) => {
      const kept = texts.get(version);
      if (!kept) throw new ServiceFault('database', 'PieceMissing', undefined);
      return readSection(section, kept.text);
    },
    discard: async (keep, putBefore) => {
      const old = [...texts].filter(([version, { putAt }]) => !keep.includes(version) && putAt < putBefore);
      for (const [version] of old) texts.delete(version);
      return old.length;
    },
  };
};
