// Organizations through the AWS client: the tree, accounts, tags, and what a person changes there.
import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListDelegatedAdministratorsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  MoveAccountCommand,
  paginateListAccounts,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-organizations';
import { describe, expect, test } from 'vitest';
import { start } from './harness.ts';

describe('the organization', () => {
  test('DescribeOrganization names the management account', async () => {
    const { organizations } = await start();
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
    expect(Organization).toEqual({
      Id: 'o-b7e4v3t1k9',
      Arn: 'arn:aws:organizations::100000000001:organization/o-b7e4v3t1k9',
      FeatureSet: 'ALL',
      MasterAccountArn: 'arn:aws:organizations::100000000001:account/o-b7e4v3t1k9/100000000001',
      MasterAccountId: '100000000001',
      MasterAccountEmail: 'aws+management@example.com',
    });
  });

  test('ListRoots has one', async () => {
    const { organizations } = await start();
    const { Roots } = await organizations.send(new ListRootsCommand({}));
    expect(Roots).toMatchObject([
      { Id: 'r-b7e4', Name: 'Root', Arn: 'arn:aws:organizations::100000000001:root/o-b7e4v3t1k9/r-b7e4' },
    ]);
  });

  test('the tree is walked unit by unit', async () => {
    const { organizations, ids } = await start();
    const units = async (ParentId: string) => {
      const answer = await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId }));
      return answer.OrganizationalUnits?.map(({ Name }) => Name).sort();
    };
    expect(await units('r-b7e4')).toEqual(['Infrastructure', 'Sandbox', 'Security', 'Suspended', 'Workloads']);
    expect(await units(ids.unit('Workloads', 'Payments'))).toEqual(['NonProd', 'Prod']);
    expect(await units(ids.unit('Workloads', 'Payments', 'Prod'))).toEqual(['Regulated']);
    expect(await units(ids.unit('Sandbox'))).toEqual([]);
  });

  test('DescribeOrganizationalUnit has its path', async () => {
    const { organizations, ids } = await start();
    const OrganizationalUnitId = ids.unit('Workloads', 'Payments');
    const { OrganizationalUnit } = await organizations.send(
      new DescribeOrganizationalUnitCommand({ OrganizationalUnitId }),
    );
    expect(OrganizationalUnit).toMatchObject({
      Name: 'Payments',
      Path: `o-b7e4v3t1k9/r-b7e4/${ids.unit('Workloads')}/${OrganizationalUnitId}/`,
    });
  });

  test('ListParents and ListChildren are each other reversed', async () => {
    const { organizations, ids } = await start();
    const unit = ids.unit('Workloads', 'Payments', 'Prod', 'Regulated');
    const accounts = await organizations.send(new ListChildrenCommand({ ParentId: unit, ChildType: 'ACCOUNT' }));
    expect(new Set(accounts.Children?.map(({ Id }) => Id))).toEqual(
      new Set([ids.account('card-vault-prod'), ids.account('tokenization-prod')]),
    );
    const up = await organizations.send(new ListParentsCommand({ ChildId: ids.account('card-vault-prod') }));
    expect(up.Parents).toEqual([{ Id: unit, Type: 'ORGANIZATIONAL_UNIT' }]);
    const top = await organizations.send(new ListParentsCommand({ ChildId: ids.unit('Workloads') }));
    expect(top.Parents).toEqual([{ Id: 'r-b7e4', Type: 'ROOT' }]);
    const units = await organizations.send(
      new ListChildrenCommand({ ParentId: unit, ChildType: 'ORGANIZATIONAL_UNIT' }),
    );
    expect(units.Children).toEqual([]);
  });

  test('ListDelegatedAdministrators has the hosting account, for Identity Center only', async () => {
    const { organizations } = await start();
    const list = async (ServicePrincipal?: string) =>
      (
        await organizations.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal }))
      ).DelegatedAdministrators?.map(({ Id }) => Id);
    expect(await list('sso.amazonaws.com')).toEqual(['300000000001']);
    expect(await list()).toEqual(['300000000001']);
    expect(await list('guardduty.amazonaws.com')).toEqual([]);
  });
});

describe('accounts', () => {
  test('ListAccounts pages through all 45 of them, 20 at a time', async () => {
    const { organizations } = await start();
    const pages: number[] = [];
    for await (const page of paginateListAccounts({ client: organizations }, {}))
      pages.push(page.Accounts?.length ?? 0);
    expect(pages).toEqual([20, 20, 5]);
  });

  test('ListAccountsForParent has those directly in it', async () => {
    const { organizations, ids } = await start();
    const ParentId = ids.unit('Workloads', 'Payments', 'Prod');
    const { Accounts } = await organizations.send(new ListAccountsForParentCommand({ ParentId }));
    expect(Accounts?.map(({ Name }) => Name).sort()).toEqual([
      'fraud-prod',
      'ledger-prod',
      'payments-prod',
      'payments-prod-eu',
    ]);
  });

  test('DescribeAccount says State, no longer Status', async () => {
    const { organizations, ids } = await start();
    const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: '400000000001' }));
    expect(Account).toMatchObject({
      Name: 'payments-prod',
      Arn: 'arn:aws:organizations::100000000001:account/o-b7e4v3t1k9/400000000001',
      Email: 'aws+payments-prod@example.com',
      State: 'ACTIVE',
    });
    expect(Account?.Paths?.[0]).toBe(
      `o-b7e4v3t1k9/r-b7e4/${ids.unit('Workloads')}/${ids.unit('Workloads', 'Payments')}/${ids.unit('Workloads', 'Payments', 'Prod')}/400000000001/`,
    );
    expect(Account).not.toHaveProperty('Status');
    const suspended = await organizations.send(new DescribeAccountCommand({ AccountId: ids.account('legacy-shop') }));
    expect(suspended.Account?.State).toBe('SUSPENDED');
  });

  test('MoveAccount moves', async () => {
    const { organizations, ids } = await start();
    const from = ids.unit('Workloads', 'Payments', 'NonProd');
    const to = ids.unit('Workloads', 'Payments', 'Prod');
    const move = { AccountId: '400000000004', SourceParentId: from, DestinationParentId: to };
    await organizations.send(new MoveAccountCommand(move));
    const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: '400000000004' }));
    expect(Parents?.[0]?.Id).toBe(to);
    const { Accounts } = await organizations.send(new ListAccountsForParentCommand({ ParentId: to }));
    expect(Accounts?.map(({ Name }) => Name)).toContain('payments-dev');
    await expect(organizations.send(new MoveAccountCommand(move))).rejects.toMatchObject({
      name: 'DuplicateAccountException',
    });
  });

  test.each([
    ['an account that is not there', { AccountId: '999999999999' }, 'AccountNotFoundException'],
    ['an account that is elsewhere', { SourceParentId: 'r-b7e4' }, 'AccountNotFoundException'],
    ['a source that is not there', { SourceParentId: 'ou-b7e4-00000000' }, 'SourceParentNotFoundException'],
    [
      'a destination that is not there',
      { DestinationParentId: 'ou-b7e4-00000000' },
      'DestinationParentNotFoundException',
    ],
    ['a destination that is no id', { DestinationParentId: 'Prod' }, 'InvalidInputException'],
  ])('MoveAccount refuses %s', async (_, wrong, name) => {
    const { organizations, ids } = await start();
    const move = {
      AccountId: '400000000004',
      SourceParentId: ids.unit('Workloads', 'Payments', 'NonProd'),
      DestinationParentId: ids.unit('Sandbox'),
      ...wrong,
    };
    await expect(organizations.send(new MoveAccountCommand(move))).rejects.toMatchObject({ name });
  });
});

describe('tags', () => {
  test('of an account are listed, set and taken away', async () => {
    const { organizations } = await start();
    const tags = async () => {
      const { Tags } = await organizations.send(new ListTagsForResourceCommand({ ResourceId: '400000000001' }));
      return Object.fromEntries(Tags?.map(({ Key, Value }) => [Key, Value]) ?? []);
    };
    expect(await tags()).toEqual({ team: 'payments', environment: 'prod', criticality: 'critical' });
    await organizations.send(
      new TagResourceCommand({
        ResourceId: '400000000001',
        Tags: [
          { Key: 'team', Value: 'ledger' },
          { Key: 'pci', Value: '' },
        ],
      }),
    );
    await organizations.send(new UntagResourceCommand({ ResourceId: '400000000001', TagKeys: ['criticality'] }));
    expect(await tags()).toEqual({ team: 'ledger', environment: 'prod', pci: '' });
  });

  test('of a unit are its own', async () => {
    const { organizations, ids } = await start();
    const ResourceId = ids.unit('Sandbox');
    await organizations.send(new TagResourceCommand({ ResourceId, Tags: [{ Key: 'owner', Value: 'platform' }] }));
    const { Tags } = await organizations.send(new ListTagsForResourceCommand({ ResourceId }));
    expect(Tags).toEqual([{ Key: 'owner', Value: 'platform' }]);
  });

  test.each([
    [
      'a key twice',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      { name: 'InvalidInputException', Reason: 'DUPLICATE_TAG_KEY' },
    ],
    ['an empty key', [{ Key: '', Value: '1' }], { name: 'InvalidInputException', Reason: 'MIN_LENGTH_EXCEEDED' }],
    [
      '51 tags',
      Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
      { name: 'ConstraintViolationException' },
    ],
  ])('TagResource refuses %s', async (_, Tags, refusal) => {
    const { organizations } = await start();
    await expect(
      organizations.send(new TagResourceCommand({ ResourceId: '400000000001', Tags })),
    ).rejects.toMatchObject(refusal);
  });
});

describe('what is not there', () => {
  test('is not found, by the name that each operation has for it', async () => {
    const { organizations } = await start();
    const unit = 'ou-b7e4-00000000';
    await expect(organizations.send(new DescribeAccountCommand({ AccountId: '999999999999' }))).rejects.toMatchObject({
      name: 'AccountNotFoundException',
    });
    await expect(organizations.send(new ListAccountsForParentCommand({ ParentId: unit }))).rejects.toMatchObject({
      name: 'ParentNotFoundException',
    });
    await expect(
      organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: unit })),
    ).rejects.toMatchObject({ name: 'ParentNotFoundException' });
    await expect(
      organizations.send(new ListChildrenCommand({ ParentId: unit, ChildType: 'ACCOUNT' })),
    ).rejects.toMatchObject({ name: 'ParentNotFoundException' });
    await expect(organizations.send(new ListParentsCommand({ ChildId: '999999999999' }))).rejects.toMatchObject({
      name: 'ChildNotFoundException',
    });
    await expect(
      organizations.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: unit })),
    ).rejects.toMatchObject({ name: 'OrganizationalUnitNotFoundException' });
    await expect(
      organizations.send(new ListTagsForResourceCommand({ ResourceId: '999999999999' })),
    ).rejects.toMatchObject({ name: 'TargetNotFoundException' });
  });

  test('an id in the wrong form is invalid input with its reason', async () => {
    const { organizations } = await start();
    await expect(organizations.send(new DescribeAccountCommand({ AccountId: '42' }))).rejects.toMatchObject({
      name: 'InvalidInputException',
      Reason: 'INVALID_PATTERN',
    });
  });
});
