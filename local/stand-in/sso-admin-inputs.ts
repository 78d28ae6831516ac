// The members that sso-admin's inputs are made of, with the limits of its API reference, and what they must refer to.
import * as z from 'zod';
import type { SeedAccount, SeedPermissionSet } from '../seed/seed.ts';
import { notFound } from './errors.ts';
import type { World } from './world.ts';

export const instanceArn = z
  .string()
  .min(10)
  .max(1224)
  .regex(/^arn:aws(-[a-z]{1,5}){0,3}:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/);

export const permissionSetArn = z
  .string()
  .min(10)
  .max(1224)
  .regex(/^arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}$/);

export const accountId = z.string().regex(/^\d{12}$/);

export const principalId = z
  .string()
  .min(1)
  .max(47)
  .regex(/^([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/);

export const principalType = z.enum(['USER', 'GROUP']);

export const requestId = z
  .string()
  .length(36)
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

export const nextToken = z
  .string()
  .max(2048)
  .regex(/^[-a-zA-Z0-9+=/_]*$/)
  .optional();

export const paging = { MaxResults: z.int().min(1).max(100).optional(), NextToken: nextToken };

/** AWS does not document the page when MaxResults is not given. */
export const DEFAULT_PAGE = 100;

export const requireInstance = ({ seed }: World, arn: string): void => {
  if (arn !== seed.instanceArn) throw notFound(`Could not find the instance ${arn}.`);
};

export const requirePermissionSet = ({ seed }: World, arn: string): SeedPermissionSet => {
  const found = seed.permissionSets.find((set) => set.arn === arn);
  if (found === undefined) throw notFound(`Could not find PermissionSet with ARN ${arn}.`);
  return found;
};

export const requireAccount = ({ seed }: World, id: string): SeedAccount => {
  const found = seed.accounts.find((account) => account.id === id);
  if (found === undefined) throw notFound(`Could not find the account ${id} in the organization.`);
  return found;
};
