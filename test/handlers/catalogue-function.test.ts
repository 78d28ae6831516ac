/** The function that reads the organization, as Lambda calls it: what wakes which of its two works, and what each leaves behind. */
import type { Context } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createDynamoCatalogueStore } from '../../lambda/adapters/dynamo-catalogue-store.ts';
import { createDynamoCensusStore } from '../../lambda/adapters/dynamo-census-store.ts';
import type { CatalogueState } from '../../lambda/domain/catalogue.ts';
import { addSeconds, instant } from '../../lambda/domain/time.ts';
import type { CatalogueStore } from '../../lambda/ports/catalogue-store.ts';
import type { CensusStore } from '../../lambda/ports/census-store.ts';
import { startDynoxide, type TestDynamo } from '../contract/dynoxide.ts';
import { startStandIn, type TestStandIn } from '../contract/stand-in.ts';

const CONTEXT = { awsRequestId: 'trace-1', functionName: 'catalogue', getRemainingTimeInMillis: () => 900_000 };
/** Less than what is kept back for storing. */
const LATE = { ...CONTEXT, getRemainingTimeInMillis: () => 30_000 };

let dynamo: TestDynamo;
let standIn: TestStandIn;
let catalogue: CatalogueStore;
let census: CensusStore;
let call: (event: object, context?: object) => Promise<unknown>;
let readAtFirst: CatalogueState;

interface Places {
  endpoint?(): Promise<{ readonly protocol: string; readonly hostname: string; readonly port?: number | undefined }>;
}

const urlOf = async ({ endpoint }: Places): Promise<string> => {
  const found = await endpoint?.();
  return `${found?.protocol}//${found?.hostname}:${found?.port}`;
};

beforeAll(async () => {
  [dynamo, standIn] = await Promise.all([startDynoxide(), startStandIn()]);
  const tableName = await dynamo.makeTable();
  const standInUrl = await urlOf(standIn.identityStore.config);
  const environment = {
    BREVET_REQUEST_TABLE: tableName,
    BREVET_INSTANCE_ARN: standIn.seed.instanceArn,
    BREVET_IDENTITY_STORE_ID: standIn.seed.identityStoreId,
    BREVET_HOSTING_ACCOUNT: standIn.seed.hostingAccountId,
    AWS_REGION: standIn.seed.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: await urlOf(dynamo.client.config),
    AWS_ENDPOINT_URL: standInUrl,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  catalogue = createDynamoCatalogueStore({ client: dynamo.client, tableName });
  census = createDynamoCensusStore({ client: dynamo.client, tableName });
  await publishNothing();
  const { handler } = await import('../../lambda/handlers/catalogue.ts');
  call = (event, context = CONTEXT) => Promise.resolve(handler(event, context as Context));
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([dynamo.stop(), standIn.stop()]);
});

/** A catalogue that was read five minutes ago, so that nothing of it is due. */
const publishNothing = async (): Promise<void> => {
  const asOf = addSeconds(instant(Date.now()), -300);
  const organization = await catalogue.put('organization', { accounts: [], units: [], permissionSets: [] }, asOf);
  await catalogue.replaceState({ revision: 0, isUnfinished: false, begunAt: asOf, published: { asOf, organization } });
  readAtFirst = await catalogue.readState();
};

const written = () => vi.spyOn(process.stdout, 'write').mockReturnValue(true);
const metricsIn = (output: ReturnType<typeof written>): number =>
  output.mock.calls.filter(([text]) => String(text).includes('"CatalogueAge"')).length;

const groupIdOf = (name: string): string =>
  standIn.seed.groups.find(({ displayName }) => displayName === name)?.groupId ?? '';

it('looks after the catalogue when the clock calls, tells how old it is, and counts nobody', async () => {
  const output = written();
  const report = await call({ 'detail-type': 'Scheduled Event', detail: {} });
  expect(report).toMatchObject({ wasDue: false, ageSeconds: expect.any(Number) });
  expect(metricsIn(output)).toBe(1);
  expect(await census.readState()).toEqual({ revision: 0 });
});

it('counts everybody when it is told to, and neither touches the catalogue nor speaks of it', async () => {
  const output = written();
  const groupIds = [groupIdOf('payments-leads'), groupIdOf('finance')];
  expect(await call({ census: { groupIds } })).toEqual({ wasDue: true, people: 31, groups: 2 });
  expect(metricsIn(output)).toBe(0);
  expect(await catalogue.readState()).toEqual(readAtFirst);
  const { taken, run } = await census.readState();
  expect(run).toBeUndefined();
  const { people, members } = await census.read(taken?.version ?? '');
  const leads = members[groupIds[0] ?? '']?.map((place) => people[place]?.userName);
  expect([people.length, leads?.sort()]).toEqual([31, ['lena', 'omar', 'victor']]);
});

it('does not count again what is known', async () => {
  const listed = standIn.callsOf('ListUsers');
  const report = await call({ census: { groupIds: [groupIdOf('finance')] } });
  expect(report).toMatchObject({ wasDue: false });
  expect(standIn.callsOf('ListUsers')).toBe(listed);
});

it('gives counting up in time to say so', async () => {
  const report = await call({ census: { groupIds: [groupIdOf('data-leads')] } }, LATE);
  expect(report).toMatchObject({ wasDue: true, failed: 'out-of-time' });
  expect(await census.readState()).toMatchObject({ failed: { why: 'out-of-time' } });
});
