// Organizations: tags of accounts, organizational units and the root.
import type { ListTagsForResourceResponse } from '@aws-sdk/client-organizations';
import * as z from 'zod';
import { ServiceError } from './errors.ts';
import { InputError } from './input.ts';
import { isParent, nextToken } from './organizations-inputs.ts';
import { pageOf } from './paging.ts';
import { type Operation, operation, type Wire } from './service.ts';
import type { World } from './world.ts';

const TAGS_PER_RESOURCE = 50;

const resourceId = z
  .string()
  .regex(/^(r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|p-[0-9a-zA-Z_]{8,128})$/);
const tagKey = z.string().min(1).max(128);

const listTagsForResource = operation(
  z.object({ ResourceId: resourceId, NextToken: nextToken }),
  (input, context): Wire<ListTagsForResourceResponse> => {
    const tags = Object.entries(tagsOf(context.world, input.ResourceId)).map(([Key, Value]) => ({ Key, Value }));
    const { items, NextToken } = pageOf(context, input, tags, ({ Key }) => Key, TAGS_PER_RESOURCE);
    return { Tags: items, NextToken };
  },
);

const tagResource = operation(
  z.object({ ResourceId: resourceId, Tags: z.array(z.object({ Key: tagKey, Value: z.string().max(256) })) }),
  ({ ResourceId, Tags }, { world }) => {
    refuseTwice(Tags.map(({ Key }) => Key));
    const tags = { ...tagsOf(world, ResourceId), ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
    if (Object.keys(tags).length > TAGS_PER_RESOURCE) {
      throw new ServiceError('ConstraintViolationException', `A resource has at most ${TAGS_PER_RESOURCE} tags.`, {
        Reason: 'MAX_TAG_LIMIT_EXCEEDED',
      });
    }
    world.commit([{ table: 'tags', key: ResourceId, value: tags }]);
    return {};
  },
);

const untagResource = operation(
  z.object({ ResourceId: resourceId, TagKeys: z.array(tagKey) }),
  ({ ResourceId, TagKeys }, { world }) => {
    const left = Object.entries(tagsOf(world, ResourceId)).filter(([key]) => !TagKeys.includes(key));
    world.commit([{ table: 'tags', key: ResourceId, value: Object.fromEntries(left) }]);
    return {};
  },
);

const tagsOf = (world: World, id: string): Readonly<Record<string, string>> => {
  if (!isParent(world, id) && !world.seed.accounts.some((account) => account.id === id)) {
    throw new ServiceError('TargetNotFoundException', `There is no root, organizational unit or account ${id}.`);
  }
  return world.tables.tags.get(id) ?? {};
};

const refuseTwice = (keys: readonly string[]): void => {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice === undefined) return;
  throw new InputError([{ reason: 'DUPLICATE_TAG_KEY', message: `The tag key ${twice} is given twice.` }]);
};

export const tagOperations: Readonly<Record<string, Operation>> = {
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
};
