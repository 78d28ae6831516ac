/** A commit as one DynamoDB transaction: its writes, each with the condition under which it may happen. */
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { TABLE_KEY } from '../contract/table.ts';
import type { AuditEvent, DriftEvent } from '../domain/audit-event.ts';
import type { DriftState } from '../domain/drift-state.ts';
import type { Lease } from '../domain/lease.ts';
import { tellingsOf } from '../domain/telling.ts';
import type { Instant } from '../domain/time.ts';
import type { Commit, IdempotencyRecord, RequestChange } from '../ports/ledger.ts';
import { KEYS } from './dynamo-keys.ts';
import {
  ATTRIBUTES,
  brokenGlassItem,
  driftStateItem,
  eventItem,
  idempotencyItem,
  leaseItem,
  requestItem,
  tellingItem,
} from './dynamo-request-items.ts';
import { type GlassChange, glassChanges } from './glass-changes.ts';
import { openGrowth } from './open-growth.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A write, with what it means when its condition does not hold. */
export interface CommitWrite {
  readonly unmet: 'conflict' | 'too-many-open';
  readonly item: TransactItem;
}

interface Condition {
  readonly expression: string;
  readonly names: Record<string, string>;
  readonly values?: Record<string, number>;
}

// ---------- conditions: each clause has its name ----------

const IS_NEW: Condition = { expression: 'attribute_not_exists(#pk)', names: { '#pk': TABLE_KEY.partition } };

const isStillAtVersion = (version: number): Condition => ({
  expression: '#version = :expected',
  names: { '#version': ATTRIBUTES.version },
  values: { ':expected': version },
});

/** Version 0 was never stored. */
const isUnchanged = (version: number): Condition => (version === 0 ? IS_NEW : isStillAtVersion(version));

/** DynamoDB deletes what it may forget within days, so a key that is past remembering is replaced. */
const isNewOrForgotten = (asked: Instant): Condition => ({
  expression: `${IS_NEW.expression} OR #data.#forgetAt <= :asked`,
  names: { ...IS_NEW.names, '#data': ATTRIBUTES.data, '#forgetAt': 'forgetAt' },
  values: { ':asked': asked },
});

/** Somebody who never had an open request has no count yet. */
const hasRoom = (room: number): Condition => ({
  expression: room < 0 ? '#count <= :room' : 'attribute_not_exists(#count) OR #count <= :room',
  names: { '#count': ATTRIBUTES.openCount },
  values: { ':room': room },
});

// ---------- writes ----------

const put = (tableName: string, item: Readonly<Record<string, unknown>>, when: Condition): CommitWrite => ({
  unmet: 'conflict',
  item: {
    Put: {
      TableName: tableName,
      Item: item,
      ConditionExpression: when.expression,
      ExpressionAttributeNames: when.names,
      ExpressionAttributeValues: when.values,
    },
  },
});

const putRequest = (tableName: string, { before, after }: RequestChange): CommitWrite => {
  const version = before?.version ?? 0;
  return put(tableName, requestItem({ ...after, version: version + 1 }), isUnchanged(version));
};

const putEvent = (tableName: string, event: AuditEvent | DriftEvent): CommitWrite =>
  put(tableName, eventItem(event), IS_NEW);

/** NB. Unconditional, at a key that only this event has: nothing is ever held up by what people are told (law 11). */
const putTellings = (tableName: string, { after, events }: RequestChange): CommitWrite[] =>
  tellingsOf(after, events).map((telling) => ({
    unmet: 'conflict',
    item: { Put: { TableName: tableName, Item: tellingItem({ ...telling, version: 1 }) } },
  }));

const putLease = (tableName: string, lease: Lease): CommitWrite =>
  put(tableName, leaseItem({ ...lease, version: lease.version + 1 }), isUnchanged(lease.version));

const putDriftState = (tableName: string, state: DriftState): CommitWrite =>
  put(tableName, driftStateItem({ ...state, version: state.version + 1 }), isUnchanged(state.version));

const putIdempotency = (tableName: string, record: IdempotencyRecord, asked: Instant | undefined): CommitWrite =>
  put(tableName, idempotencyItem(record), asked === undefined ? IS_NEW : isNewOrForgotten(asked));

/** The count moves with the requests, in the same transaction; fewer open requests are always welcome. */
const countOpen = (tableName: string, personId: string, by: number, limit: number | undefined): CommitWrite => {
  const room = by > 0 && limit !== undefined ? hasRoom(limit - by) : undefined;
  return {
    unmet: 'too-many-open',
    item: {
      Update: {
        TableName: tableName,
        Key: KEYS.openCount(personId),
        UpdateExpression: 'ADD #count :by',
        ...(room && { ConditionExpression: room.expression }),
        ExpressionAttributeNames: { '#count': ATTRIBUTES.openCount },
        ExpressionAttributeValues: { ':by': by, ...room?.values },
      },
    },
  };
};

/** Whoever broke one meanwhile has counted it. */
const countGlass = (tableName: string, personId: string, count: number): CommitWrite => ({
  unmet: 'conflict',
  item: {
    Put: {
      TableName: tableName,
      Item: { ...KEYS.glassCount(personId), [ATTRIBUTES.glassCount]: count + 1 },
      ConditionExpression: count === 0 ? 'attribute_not_exists(#count)' : '#count = :count',
      ExpressionAttributeNames: { '#count': ATTRIBUTES.glassCount },
      ...(count === 0 ? {} : { ExpressionAttributeValues: { ':count': count } }),
    },
  },
});

const keepGlass = (tableName: string, { glass, isNew }: GlassChange, count = 0): CommitWrite[] => [
  { unmet: 'conflict', item: { Put: { TableName: tableName, Item: brokenGlassItem(glass) } } },
  ...(isNew ? [countGlass(tableName, glass.personId, count)] : []),
];

/** Nothing is written to the lock itself. */
const checkFence = (tableName: string, fence: number): CommitWrite => ({
  unmet: 'conflict',
  item: {
    ConditionCheck: {
      TableName: tableName,
      Key: KEYS.pumpLock,
      ConditionExpression: '#fence = :fence',
      ExpressionAttributeNames: { '#fence': ATTRIBUTES.fence },
      ExpressionAttributeValues: { ':fence': fence },
    },
  },
});

export const writesOf = (tableName: string, commit: Commit): readonly CommitWrite[] => {
  const { requests = [], leases = [], drift, idempotency, openLimit, glassCount, fence } = commit;
  const asked = requests.find(({ after }) => after.id === idempotency?.requestId)?.after.askedAt;
  return [
    ...requests.map((change) => putRequest(tableName, change)),
    ...requests.flatMap(({ events }) => events.map((event) => putEvent(tableName, event))),
    ...requests.flatMap((change) => putTellings(tableName, change)),
    ...leases.map((lease) => putLease(tableName, lease)),
    ...(drift ? [putDriftState(tableName, drift.state)] : []),
    ...(drift?.events ?? []).map((event) => putEvent(tableName, event)),
    ...(idempotency ? [putIdempotency(tableName, idempotency, asked)] : []),
    ...[...openGrowth(requests)].map(([personId, by]) => countOpen(tableName, personId, by, openLimit)),
    ...glassChanges(requests).flatMap((change) => keepGlass(tableName, change, glassCount)),
    ...(fence === undefined ? [] : [checkFence(tableName, fence)]),
  ];
};
