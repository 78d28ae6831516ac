// Identity Store: users, found, described and changed. Enabling and disabling is not in AWS's API; see control.ts.
import type { GetUserIdResponse } from '@aws-sdk/client-identitystore';
import * as z from 'zod';
import { invalid, ServiceError } from './errors.ts';
import {
  alternateIdentifier,
  DEFAULT_PAGE,
  filters,
  identityStoreId,
  paging,
  requireStore,
  requireUser,
  resourceId,
  resourceNotFound,
} from './identity-store-inputs.ts';
import { parseInput } from './input.ts';
import { pageOf } from './paging.ts';
import { type Operation, operation, type Wire } from './service.ts';
import type { User } from './tables.ts';
import type { World } from './world.ts';

const extensions = z
  .array(z.enum(['aws:identitystore:enterprise']))
  .min(1)
  .max(10)
  .optional();

const listUsers = operation(
  z.object({ IdentityStoreId: identityStoreId, Extensions: extensions, Filters: filters, ...paging }),
  (input, context) => {
    requireStore(context.world, input.IdentityStoreId);
    const found = matching([...context.world.tables.users.values()], input.Filters);
    const { items, NextToken } = pageOf(context, input, found, ({ UserId }) => UserId, DEFAULT_PAGE);
    return { Users: items.map((user) => wireUser(user, input)), NextToken };
  },
);

const matching = (users: readonly User[], wanted: z.infer<typeof filters>): readonly User[] => {
  const [filter] = wanted ?? [];
  if (filter === undefined) return users;
  if (filter.AttributePath !== 'UserName')
    throw invalid(`Filtering users by ${filter.AttributePath} is not supported.`);
  return users.filter(({ UserName }) => UserName === filter.AttributeValue);
};

const describeUser = operation(
  z.object({ IdentityStoreId: identityStoreId, UserId: resourceId, Extensions: extensions }),
  (input, { world }) => {
    requireStore(world, input.IdentityStoreId);
    return wireUser(requireUser(world, input.UserId), input);
  },
);

/** Extensions come only when asked for. */
const wireUser = (
  { Extensions: enterprise, ...user }: User,
  { IdentityStoreId, Extensions }: { IdentityStoreId: string; Extensions?: readonly string[] | undefined },
): object => ({
  IdentityStoreId,
  ...user,
  ...(Extensions === undefined ? {} : { Extensions: enterprise }),
});

const getUserId = operation(
  z.object({ IdentityStoreId: identityStoreId, AlternateIdentifier: alternateIdentifier }),
  ({ IdentityStoreId, AlternateIdentifier }, { world }): Wire<GetUserIdResponse> => {
    requireStore(world, IdentityStoreId);
    const found = [...world.tables.users.values()].find(having(AlternateIdentifier));
    if (found === undefined) throw resourceNotFound('USER', 'unknown');
    return { IdentityStoreId, UserId: found.UserId };
  },
);

const having = ({ UniqueAttribute, ExternalId }: z.infer<typeof alternateIdentifier>): ((user: User) => boolean) => {
  // Nobody in the seed comes from another directory.
  if (ExternalId !== undefined) return () => false;
  const value = UniqueAttribute?.AttributeValue;
  switch (UniqueAttribute?.AttributePath) {
    case 'userName':
      return ({ UserName }) => UserName === value;
    case 'emails.value':
      return ({ Emails }) => Emails.some(({ Value }) => Value === value);
    default:
      throw invalid('The attribute path of a unique attribute must be userName or emails.value.');
  }
};

const CHANGEABLE = new Set([
  ...['UserName', 'Name', 'DisplayName', 'NickName', 'ProfileUrl', 'Emails', 'Addresses', 'PhoneNumbers', 'UserType'],
  ...['Title', 'PreferredLanguage', 'Locale', 'Timezone', 'Photos', 'Website', 'Birthdate', 'Roles'],
]);

/** What stays true of a user whatever is changed: the rest of its attributes are AWS's business. */
const soundUser: z.ZodType<User> = z.looseObject({
  UserId: resourceId,
  UserName: z.string().min(1).max(128),
  UserStatus: z.enum(['ENABLED', 'DISABLED']),
  Emails: z
    .array(z.object({ Value: z.string().min(1), Type: z.string().optional(), Primary: z.boolean().optional() }))
    .default([]),
});

const updateUser = operation(
  z.object({
    IdentityStoreId: identityStoreId,
    UserId: resourceId,
    Operations: z
      .array(z.object({ AttributePath: z.string().min(1).max(255), AttributeValue: z.unknown().optional() }))
      .min(1)
      .max(100),
  }),
  ({ IdentityStoreId, UserId, Operations }, { world }) => {
    requireStore(world, IdentityStoreId);
    const changed = parseInput(soundUser, Operations.reduce(changedUser, requireUser(world, UserId)));
    refuseTaken(world, changed);
    world.commit([{ table: 'users', key: UserId, value: changed }]);
    return {};
  },
);

/** Their memberships go with them; their account assignments stay listed, as the ids of somebody whom nobody finds. */
const deleteUser = operation(
  z.object({ IdentityStoreId: identityStoreId, UserId: resourceId }),
  ({ IdentityStoreId, UserId }, { world }) => {
    requireStore(world, IdentityStoreId);
    requireUser(world, UserId);
    const theirs = [...world.tables.memberships.values()].filter(({ userId }) => userId === UserId);
    world.commit([
      { table: 'users', key: UserId, value: null },
      ...theirs.map(({ membershipId }) => ({ table: 'memberships', key: membershipId, value: null }) as const),
    ]);
    return {};
  },
);

/** Paths are in lower camel case, up to two members deep; no value removes the attribute. */
const changedUser = (
  user: User,
  { AttributePath, AttributeValue }: { AttributePath: string; AttributeValue?: unknown },
): User => {
  const [attribute = '', member, ...deeper] = AttributePath.split('.').map(upperFirst);
  if (!CHANGEABLE.has(attribute) || deeper.length > 0)
    throw invalid(`The attribute path ${AttributePath} cannot be updated.`);
  const value = upperKeys(AttributeValue);
  return { ...user, [attribute]: member === undefined ? value : { ...(user[attribute] as object), [member]: value } };
};

const refuseTaken = ({ tables }: World, { UserId, UserName, Emails }: User): void => {
  const others = [...tables.users.values()].filter((other) => other.UserId !== UserId);
  const taken = others.some(
    (other) =>
      other.UserName === UserName || other.Emails.some(({ Value }) => Emails.some((email) => email.Value === Value)),
  );
  if (!taken) return;
  throw new ServiceError('ConflictException', 'Duplicate UserName or email.', {
    Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
  });
};

const upperKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(upperKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [upperFirst(key), upperKeys(inner)]));
};

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const userOperations: Readonly<Record<string, Operation>> = {
  ListUsers: listUsers,
  DescribeUser: describeUser,
  GetUserId: getUserId,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
};
