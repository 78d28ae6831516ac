/** The organization's suite, on memory and on AWS Organizations with IAM Identity Center. */
import {
  type DescribeAccountCommandOutput,
  type ListAccountsCommandOutput,
  ListParentsCommand,
  MoveAccountCommand,
  TagResourceCommand,
} from '@aws-sdk/client-organizations';
import { afterEach, describe, expect, it } from 'vitest';
import { createFixedClock, type FixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createOrganizationsOrganization } from '../../lambda/adapters/organizations-organization.ts';
import { paced } from '../../lambda/adapters/paced.ts';
import type { Account } from '../../lambda/domain/policy/facts.ts';
import { instant } from '../../lambda/domain/time.ts';
import type { Organization } from '../../lambda/ports/organization.ts';
import type { Seed } from '../../local/seed/seed.ts';
import { describeOrganization, type OrganizationWorld } from './organization-contract.ts';
import { MORNING } from './samples.ts';
import { readTestSeed, startStandIn, type TestStandIn } from './stand-in.ts';

const FORBIDDEN: Readonly<Record<string, Account['forbidden']>> = {
  '100000000001': 'management-account',
  '300000000001': 'hosting-account',
};
const IN_MANAGEMENT_ACCOUNT = ['BillingView', 'OrganizationAdmin'];
const HOURS: Readonly<Record<string, number>> = { PT1H: 1, PT2H: 2, PT4H: 4, PT8H: 8 };

const memoryWorld = (seed: Seed): OrganizationWorld => {
  const accounts = seed.accounts.map(({ id, name, path, state, tags }): Account => {
    const forbidden = FORBIDDEN[id];
    return { id, name, ouPath: path.join('/'), active: state === 'ACTIVE', tags, ...(forbidden && { forbidden }) };
  });
  const permissionSets = seed.permissionSets
    .filter(({ name }) => !IN_MANAGEMENT_ACCOUNT.includes(name))
    .map(({ arn, name, sessionDuration, tags }) => ({
      arn,
      name,
      sessionSeconds: (HOURS[sessionDuration] ?? 0) * 3600,
      tags,
    }));
  const organization = createMemoryOrganization({ accounts, permissionSets });
  return {
    organization,
    move: async (accountId, ouPath) => {
      for (const account of accounts.filter(({ id }) => id === accountId))
        organization.putAccount({ ...account, ouPath });
    },
    tag: async (id, key, value) => {
      for (const account of accounts.filter((one) => one.id === id))
        organization.putAccount({ ...account, tags: { ...account.tags, [key]: value } });
    },
    wait: () => undefined,
  };
};

describeOrganization('memory', async () => memoryWorld(await readTestSeed()));

describe('on the stand-in', () => {
  let standIn: TestStandIn;
  let clock: FixedClock;
  afterEach(() => standIn.stop());

  const start = async (
    changes: Partial<Seed> = {},
    hostingAccountId?: string,
    isHostTarget = false,
  ): Promise<Organization> => {
    standIn = await startStandIn(changes);
    clock = createFixedClock(MORNING);
    return createOrganizationsOrganization({
      organizations: standIn.organizationsCalls,
      permissionSetCalls: standIn.permissionSetCalls,
      instanceArn: standIn.seed.instanceArn,
      hostingAccountId: hostingAccountId ?? standIn.seed.hostingAccountId,
      isHostTarget,
      clock,
    });
  };

  const move = async (AccountId: string, path: string): Promise<void> => {
    const { Parents } = await standIn.organizations.send(new ListParentsCommand({ ChildId: AccountId }));
    const DestinationParentId = standIn.seed.organizationalUnits.find((unit) => unit.path.join('/') === path)?.id;
    await standIn.organizations.send(
      new MoveAccountCommand({ AccountId, SourceParentId: Parents?.[0]?.Id, DestinationParentId }),
    );
  };

  const tag = async (ResourceId: string, Key: string, Value: string): Promise<void> => {
    await standIn.organizations.send(new TagResourceCommand({ ResourceId, Tags: [{ Key, Value }] }));
  };
  const wait = (seconds: number): void => clock.advance(seconds);

  describeOrganization('AWS', async () => ({ organization: await start(), move, tag, wait }));

  describeOrganization('AWS, page by page,', async () => {
    const organization = await start();
    await standIn.pace({ pageSizeCap: 1 });
    return { organization, move, tag, wait };
  });

  it.each([
    ['a delegated administrator', '300000000001', '100000000001'],
    ['the management account', '100000000001', '300000000001'],
  ])('guards the account that hosts Brevet, where it may be a target: %s', async (_which, host, other) => {
    const organization = await start({}, host, true);
    const [hosting, another] = [await organization.findAccount(host), await organization.findAccount(other)];
    expect(hosting).toMatchObject({ guarded: true });
    expect(hosting).not.toHaveProperty('forbidden');
    expect(another?.guarded).toBeUndefined();
    expect(another?.forbidden).toBe(other === '100000000001' ? 'management-account' : undefined);
  });

  it('reads the tree once for all who ask at the same time, and again after five minutes', async () => {
    const organization = await start();
    const [first, second] = await Promise.all([organization.accounts(), organization.accounts()]);
    expect(second).toBe(first);
    clock.advance(299);
    await organization.accounts();
    expect(standIn.callsOf('ListRoots')).toBe(1);
    await move('400000000004', 'Sandbox');
    clock.advance(2);
    const later = await organization.accounts();
    expect(later.find(({ id }) => id === '400000000004')?.ouPath).toBe('Sandbox');
  });

  it('does not remember that reading the tree failed', async () => {
    const organization = await start();
    await standIn.fail({ kind: 'error', operation: 'ListAccounts', error: 'AccessDeniedException', times: 1 });
    const failed = { name: 'ServiceFault', source: 'organizations', code: 'AccessDeniedException' };
    await expect(organization.accounts()).rejects.toMatchObject(failed);
    expect(await organization.accounts()).toHaveLength(45);
  });

  it.each([
    ['findAccount', 'DescribeAccount', 'organizations', (it: Organization) => it.findAccount('400000000001')],
    [
      'findAccount',
      'DescribeOrganizationalUnit',
      'organizations',
      (it: Organization) => it.findAccount('400000000001'),
    ],
    ['findAccount', 'DescribeOrganization', 'organizations', (it: Organization) => it.findAccount('400000000001')],
    ['accounts', 'ListOrganizationalUnitsForParent', 'organizations', (it: Organization) => it.accounts()],
    ['permissionSets', 'ListPermissionSets', 'identity-center', (it: Organization) => it.permissionSets()],
    ['permissionSets', 'DescribePermissionSet', 'identity-center', (it: Organization) => it.permissionSets()],
    [
      'permissionSets',
      'ListPermissionSetsProvisionedToAccount',
      'identity-center',
      (it: Organization) => it.permissionSets(),
    ],
  ])('throws a fault and never an empty answer when the service fails: %s, %s', async (_, operation, source, call) => {
    const organization = await start();
    await standIn.fail({ kind: 'error', operation, error: 'InternalServerException' });
    await expect(call(organization)).rejects.toMatchObject({
      name: 'ServiceFault',
      source,
      code: 'InternalServerException',
    });
  });

  it.each(IN_MANAGEMENT_ACCOUNT)(
    "does not find by itself what is out of a delegated administrator's reach: %s",
    async (name) => {
      const organization = await start();
      const arn = standIn.seed.permissionSets.find((one) => one.name === name)?.arn ?? '';
      expect(await organization.findPermissionSet(arn)).toBeUndefined();
    },
  );

  it('finds one permission set without reading all', async () => {
    const organization = await start();
    const { arn = '', name } = standIn.seed.permissionSets[0] ?? {};
    expect(await organization.findPermissionSet(arn)).toMatchObject({ arn, name });
    expect(standIn.callsOf('DescribePermissionSet')).toBe(1);
  });

  it('lists every permission set when it runs in the management account', async () => {
    const organization = await start({ callerIs: 'management' }, '100000000001');
    const names = (await organization.permissionSets()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(IN_MANAGEMENT_ACCOUNT));
  });

  it('lists every permission set when it may not see those of the management account', async () => {
    const organization = await start();
    const operation = 'ListPermissionSetsProvisionedToAccount';
    await standIn.fail({ kind: 'error', operation, error: 'AccessDeniedException' });
    expect(await organization.permissionSets()).toHaveLength(11);
  });

  it('has a permission set as it is now, where that is wanted: one call serves those who want it at the same moment', async () => {
    const organization = await start();
    const [first] = await organization.permissionSets();
    const arn = first?.arn ?? '';
    const lasting = (sessionDuration: string): void => {
      for (const one of standIn.seed.permissionSets) if (one.arn === arn) Object.assign(one, { sessionDuration });
    };
    const now = async () => (await organization.findPermissionSet(arn, { now: true }))?.sessionSeconds;
    lasting('PT12H');
    expect(await organization.findPermissionSet(arn)).toEqual(first);
    const before = standIn.callsOf('DescribePermissionSet');
    expect(await Promise.all([now(), now()])).toEqual([43_200, 43_200]);
    expect(standIn.callsOf('DescribePermissionSet')).toBe(before + 1);
    lasting('PT2H');
    clock.advance(5);
    expect(await now()).toBe(7200);
  });

  it('does not ask again at once for a permission set of which it has just heard', async () => {
    const organization = await start();
    const arn = standIn.seed.permissionSets[0]?.arn ?? '';
    const found = await organization.findPermissionSet(arn);
    expect(await organization.findPermissionSet(arn, { now: true })).toEqual(found);
    expect(standIn.callsOf('DescribePermissionSet')).toBe(1);
  });

  it('leaves out a permission set that is deleted while it reads them', async () => {
    const organization = await start();
    const fault = { kind: 'error', operation: 'DescribePermissionSet', error: 'ResourceNotFoundException', times: 1 };
    await standIn.fail(fault);
    expect(await organization.permissionSets()).toHaveLength(8);
  });

  const withSession = async (sessionDuration: string | undefined): Promise<Partial<Seed>> => {
    const { permissionSets } = await readTestSeed();
    return { permissionSets: permissionSets.map((one) => ({ ...one, sessionDuration: sessionDuration as string })) };
  };

  it('takes a permission set without a session duration for the hour that AWS gives it', async () => {
    const organization = await start(await withSession(undefined));
    expect((await organization.permissionSets())[0]?.sessionSeconds).toBe(3600);
  });

  it('throws a fault for a session duration that it cannot read, since credentials would outlive what people are told', async () => {
    const organization = await start(await withSession('for ever'));
    await expect(organization.permissionSets()).rejects.toMatchObject({ code: 'MissingSessionDuration' });
  });

  it.each([
    ['nothing', undefined],
    ['nothing that it knows', ['o-b7e4v3t1k9/r-b7e4/ou-b7e4-00000000/400000000001/']],
    ['something in another form', ['somewhere']],
  ])('asks for the parents of an account that says of its path: %s', async (_, Paths) => {
    const organization = await start();
    standIn.organizations.middlewareStack.add(
      (next, context) => async (input) => {
        const answer = await next(input);
        if (context.commandName === 'ListAccountsCommand') {
          for (const account of (answer.output as ListAccountsCommandOutput).Accounts ?? []) account.Paths = Paths;
        }
        return answer;
      },
      { step: 'initialize' },
    );
    const accounts = await organization.accounts();
    expect(accounts.find(({ id }) => id === '400000000001')?.ouPath).toBe('Workloads/Payments/Prod');
    expect(accounts.find(({ id }) => id === '100000000001')?.ouPath).toBe('');
  });

  it.each([
    ['nothing', undefined],
    ['something in another form', ['somewhere']],
  ])('finds where a single account stands by its parents when it says of its path: %s', async (_, Paths) => {
    const organization = await start();
    standIn.organizations.middlewareStack.add(
      (next, context) => async (input) => {
        const answer = await next(input);
        const { Account } = answer.output as DescribeAccountCommandOutput;
        if (context.commandName === 'DescribeAccountCommand' && Account) Account.Paths = Paths;
        return answer;
      },
      { step: 'initialize' },
    );
    expect((await organization.findAccount('400000000001'))?.ouPath).toBe('Workloads/Payments/Prod');
    expect((await organization.findAccount('100000000001'))?.ouPath).toBe('');
  });

  it('does not let a unit whose own name has a slash pass for a unit further down', async () => {
    const { organizationalUnits } = await readTestSeed();
    const renamed = organizationalUnits.map((unit) =>
      unit.path.join('/') === 'Sandbox' ? { ...unit, name: 'Workloads/Payments' } : unit,
    );
    const organization = await start({ organizationalUnits: renamed });
    const accounts = await organization.accounts();
    const sandbox = accounts.find(({ name }) => name === 'sandbox-payments');
    expect(sandbox?.ouPath).toBe('Workloads%2FPayments');
    expect(await organization.findAccount(sandbox?.id ?? '')).toEqual(sandbox);
  });
});

describe('paced calls', () => {
  it('begins at most so many in any second, and answers in order', async () => {
    const clock = createFixedClock(instant(0));
    const begun = await paced([...Array(7).keys()], 3, clock, async (item) => `${item} at ${clock.now()}`);
    expect(begun).toEqual(['0 at 0', '1 at 0', '2 at 0', '3 at 1000', '4 at 1000', '5 at 1000', '6 at 2000']);
  });
});
