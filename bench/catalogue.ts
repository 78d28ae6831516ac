/** What the catalogue of a large organization costs: to store, to read from the table for the first time, and then. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { piecesOf } from '../lambda/adapters/catalogue-pieces.ts';
import { createDynamoCatalogueStore } from '../lambda/adapters/dynamo-catalogue-store.ts';
import { createRememberedCatalogue } from '../lambda/adapters/remembered-catalogue.ts';
import { createSystemClock } from '../lambda/adapters/system-clock.ts';
import { canonicalJson } from '../lambda/domain/audit-event.ts';
import type { ListedGroup, OrganizationContent } from '../lambda/domain/catalogue.ts';
import { NOTHING_READ } from '../lambda/domain/catalogue.ts';
import { findDatabaseBinary, startDatabase } from '../local/database.ts';
import { openLogFile } from '../local/log-file.ts';
import { ensureTables } from '../local/tables.ts';
import { type Effort, fixed, type Section, table, whole } from './report.ts';
import { median } from './statistics.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

const RUNS = { quick: 5, full: 15 };
const ACCOUNTS = 5000;
const UNITS = 600;
const GROUPS = 2000;
const TABLES = { requestTable: 'requests', policyTable: 'policy' };

/** Numbers that look like chance and are the same each time. */
const chance = (seed: number): number => {
  const wave = Math.sin(seed * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
};
const digits = (seed: number, count: number): string =>
  Array.from({ length: count }, (_, index) => Math.floor(chance(seed * 31 + index) * 10)).join('');
const hex = (seed: number, count: number): string =>
  Array.from({ length: count }, (_, index) => Math.floor(chance(seed * 37 + index) * 16).toString(16)).join('');

/** Five deep: each unit below one of a fifth of its number. */
const unitPath = (unit: number): string =>
  unit < 5 ? `area-${unit}` : `${unitPath(Math.floor(unit / 5))}/unit-${unit}`;

const organization: OrganizationContent = {
  accounts: Array.from({ length: ACCOUNTS }, (_, index) => ({
    id: digits(index + 1, 12),
    name: `team-${index % 400}-service-${index}-${['prod', 'staging', 'dev'][index % 3]}`,
    ouPath: unitPath(index % UNITS),
    active: true,
    tags: {
      team: `team-${index % 400}`,
      environment: ['prod', 'staging', 'dev'][index % 3] as string,
      criticality: ['high', 'medium', 'low'][(index % 7) % 3] as string,
      costCenter: digits(index % 900, 6),
      owner: `person-${index % 1500}@example.com`,
    },
  })),
  units: Array.from({ length: UNITS }, (_, unit) => unitPath(unit)),
  permissionSets: Array.from({ length: 100 }, (_, index) => ({
    arn: `arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-${hex(index, 16)}`,
    name: `PermissionSet${index}`,
    sessionSeconds: 3600,
    tags: { brevet: 'requestable' },
  })),
};
const groups: readonly ListedGroup[] = Array.from({ length: GROUPS }, (_, index) => ({
  id: `${hex(index, 8)}-${hex(index + 1, 4)}-${hex(index + 2, 4)}-${hex(index + 3, 4)}-${hex(index + 4, 12)}`,
  name: `team-${index}-engineers`,
}));

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const since = performance.now();
  await work();
  return performance.now() - since;
};

const sizeRow = (name: string, content: unknown): (string | number)[] => {
  const text = canonicalJson(content);
  const pieces = piecesOf(text);
  const packed = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return [name, whole(Buffer.byteLength(text)), whole(packed), pieces.length];
};

const measureIn = async (folder: string, runs: number): Promise<string> => {
  const log = openLogFile(`${folder}/database.log`);
  const binary = findDatabaseBinary(process.platform, process.arch);
  const database = await startDatabase({ binary, file: `${folder}/table.sqlite`, log, onCrash: () => undefined });
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: database.endpoint, region: 'us-east-1', credentials });
  try {
    await ensureTables(client, TABLES);
    return await timesOn(client, runs);
  } finally {
    client.destroy();
    await database.close();
    await log.close();
  }
};

const timesOn = async (client: DynamoDBClient, runs: number): Promise<string> => {
  const clock = createSystemClock();
  const store = createDynamoCatalogueStore({ client, tableName: TABLES.requestTable });
  const put: number[] = [];
  const versions = { organization: '', groups: '' };
  for (let run = 0; run < runs; run += 1) {
    put.push(
      await milliseconds(async () => {
        versions.organization = await store.put('organization', organization, clock.now());
      }),
    );
  }
  versions.groups = await store.put('groups', groups, clock.now());
  const asOf = clock.now();
  await store.replaceState({
    ...NOTHING_READ,
    published: { asOf, organization: versions.organization, groups: { version: versions.groups, asOf } },
  });
  const first: number[] = [];
  const again: number[] = [];
  const groupTimes: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const remembered = createRememberedCatalogue(store, clock);
    first.push(await milliseconds(() => remembered.current()));
    again.push(await milliseconds(() => remembered.current()));
    groupTimes.push(await milliseconds(() => remembered.groups()));
  }
  const row = (name: string, times: readonly number[]) => [name, fixed(median(times), 1), fixed(Math.max(...times), 1)];
  return table(
    ['milliseconds', 'median', 'longest'],
    [
      row('store the organization', put),
      row('read it: state, pieces, unpack, compare its hash, parse, check', first),
      row('read it again', again),
      row('read the groups', groupTimes),
    ],
  );
};

export const measureCatalogue = async ({ quick }: Effort): Promise<Section> => {
  const folder = makeFolder();
  try {
    const runs = quick ? RUNS.quick : RUNS.full;
    const times = await measureIn(folder, runs);
    const sizes = table(
      ['', 'bytes as JSON', 'bytes in the table', 'items'],
      [sizeRow('accounts, units, permission sets', organization), sizeRow('groups', groups)],
    );
    const text = `${whole(ACCOUNTS)} accounts with five tags each, in ${UNITS} units, 100 permission sets, ${whole(GROUPS)} groups; ${runs} times, on the local database.`;
    return { title: 'The catalogue of a large organization', text: [text, sizes, times].join('\n\n') };
  } finally {
    removeFolder(folder);
  }
};
