/**
 * Makes the two tables and their indexes where they are missing, as the stack makes them in AWS, but without the stream: the
 * local database goes through every stream record that it keeps at each write, and nothing reads them.
 */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { FORGET_AT, TABLE_INDEXES, TABLE_KEY } from '../lambda/contract/table.ts';

const keys = (partition: string, sort: string): CreateTableCommandInput['KeySchema'] => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

const strings = (names: readonly string[]): CreateTableCommandInput['AttributeDefinitions'] =>
  [...new Set(names)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));

const policyTable = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keys(TABLE_KEY.partition, TABLE_KEY.sort),
  AttributeDefinitions: strings([TABLE_KEY.partition, TABLE_KEY.sort]),
});

const requestTable = (name: string): CreateTableCommandInput => {
  const indexes = Object.values(TABLE_INDEXES);
  return {
    ...policyTable(name),
    AttributeDefinitions: strings([
      TABLE_KEY.partition,
      TABLE_KEY.sort,
      ...indexes.flatMap(({ partition, sort }) => [partition, sort]),
    ]),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keys(index.partition, index.sort),
      Projection: { ProjectionType: 'ALL' },
    })),
  };
};

/** The table as it is, or undefined when there is no such table. */
const describe = async (client: DynamoDBClient, name: string): Promise<TableDescription | undefined> => {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

const untilUsable = (client: DynamoDBClient, name: string) =>
  waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });

/** A table that an earlier version made gets the indexes that are new since, one at a time, as a deployment does it. */
const addIndexes = async (client: DynamoDBClient, table: CreateTableCommandInput, there: TableDescription) => {
  const names = (there.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  const missing = (table.GlobalSecondaryIndexes ?? []).filter(({ IndexName }) => !names.includes(IndexName));
  for (const index of missing) {
    const command = new UpdateTableCommand({
      TableName: table.TableName,
      AttributeDefinitions: table.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
    await client.send(command);
    await untilUsable(client, String(table.TableName));
  }
};

/** One that an earlier version made with a stream is quick again without it. */
const endStream = async (client: DynamoDBClient, { TableName, StreamSpecification }: TableDescription) => {
  if (!StreamSpecification?.StreamEnabled) return;
  await client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
};

const ensureTable = async (client: DynamoDBClient, table: CreateTableCommandInput): Promise<'made' | 'there'> => {
  const name = String(table.TableName);
  const there = await describe(client, name);
  if (there !== undefined) {
    await endStream(client, there);
    await addIndexes(client, table, there);
    return 'there';
  }
  await client.send(new CreateTableCommand(table));
  await untilUsable(client, name);
  return 'made';
};

export const ensureTables = async (
  client: DynamoDBClient,
  names: { readonly requestTable: string; readonly policyTable: string },
): Promise<void> => {
  const requests = await ensureTable(client, requestTable(names.requestTable));
  await ensureTable(client, policyTable(names.policyTable));
  if (requests === 'there') return;
  const forget = { AttributeName: FORGET_AT, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: names.requestTable, TimeToLiveSpecification: forget }));
};
