// Starts a stand-in on a free port and points unmodified AWS clients at it, with a clock that only moves when told. Each answer is judged by the SDK's schemas.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as identityStoreSdk from '@aws-sdk/client-identitystore';
import * as organizationsSdk from '@aws-sdk/client-organizations';
import * as ssoAdminSdk from '@aws-sdk/client-sso-admin';
import { expect, onTestFinished } from 'vitest';
import { readSeed, type Seed } from '../../../local/seed/seed.ts';
import { startStandInServer } from '../../../local/stand-in/server.ts';
import { readAlong } from '../sdk-shapes.ts';

export const SEED_PATH = join(import.meta.dirname, '../../../local/seed/organization.yaml');

export interface Setting {
  readonly mode?: 'realistic' | 'quick';
  readonly callerIs?: Seed['callerIs'];
  /** To start again on the state that another start left. */
  readonly stateFile?: string;
  readonly seed?: Seed;
  /** 2026-11-23T09:00:00Z when not given. */
  readonly startMs?: number;
}

export const START_MS = Date.UTC(2026, 10, 23, 9, 0, 0);

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

export const start = async (setting: Setting = {}) => {
  const seed = setting.seed ?? { ...(await readSeed(SEED_PATH)), callerIs: setting.callerIs ?? 'management' };
  const stateFile = setting.stateFile ?? temporaryStateFile();
  let nowMs = setting.startMs ?? START_MS;
  const options = { seed, stateFile, mode: setting.mode ?? 'quick', clock: () => nowMs, random: repeatable() };
  const server = await startStandInServer({ port: 0, ...options });
  let open = true;
  const close = async () => {
    if (open) await server.close();
    open = false;
  };
  onTestFinished(close);
  const client = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  const sso = new ssoAdminSdk.SSOAdminClient(client);
  const store = new identityStoreSdk.IdentitystoreClient(client);
  const organizations = new organizationsSdk.OrganizationsClient(client);
  const misshapen: string[] = [];
  readAlong(ssoAdminSdk, sso, misshapen);
  readAlong(identityStoreSdk, store, misshapen);
  readAlong(organizationsSdk, organizations, misshapen);
  onTestFinished(() => expect(misshapen).toEqual([]));
  return {
    seed,
    stateFile,
    url: server.url,
    standIn: server.standIn,
    close,
    ids: idsOf(seed),
    sso,
    store,
    organizations,
    advance: (ms: number) => {
      nowMs += ms;
    },
    control: (method: string, path: string, body?: unknown) => control(server.url, method, path, body),
  };
};

export type Started = Awaited<ReturnType<typeof start>>;

export const temporaryStateFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state', 'stand-in.jsonl');
};

const control = async (url: string, method: string, path: string, body: unknown) => {
  const response = await fetch(`${url}/_stand-in/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};

const idsOf = (seed: Seed) => ({
  account: (name: string) => found(seed.accounts, (one) => one.name === name).id,
  unit: (...path: string[]) => found(seed.organizationalUnits, (one) => one.path.join('/') === path.join('/')).id,
  permissionSet: (name: string) => found(seed.permissionSets, (one) => one.name === name).arn,
  user: (userName: string) => found(seed.people, (one) => one.userName === userName).userId,
  group: (name: string) => found(seed.groups, (one) => one.displayName === name).groupId,
});

const found = <Item>(items: readonly Item[], wanted: (item: Item) => boolean): Item => {
  const item = items.find(wanted);
  if (item === undefined) throw new Error('the test names something that is not in the seed');
  return item;
};

/** Numbers that are the same in every run (mulberry32). */
const repeatable = (): (() => number) => {
  let state = 42;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** What CreateAccountAssignment and DeleteAccountAssignment take. */
export const write = ({ seed, ids }: Started, userName: string, permissionSet: string, account: string) => ({
  InstanceArn: seed.instanceArn,
  TargetId: ids.account(account),
  TargetType: 'AWS_ACCOUNT' as const,
  PermissionSetArn: ids.permissionSet(permissionSet),
  PrincipalType: 'USER' as const,
  PrincipalId: ids.user(userName),
});

/** A user id in the right format that nobody has. */
export const NOBODY = '906712ab3f-00000000-0000-4000-8000-000000000000';
/** A request id in the right format that was never given. */
export const NO_REQUEST = '00000000-0000-4000-8000-000000000000';
