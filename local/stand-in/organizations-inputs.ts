// The members that Organizations' inputs are made of, with the limits of its API reference, and the ARNs it answers with.
import * as z from 'zod';
import type { Seed, SeedAccount } from '../seed/seed.ts';
import { ServiceError } from './errors.ts';
import type { World } from './world.ts';

export const accountId = z.string().regex(/^\d{12}$/);
export const unitId = z.string().regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/);
export const parentId = z.string().regex(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/);
export const childId = z.string().regex(/^(\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/);

export const nextToken = z.string().max(100_000).optional();
export const paging = { MaxResults: z.int().min(1).max(20).optional(), NextToken: nextToken };

/** "If you do not include this parameter, it defaults to a value that is specific to the operation": 20, where documented. */
export const DEFAULT_PAGE = 20;

export const arnOf = (
  { managementAccountId, organizationId }: Seed,
  kind: 'root' | 'ou' | 'account',
  id: string,
): string => `arn:aws:organizations::${managementAccountId}:${kind}/${organizationId}/${id}`;

/** Organization, root, units and, for an account, itself: `o-…/r-…/ou-…/400000000001/`. Its form is AWS's elsewhere (aws:PrincipalOrgPaths). */
export const pathOf = ({ seed, tables }: World, id: string): string => {
  const ids: string[] = [];
  const parentOf = (child: string): string | undefined =>
    tables.accountParents.get(child) ?? seed.organizationalUnits.find((unit) => unit.id === child)?.parentId;
  for (let at: string | undefined = id; at !== undefined; at = parentOf(at)) ids.unshift(at);
  return `${[seed.organizationId, ...ids].join('/')}/`;
};

export const requireAccount = ({ seed }: World, id: string): SeedAccount => {
  const found = seed.accounts.find((account) => account.id === id);
  if (found === undefined)
    throw new ServiceError('AccountNotFoundException', `There is no account ${id} in the organization.`);
  return found;
};

export const isParent = ({ seed }: World, id: string): boolean =>
  id === seed.rootId || seed.organizationalUnits.some((unit) => unit.id === id);

export const requireParent = (world: World, id: string): void => {
  if (!isParent(world, id))
    throw new ServiceError('ParentNotFoundException', `There is no root or organizational unit ${id}.`);
};
