/** The suite of the store of drift, in memory and on DynamoDB. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDriftStore } from '../../lambda/adapters/dynamo-drift-store.ts';
import { createDynamoLedger } from '../../lambda/adapters/dynamo-ledger.ts';
import { createMemoryDriftStore } from '../../lambda/adapters/memory/memory-drift-store.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import { describeDriftStore } from './drift-store-contract.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynoxide();
});
afterAll(() => dynamo.stop());

const onDynamo = async () => {
  const { client } = dynamo;
  const tableName = await dynamo.makeTable();
  return {
    ledger: createDynamoLedger({ client, tableName, clock: createSystemClock() }),
    store: createDynamoDriftStore({ client, tableName }),
  };
};

describeDriftStore('DynamoDB', onDynamo);

describeDriftStore('memory', async () => {
  const ledger = createMemoryLedger();
  return { ledger, store: createMemoryDriftStore(ledger) };
});

it('tables of the same shape have different ids', async () => {
  const [one, other] = [await onDynamo(), await onDynamo()];
  expect(await one.store.tableId()).not.toBe(await other.store.tableId());
});
