/** The outbox's suite, in memory and in DynamoDB, and what DynamoDB alone can do wrong. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentClientOf } from '../../lambda/adapters/dynamo-document-client.ts';
import { createDynamoLedger } from '../../lambda/adapters/dynamo-ledger.ts';
import { createDynamoOutbox } from '../../lambda/adapters/dynamo-outbox.ts';
import { tellingItem } from '../../lambda/adapters/dynamo-request-items.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryOutbox } from '../../lambda/adapters/memory/memory-outbox.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import type { Telling } from '../../lambda/domain/telling.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';
import { describeOutbox } from './outbox-contract.ts';
import { idOf, MORNING } from './samples.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynoxide();
});
afterAll(() => dynamo.stop());

const quiet = { warn: () => undefined };

describeOutbox('memory', async () => {
  const ledger = createMemoryLedger();
  return { ledger, outbox: createMemoryOutbox(ledger) };
});
describeOutbox('DynamoDB', async () => {
  const tableName = await dynamo.makeTable();
  return {
    ledger: createDynamoLedger({ client: dynamo.client, tableName, clock: createSystemClock() }),
    outbox: createDynamoOutbox(dynamo.client, tableName, quiet),
  };
});

const TELLING: Telling = {
  ...{ requestId: idOf(1), sequence: 1, kind: 'asked', at: MORNING, nextAt: MORNING },
  ...{ attempts: 0, doneIds: [], version: 1 },
};

it('what cannot be read is warned of, and keeps nothing else from being told', async () => {
  const tableName = await dynamo.makeTable();
  const warned: unknown[] = [];
  const outbox = createDynamoOutbox(dynamo.client, tableName, { warn: (_, fields) => void warned.push(fields.key) });
  const put = (item: object) =>
    documentClientOf(dynamo.client).send(new PutCommand({ TableName: tableName, Item: { ...item } }));
  await put({ ...tellingItem(TELLING), data: { kind: 'of a later version' } });
  await put(tellingItem({ ...TELLING, requestId: idOf(2) }));
  expect(await outbox.list(10)).toMatchObject([{ requestId: idOf(2) }]);
  expect(warned).toEqual([`TELL#${idOf(1)}`]);
});

it('the table may forget what nobody told for two days, and not before', () => {
  expect(tellingItem(TELLING).forgetAt).toBe(MORNING / 1000 + 2 * 86_400);
});

it('a database that fails is a fault, and not taken for an empty outbox', async () => {
  const outbox = createDynamoOutbox(dynamo.client, 'no-such-table', quiet);
  const fault = { name: 'ServiceFault', source: 'database' };
  await expect(outbox.list(1)).rejects.toMatchObject(fault);
  await expect(outbox.keep(TELLING, MORNING)).rejects.toMatchObject(fault);
  await expect(outbox.remove(TELLING)).rejects.toMatchObject(fault);
});
