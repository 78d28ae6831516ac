/** Lists of requests and of what is to be done now, out of the sparse indexes. */
import { type DynamoDBDocumentClient, GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { TABLE_INDEXES } from '../contract/table.ts';
import type { AccessRequest } from '../domain/access-request.ts';
import type { Work } from '../domain/lease-work.ts';
import type { ListQuery, Page } from '../ports/ledger.ts';
import type { RawItem } from './dynamo-document-client.ts';
import { type ItemKey, KEYS, WORK, workIn } from './dynamo-keys.ts';
import { ATTRIBUTES, readRequestItem } from './dynamo-request-items.ts';
import { fromCursor, listKeyOf, requestIdIn, toCursor } from './list-cursor.ts';
import { calling } from './service-call.ts';

export interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
}

interface QueryPage {
  readonly items: readonly RawItem[];
  readonly goOn?: RawItem | undefined;
}

/** Strongly consistent. */
export const getItem = async ({ documents, name }: Table, key: ItemKey): Promise<RawItem | undefined> => {
  const command = new GetCommand({ TableName: name, Key: { ...key }, ConsistentRead: true });
  return (await calling('database', documents.send(command))).Item;
};

export const queryPage = async (
  { documents, name }: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
): Promise<QueryPage> => {
  const command = new QueryCommand({ ...query, TableName: name });
  const { Items, LastEvaluatedKey } = await calling('database', documents.send(command));
  return { items: Items ?? [], goOn: LastEvaluatedKey };
};

/** All items of a query, or the first so many. */
export const queryAll = async (
  table: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<readonly RawItem[]> => {
  const items: RawItem[] = [];
  let goOn: RawItem | undefined = query.ExclusiveStartKey;
  do {
    const page = await queryPage(table, { ...query, ExclusiveStartKey: goOn });
    items.push(...page.items);
    goOn = page.goOn;
  } while (goOn && items.length < atMost);
  return items.slice(0, atMost);
};

// ---------- requests, newest first ----------

type RequestIndex = (typeof TABLE_INDEXES)['byRequester' | 'byAge' | 'open'];

/** With a filter, so many items are looked at by one query, and so many queries made for one page. */
const LOOK_AT = 200;
const LOOKS = 25;

/** Where a request stands in an index, from nothing but its list key. */
const positionOf = (index: RequestIndex, partition: string, listKey: string): RawItem => ({
  ...KEYS.request(requestIdIn(listKey)),
  [index.partition]: partition,
  [index.sort]: listKey,
});

const statusFilter = (statuses: ListQuery['statuses']): Partial<QueryCommandInput> => {
  if (!statuses) return {};
  const values = Object.fromEntries(statuses.map((status, number) => [`:status${number}`, status]));
  return { FilterExpression: `#status IN (${Object.keys(values).join(', ')})`, ExpressionAttributeValues: values };
};

const requestQuery = (
  index: RequestIndex,
  partition: string,
  { statuses, limit }: ListQuery,
): Omit<QueryCommandInput, 'TableName'> => {
  const { FilterExpression, ExpressionAttributeValues } = statusFilter(statuses);
  return {
    IndexName: index.name,
    KeyConditionExpression: '#partition = :partition',
    FilterExpression,
    ExpressionAttributeNames: {
      '#partition': index.partition,
      ...(FilterExpression && { '#status': ATTRIBUTES.status }),
    },
    ExpressionAttributeValues: { ':partition': partition, ...ExpressionAttributeValues },
    ScanIndexForward: false,
    // One more than is shown tells whether there is a next page.
    Limit: statuses ? Math.max(LOOK_AT, limit + 1) : limit + 1,
  };
};

const pageFrom = (
  found: readonly AccessRequest[],
  limit: number,
  lookedUntil: string | undefined,
): Page<AccessRequest> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length > limit && last) return { items, cursor: toCursor(listKeyOf(last)) };
  return lookedUntil === undefined ? { items } : { items, cursor: toCursor(lookedUntil) };
};

/** Pages are full unless the filter lets so little through that the looks are used up; then the cursor goes on from there. */
export const listRequests = async (
  table: Table,
  index: RequestIndex,
  partition: string,
  query: ListQuery,
): Promise<Page<AccessRequest> | 'invalid-cursor'> => {
  const after = query.cursor === undefined ? undefined : fromCursor(query.cursor);
  if (query.cursor !== undefined && after === undefined) return 'invalid-cursor';
  if (query.statuses?.length === 0) return { items: [] };
  const found: AccessRequest[] = [];
  let goOn = after === undefined ? undefined : positionOf(index, partition, after);
  for (let look = 0; look < LOOKS && found.length <= query.limit; look += 1) {
    const page = await queryPage(table, { ...requestQuery(index, partition, query), ExclusiveStartKey: goOn });
    found.push(...page.items.map(readRequestItem));
    goOn = page.goOn;
    if (!goOn) return pageFrom(found, query.limit, undefined);
  }
  return pageFrom(found, query.limit, listKeyIn(goOn, index));
};

const listKeyIn = (position: RawItem | undefined, index: RequestIndex): string | undefined => {
  const listKey = position?.[index.sort];
  return typeof listKey === 'string' ? listKey : undefined;
};

// ---------- what is to be done now ----------

const { work: WORK_INDEX } = TABLE_INDEXES;

/** Told by the keys alone: what is urgent, since when, for which lease. */
export const listWork = async (table: Table, limit: number): Promise<readonly Work[]> => {
  const items = await queryAll(
    table,
    {
      IndexName: WORK_INDEX.name,
      KeyConditionExpression: '#work = :work',
      ProjectionExpression: '#workKey',
      ExpressionAttributeNames: { '#work': WORK_INDEX.partition, '#workKey': WORK_INDEX.sort },
      ExpressionAttributeValues: { ':work': WORK },
      Limit: limit,
    },
    limit,
  );
  return items.flatMap((item) => workIn(String(item[WORK_INDEX.sort])) ?? []);
};
