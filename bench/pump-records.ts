/** What the pump's measure reads where it is kept: the writes of Identity Center, the requests in the table, the executions. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { createDynamoLedger } from '../lambda/adapters/dynamo-ledger.ts';
import { createSystemClock } from '../lambda/adapters/system-clock.ts';
import type { AccessRequest } from '../lambda/domain/access-request.ts';
import { deploymentOf } from '../local/deployment.ts';
import type { Seed } from '../local/seed/seed.ts';
import type { LocalService } from './local-service.ts';

/** A write as the stand-in accepted it. */
export interface Write {
  readonly requestId: string;
  readonly kind: 'creation' | 'deletion';
  readonly assignment: { readonly principalId: string; readonly accountId: string; readonly permissionSetArn: string };
  readonly createdAtMs: number;
  readonly settlesAtMs: number;
  readonly status: string;
}

/** Every write since that moment. */
export const writesSince = async ({ stateFolder }: LocalService, since: number): Promise<readonly Write[]> => {
  const lines = (await readFile(join(stateFolder, 'stand-in.jsonl'), 'utf8')).split('\n').slice(1, -1);
  const changes = lines.flatMap((line) => JSON.parse(line) as { table: string; value: unknown }[]);
  const writes = changes.flatMap(({ table, value }) => (table === 'operations' && value ? [value as Write] : []));
  const latest = new Map(writes.map((write) => [write.requestId, write]));
  return [...latest.values()].filter(({ createdAtMs }) => createdAtMs >= since);
};

export const keyOf = (principalId: string, accountId: string, permissionSetArn: string): string =>
  `${principalId} ${accountId} ${permissionSetArn}`;

export const createRecords = ({ awsEndpoint }: LocalService, seed: Seed) => {
  const client = new DynamoDBClient({
    region: seed.region,
    endpoint: awsEndpoint,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 10,
  });
  const tableName = deploymentOf(seed).requestTable;
  const ledger = createDynamoLedger({ client, tableName, clock: createSystemClock() });
  return {
    /** All requests, as they are now. */
    requests: async (): Promise<readonly AccessRequest[]> => {
      const found: AccessRequest[] = [];
      let cursor: string | undefined;
      do {
        const page = await ledger.listAll({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
        if (page === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
        found.push(...page.items);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    },
  };
};

/** Entering a state is a transition, and so is each further try of a task. */
export const transitionsIn = (history: readonly HistoryEvent[]): number => {
  const count = (...types: readonly string[]): number =>
    history.filter(({ type }) => type !== undefined && types.includes(type)).length;
  const entered = history.filter(({ type }) => type?.endsWith('StateEntered')).length;
  const tasks = history.filter(({ type }) => type === 'TaskStateEntered').length;
  return entered + Math.max(0, count('TaskScheduled', 'LambdaFunctionScheduled') - tasks);
};
