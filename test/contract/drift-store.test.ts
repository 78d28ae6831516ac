/** The suite of the store of drift, in memory and on DynamoDB. */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDriftStore } from '../../lambda/adapters/dynamo-drift-store.ts';
import { KEYS } from '../../lambda/adapters/dynamo-keys.ts';
import { createDynamoLedger } from '../../lambda/adapters/dynamo-ledger.ts';
import { createMemoryDriftStore } from '../../lambda/adapters/memory/memory-drift-store.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import { FIRST_DRIFT_STATE, whyNoRemoval } from '../../lambda/domain/drift-state.ts';
import { describeDriftStore } from './drift-store-contract.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';
import { MORNING } from './samples.ts';

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

/** What older code stored names the accounts that a round left out, not those that it looked at. */
it('a round and a proof of an older kind are read, and prove nothing', async () => {
  const { client } = dynamo;
  const tableName = await dynamo.makeTable();
  const round = { startedAt: MORNING, done: 1, accounts: 2, places: 1, skipped: 0, permissionSetArns: ['p'] };
  const baseline = {
    takenAt: MORNING,
    by: { id: 'u-ines', userName: 'ines' },
    instanceArn: 'i',
    tableId: 't',
    accepted: 7,
  };
  const proof = { at: MORNING, permissionSetArns: ['p'] };
  const state = { isRoundWanted: false, removedAt: [], trail: { count: 0, hash: '' }, version: 4 };
  const withoutAccounts = ['400000000009'];
  const older = {
    ...state,
    round: { ...round, withoutAccounts },
    baseline: { ...baseline, proof: { ...proof, withoutAccounts } },
  };
  const Item = { ...KEYS.driftState(), version: 4, data: older };
  await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName: tableName, Item }));
  const read = await createDynamoDriftStore({ client, tableName }).readState();
  expect(read).toEqual({ ...state, round, baseline: { ...baseline, proof } });
  const here = { mode: 'remove', instanceArn: 'i', tableId: 't' } as const;
  expect(whyNoRemoval(read ?? FIRST_DRIFT_STATE, here)).toBe('no-round-since');
});

it('tables of the same shape have different ids', async () => {
  const [one, other] = [await onDynamo(), await onDynamo()];
  expect(await one.store.tableId()).not.toBe(await other.store.tableId());
});
