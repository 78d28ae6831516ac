/** The database with its two tables and the policy in force, ready for the functions. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findDatabaseBinary, startDatabase } from './database.ts';
import type { Deployment } from './deployment.ts';
import type { LogFile } from './log-file.ts';
import { type PublishedPolicy, publishPolicy } from './policy-publication.ts';
import { messageOf, StartError } from './start-error.ts';
import { ensureTables } from './tables.ts';

export interface StorageOptions {
  /** An endpoint of somebody else's; absent: our own process. */
  readonly endpoint: string | undefined;
  /** Where our own process keeps its data. */
  readonly file: string;
  readonly log: LogFile;
  readonly onCrash: (message: string, givenUp: boolean) => void;
}

export interface Storage {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** @throws StartError */
export const openStorage = async ({ endpoint, ...ours }: StorageOptions): Promise<Storage> => {
  if (endpoint !== undefined) return { endpoint, close: async () => undefined };
  return startDatabase({ binary: findDatabaseBinary(process.platform, process.arch), ...ours });
};

/** NB. The keys are worth nothing: a table in the real AWS is never what is meant. */
const clientFor = (endpoint: string, region: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIALOCALBREVET0', secretAccessKey: 'worth-nothing' },
  });

/** Makes what is missing and publishes the policy. @throws StartError */
export const prepareTables = async (
  endpoint: string,
  deployment: Deployment,
  policy: PublishedPolicy,
  publication: { readonly onlyFirst: boolean },
): Promise<void> => {
  const client = clientFor(endpoint, deployment.region);
  try {
    await ensureTables(client, deployment);
    await publishPolicy(client, deployment.policyTable, policy, publication);
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`The database at ${endpoint} does not do what is asked: ${messageOf(cause)}`, { cause });
  } finally {
    client.destroy();
  }
};
