// The members that the Identity Store's inputs are made of, with the limits of its API reference, and what they must refer to.
import * as z from 'zod';
import type { SeedGroup } from '../seed/seed.ts';
import { notFound, type ServiceError } from './errors.ts';
import type { User } from './tables.ts';
import type { World } from './world.ts';

export const identityStoreId = z
  .string()
  .min(1)
  .max(36)
  .regex(/^(d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/);

export const resourceId = z
  .string()
  .min(1)
  .max(47)
  .regex(/^([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/);

export const memberId = z.object({ UserId: resourceId });

export const paging = {
  MaxResults: z.int().min(1).max(100).optional(),
  NextToken: z
    .string()
    .min(1)
    .max(65_535)
    .regex(/^[-a-zA-Z0-9+=/:]*$/)
    .optional(),
};

export const filters = z
  .array(z.object({ AttributePath: z.string().min(1).max(255), AttributeValue: z.string().min(1) }))
  .max(1)
  .optional();

export const alternateIdentifier = z.object({
  ExternalId: z.object({ Issuer: z.string().min(1).max(100), Id: z.string().min(1).max(256) }).optional(),
  UniqueAttribute: z.object({ AttributePath: z.string().min(1).max(255), AttributeValue: z.unknown() }).optional(),
});

/** AWS answers up to 100 when MaxResults is not given. */
export const DEFAULT_PAGE = 100;

type ResourceType = 'USER' | 'GROUP' | 'GROUP_MEMBERSHIP' | 'IDENTITY_STORE';

export const resourceNotFound = (type: ResourceType, id: string): ServiceError =>
  notFound(`${type} not found.`, { ResourceType: type, ResourceId: id });

export const requireStore = ({ seed }: World, id: string): void => {
  if (id !== seed.identityStoreId) throw resourceNotFound('IDENTITY_STORE', id);
};

export const requireUser = ({ tables }: World, id: string): User => {
  const user = tables.users.get(id);
  if (user === undefined) throw resourceNotFound('USER', id);
  return user;
};

export const requireGroup = ({ seed }: World, id: string): SeedGroup => {
  const group = seed.groups.find(({ groupId }) => groupId === id);
  if (group === undefined) throw resourceNotFound('GROUP', id);
  return group;
};
