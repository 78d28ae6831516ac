// How much AWS bears: rates as token buckets and writes in progress, on a clock that the tests move.
import { ListGroupsCommand, ListUsersCommand } from '@aws-sdk/client-identitystore';
import { ListAccountsCommand, ListRootsCommand } from '@aws-sdk/client-organizations';
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, test } from 'vitest';
import { type Started, start, write } from './harness.ts';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const STORE = 'd-906712ab3f';

/** How many of so many calls were answered, and what the others were told. */
const outcomes = async (times: number, call: (index: number) => Promise<unknown>) => {
  let answered = 0;
  const errors = new Set<string>();
  for (let index = 0; index < times; index += 1) {
    try {
      await call(index);
      answered += 1;
    } catch (error) {
      errors.add((error as Error).name);
    }
  }
  return { answered, errors: [...errors] };
};

const ACCOUNTS = ['payments-prod', 'payments-dev', 'payments-staging', 'ledger-prod', 'ledger-dev', 'ledger-staging'];
const SETS = ['AdministratorAccess', 'PowerUserAccess', 'DatabaseAdmin'];

const createDistinct = (world: Started) => async (index: number) => {
  const input = write(
    world,
    'maria',
    SETS[Math.floor(index / ACCOUNTS.length)] ?? '',
    ACCOUNTS[index % ACCOUNTS.length] ?? '',
  );
  await world.sso.send(new CreateAccountAssignmentCommand(input));
};

describe('sso-admin in realistic mode', () => {
  test('answers 20 calls at once, whichever they are, and throttles the rest', async () => {
    const { sso } = await start({ mode: 'realistic' });
    const calls = [
      () => sso.send(new ListInstancesCommand({})),
      () => sso.send(new ListPermissionSetsCommand({ InstanceArn: INSTANCE })),
    ];
    expect(await outcomes(30, (index) => calls[index % 2]?.() ?? Promise.resolve())).toEqual({
      answered: 20,
      errors: ['ThrottlingException'],
    });
  });

  test('has room for 10 more after half a second, and never for more than 20', async () => {
    const { sso, advance } = await start({ mode: 'realistic' });
    await outcomes(25, () => sso.send(new ListInstancesCommand({})));
    advance(500);
    expect(await outcomes(15, () => sso.send(new ListInstancesCommand({})))).toMatchObject({ answered: 10 });
    advance(60_000);
    expect(await outcomes(30, () => sso.send(new ListInstancesCommand({})))).toMatchObject({ answered: 20 });
  });

  test('bears 15 writes in progress, creations and deletions together', async () => {
    const world = await start({ mode: 'realistic' });
    await world.sso.send(new DeleteAccountAssignmentCommand(write(world, 'omar', 'ReadOnlyAccess', 'payments-prod')));
    expect(await outcomes(18, createDistinct(world))).toEqual({ answered: 14, errors: ['ThrottlingException'] });
    world.advance(8_000);
    const inProgress = { InstanceArn: INSTANCE, Filter: { Status: 'IN_PROGRESS' as const } };
    await expect(world.sso.send(new ListAccountAssignmentCreationStatusCommand(inProgress))).resolves.toMatchObject({
      AccountAssignmentsCreationStatus: [],
    });
    await expect(createDistinct(world)(17)).resolves.toBeUndefined();
  });

  test('says which of its limits was met', async () => {
    const world = await start({ mode: 'realistic' });
    await outcomes(15, createDistinct(world));
    await expect(createDistinct(world)(17)).rejects.toThrow(
      'There are too many requests processing. Please try again later.',
    );
    await outcomes(20, () => world.sso.send(new ListInstancesCommand({})));
    await expect(world.sso.send(new ListInstancesCommand({}))).rejects.toThrow('Rate exceeded');
  });
});

describe('the other services in realistic mode', () => {
  test('Organizations limits each operation by itself', async () => {
    const { organizations } = await start({ mode: 'realistic' });
    expect(await outcomes(15, () => organizations.send(new ListAccountsCommand({})))).toEqual({
      answered: 12,
      errors: ['TooManyRequestsException'],
    });
    await expect(organizations.send(new ListRootsCommand({}))).resolves.toMatchObject({ Roots: [{ Name: 'Root' }] });
  });

  test('the Identity Store bears 20 a second of each operation', async () => {
    const { store } = await start({ mode: 'realistic' });
    expect(await outcomes(25, () => store.send(new ListUsersCommand({ IdentityStoreId: STORE })))).toEqual({
      answered: 20,
      errors: ['ThrottlingException'],
    });
    await expect(store.send(new ListGroupsCommand({ IdentityStoreId: STORE }))).resolves.toHaveProperty('Groups');
  });
});

describe('quick mode', () => {
  test('throttles nothing', async () => {
    const world = await start({ mode: 'quick' });
    expect(await outcomes(18, createDistinct(world))).toEqual({ answered: 18, errors: [] });
    expect(await outcomes(40, () => world.sso.send(new ListInstancesCommand({})))).toEqual({
      answered: 40,
      errors: [],
    });
  });

  test('takes on limits while it runs', async () => {
    const world = await start({ mode: 'quick' });
    const changed = await world.control('PUT', 'pace', { outstandingLimit: 3, latencyMs: { min: 1000, max: 1000 } });
    expect(changed).toMatchObject({ status: 200, body: { outstandingLimit: 3, requestsPerSecond: null } });
    expect(await outcomes(5, createDistinct(world))).toMatchObject({ answered: 3 });
    world.advance(999);
    await expect(createDistinct(world)(10)).rejects.toMatchObject({ name: 'ThrottlingException' });
    world.advance(1);
    await expect(createDistinct(world)(10)).resolves.toBeUndefined();
    await world.control('PUT', 'pace', { requestsPerSecond: 2 });
    expect(await outcomes(5, () => world.sso.send(new ListInstancesCommand({})))).toMatchObject({ answered: 2 });
  });

  test.each([[{ requestsPerSecond: 0 }], [{ latencyMs: { min: 5, max: 1 } }], [{ latency: 5 }]])(
    'refuses %j as a pace',
    async (pace) => {
      const world = await start();
      const refused = await world.control('PUT', 'pace', pace);
      expect(refused.status).toBe(400);
      await expect(world.control('GET', 'pace')).resolves.toMatchObject({ body: { latencyMs: { min: 50, max: 50 } } });
    },
  );
});
