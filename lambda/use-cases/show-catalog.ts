/** The catalogue as it is shown: what the caller may ask for, how old that is, and what is left out of it and why. */

import { type Catalogue, freshnessOf, type ListedPermissionSet, type OutOfReach } from '../domain/catalogue.ts';
import type { CatalogEntry } from '../domain/policy/catalog.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Instant } from '../domain/time.ts';
import type { Page } from '../ports/ledger.ts';
import { type BrowseInput, browseCatalog } from './browse-catalog.ts';
import { asRecalled, recallCatalogue } from './recall-organization.ts';
import type { Needs } from './world.ts';

type Showing = Needs<'policies' | 'directory' | 'organization' | 'catalogue' | 'clock' | 'limits'>;

/** What would be offered to the caller if it could be assigned from here. */
export interface LeftOut {
  readonly permissionSet: string;
  readonly reason: OutOfReach;
}

export interface ShownCatalog extends Page<CatalogEntry> {
  /** On the first page. */
  readonly organization?: { readonly asOf: Instant; readonly isStale: boolean; readonly leftOut: readonly LeftOut[] };
}

/** Refused while the organization was not read, or was read too long ago. */
export const showCatalog = async (
  world: Showing,
  input: BrowseInput,
): Promise<ShownCatalog | Refusal | 'invalid-cursor'> => {
  const known = await recallCatalogue(world);
  if (!known) {
    return refuse('catalogue_not_read', 'Brevet reads the organization for the first time. Try again in a minute.');
  }
  if (isRefusal(known)) return known;
  const recalled = await asRecalled(world);
  if (isRefusal(recalled)) return recalled;
  const page = await browseCatalog(recalled, input);
  if (page === 'invalid-cursor' || input.cursor !== undefined) return page;
  const isStale = freshnessOf(known.asOf, world.clock.now(), world.limits) !== 'fresh';
  const leftOut = await leftOutFor(recalled, known, input);
  return { ...page, organization: { asOf: known.asOf, isStale, leftOut } };
};

/** As the policy would offer them: what nobody lets the caller ask for is not told of either. */
const leftOutFor = async (world: Showing, known: Catalogue, input: BrowseInput): Promise<readonly LeftOut[]> => {
  const outOfReach = known.permissionSets.filter(isOutOfReach);
  if (outOfReach.length === 0) return [];
  const organization = { ...world.organization, permissionSets: async () => outOfReach };
  const limits = { ...world.limits, pageSize: Number.MAX_SAFE_INTEGER };
  const offered = await browseCatalog({ ...world, organization, limits }, { caller: input.caller });
  const names = new Set(
    offered === 'invalid-cursor' ? [] : offered.items.map(({ permissionSet }) => permissionSet.name),
  );
  return outOfReach
    .filter(({ name }) => names.has(name))
    .map(({ name, outOfReach: reason }) => ({ permissionSet: name, reason }));
};

const isOutOfReach = (one: ListedPermissionSet): one is ListedPermissionSet & { readonly outOfReach: OutOfReach } =>
  one.outOfReach !== undefined;
