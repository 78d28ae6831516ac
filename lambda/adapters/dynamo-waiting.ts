/** Every workflow that waits, page by page, out of a partition of its own in the index of what is open. */
import { TABLE_INDEXES } from '../contract/table.ts';
import type { Page, Waiting } from '../ports/ledger.ts';
import { WAITING, waitingKeyIn } from './dynamo-keys.ts';
import { queryPage, type Table } from './dynamo-lists.ts';
import { readWaitingItem } from './dynamo-request-items.ts';

const { open: OPEN } = TABLE_INDEXES;

/** Cursors are the keys themselves: they never leave the service. One that does not fit begins anew. */
const positionOf = (cursor: string | undefined) => {
  const key = cursor === undefined ? undefined : waitingKeyIn(cursor);
  return key && { ...key, [OPEN.partition]: WAITING, [OPEN.sort]: cursor };
};

export const listAllWaiting = async (table: Table, limit: number, cursor?: string): Promise<Page<Waiting>> => {
  const page = await queryPage(table, {
    IndexName: OPEN.name,
    KeyConditionExpression: '#partition = :partition',
    ExpressionAttributeNames: { '#partition': OPEN.partition },
    ExpressionAttributeValues: { ':partition': WAITING },
    Limit: limit,
    ExclusiveStartKey: positionOf(cursor),
  });
  const items = page.items.map((item) => readWaitingItem(item, requestIdOf(item[OPEN.sort])));
  const last = page.goOn?.[OPEN.sort];
  return typeof last === 'string' ? { items, cursor: last } : { items };
};

const requestIdOf = (place: unknown): string => String(place).split('#')[0] ?? '';
