/** The catalogue as it is published, for those who judge by it. */
import type { Catalogue, ListedGroup } from '../domain/catalogue.ts';
import type { Instant } from '../domain/time.ts';

export interface CatalogueSource {
  /** Undefined until the organization was read once; how old it is, is for the caller to judge. */
  current(): Promise<Catalogue | undefined>;
  /** Every group when they were last listed; undefined until then. */
  groups(): Promise<{ readonly asOf: Instant; readonly byName: ReadonlyMap<string, ListedGroup> } | undefined>;
}
