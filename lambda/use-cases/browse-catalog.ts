/** Catalogue: what the caller may ask for, searched and paged. */
import { type CatalogEntry, catalogFor } from '../domain/policy/catalog.ts';
import type { Person } from '../domain/policy/facts.ts';
import type { Page } from '../ports/ledger.ts';
import { requesterOf } from './people.ts';
import type { Needs } from './world.ts';

export interface BrowseInput {
  readonly caller: Person;
  /** Every word must occur in account name, account id, OU path or permission set. */
  readonly search?: string;
  readonly cursor?: string;
}

const CURSOR = /^(0|[1-9]\d{0,8})$/;

export const browseCatalog = async (
  world: Needs<'policies' | 'directory' | 'organization' | 'limits'>,
  { caller, search, cursor = '0' }: BrowseInput,
): Promise<Page<CatalogEntry> | 'invalid-cursor'> => {
  if (!CURSOR.test(cursor)) return 'invalid-cursor';
  const policy = await world.policies.current();
  const [requester, accounts, permissionSets] = await Promise.all([
    requesterOf(world, caller, policy),
    world.organization.accounts(),
    world.organization.permissionSets(),
  ]);
  const all = catalogFor(policy, requester, accounts, permissionSets).filter((entry) => matches(entry, search));
  const start = Number(cursor);
  const end = start + world.limits.pageSize;
  return { items: all.slice(start, end), ...(end < all.length ? { cursor: String(end) } : {}) };
};

const matches = ({ account, permissionSet }: CatalogEntry, search = ''): boolean => {
  const text = `${account.name}/${permissionSet.name} ${account.id} ${account.ouPath}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};
