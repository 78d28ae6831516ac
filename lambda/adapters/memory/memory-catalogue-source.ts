/** A published catalogue in memory; tests publish another one as they go. */
import type { Catalogue, ListedGroup } from '../../domain/catalogue.ts';
import type { Instant } from '../../domain/time.ts';
import type { CatalogueSource } from '../../ports/catalogue-source.ts';

export interface MemoryCatalogueSource extends CatalogueSource {
  publish(catalogue: Catalogue): void;
  publishGroups(groups: readonly ListedGroup[], asOf: Instant): void;
}

/** Nothing was read yet. */
export const createMemoryCatalogueSource = (): MemoryCatalogueSource => {
  let current: Catalogue | undefined;
  let listed: Awaited<ReturnType<CatalogueSource['groups']>>;
  return {
    current: async () => current,
    groups: async () => listed,
    publish: (catalogue) => {
      current = catalogue;
    },
    publishGroups: (groups, asOf) => {
      listed = { asOf, byName: new Map(groups.map((group) => [group.name, group])) };
    },
  };
};
