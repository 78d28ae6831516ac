// The state on disk: what is there after a restart, an abrupt end, a damaged file, another seed.
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteGroupMembershipCommand,
  DescribeUserCommand,
  GetGroupMembershipIdCommand,
  ListGroupMembershipsCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-identitystore';
import {
  ListParentsCommand,
  ListTagsForResourceCommand,
  MoveAccountCommand,
  TagResourceCommand,
} from '@aws-sdk/client-organizations';
import {
  CreateAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SEED_PATH, START_MS, type Started, start, temporaryStateFile, write } from './harness.ts';

const InstanceArn = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const IdentityStoreId = 'd-906712ab3f';
const DAY_MS = 86_400_000;

const create = async (world: Started, userName: string): Promise<string> => {
  const command = new CreateAccountAssignmentCommand(write(world, userName, 'AdministratorAccess', 'payments-prod'));
  return (await world.sso.send(command)).AccountAssignmentCreationStatus?.RequestId ?? '';
};

const statusOf = async (world: Started, AccountAssignmentCreationRequestId: string) => {
  const command = new DescribeAccountAssignmentCreationStatusCommand({
    InstanceArn,
    AccountAssignmentCreationRequestId,
  });
  return (await world.sso.send(command)).AccountAssignmentCreationStatus?.Status;
};

const assignments = async (world: Started): Promise<readonly { principalName: string; roleName: string }[]> =>
  (await world.control('GET', 'assignments')).body as { principalName: string; roleName: string }[];

const lines = (stateFile: string): number => readFileSync(stateFile, 'utf8').split('\n').length - 1;

describe('after a restart', () => {
  test('everything that changed is there', async () => {
    const before = await start();
    const { ids, stateFile } = before;
    const membership = {
      IdentityStoreId,
      GroupId: ids.group('payments-leads'),
      MemberId: { UserId: ids.user('omar') },
    };
    const { MembershipId } = await before.store.send(new GetGroupMembershipIdCommand(membership));
    await before.store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    const Operations = [{ AttributePath: 'title', AttributeValue: 'CTO' }];
    await before.store.send(new UpdateUserCommand({ IdentityStoreId, UserId: ids.user('omar'), Operations }));
    await before.control('PUT', 'users/kenji/status', { status: 'DISABLED' });
    await before.organizations.send(
      new TagResourceCommand({ ResourceId: '400000000001', Tags: [{ Key: 'pci', Value: 'yes' }] }),
    );
    const move = {
      AccountId: '400000000004',
      SourceParentId: ids.unit('Workloads', 'Payments', 'NonProd'),
      DestinationParentId: 'r-b7e4',
    };
    await before.organizations.send(new MoveAccountCommand(move));
    await create(before, 'maria');
    before.advance(50);
    const held = await assignments(before);
    await before.close();

    const after = await start({ stateFile });
    const members = await after.store.send(
      new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: ids.group('payments-leads') }),
    );
    expect(members.GroupMemberships).toHaveLength(2);
    await expect(
      after.store.send(new DescribeUserCommand({ IdentityStoreId, UserId: ids.user('omar') })),
    ).resolves.toMatchObject({ Title: 'CTO' });
    await expect(
      after.store.send(new DescribeUserCommand({ IdentityStoreId, UserId: ids.user('kenji') })),
    ).resolves.toMatchObject({ UserStatus: 'DISABLED' });
    const { Tags } = await after.organizations.send(new ListTagsForResourceCommand({ ResourceId: '400000000001' }));
    expect(Tags).toContainEqual({ Key: 'pci', Value: 'yes' });
    const { Parents } = await after.organizations.send(new ListParentsCommand({ ChildId: '400000000004' }));
    expect(Parents).toEqual([{ Id: 'r-b7e4', Type: 'ROOT' }]);
    expect(held).toHaveLength(29);
    expect(await assignments(after)).toEqual(held);
  });

  test('a write that was in progress settles, and is a conflict until then', async () => {
    const before = await start();
    const requestId = await create(before, 'maria');
    await before.close();
    const after = await start({ stateFile: before.stateFile });
    expect(await statusOf(after, requestId)).toBe('IN_PROGRESS');
    await expect(create(after, 'maria')).rejects.toMatchObject({ name: 'ConflictException' });
    after.advance(50);
    expect(await statusOf(after, requestId)).toBe('SUCCEEDED');
    expect(await assignments(after)).toHaveLength(29);
  });

  test('new requests do not get the ids of old ones', async () => {
    const before = await start();
    const first = await create(before, 'maria');
    await before.close();
    const after = await start({ stateFile: before.stateFile });
    expect(await create(after, 'diego')).not.toBe(first);
  });

  test('statuses are kept for a week', async () => {
    const before = await start();
    const requestId = await create(before, 'maria');
    await before.close();
    const soon = await start({ stateFile: before.stateFile, startMs: START_MS + 6 * DAY_MS });
    expect(await statusOf(soon, requestId)).toBe('SUCCEEDED');
    await soon.close();
    const late = await start({ stateFile: before.stateFile, startMs: START_MS + 8 * DAY_MS });
    await expect(statusOf(late, requestId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await assignments(late)).toHaveLength(29);
  });

  test('faults and pace are as at first: they are not part of the world', async () => {
    const before = await start();
    await before.control('PUT', 'faults', [{ operation: '*', kind: 'outage' }]);
    await before.close();
    const after = await start({ stateFile: before.stateFile });
    await expect(after.control('GET', 'faults')).resolves.toMatchObject({ body: [] });
  });
});

describe('the file', () => {
  test('holds only what differs from the seed, in one line after its header', async () => {
    const before = await start();
    for (const status of ['DISABLED', 'ENABLED', 'DISABLED'])
      await before.control('PUT', 'users/kenji/status', { status });
    for (const status of ['DISABLED', 'ENABLED']) await before.control('PUT', 'users/priya/status', { status });
    expect(lines(before.stateFile)).toBe(6);
    await before.close();
    const after = await start({ stateFile: before.stateFile });
    expect(lines(after.stateFile)).toBe(2);
    expect(readFileSync(after.stateFile, 'utf8')).toContain('kenji');
    expect(readFileSync(after.stateFile, 'utf8')).not.toContain('priya');
  });

  test('with an unfinished last line loses that line only', async () => {
    const before = await start();
    await before.control('PUT', 'users/kenji/status', { status: 'DISABLED' });
    await before.close();
    appendFileSync(before.stateFile, '[{"table":"users","key":"');
    const after = await start({ stateFile: before.stateFile });
    const user = { IdentityStoreId, UserId: after.ids.user('kenji') };
    await expect(after.store.send(new DescribeUserCommand(user))).resolves.toMatchObject({ UserStatus: 'DISABLED' });
  });

  test('with a damaged line is refused, by its number', async () => {
    const before = await start();
    await before.control('PUT', 'users/kenji/status', { status: 'DISABLED' });
    await before.close();
    const text = readFileSync(before.stateFile, 'utf8');
    writeFileSync(before.stateFile, `${text}garbage\n`);
    await expect(start({ stateFile: before.stateFile })).rejects.toThrow('Line 3 of');
  });

  test('of another seed is refused, with what to do', async () => {
    const before = await start();
    await before.close();
    const seed = { ...before.seed, people: before.seed.people.slice(1) };
    const wrong = start({ stateFile: before.stateFile, seed });
    await expect(wrong).rejects.toThrow('was written for another seed');
    await expect(wrong).rejects.toThrow('Delete the file to start from the seed as it is now');
  });

  test('serves the same seed under another caller', async () => {
    const before = await start({ callerIs: 'management' });
    await before.close();
    await expect(start({ stateFile: before.stateFile, callerIs: 'delegated' })).resolves.toHaveProperty('url');
  });
});

describe('kill -9', () => {
  /** A stand-in in a process of its own, with writes that take as long as told. */
  const startProcess = async (stateFile: string) => {
    const server = join(import.meta.dirname, '../../../local/stand-in/server.ts');
    const seed = join(import.meta.dirname, '../../../local/seed/seed.ts');
    const script = `
      import { startStandInServer } from ${JSON.stringify(server)};
      import { readSeed } from ${JSON.stringify(seed)};
      const seed = { ...(await readSeed(${JSON.stringify(SEED_PATH)})), callerIs: 'management' };
      const { url } = await startStandInServer({ port: 0, seed, stateFile: ${JSON.stringify(stateFile)}, mode: 'quick' });
      console.log(url);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
      child.once('exit', (code) => reject(new Error(`the stand-in ended with ${code}`)));
    });
    return { url, kill: () => child.kill('SIGKILL') };
  };

  test('in the middle of many writes loses none that was acknowledged', async () => {
    const stateFile = temporaryStateFile();
    const { url, kill } = await startProcess(stateFile);
    const reference = await start();
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const sso = new SSOAdminClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
    const acknowledged: string[] = [];
    const inputs = reference.seed.people.flatMap(({ userName }) =>
      ['payments-prod', 'payments-dev', 'ledger-prod'].map((account) =>
        write(reference, userName, 'PowerUserAccess', account),
      ),
    );
    const calls = inputs.map(async (input) => {
      const answer = await sso.send(new CreateAccountAssignmentCommand(input));
      acknowledged.push(answer.AccountAssignmentCreationStatus?.RequestId ?? '');
      if (acknowledged.length === 40) kill();
    });
    await Promise.allSettled(calls);
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);

    const after = await start({ stateFile, startMs: Date.now() + DAY_MS });
    const known = new Set<string | undefined>();
    let NextToken: string | undefined;
    do {
      const page = await after.sso.send(
        new ListAccountAssignmentCreationStatusCommand({ InstanceArn, NextToken, Filter: { Status: 'SUCCEEDED' } }),
      );
      for (const { RequestId } of page.AccountAssignmentsCreationStatus ?? []) known.add(RequestId);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
    expect(await assignments(after)).toHaveLength(28 + known.size);
  });
});
