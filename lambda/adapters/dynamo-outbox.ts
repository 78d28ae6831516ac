/** The outbox in the request table: items that the ledger's transactions put there, in a partition of their own of an index. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TABLE_INDEXES, TABLE_KEY, TELLING } from '../contract/table.ts';
import { TELLING_KINDS, type Telling } from '../domain/telling.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Reporter } from '../ports/reporter.ts';
import { documentClientOf, type RawItem } from './dynamo-document-client.ts';
import { count, moment, text } from './dynamo-document-parts.ts';
import { exactly, readDocument } from './dynamo-documents.ts';
import { KEYS } from './dynamo-keys.ts';
import { queryAll, type Table } from './dynamo-lists.ts';
import { ATTRIBUTES, tellingItem } from './dynamo-request-items.ts';
import { callingUnless } from './service-call.ts';

const tellingDocument = exactly<Telling>()(
  z.strictObject({
    requestId: text,
    sequence: z.int().positive(),
    kind: z.enum(TELLING_KINDS),
    at: moment,
    nextAt: moment,
    attempts: count,
    doneIds: z.array(text),
    version: count,
  }),
);

const readTelling = (item: RawItem): Telling => readDocument(tellingDocument, item[ATTRIBUTES.data]);

/** What cannot be read keeps nobody else from being told; the table forgets it. */
const readAll = (items: readonly RawItem[], reporter: Reporter): readonly Telling[] =>
  items.flatMap((item) => {
    try {
      return [readTelling(item)];
    } catch (fault) {
      reporter.warn('what people are to be told cannot be read', { key: item[TABLE_KEY.partition], fault });
      return [];
    }
  });

const FASTER = ['ConditionalCheckFailedException'];

/** What somebody else has told, or taken to tell, meanwhile stays as it is. */
const stillAt = (version: number) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': ATTRIBUTES.version },
  ExpressionAttributeValues: { ':version': version },
});

const { open: OPEN } = TABLE_INDEXES;

export const createDynamoOutbox = (client: DynamoDBClient, tableName: string, reporter: Reporter): Outbox => {
  const table: Table = { documents: documentClientOf(client), name: tableName };
  return {
    list: async (limit) => {
      const query = {
        IndexName: OPEN.name,
        KeyConditionExpression: '#partition = :partition',
        ExpressionAttributeNames: { '#partition': OPEN.partition },
        ExpressionAttributeValues: { ':partition': TELLING },
        Limit: limit,
      };
      return readAll(await queryAll(table, query, limit), reporter);
    },
    keep: async (telling, nextAt) => {
      const next: Telling = { ...telling, nextAt, version: telling.version + 1 };
      const command = new PutCommand({ TableName: tableName, Item: tellingItem(next), ...stillAt(telling.version) });
      return (await callingUnless('database', FASTER, table.documents.send(command))) && next;
    },
    remove: async (telling) => {
      const Key = KEYS.telling(telling);
      const command = new DeleteCommand({ TableName: tableName, Key, ...stillAt(telling.version) });
      await callingUnless('database', FASTER, table.documents.send(command));
    },
  };
};
