/** The table and the stand-in, with the environment that points the functions which read for minutes at them. */
import type { Context } from 'aws-lambda';
import { vi } from 'vitest';
import { createDynamoCatalogueStore } from '../../lambda/adapters/dynamo-catalogue-store.ts';
import { createDynamoCensusStore } from '../../lambda/adapters/dynamo-census-store.ts';
import type { CatalogueState } from '../../lambda/domain/catalogue.ts';
import { addSeconds, instant } from '../../lambda/domain/time.ts';
import type { CatalogueStore } from '../../lambda/ports/catalogue-store.ts';
import type { CensusStore } from '../../lambda/ports/census-store.ts';
import { startDynoxide } from '../contract/dynoxide.ts';
import { startStandIn, type TestStandIn } from '../contract/stand-in.ts';

/** As Lambda gives it with a quarter of an hour left. */
export const IN_TIME = { awsRequestId: 'trace-1', functionName: 'any', getRemainingTimeInMillis: () => 900_000 };

export interface ReaderStage {
  readonly standIn: TestStandIn;
  readonly catalogue: CatalogueStore;
  readonly census: CensusStore;
  groupIdOf(name: string): string;
  stop(): Promise<void>;
}

interface Places {
  endpoint?(): Promise<{ readonly protocol: string; readonly hostname: string; readonly port?: number | undefined }>;
}

const urlOf = async ({ endpoint }: Places): Promise<string> => {
  const found = await endpoint?.();
  return `${found?.protocol}//${found?.hostname}:${found?.port}`;
};

/** Before the handler is imported, which looks into its environment. */
export const setReaderStage = async (): Promise<ReaderStage> => {
  const [dynamo, standIn] = await Promise.all([startDynoxide(), startStandIn()]);
  const tableName = await dynamo.makeTable();
  const environment = {
    BREVET_REQUEST_TABLE: tableName,
    BREVET_INSTANCE_ARN: standIn.seed.instanceArn,
    BREVET_IDENTITY_STORE_ID: standIn.seed.identityStoreId,
    BREVET_HOSTING_ACCOUNT: standIn.seed.hostingAccountId,
    AWS_REGION: standIn.seed.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: await urlOf(dynamo.client.config),
    AWS_ENDPOINT_URL: await urlOf(standIn.identityStore.config),
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return {
    standIn,
    catalogue: createDynamoCatalogueStore({ client: dynamo.client, tableName }),
    census: createDynamoCensusStore({ client: dynamo.client, tableName }),
    groupIdOf: (name) => standIn.seed.groups.find(({ displayName }) => displayName === name)?.groupId ?? '',
    stop: async () => {
      vi.unstubAllEnvs();
      await Promise.all([dynamo.stop(), standIn.stop()]);
    },
  };
};

/** A catalogue that was read five minutes ago, so that nothing of it is due. */
export const publishNothing = async ({ catalogue }: ReaderStage): Promise<CatalogueState> => {
  const asOf = addSeconds(instant(Date.now()), -300);
  const organization = await catalogue.put('organization', { accounts: [], units: [], permissionSets: [] }, asOf);
  await catalogue.replaceState({ revision: 0, isUnfinished: false, begunAt: asOf, published: { asOf, organization } });
  return catalogue.readState();
};

export type Call = (event: unknown, context?: object) => Promise<unknown>;

export const callerOf =
  (handler: (event: unknown, context: Context) => unknown): Call =>
  (event, context = IN_TIME) =>
    Promise.resolve(handler(event, context as Context));
