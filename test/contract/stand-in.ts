/** The stand-in for IAM Identity Center and Organizations, with the SDK's own clients pointed at it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { createIdentityStoreCalls, type IdentityStoreCalls } from '../../lambda/adapters/identity-store-calls.ts';
import { createOrganizationsCalls, type OrganizationsCalls } from '../../lambda/adapters/organizations-calls.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import { readSeed, type Seed } from '../../local/seed/seed.ts';
import type { PaceSettings } from '../../local/stand-in/pace.ts';
import { startStandInServer } from '../../local/stand-in/server.ts';

export interface TestStandIn {
  readonly seed: Seed;
  readonly identityStore: IdentitystoreClient;
  readonly organizations: OrganizationsClient;
  /** The same as the functions call it. */
  readonly organizationsCalls: OrganizationsCalls;
  readonly identityStoreCalls: IdentityStoreCalls;
  readonly ssoAdmin: SSOAdminClient;
  /** Puts these faults in force, and no others. */
  fail(...faults: readonly object[]): Promise<void>;
  pace(changes: Partial<PaceSettings>): Promise<void>;
  setStatus(userName: string, status: 'ENABLED' | 'DISABLED'): Promise<void>;
  /** Lets time pass for what takes time there; its clock stands still otherwise. */
  advance(seconds: number): void;
  /** How often the operation was called so far. */
  callsOf(operation: string): number;
  stop(): Promise<void>;
}

const SEED = fileURLToPath(new URL('../../local/seed/organization.yaml', import.meta.url));

export const readTestSeed = (): Promise<Seed> => readSeed(SEED);

export const startStandIn = async (changes: Partial<Seed> = {}): Promise<TestStandIn> => {
  const directory = await mkdtemp(join(tmpdir(), 'brevet-stand-in-'));
  const seed = { ...(await readTestSeed()), ...changes };
  let nowMs = Date.UTC(2026, 10, 23, 8);
  const stateFile = join(directory, 'state.jsonl');
  const server = await startStandInServer({ seed, stateFile, mode: 'quick', port: 0, clock: () => nowMs });
  const options = {
    endpoint: server.url,
    region: seed.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const put = async (page: string, content: object): Promise<void> => {
    const answer = await fetch(`${server.url}/_stand-in/${page}`, { method: 'PUT', body: JSON.stringify(content) });
    if (!answer.ok) throw new Error(`${page}: ${await answer.text()}`);
  };
  const organizations = new OrganizationsClient(options);
  const calling = { aws: organizations.config, endpoint: server.url, tries: 1, clock: createSystemClock() };
  return {
    seed,
    identityStore: new IdentitystoreClient(options),
    identityStoreCalls: createIdentityStoreCalls(calling),
    organizations,
    organizationsCalls: createOrganizationsCalls(calling),
    ssoAdmin: new SSOAdminClient(options),
    fail: (...faults) => put('faults', faults),
    pace: (changed) => put('pace', changed),
    setStatus: (userName, status) => put(`users/${userName}/status`, { status }),
    advance: (seconds) => {
      nowMs += seconds * 1000;
    },
    callsOf: (operation) => server.standIn.calls.list().filter((call) => call.operation === operation).length,
    stop: async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
