/** The published catalogue as a running function has it: its content is read and parsed once for each version. */
import type { CatalogueState } from '../domain/catalogue.ts';
import type { CatalogueSource } from '../ports/catalogue-source.ts';
import type { CatalogueStore, SectionName, Sections } from '../ports/catalogue-store.ts';
import type { Clock } from '../ports/clock.ts';
import { cached } from './cached.ts';

/** What was published is known everywhere within so many seconds. */
const STATE_SECONDS = 10;

/** The section of the latest version that was asked for; an older one is forgotten. */
const latest = <Name extends SectionName, Made>(
  store: CatalogueStore,
  section: Name,
  make: (content: Sections[Name]) => Made,
): ((version: string) => Promise<Made>) => {
  let known: { readonly version: string; readonly made: Promise<Made> } | undefined;
  return (version) => {
    if (known?.version === version) return known.made;
    const begun = { version, made: store.read(section, version).then(make) };
    known = begun;
    begun.made.catch(() => {
      if (known === begun) known = undefined;
    });
    return begun.made;
  };
};

export const createRememberedCatalogue = (store: CatalogueStore, clock: Pick<Clock, 'now'>): CatalogueSource => {
  const state = cached<CatalogueState>(() => store.readState(), STATE_SECONDS, clock);
  const organization = latest(store, 'organization', (content) => content);
  const groups = latest(store, 'groups', (listed) => new Map(listed.map((group) => [group.name, group])));
  return {
    current: async () => {
      const { published } = await state.get();
      return published && { asOf: published.asOf, ...(await organization(published.organization)) };
    },
    groups: async () => {
      const { published } = await state.get();
      return published?.groups && { asOf: published.groups.asOf, byName: await groups(published.groups.version) };
    },
  };
};
