/** Broken glasses in the request table: what one person broke, what nobody has reviewed, and alarms put off. */
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_INDEXES, TABLE_KEY } from '../contract/table.ts';
import type { AccessRequest } from '../domain/access-request.ts';
import type { GlassRecord } from '../domain/break-glass.ts';
import type { Instant } from '../domain/time.ts';
import type { ListQuery, Page } from '../ports/ledger.ts';
import type { RawItem } from './dynamo-document-client.ts';
import { glassIndexAttributes, KEYS, UNREVIEWED } from './dynamo-keys.ts';
import { queryAll, type Table } from './dynamo-lists.ts';
import { ATTRIBUTES, readBrokenGlassItem, readRequestItem } from './dynamo-request-items.ts';
import { fromCursor, listKeyOf, toCursor } from './list-cursor.ts';
import { calling, exceptionName } from './service-call.ts';

/** NB. The count sorts first and so is read first: whatever is broken after it was read makes it stale. */
export const readGlass = async (table: Table, personId: string): Promise<GlassRecord> => {
  const items = await queryAll(table, {
    KeyConditionExpression: '#pk = :person AND begins_with(#sk, :glass)',
    ExpressionAttributeNames: { '#pk': TABLE_KEY.partition, '#sk': TABLE_KEY.sort },
    ExpressionAttributeValues: { ':person': KEYS.personPartition(personId), ':glass': KEYS.glass },
    ConsistentRead: true,
  });
  const isCount = (item: RawItem): boolean => item[TABLE_KEY.sort] === KEYS.glass;
  return {
    count: Number(items.find(isCount)?.[ATTRIBUTES.glassCount] ?? 0),
    broken: items.filter((item) => !isCount(item)).map(readBrokenGlassItem),
  };
};

const { open: OPEN_INDEX } = TABLE_INDEXES;

const readRequest = async ({ documents, name }: Table, requestId: string): Promise<AccessRequest | undefined> => {
  const command = new GetCommand({ TableName: name, Key: KEYS.request(requestId), ConsistentRead: true });
  const { Item } = await calling('database', documents.send(command));
  return Item && readRequestItem(Item);
};

/** Newest first; one more than is shown tells whether there is a next page. */
export const listGlass = async (
  table: Table,
  { cursor, limit }: Omit<ListQuery, 'statuses'>,
): Promise<Page<AccessRequest> | 'invalid-cursor'> => {
  const after = cursor === undefined ? undefined : fromCursor(cursor);
  if (cursor !== undefined && after === undefined) return 'invalid-cursor';
  const items = await queryAll(
    table,
    {
      IndexName: OPEN_INDEX.name,
      KeyConditionExpression: after === undefined ? '#open = :unreviewed' : '#open = :unreviewed AND #key < :after',
      ExpressionAttributeNames: { '#open': OPEN_INDEX.partition, ...(after && { '#key': OPEN_INDEX.sort }) },
      ExpressionAttributeValues: { ':unreviewed': UNREVIEWED, ...(after && { ':after': after }) },
      ScanIndexForward: false,
      Limit: limit + 1,
    },
    limit + 1,
  );
  const shown = items.slice(0, limit).map(readBrokenGlassItem);
  const found = await Promise.all(shown.map(({ requestId }) => readRequest(table, requestId)));
  const requests = found.filter((request) => request !== undefined);
  const last = shown.at(-1);
  if (items.length <= limit || !last) return { items: requests };
  return { items: requests, cursor: toCursor(listKeyOf({ askedAt: last.brokenAt, id: last.requestId })) };
};

const CONDITION_FAILED = 'ConditionalCheckFailedException';

/** What somebody acknowledged, reviewed or put off meanwhile stays as it is. */
export const putOffAlarm = async (
  { documents, name }: Table,
  { id: requestId, requester }: Pick<AccessRequest, 'id' | 'requester'>,
  until: Instant,
  now: Instant,
): Promise<void> => {
  const key = KEYS.brokenGlass({ requestId, personId: requester.id });
  const { Item } = await calling(
    'database',
    documents.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true })),
  );
  const glass = Item && readBrokenGlassItem(Item);
  if (glass?.alarmAt === undefined || glass.alarmAt > now) return;
  const due = glassIndexAttributes({ ...glass, alarmAt: until });
  const command = new UpdateCommand({
    TableName: name,
    Key: key,
    UpdateExpression: 'SET #data.#alarmAt = :until, #shard = :shard, #dueKey = :dueKey',
    ConditionExpression: '#data.#alarmAt = :was',
    ExpressionAttributeNames: {
      '#data': ATTRIBUTES.data,
      '#alarmAt': 'alarmAt',
      '#shard': TABLE_INDEXES.due.partition,
      '#dueKey': TABLE_INDEXES.due.sort,
    },
    ExpressionAttributeValues: {
      ':was': glass.alarmAt,
      ':until': until,
      ':shard': due[TABLE_INDEXES.due.partition],
      ':dueKey': due[TABLE_INDEXES.due.sort],
    },
  });
  try {
    await documents.send(command);
  } catch (thrown) {
    if (exceptionName(thrown) !== CONDITION_FAILED) await calling('database', Promise.reject(thrown));
  }
};
