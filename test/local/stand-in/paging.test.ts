// Pages through the AWS client: every list pages, and tokens are good only where they came from.
import { ListUsersCommand, paginateListGroupMemberships } from '@aws-sdk/client-identitystore';
import { ListAccountsCommand, ListChildrenCommand } from '@aws-sdk/client-organizations';
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  ListAccountAssignmentsCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  paginateListPermissionSets,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, test } from 'vitest';
import { start, write } from './harness.ts';

const InstanceArn = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const IdentityStoreId = 'd-906712ab3f';

describe('pages', () => {
  test('together have everything, once', async () => {
    const { sso } = await start();
    const sizes: number[] = [];
    const seen: string[] = [];
    for await (const page of paginateListPermissionSets({ client: sso, pageSize: 4 }, { InstanceArn })) {
      sizes.push(page.PermissionSets?.length ?? 0);
      seen.push(...(page.PermissionSets ?? []));
    }
    expect(sizes).toEqual([4, 4, 3]);
    expect(new Set(seen).size).toBe(11);
  });

  test('end without a token when the last one is full', async () => {
    const { sso } = await start();
    const answer = await sso.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 11 }));
    expect(answer.PermissionSets).toHaveLength(11);
    expect(answer.NextToken).toBeUndefined();
  });

  test('may be shorter than asked for', async () => {
    const { store, ids, control } = await start();
    await control('PUT', 'pace', { pageSizeCap: 2 });
    const input = { IdentityStoreId, GroupId: ids.group('payments-engineers') };
    const sizes: number[] = [];
    for await (const page of paginateListGroupMemberships({ client: store, pageSize: 100 }, input)) {
      sizes.push(page.GroupMemberships?.length ?? 0);
    }
    expect(sizes).toEqual([2, 2, 1]);
  });

  test('neither repeat nor hide a row when another goes between two of them', async () => {
    const world = await start();
    const input = (userName: string) => write(world, userName, 'AdministratorAccess', 'payments-prod');
    for (const userName of ['maria', 'diego', 'aiko', 'noah'])
      await world.sso.send(new CreateAccountAssignmentCommand(input(userName)));
    world.advance(50);
    const { PermissionSetArn } = input('maria');
    const list = { InstanceArn, AccountId: '400000000001', PermissionSetArn, MaxResults: 2 };
    const first = await world.sso.send(new ListAccountAssignmentsCommand(list));
    const gone = first.AccountAssignments?.[0]?.PrincipalId;
    await world.sso.send(new DeleteAccountAssignmentCommand({ ...input('maria'), PrincipalId: gone }));
    world.advance(50);
    const second = await world.sso.send(new ListAccountAssignmentsCommand({ ...list, NextToken: first.NextToken }));
    const seen = [...(first.AccountAssignments ?? []), ...(second.AccountAssignments ?? [])].map(
      ({ PrincipalId }) => PrincipalId,
    );
    expect(seen).toHaveLength(4);
    expect(new Set(seen)).toEqual(new Set(['maria', 'diego', 'aiko', 'noah'].map(world.ids.user)));
  });
});

describe('a token', () => {
  test.each([
    ['made up', 'AAAA'],
    ['JSON of another shape', Buffer.from('["x","y"]').toString('base64')],
  ])('that is %s is not valid', async (_, NextToken) => {
    const { sso, store, organizations } = await start();
    await expect(sso.send(new ListPermissionSetsCommand({ InstanceArn, NextToken }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(store.send(new ListUsersCommand({ IdentityStoreId, NextToken }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(organizations.send(new ListAccountsCommand({ NextToken }))).rejects.toMatchObject({
      name: 'InvalidInputException',
      Reason: 'INVALID_NEXT_TOKEN',
    });
  });

  test('of another operation is not valid', async () => {
    const { sso } = await start();
    const { NextToken } = await sso.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 1 }));
    const other = { InstanceArn, AccountId: '400000000001', NextToken };
    await expect(sso.send(new ListPermissionSetsProvisionedToAccountCommand(other))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('of the same operation with other input is not valid, with another page size it is', async () => {
    const { organizations, ids } = await start();
    const input = { ParentId: ids.unit('Security'), ChildType: 'ACCOUNT' as const };
    const { NextToken } = await organizations.send(new ListChildrenCommand({ ...input, MaxResults: 1 }));
    expect(NextToken).toEqual(expect.any(String));
    const elsewhere = { ...input, ParentId: ids.unit('Sandbox'), NextToken };
    await expect(organizations.send(new ListChildrenCommand(elsewhere))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    const rest = await organizations.send(new ListChildrenCommand({ ...input, MaxResults: 20, NextToken }));
    expect(rest.Children).toHaveLength(3);
  });
});
