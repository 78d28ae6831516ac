/** The world with the real adapters for AWS, which call the stand-in: its clock is the world's, and moves when somebody sleeps. */
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin';
import { createIdentityCenterAssignments } from '../../lambda/adapters/identity-center-assignments.ts';
import { createIdentityStoreDirectory } from '../../lambda/adapters/identity-store-directory.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryCatalogueSource } from '../../lambda/adapters/memory/memory-catalogue-source.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryOnCall } from '../../lambda/adapters/memory/memory-on-call.ts';
import { createMemoryPlaces } from '../../lambda/adapters/memory/memory-places.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import { createMemoryPumpLock } from '../../lambda/adapters/memory/memory-pump-lock.ts';
import { createMemoryWorkflowRunner } from '../../lambda/adapters/memory/memory-workflow-runner.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { createOrganizationsOrganization } from '../../lambda/adapters/organizations-organization.ts';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Person } from '../../lambda/domain/policy/facts.ts';
import { addSeconds, instant } from '../../lambda/domain/time.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { decideRequest } from '../../lambda/use-cases/decide-request.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { submitRequest } from '../../lambda/use-cases/submit-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import { startStandIn } from '../contract/stand-in.ts';
import { policyOf } from './small-policy.ts';
import { LIMITS } from './small-world.ts';
import { granted, leaseIdFor, seconds } from './story.ts';

const POLICY = `
version: 1
entitlements:
  - name: payments
    who: { groups: [payments-engineers] }
    what:
      accounts: { organizational_units: [Workloads/Payments] }
      permission_sets: [AdministratorAccess]
    max_duration: 4h
    approval: { groups: [payments-leads] }
`;

export const standInWorld = async () => {
  const standIn = await startStandIn();
  const { seed, ssoAdmin, identityStoreCalls, organizationsCalls: organizations } = standIn;
  const fixed = createFixedClock(instant(Date.UTC(2026, 10, 23, 8)));
  const clock: typeof fixed = {
    ...fixed,
    sleep: async (milliseconds) => {
      standIn.advance(milliseconds / 1000);
      await fixed.sleep(milliseconds);
    },
    advance: (count) => {
      standIn.advance(count);
      fixed.advance(count);
    },
  };
  const { instanceArn, identityStoreId, hostingAccountId } = seed;
  const woken: string[] = [];
  const warnings: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const lock = createMemoryPumpLock();
  const world = {
    ledger: createMemoryLedger(lock.fenceNow),
    places: createMemoryPlaces(),
    policies: createMemoryPolicySource(policyOf(POLICY)),
    directory: createIdentityStoreDirectory({ calls: identityStoreCalls, identityStoreId, clock }),
    organization: createOrganizationsOrganization({ organizations, ssoAdmin, instanceArn, hostingAccountId, clock }),
    catalogue: createMemoryCatalogueSource(),
    onCall: createMemoryOnCall(),
    assignments: createIdentityCenterAssignments({ client: ssoAdmin, instanceArn }),
    workflow: createMemoryWorkflowRunner(),
    lock,
    converger: { wake: async (leaseIds: readonly string[]) => void woken.push(...leaseIds) },
    clock,
    ids: createSequentialIds(),
    reporter: {
      warn: (message: string, fields: Readonly<Record<string, unknown>>) => void warnings.push({ message, fields }),
    },
    bell: { ring: (alarm: string) => void warnings.push({ message: alarm, fields: {} }) },
    limits: LIMITS,
    roleGroups: { administrators: ['platform-administrators'], auditors: [] },
  } satisfies World;

  const target = {
    accountId: seed.accounts.find(({ name }) => name === 'payments-prod')?.id ?? '',
    permissionSet: 'AdministratorAccess',
  };
  const permissionSetArn = seed.permissionSets.find(({ name }) => name === 'AdministratorAccess')?.arn ?? '';
  const person = async (userName: string): Promise<Person> => {
    const found = await world.directory.findByUserName(userName);
    if (typeof found !== 'object') throw new Error(`no ${userName}`);
    return found;
  };

  const submit = async (wish: { start?: ReturnType<typeof instant> } = {}): Promise<AccessRequest> => {
    const wished = { durationSeconds: seconds(3600), justification: 'Deploy the fix', ...wish };
    const { request } = granted(await submitRequest(world, { caller: await person('maria'), target, wish: wished }));
    const vote = { caller: await person('omar'), requestId: request.id, choice: 'approve' } as const;
    return granted(await decideRequest(world, vote)).request;
  };
  const read = async ({ id }: { readonly id: string }): Promise<AccessRequest> => {
    const request = await world.ledger.readRequest(id);
    if (!request) throw new Error(`no ${id}`);
    return request;
  };
  /** What the converge function does with every wake-up: a run of a minute and a half at most. */
  const converge = async (): Promise<void> => {
    for (let leaseId = woken.shift(); leaseId !== undefined; leaseId = woken.shift()) {
      await convergeLease(world, leaseId, addSeconds(clock.now(), 90));
    }
  };
  const begin = async (request: AccessRequest): Promise<AccessRequest> => {
    granted(await beginGrant(world, request.id));
    await converge();
    return read(request);
  };
  const end = async (request: AccessRequest): Promise<AccessRequest> => {
    granted(await endRequest(world, { caller: await person('maria'), requestId: request.id }));
    await converge();
    return read(request);
  };
  /** So many minutes pass at least, in each of which the sweep runs; whatever it woke converges, which takes its time. */
  const minutes = async (count: number): Promise<void> => {
    for (const until = addSeconds(clock.now(), count * 60); clock.now() < until; ) {
      clock.advance(60);
      await sweep(world);
      await converge();
    }
  };
  const lease = (request: AccessRequest) => world.ledger.readLease(leaseIdFor(request));
  const isAssigned = (request: AccessRequest) => world.assignments.isAssigned(request.requester.id, request.target);
  const calls = () =>
    [
      'CreateAccountAssignment',
      'DeleteAccountAssignment',
      'ListAccountAssignments',
      'DescribeAccountAssignmentCreationStatus',
      'DescribeAccountAssignmentDeletionStatus',
    ].reduce((sum, operation) => sum + standIn.callsOf(operation), 0);
  /** As somebody else would do it, unknown to Brevet. */
  const assignOutside = async (userName: string) => {
    const command = new CreateAccountAssignmentCommand({
      InstanceArn: instanceArn,
      TargetId: target.accountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSetArn,
      PrincipalType: 'USER',
      PrincipalId: (await person(userName)).id,
    });
    await ssoAdmin.send(command);
    clock.advance(10);
  };
  const stop = () => standIn.stop();
  return {
    ...{ standIn, world, clock, woken, warnings, target, permissionSetArn, person, assignOutside, stop },
    ...{ submit, read, begin, end, minutes, converge, lease, isAssigned, calls },
  };
};

export type StandInWorld = Awaited<ReturnType<typeof standInWorld>>;
