/** The tables that the local service makes: complete, and completed where an earlier version left them. */
import { CreateTableCommand, DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TABLE_INDEXES } from '../../lambda/contract/table.ts';
import { ensureTables } from '../../local/tables.ts';
import { startDynoxide, type TestDynamo } from '../contract/dynoxide.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynoxide();
});
afterAll(() => dynamo.stop());

const indexes = async (name: string): Promise<(string | undefined)[]> => {
  const { Table } = await dynamo.client.send(new DescribeTableCommand({ TableName: name }));
  return (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName).sort();
};
const EXPECTED = Object.values(TABLE_INDEXES)
  .map(({ name }) => name)
  .sort();

test('missing tables are made with their indexes and time to live, without a stream; a second time changes nothing', async () => {
  const names = { requestTable: 'fresh-requests', policyTable: 'fresh-policy' };
  await ensureTables(dynamo.client, names);
  await ensureTables(dynamo.client, names);
  expect(await indexes(names.requestTable)).toEqual(EXPECTED);
  expect(await indexes(names.policyTable)).toEqual([]);
  const { Table } = await dynamo.client.send(new DescribeTableCommand({ TableName: names.requestTable }));
  expect(Table?.StreamSpecification?.StreamEnabled ?? false).toBe(false);
  const forget = await dynamo.client.send(new DescribeTimeToLiveCommand({ TableName: names.requestTable }));
  expect(forget.TimeToLiveDescription).toMatchObject({ AttributeName: 'forgetAt', TimeToLiveStatus: 'ENABLED' });
});

test('a table of an earlier version gets the indexes that it lacks, and loses its stream', async () => {
  const names = { requestTable: 'older-requests', policyTable: 'older-policy' };
  await dynamo.client.send(
    new CreateTableCommand({
      TableName: names.requestTable,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await ensureTables(dynamo.client, names);
  expect(await indexes(names.requestTable)).toEqual(EXPECTED);
  const { Table } = await dynamo.client.send(new DescribeTableCommand({ TableName: names.requestTable }));
  expect(Table?.StreamSpecification?.StreamEnabled ?? false).toBe(false);
});
