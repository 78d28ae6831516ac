/** Content in the request table: pieces in the catalogue's partition, named by the version that they are of. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { FORGET_AT, TABLE_KEY } from '../contract/table.ts';
import { canonicalJson } from '../domain/audit-event.ts';
import { addSeconds, type Instant, toIso } from '../domain/time.ts';
import { ServiceFault } from '../ports/faults.ts';
import { piecesOf, textOf, versionOf } from './catalogue-pieces.ts';
import { documentClientOf, type RawItem } from './dynamo-document-client.ts';
import { forgetAt } from './dynamo-forgetting.ts';
import { KEYS } from './dynamo-keys.ts';
import { allPages } from './paged.ts';
import { calling, callingUnless } from './service-call.ts';

export interface DynamoPiecesParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** The table itself forgets them so many seconds after they were put; without it, never. */
  readonly forgottenAfterSeconds?: number;
}

export interface DynamoPieces {
  /** Stores the content. @returns its version, which the same content always has. */
  put(content: unknown, now: Instant): Promise<string>;
  /** The content as text. @throws ServiceFault when there is no such version, or it is not what was stored. */
  read(version: string): Promise<string>;
  /** Forgets every other version that was last put before the moment. @returns how many pieces that were. */
  discard(keep: readonly string[], putBefore: Instant): Promise<number>;
}

const WRITTEN_AT = 'writtenAt';

export const createDynamoPieces = (parts: DynamoPiecesParts): DynamoPieces => {
  const { client, tableName: TableName, forgottenAfterSeconds } = parts;
  const documents = documentClientOf(client);

  const putAt = (now: Instant) => ({
    [WRITTEN_AT]: toIso(now),
    ...(forgottenAfterSeconds !== undefined && { [FORGET_AT]: forgetAt(addSeconds(now, forgottenAfterSeconds)) }),
  });

  const readPiece = async (version: string, number: number): Promise<RawItem> => {
    const command = new GetCommand({ TableName, Key: KEYS.cataloguePiece(version, number), ConsistentRead: true });
    const { Item } = await calling('database', documents.send(command));
    if (Item) return Item;
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

  /** Unless the same content was put again meanwhile: whoever counts people does so while others read the organization. */
  const discardPiece = async (item: RawItem): Promise<boolean> => {
    const command = new DeleteCommand({
      TableName,
      Key: { [TABLE_KEY.partition]: item[TABLE_KEY.partition], [TABLE_KEY.sort]: item[TABLE_KEY.sort] },
      ConditionExpression: '#writtenAt = :seen',
      ExpressionAttributeNames: { '#writtenAt': WRITTEN_AT },
      ExpressionAttributeValues: { ':seen': item[WRITTEN_AT] },
    });
    const failed = ['ConditionalCheckFailedException'];
    return (await callingUnless('database', failed, documents.send(command))) !== undefined;
  };

  return {
    put: async (content, now) => {
      const text = canonicalJson(content);
      const version = versionOf(text);
      const pieces = piecesOf(text);
      // The first one last: whoever finds it finds the others.
      for (const [number, body] of [...pieces.entries()].reverse()) {
        const key = KEYS.cataloguePiece(version, number);
        const Item = { ...key, version, of: pieces.length, body, ...putAt(now) };
        await calling('database', documents.send(new PutCommand({ TableName, Item })));
      }
      return version;
    },

    read: async (version) => textOf(version, await readPieces(version)),

    discard: async (keep, putBefore) => {
      const before = toIso(putBefore);
      const isOld = ({ version, [WRITTEN_AT]: at }: RawItem): boolean =>
        !keep.includes(String(version)) && String(at) < before;
      let discarded = 0;
      for (const item of (await pieceKeys()).filter(isOld)) discarded += (await discardPiece(item)) ? 1 : 0;
      return discarded;
    },
  };
};
