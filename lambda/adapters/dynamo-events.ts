/** The list of all events in the order of time, day by day out of the index of events. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { TABLE_INDEXES } from '../contract/table.ts';
import type { AuditEvent, DriftEvent } from '../domain/audit-event.ts';
import { type Instant, instant, toIso } from '../domain/time.ts';
import type { EventQuery, Page, Trail } from '../ports/ledger.ts';
import { documentClientOf, type RawItem } from './dynamo-document-client.ts';
import { dayOf, eventIndexAttributes, KEYS } from './dynamo-keys.ts';
import { queryAll, type Table } from './dynamo-lists.ts';
import { readAnyEventItem } from './dynamo-request-items.ts';
import { type EventPlace, eventKeyOf, placeAt, toEventCursor } from './event-cursor.ts';

const { events: EVENTS } = TABLE_INDEXES;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Every day (UTC) of which some moment lies in the window, whose end is left out. */
const daysBetween = (from: Instant, to: Instant): readonly string[] => {
  const first = Math.floor(from / DAY_MS);
  return Array.from({ length: Math.ceil(to / DAY_MS) - first }, (_, number) =>
    dayOf(instant((first + number) * DAY_MS)),
  );
};

/** Where an event stands in the index, from nothing but its place in time. */
const positionOf = ({ requestId, sequence, at }: EventPlace): RawItem => ({
  ...KEYS.event(requestId, sequence),
  ...eventIndexAttributes({ requestId, sequence, at: toIso(at) }),
});

/** A key goes on behind its moment, so that every key of the moment `to` sorts after the text of `to` alone. */
const dayQuery = (day: string, { from, to, newestFirst }: EventQuery): Omit<QueryCommandInput, 'TableName'> => ({
  IndexName: EVENTS.name,
  KeyConditionExpression: '#day = :day AND #atId BETWEEN :from AND :to',
  ExpressionAttributeNames: { '#day': EVENTS.partition, '#atId': EVENTS.sort },
  ExpressionAttributeValues: { ':day': day, ':from': toIso(from), ':to': toIso(to) },
  ScanIndexForward: !newestFirst,
});

/** The days that are left of the window, in the order in which they are read. */
const daysOf = ({ from, to, newestFirst }: EventQuery, after: EventPlace | undefined): readonly string[] =>
  newestFirst ? daysBetween(from, after ? instant(after.at + 1) : to).toReversed() : daysBetween(after?.at ?? from, to);

const pageFrom = (found: readonly (AuditEvent | DriftEvent)[], limit: number): Page<AuditEvent | DriftEvent> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last ? { items, cursor: toEventCursor(eventKeyOf(last)) } : { items };
};

export const listEvents = async (
  table: Table,
  query: EventQuery,
): Promise<Page<AuditEvent | DriftEvent> | 'invalid-cursor'> => {
  const after = query.cursor === undefined ? undefined : placeAt(query.cursor, query);
  if (query.cursor !== undefined && after === undefined) return 'invalid-cursor';
  const found: (AuditEvent | DriftEvent)[] = [];
  let position = after && positionOf(after);
  for (const day of daysOf(query, after)) {
    // One more than is shown tells whether there is a next page.
    const wanted = query.limit + 1 - found.length;
    if (wanted === 0) break;
    const items = await queryAll(
      table,
      { ...dayQuery(day, query), Limit: wanted, ExclusiveStartKey: position },
      wanted,
    );
    found.push(...items.map(readAnyEventItem));
    position = undefined;
  }
  return pageFrom(found, query.limit);
};

/** Nothing else of the table is ever read by it. */
export const createDynamoTrail = (client: DynamoDBClient, tableName: string): Trail => {
  const table: Table = { documents: documentClientOf(client), name: tableName };
  return { listEvents: (query) => listEvents(table, query) };
};
