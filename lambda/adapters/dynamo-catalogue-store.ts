/** The catalogue in the request table: one item of state, and pieces named by the version that they are of. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_KEY } from '../contract/table.ts';
import { canonicalJson } from '../domain/audit-event.ts';
import { NOTHING_READ } from '../domain/catalogue.ts';
import { toIso } from '../domain/time.ts';
import type { CatalogueStore } from '../ports/catalogue-store.ts';
import { ServiceFault } from '../ports/faults.ts';
import { readSection, readState } from './catalogue-documents.ts';
import { piecesOf, textOf, versionOf } from './catalogue-pieces.ts';
import { documentClientOf, type RawItem } from './dynamo-document-client.ts';
import { type ItemKey, KEYS } from './dynamo-keys.ts';
import { allPages } from './paged.ts';
import { calling, callingUnless } from './service-call.ts';

export interface DynamoCatalogueStoreParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const REVISION = 'revision';
const WRITTEN_AT = 'writtenAt';

export const createDynamoCatalogueStore = ({
  client,
  tableName: TableName,
}: DynamoCatalogueStoreParts): CatalogueStore => {
  const documents = documentClientOf(client);

  const get = async (Key: ItemKey): Promise<RawItem | undefined> => {
    const command = new GetCommand({ TableName, Key, ConsistentRead: true });
    return (await calling('database', documents.send(command))).Item;
  };

  const readPiece = async (version: string, number: number): Promise<RawItem> => {
    const item = await get(KEYS.cataloguePiece(version, number));
    if (item) return item;
    throw new ServiceFault('database', 'PieceMissing', undefined);
  };

  /** The first says how many there are. */
  const readPieces = async (version: string): Promise<readonly Uint8Array[]> => {
    const first = await readPiece(version, 0);
    const others = Array.from({ length: Number(first.of) - 1 }, (_, index) => readPiece(version, index + 1));
    const items = [first, ...(await Promise.all(others))];
    return items.map(({ body }) => {
      if (body instanceof Uint8Array) return body;
      throw new ServiceFault('database', 'UnknownShape', undefined);
    });
  };

  const pieceKeys = (): Promise<readonly RawItem[]> =>
    allPages(async (startKey) => {
      const command = new QueryCommand({
        TableName,
        KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :pieces)',
        ProjectionExpression: '#pk, #sk, version, #writtenAt',
        ExpressionAttributeNames: { '#pk': TABLE_KEY.partition, '#sk': TABLE_KEY.sort, '#writtenAt': WRITTEN_AT },
        ExpressionAttributeValues: { ':pk': KEYS.catalogueState[TABLE_KEY.partition], ':pieces': KEYS.cataloguePieces },
        ExclusiveStartKey: startKey === undefined ? undefined : JSON.parse(startKey),
      });
      const { Items, LastEvaluatedKey } = await calling('database', documents.send(command));
      return { items: Items, nextToken: LastEvaluatedKey && JSON.stringify(LastEvaluatedKey) };
    });

  const discardPiece = async (item: RawItem): Promise<void> => {
    const Key = { [TABLE_KEY.partition]: item[TABLE_KEY.partition], [TABLE_KEY.sort]: item[TABLE_KEY.sort] };
    await calling('database', documents.send(new DeleteCommand({ TableName, Key })));
  };

  return {
    readState: async () => {
      const item = await get(KEYS.catalogueState);
      return item ? readState(item.state) : NOTHING_READ;
    },

    replaceState: async ({ revision, ...next }) => {
      const state = { ...next, revision: revision + 1 };
      const command = new PutCommand({
        TableName,
        Item: { ...KEYS.catalogueState, [REVISION]: state.revision, state },
        ConditionExpression: 'attribute_not_exists(#revision) OR #revision = :seen',
        ExpressionAttributeNames: { '#revision': REVISION },
        ExpressionAttributeValues: { ':seen': revision },
      });
      const failed = ['ConditionalCheckFailedException'];
      return (await callingUnless('database', failed, documents.send(command))) !== undefined;
    },

    put: async (_section, content, now) => {
      const text = canonicalJson(content);
      const version = versionOf(text);
      const pieces = piecesOf(text);
      // The first one last: whoever finds it finds the others.
      for (const [number, body] of [...pieces.entries()].reverse()) {
        const Item = {
          ...KEYS.cataloguePiece(version, number),
          version,
          of: pieces.length,
          body,
          [WRITTEN_AT]: toIso(now),
        };
        await calling('database', documents.send(new PutCommand({ TableName, Item })));
      }
      return version;
    },

    read: async (section, version) => readSection(section, textOf(version, await readPieces(version))),

    discard: async (keep, putBefore) => {
      const before = toIso(putBefore);
      const isOld = ({ version, [WRITTEN_AT]: at }: RawItem): boolean =>
        !keep.includes(String(version)) && String(at) < before;
      const old = (await pieceKeys()).filter(isOld);
      for (const item of old) await discardPiece(item);
      return old.length;
    },
  };
};
