/** DynamoDB for the suites: the real binary on a port and a file of its own, with one fresh table a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { TABLE_INDEXES, TABLE_KEY } from '../../lambda/contract/table.ts';

export interface TestDynamo {
  readonly client: DynamoDBClient;
  /** Makes an empty table with the keys and indexes of the contract. @returns its name. */
  makeTable(): Promise<string>;
  stop(): Promise<void>;
}

const binary = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
};

const untilItAnswers = async (client: DynamoDBClient, dynoxide: ChildProcess): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (dynoxide.exitCode !== null) throw new Error(`dynoxide ended with ${dynoxide.exitCode}`);
    const answered = await client.send(new ListTablesCommand({})).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await wait(50);
  }
  throw new Error('dynoxide did not answer within 5 s');
};

export const clientFor = (endpoint: string, maxAttempts = 1): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  });

const createTable = async (client: DynamoDBClient): Promise<string> => {
  const indexes = Object.values(TABLE_INDEXES);
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const attributes = new Set([
    ...Object.values(TABLE_KEY),
    ...indexes.flatMap((index) => [index.partition, index.sort]),
  ]);
  const TableName = `test-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys(TABLE_KEY.partition, TABLE_KEY.sort),
      AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      GlobalSecondaryIndexes: indexes.map(({ name, partition, sort }) => ({
        IndexName: name,
        KeySchema: keys(partition, sort),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
  );
  return TableName;
};

export const startDynoxide = async (): Promise<TestDynamo> => {
  const directory = await mkdtemp(join(tmpdir(), 'brevet-dynoxide-'));
  const port = await freePort();
  const dynoxide = spawn(
    binary(),
    ['--host', '127.0.0.1', '--port', String(port), '--db-path', join(directory, 'table.db')],
    {
      stdio: 'ignore',
    },
  );
  const client = clientFor(`http://127.0.0.1:${port}`);
  await untilItAnswers(client, dynoxide);
  return {
    client,
    makeTable: () => createTable(client),
    stop: async () => {
      client.destroy();
      const ended = once(dynoxide, 'exit');
      dynoxide.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
};
