/** A state in one item of the request table, replaced only by whoever saw the one before. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { documentClientOf } from './dynamo-document-client.ts';
import type { ItemKey } from './dynamo-keys.ts';
import { calling, callingUnless } from './service-call.ts';

interface Revised {
  /** Grows by one with each change; 0 when nothing was ever stored. */
  readonly revision: number;
}

export interface DynamoStateParts<State extends Revised> {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly key: ItemKey;
  /** @throws ServiceFault when the document is not a state. */
  readonly from: (document: unknown) => State;
  /** While nothing is stored. */
  readonly initial: State;
}

export interface DynamoState<State extends Revised> {
  readState(): Promise<State>;
  /** Stores what follows on the state of that revision; false when another one has been stored meanwhile. */
  replaceState(next: State): Promise<boolean>;
}

const REVISION = 'revision';

export const createDynamoState = <State extends Revised>({
  client,
  tableName: TableName,
  key,
  from,
  initial,
}: DynamoStateParts<State>): DynamoState<State> => {
  const documents = documentClientOf(client);
  return {
    readState: async () => {
      const command = new GetCommand({ TableName, Key: key, ConsistentRead: true });
      const { Item } = await calling('database', documents.send(command));
      return Item ? from(Item.state) : initial;
    },

    replaceState: async ({ revision, ...next }) => {
      const state = { ...next, revision: revision + 1 };
      const command = new PutCommand({
        TableName,
        Item: { ...key, [REVISION]: state.revision, state },
        ConditionExpression: 'attribute_not_exists(#revision) OR #revision = :seen',
        ExpressionAttributeNames: { '#revision': REVISION },
        ExpressionAttributeValues: { ':seen': revision },
      });
      const failed = ['ConditionalCheckFailedException'];
      return (await callingUnless('database', failed, documents.send(command))) !== undefined;
    },
  };
};
