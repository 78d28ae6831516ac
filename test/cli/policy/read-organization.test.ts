/** Exporting the organization: what is written is what AWS says, and the tools read it. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readOrganizationNow } from '../../../cli/policy/read-organization.ts';
import { organizationExport } from '../../../lambda/contract/organization-export.ts';
import { startStandIn, type TestStandIn } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

let standIn: TestStandIn;
beforeEach(async () => {
  standIn = await startStandIn();
  const {
    protocol,
    hostname,
    port = '',
  } = (await standIn.organizations.config.endpoint?.().then((one) => one ?? { protocol: '', hostname: '' })) ?? {
    protocol: '',
    hostname: '',
  };
  vi.stubEnv('AWS_ENDPOINT_URL', `${protocol}//${hostname}:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_REGION', standIn.seed.region);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await standIn.stop();
});

const byId = <Thing extends { readonly id: string }>(things: readonly Thing[]): readonly Thing[] =>
  [...things].sort((left, right) => (left.id < right.id ? -1 : 1));

it('reads accounts with tags and units, permission sets, groups with their members, and people with attributes', async () => {
  const { hostingAccountId: host } = standIn.seed;
  const read = await readOrganizationNow({ env: process.env, host, region: undefined, profile: undefined });
  const expected = exportOf(standIn.seed);
  expect(organizationExport.parse(read)).toEqual(read);
  expect(byId(read.accounts)).toEqual(byId(expected.accounts));
  expect([...read.organizationalUnits].sort()).toEqual([...expected.organizationalUnits].sort());
  expect(byId(read.people)).toEqual(byId(expected.people));
  const sorted = (groups: typeof read.groups) =>
    byId(groups).map((one) => ({ ...one, memberIds: [...one.memberIds].sort() }));
  expect(sorted(read.groups)).toEqual(sorted(expected.groups));
  const named = (sets: typeof read.permissionSets) =>
    [...sets].sort((left, right) => (left.name < right.name ? -1 : 1));
  expect(named(read.permissionSets)).toEqual(named(expected.permissionSets));
}, 60_000);
