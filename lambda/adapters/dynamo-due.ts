/** What is due, page by page out of the sharded index: every shard goes on where it stopped. */
import { DUE_SHARDS, TABLE_INDEXES } from '../contract/table.ts';
import type { Instant } from '../domain/time.ts';
import type { Due, Page } from '../ports/ledger.ts';
import type { RawItem } from './dynamo-document-client.ts';
import { DUE_PARTITIONS, dueIn, dueKeysEnd } from './dynamo-keys.ts';
import { queryAll, type Table } from './dynamo-lists.ts';

const { due: DUE } = TABLE_INDEXES;

/** For each shard the key after which it goes on: empty before its first, and after everything once it has come to its end. */
type Places = readonly string[];

const BEGINNING: Places = Array.from({ length: DUE_SHARDS }, () => '');
/** Sorts after every key. */
const FINISHED = '~';

const toCursor = (places: Places): string => Buffer.from(JSON.stringify(places)).toString('base64url');

/** A cursor of other shards, or of none, begins anew: then everything is looked at once more, and nothing is missed. */
const fromCursor = (cursor: string | undefined): Places => {
  if (cursor === undefined) return BEGINNING;
  try {
    const places: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const fits =
      Array.isArray(places) && places.length === DUE_SHARDS && places.every((one) => typeof one === 'string');
    return fits ? places : BEGINNING;
  } catch {
    return BEGINNING;
  }
};

/** Nothing lies between a text and the same with the smallest character behind it. */
const justAfter = (key: string): string => (key === '' ? ' ' : `${key}\u0000`);

const inShard = (table: Table, shard: string, after: string, by: Instant, limit: number): Promise<readonly RawItem[]> =>
  queryAll(
    table,
    {
      IndexName: DUE.name,
      KeyConditionExpression: '#shard = :shard AND #dueAtId BETWEEN :first AND :end',
      ProjectionExpression: '#dueAtId',
      ExpressionAttributeNames: { '#shard': DUE.partition, '#dueAtId': DUE.sort },
      ExpressionAttributeValues: { ':shard': shard, ':first': justAfter(after), ':end': dueKeysEnd(by) },
      Limit: limit,
    },
    limit,
  );

/** @returns the keys found in the shard, and where it goes on. */
const lookInto = async (table: Table, shard: string, after: string, by: Instant, limit: number) => {
  // An end before the beginning would be an error of DynamoDB's: it means that nothing is left.
  if (justAfter(after) > dueKeysEnd(by)) return { keys: [], place: FINISHED };
  const keys = (await inShard(table, shard, after, by, limit)).map((item) => String(item[DUE.sort]));
  return { keys, place: keys.length < limit ? FINISHED : (keys.at(-1) ?? FINISHED) };
};

/** Every shard or a fault: what is overdue must not be missed in silence. NB. One strange key keeps nothing else from its turn. */
export const listDue = async (table: Table, by: Instant, limit: number, cursor?: string): Promise<Page<Due>> => {
  const places = fromCursor(cursor);
  const looks = await Promise.all(
    DUE_PARTITIONS.map((shard, number) => lookInto(table, shard, places[number] ?? '', by, limit)),
  );
  const items = looks
    .flatMap(({ keys }) => keys)
    .sort()
    .map(dueIn);
  const next = looks.map(({ place }) => place);
  return next.every((place) => place === FINISHED) ? { items } : { items, cursor: toCursor(next) };
};
