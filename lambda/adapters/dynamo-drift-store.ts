/** What is remembered of drift, in the request table: its state, the sightings in one partition, by place, and looks in another, by account. */
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_KEY } from '../contract/table.ts';
import type { Sighting } from '../domain/drift.ts';
import type { DriftStore } from '../ports/drift-store.ts';
import { documentClientOf, type RawItem } from './dynamo-document-client.ts';
import { type ItemKey, KEYS } from './dynamo-keys.ts';
import { queryAll, type Table } from './dynamo-lists.ts';
import {
  driftLookItem,
  readDriftLookItem,
  readDriftStateItem,
  readSightingItem,
  sightingItem,
} from './dynamo-request-items.ts';
import { batches } from './paged.ts';
import { calling, required } from './service-call.ts';
import { accountKeyOf, sightingKeyIn, sightingKeyOf, toSightingCursor } from './sighting-cursor.ts';

export interface DynamoDriftStoreParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** Writes at once. */
const AT_ONCE = 10;

const names = { '#pk': TABLE_KEY.partition, '#sk': TABLE_KEY.sort };

const positionAfter = (key: string): RawItem => ({
  [TABLE_KEY.partition]: KEYS.sightings,
  [TABLE_KEY.sort]: key,
});

const inBatches = async <One>(all: readonly One[], write: (one: One) => Promise<unknown>): Promise<void> => {
  for (const batch of batches(all, AT_ONCE)) await Promise.all(batch.map(write));
};

export const createDynamoDriftStore = ({ client, tableName }: DynamoDriftStoreParts): DriftStore => {
  const documents = documentClientOf(client);
  const table: Table = { documents, name: tableName };

  const read = async (Key: ItemKey): Promise<RawItem | undefined> => {
    const command = new GetCommand({ TableName: tableName, Key, ConsistentRead: true });
    return (await calling('database', documents.send(command))).Item;
  };
  const put = (Item: RawItem): Promise<unknown> =>
    calling('database', documents.send(new PutCommand({ TableName: tableName, Item })));
  const drop = (sighting: Sighting): Promise<unknown> =>
    calling('database', documents.send(new DeleteCommand({ TableName: tableName, Key: KEYS.sighting(sighting) })));

  return {
    readState: async () => {
      const item = await read(KEYS.driftState());
      return item && readDriftStateItem(item);
    },
    /** DynamoDB gives every table an id of its own when it is made, restored ones too. */
    tableId: async () => {
      const { Table: described } = await calling(
        'database',
        client.send(new DescribeTableCommand({ TableName: tableName })),
      );
      return required('database', 'TableId', described?.TableId);
    },
    sightingsIn: async (accountId) => {
      const items = await queryAll(table, {
        KeyConditionExpression: '#pk = :all AND begins_with(#sk, :account)',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':all': KEYS.sightings, ':account': accountKeyOf(accountId) },
        ConsistentRead: true,
      });
      return items.map(readSightingItem);
    },
    listSightings: async ({ cursor, limit }) => {
      const after = cursor === undefined ? undefined : sightingKeyIn(cursor);
      if (cursor !== undefined && after === undefined) return 'invalid-cursor';
      const query = {
        KeyConditionExpression: '#pk = :all',
        ExpressionAttributeNames: { '#pk': TABLE_KEY.partition },
        ExpressionAttributeValues: { ':all': KEYS.sightings },
        Limit: limit + 1,
        ...(after === undefined ? {} : { ExclusiveStartKey: positionAfter(after) }),
      };
      const found = (await queryAll(table, query, limit + 1)).map(readSightingItem);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > limit && last ? { items, cursor: toSightingCursor(sightingKeyOf(last)) } : { items };
    },
    saveSightings: async (changes) => {
      await inBatches(changes.drop, drop);
      await inBatches(changes.put, (one) => put(sightingItem(one)));
    },
    saveLooks: (accountIds, round) => inBatches(accountIds, (id) => put(driftLookItem(id, round))),
    lookedAt: async (accountId) => {
      const item = await read(KEYS.driftLook(accountId));
      return item && readDriftLookItem(item);
    },
  };
};
