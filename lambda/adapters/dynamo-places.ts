/** Places as items of the request table, one for each kind of work. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Places } from '../ports/places.ts';
import { documentClientOf } from './dynamo-document-client.ts';
import { placeDocument, readDocument } from './dynamo-documents.ts';
import { KEYS } from './dynamo-keys.ts';
import { ATTRIBUTES } from './dynamo-request-items.ts';
import { calling } from './service-call.ts';

export interface DynamoPlacesParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export const createDynamoPlaces = ({ client, tableName: TableName }: DynamoPlacesParts): Places => {
  const documents = documentClientOf(client);
  return {
    recall: async (name) => {
      const command = new GetCommand({ TableName, Key: KEYS.place(name), ConsistentRead: true });
      const { Item } = await calling('database', documents.send(command));
      return Item && readDocument(placeDocument, Item[ATTRIBUTES.data]).cursor;
    },
    keep: async (name, cursor) => {
      const Key = KEYS.place(name);
      const command =
        cursor === undefined
          ? new DeleteCommand({ TableName, Key })
          : new PutCommand({ TableName, Item: { ...Key, [ATTRIBUTES.data]: { cursor } } });
      await calling<unknown>('database', documents.send(command as PutCommand));
    },
  };
};
