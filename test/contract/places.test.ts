/** The places' suite, in memory and in DynamoDB. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoPlaces } from '../../lambda/adapters/dynamo-places.ts';
import { createMemoryPlaces } from '../../lambda/adapters/memory/memory-places.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';
import { describePlaces } from './places-contract.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynoxide();
});
afterAll(() => dynamo.stop());

describePlaces('memory', async () => createMemoryPlaces());
describePlaces('DynamoDB', async () =>
  createDynamoPlaces({ client: dynamo.client, tableName: await dynamo.makeTable() }),
);

it('DynamoDB places throw a fault, and are not taken for empty, where there is no table', async () => {
  const places = createDynamoPlaces({ client: dynamo.client, tableName: 'no-such-table' });
  await expect(places.recall('due')).rejects.toMatchObject({ name: 'ServiceFault', source: 'database' });
  await expect(places.keep('due', 'here')).rejects.toMatchObject({ name: 'ServiceFault', source: 'database' });
});
