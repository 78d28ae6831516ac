/** What the search for drift goes by: the accounts and the permission sets of the catalogue, which another function reads within AWS's rates. */
import type { Account } from '../domain/policy/facts.ts';
import { type ElevatableSets, elevatableSets } from './elevatable-sets.ts';
import { recallCatalogue } from './recall-organization.ts';
import type { Needs } from './world.ts';

/** Why nothing is searched for: the organization was never read, or so long ago that it is not believed (law 9). */
export type WaitsFor = 'catalogue_not_read' | 'catalogue_too_old';

export interface KnownOrganization {
  /** All of them, those that are not searched too. */
  readonly accounts: readonly Account[];
  readonly elevatable: ElevatableSets;
}

type Knowing = Needs<'catalogue' | 'policies' | 'driftRules' | 'clock' | 'limits' | 'reporter'>;

export const knownOrganization = async (
  world: Knowing,
): Promise<KnownOrganization | { readonly waitsFor: WaitsFor }> => {
  const catalogue = await recallCatalogue(world);
  if (catalogue === undefined || 'refused' in catalogue) {
    const waitsFor = catalogue === undefined ? 'catalogue_not_read' : 'catalogue_too_old';
    world.reporter.warn('drift is not searched for while the organization is not known', { waitsFor });
    return { waitsFor };
  }
  return { accounts: catalogue.accounts, elevatable: await elevatableSets(world, catalogue) };
};
