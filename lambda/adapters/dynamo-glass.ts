/** Broken glasses in the request table: what one person broke, what nobody has reviewed, and alarms put off. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_INDEXES, TABLE_KEY } from '../contract/table.ts';
import type { AccessRequest } from '../domain/access-request.ts';
import type { GlassRecord } from '../domain/break-glass.ts';
import type { Instant } from '../domain/time.ts';
import type { ListQuery, Page } from '../ports/ledger.ts';
import { KEYS, UNREVIEWED } from './dynamo-keys.ts';
import { getItem, queryAll, type Table } from './dynamo-lists.ts';
import { ATTRIBUTES, brokenGlassItem, readBrokenGlassItem, readRequestItem } from './dynamo-request-items.ts';
import { fromCursor, listKeyOf, toCursor } from './list-cursor.ts';
import { callingUnless } from './service-call.ts';

/** NB. The count sorts first and so is read first: whatever is broken after it was read makes it stale. */
export const readGlass = async (table: Table, personId: string): Promise<GlassRecord> => {
  const items = await queryAll(table, {
    KeyConditionExpression: '#pk = :person AND begins_with(#sk, :glass)',
    ExpressionAttributeNames: { '#pk': TABLE_KEY.partition, '#sk': TABLE_KEY.sort },
    ExpressionAttributeValues: { ':person': KEYS.personPartition(personId), ':glass': KEYS.glass },
    ConsistentRead: true,
  });
  const counted = items.find((item) => item[TABLE_KEY.sort] === KEYS.glass);
  const broken = items.filter((item) => item !== counted).map(readBrokenGlassItem);
  return { count: Number(counted?.[ATTRIBUTES.glassCount] ?? 0), broken };
};

const { open: OPEN } = TABLE_INDEXES;
/** Sorts after every key. */
const LAST = '~';

/** Newest first; one more than is shown tells whether there is a next page. */
export const listGlass = async (
  table: Table,
  { cursor, limit }: Omit<ListQuery, 'statuses'>,
): Promise<Page<AccessRequest> | 'invalid-cursor'> => {
  const before = cursor === undefined ? LAST : fromCursor(cursor);
  if (before === undefined) return 'invalid-cursor';
  const query = {
    IndexName: OPEN.name,
    KeyConditionExpression: '#open = :unreviewed AND #key < :before',
    ExpressionAttributeNames: { '#open': OPEN.partition, '#key': OPEN.sort },
    ExpressionAttributeValues: { ':unreviewed': UNREVIEWED, ':before': before },
    ScanIndexForward: false,
    Limit: limit + 1,
  };
  const broken = (await queryAll(table, query, limit + 1)).map(readBrokenGlassItem);
  const found = await Promise.all(
    broken.slice(0, limit).map(({ requestId }) => getItem(table, KEYS.request(requestId))),
  );
  const items = found.flatMap((item) => (item ? [readRequestItem(item)] : []));
  const last = broken.length > limit ? broken[limit - 1] : undefined;
  return last ? { items, cursor: toCursor(listKeyOf({ askedAt: last.brokenAt, id: last.requestId })) } : { items };
};

/** What somebody acknowledged, reviewed or put off meanwhile stays as it is. */
export const putOffAlarm = async (
  table: Table,
  { id: requestId, requester }: Pick<AccessRequest, 'id' | 'requester'>,
  until: Instant,
  now: Instant,
): Promise<void> => {
  const item = await getItem(table, KEYS.brokenGlass({ requestId, personId: requester.id }));
  const glass = item && readBrokenGlassItem(item);
  if (glass?.alarmAt === undefined || glass.alarmAt > now) return;
  const command = new PutCommand({
    TableName: table.name,
    Item: brokenGlassItem({ ...glass, alarmAt: until }),
    ConditionExpression: '#data = :was',
    ExpressionAttributeNames: { '#data': ATTRIBUTES.data },
    ExpressionAttributeValues: { ':was': glass },
  });
  await callingUnless('database', ['ConditionalCheckFailedException'], table.documents.send(command));
};
