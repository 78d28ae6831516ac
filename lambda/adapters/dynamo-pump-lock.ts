/** The pump's lock in the request table: one item, written on condition; hints are items of their own beside it. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { TABLE_KEY } from '../contract/table.ts';
import { type Instant, instant } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import { ServiceFault } from '../ports/faults.ts';
import type { PumpLock } from '../ports/pump-lock.ts';
import { documentClientOf, type RawItem } from './dynamo-document-client.ts';
import { BESIDE_LOCK, KEYS } from './dynamo-keys.ts';
import { queryAll, type Table } from './dynamo-lists.ts';
import { ATTRIBUTES } from './dynamo-request-items.ts';
import { asFault, calling, exceptionName } from './service-call.ts';

export interface DynamoPumpLockParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** The lock's own condition does not hold: another has it. */
const UNMET = 'ConditionalCheckFailedException';
/** At that moment a claim was checking the lock. */
const COLLIDED = 'TransactionConflictException';
const TRIES = 5;
const FIRST_PAUSE_MS = 20;

const NAMES = { '#fence': ATTRIBUTES.fence, '#owner': 'owner', '#until': 'until' };

/** The item after the change; undefined when its condition does not hold. */
const updateLock = async (
  { documents, name }: Table,
  clock: Pick<Clock, 'sleep'>,
  change: Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>,
  names: readonly (keyof typeof NAMES)[],
): Promise<RawItem | undefined> => {
  const command = new UpdateCommand({
    TableName: name,
    Key: KEYS.pumpLock,
    ...change,
    ExpressionAttributeNames: Object.fromEntries(names.map((one) => [one, NAMES[one]])),
    ReturnValues: 'ALL_NEW',
  });
  for (let tries = 1; ; tries += 1) {
    try {
      return (await documents.send(command)).Attributes ?? {};
    } catch (thrown) {
      if (exceptionName(thrown) === UNMET) return undefined;
      if (exceptionName(thrown) !== COLLIDED || tries === TRIES) throw asFault('database', thrown);
      await clock.sleep(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
};

const fenceIn = (item: RawItem): number => {
  const fence = item[ATTRIBUTES.fence];
  if (typeof fence === 'number') return fence;
  throw new ServiceFault('database', 'UnknownShape', undefined);
};

const hintIn = (item: RawItem): string => String(item[TABLE_KEY.sort]).slice(BESIDE_LOCK.hints.length);

export const createDynamoPumpLock = ({ client, tableName, clock }: DynamoPumpLockParts): PumpLock => {
  const table: Table = { documents: documentClientOf(client), name: tableName };
  return {
    acquire: async (owner, now, until) => {
      const taken = await updateLock(
        table,
        clock,
        {
          UpdateExpression: 'SET #owner = :owner, #until = :until ADD #fence :one',
          ConditionExpression: 'attribute_not_exists(#until) OR #until <= :now OR #owner = :owner',
          ExpressionAttributeValues: { ':owner': owner, ':until': until, ':now': now, ':one': 1 },
        },
        ['#owner', '#until', '#fence'],
      );
      return taken && fenceIn(taken);
    },
    renew: async (fence, until) => {
      const change = {
        UpdateExpression: 'SET #until = :until',
        ConditionExpression: '#fence = :fence AND attribute_exists(#until)',
        ExpressionAttributeValues: { ':until': until, ':fence': fence },
      };
      return (await updateLock(table, clock, change, ['#until', '#fence'])) !== undefined;
    },
    release: async (fence) => {
      const change = {
        UpdateExpression: 'REMOVE #owner, #until',
        ConditionExpression: '#fence = :fence',
        ExpressionAttributeValues: { ':fence': fence },
      };
      await updateLock(table, clock, change, ['#owner', '#until', '#fence']);
    },
    heldUntil: async () => {
      const command = new GetCommand({ TableName: tableName, Key: KEYS.pumpLock, ConsistentRead: true });
      const until: unknown = (await calling('database', table.documents.send(command))).Item?.until;
      return typeof until === 'number' ? (instant(until) satisfies Instant) : undefined;
    },
    leaveHints: async (leaseIds) => {
      const put = (leaseId: string) =>
        table.documents.send(new PutCommand({ TableName: tableName, Item: KEYS.pumpHint(leaseId) }));
      await calling('database', Promise.all(leaseIds.map(put)));
    },
    takeHints: async () => {
      const items = await queryAll(table, {
        KeyConditionExpression: '#pk = :lock AND begins_with(#sk, :beginning)',
        ExpressionAttributeNames: { '#pk': TABLE_KEY.partition, '#sk': TABLE_KEY.sort },
        ExpressionAttributeValues: {
          ':lock': KEYS.pumpLock[TABLE_KEY.partition],
          ':beginning': BESIDE_LOCK.hints,
        },
        ConsistentRead: true,
      });
      const taken = items.map(hintIn);
      const forget = (leaseId: string) =>
        table.documents.send(new DeleteCommand({ TableName: tableName, Key: KEYS.pumpHint(leaseId) }));
      await calling('database', Promise.all(taken.map(forget)));
      return taken;
    },
  };
};
