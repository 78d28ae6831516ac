/** Catalogue: what the caller may ask for, searched and paged. */
import { browse, type CatalogEntry } from '../domain/policy/catalog.ts';
import type { Person } from '../domain/policy/facts.ts';
import { indexOf } from '../domain/policy/rule-index.ts';
import type { Page } from '../ports/ledger.ts';
import { requesterOf } from './people.ts';
import type { Needs } from './world.ts';

export interface BrowseInput {
  readonly caller: Person;
  /** Every word must occur in account name, account id, OU path or permission set. */
  readonly search?: string;
  readonly cursor?: string;
}

/** The position of the last entry that was given. */
const CURSOR = /^(0|[1-9]\d{0,8})$/;

export const browseCatalog = async (
  world: Needs<'policies' | 'directory' | 'organization' | 'catalogue' | 'limits'>,
  { caller, search = '', cursor }: BrowseInput,
): Promise<Page<CatalogEntry> | 'invalid-cursor'> => {
  if (cursor !== undefined && !CURSOR.test(cursor)) return 'invalid-cursor';
  const policy = await world.policies.current();
  const { needs } = indexOf(policy);
  const [requester, accounts, permissionSets] = await Promise.all([
    requesterOf(world, caller, policy),
    world.organization.accounts({ tags: needs.accountTags }),
    world.organization.permissionSets({ tags: needs.permissionSetTags }),
  ]);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const query = { words, ...(cursor === undefined ? {} : { after: Number(cursor) }) };
  return firstPage(browse(policy, requester, accounts, permissionSets, query), world.limits.pageSize);
};

/** One entry more is looked for, which tells whether there is a next page. */
const firstPage = (entries: Iterable<CatalogEntry>, size: number): Page<CatalogEntry> => {
  const items: CatalogEntry[] = [];
  for (const entry of entries) {
    if (items.length === size) return { items, cursor: String(items.at(-1)?.position) };
    items.push(entry);
  }
  return { items };
};
