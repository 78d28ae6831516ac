/** The ledger in DynamoDB: one table, conditional writes on the expected version, sparse indexes for the lists. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_INDEXES, TABLE_KEY } from '../contract/table.ts';
import type { Clock } from '../ports/clock.ts';
import type { Commit, CommitResult, Ledger } from '../ports/ledger.ts';
import { judgeFailure } from './dynamo-cancellation.ts';
import { writesOf } from './dynamo-commit.ts';
import { documentClientOf, type RawItem } from './dynamo-document-client.ts';
import { listDue } from './dynamo-due.ts';
import { listEvents } from './dynamo-events.ts';
import { listGlass, putOffAlarm, readGlass } from './dynamo-glass.ts';
import { BESIDE_REQUEST, KEYS, LISTED, OPEN } from './dynamo-keys.ts';
import { getItem, listRequests, listWork, queryAll, type Table } from './dynamo-lists.ts';
import {
  readEventItem,
  readIdempotencyItem,
  readLeaseItem,
  readRequestItem,
  readWaitingItem,
  waitingItem,
} from './dynamo-request-items.ts';
import { listAllWaiting } from './dynamo-waiting.ts';
import { calling } from './service-call.ts';

export interface DynamoLedgerParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** For pauses between tries, and to let the table forget tokens some day. */
  readonly clock: Clock;
}

/** What lies beside a request under sort keys of that beginning; everything, the request too, when none is given. */
const listBeside = (table: Table, requestId: string, beginning?: string): Promise<readonly RawItem[]> =>
  queryAll(table, {
    KeyConditionExpression: beginning ? '#pk = :request AND begins_with(#sk, :beginning)' : '#pk = :request',
    ExpressionAttributeNames: { '#pk': TABLE_KEY.partition, ...(beginning && { '#sk': TABLE_KEY.sort }) },
    ExpressionAttributeValues: {
      ':request': KEYS.requestPartition(requestId),
      ...(beginning && { ':beginning': beginning }),
    },
    ConsistentRead: true,
  });

// ---------- commit ----------

const TRIES = 4;
const FIRST_PAUSE_MS = 25;

const pauseMs = (triesMade: number): number => Math.random() * FIRST_PAUSE_MS * 2 ** triesMade;

/**
 * One token for all tries: DynamoDB then knows a transaction that it has already done (its answer was lost), instead of
 * failing its conditions the second time. Tokens are good for ten minutes, longer than any caller waits.
 */
const commitTo = async (table: Table, clock: Clock, commit: Commit): Promise<CommitResult> => {
  const writes = writesOf(table.name, commit);
  if (writes.length === 0) return 'committed';
  const transaction = { TransactItems: writes.map(({ item }) => item), ClientRequestToken: randomUUID() };
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      await table.documents.send(new TransactWriteCommand(transaction));
      return 'committed';
    } catch (thrown) {
      const judged = judgeFailure(writes, thrown);
      if (judged !== 'try-again') return judged;
      if (tries < TRIES) await clock.sleep(pauseMs(tries));
    }
  }
  return 'conflict';
};

export const createDynamoLedger = ({ client, tableName, clock }: DynamoLedgerParts): Ledger => {
  const table: Table = { documents: documentClientOf(client), name: tableName };
  return {
    readRequest: async (requestId) => {
      const item = await getItem(table, KEYS.request(requestId));
      return item && readRequestItem(item);
    },
    readEvents: async (requestId) => (await listBeside(table, requestId, BESIDE_REQUEST.events)).map(readEventItem),
    readLease: async (leaseId) => {
      const item = await getItem(table, KEYS.lease(leaseId));
      return item && readLeaseItem(item);
    },
    readIdempotency: async (personId, key) => {
      const item = await getItem(table, KEYS.idempotency(personId, key));
      return item && readIdempotencyItem(item, personId, key);
    },
    commit: (commit) => commitTo(table, clock, commit),

    listByRequester: (personId, query) => listRequests(table, TABLE_INDEXES.byRequester, personId, query),
    listAll: (query) => listRequests(table, TABLE_INDEXES.byAge, LISTED, query),
    listOpen: (query) => listRequests(table, TABLE_INDEXES.open, OPEN, query),
    listEvents: (query) => listEvents(table, query),
    listDue: (by, limit, cursor) => listDue(table, by, limit, cursor),
    listWork: (limit) => listWork(table, limit),
    readGlass: (personId) => readGlass(table, personId),
    listGlass: (query) => listGlass(table, query),
    putOffAlarm: (request, until, now) => putOffAlarm(table, request, until, now),

    addWaiting: async (waiting) => {
      const command = new PutCommand({ TableName: tableName, Item: waitingItem(waiting, clock.now()) });
      await calling('database', table.documents.send(command));
    },
    listWaiting: async (requestId) =>
      (await listBeside(table, requestId, BESIDE_REQUEST.waiting)).map((item) => readWaitingItem(item, requestId)),
    readBeside: async (requestId) => {
      const items = await listBeside(table, requestId);
      const under = (beginning: string) => items.filter((item) => String(item[TABLE_KEY.sort]).startsWith(beginning));
      return {
        events: under(BESIDE_REQUEST.events).map(readEventItem),
        waiting: under(BESIDE_REQUEST.waiting).map((item) => readWaitingItem(item, requestId)),
      };
    },
    listAllWaiting: (limit, cursor) => listAllWaiting(table, limit, cursor),
    removeWaiting: async (waiting) => {
      const command = new DeleteCommand({ TableName: tableName, Key: KEYS.waiting(waiting) });
      await calling('database', table.documents.send(command));
    },
  };
};
