// The control pages: the log of calls, users' statuses, the readable list of assignments.
import { DescribeUserCommand } from '@aws-sdk/client-identitystore';
import { DescribeAccountCommand } from '@aws-sdk/client-organizations';
import { ListAccountAssignmentsCommand, ListInstancesCommand } from '@aws-sdk/client-sso-admin';
import { describe, expect, test } from 'vitest';
import { start } from './harness.ts';

const InstanceArn = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';

describe('the log of calls', () => {
  test('has each call with its outcome and what it was about', async () => {
    const { sso, organizations, ids, control, advance } = await start();
    const PermissionSetArn = ids.permissionSet('ReadOnlyAccess');
    await sso.send(new ListAccountAssignmentsCommand({ InstanceArn, AccountId: '400000000001', PermissionSetArn }));
    advance(1500);
    await organizations.send(new DescribeAccountCommand({ AccountId: '999999999999' })).catch(() => undefined);
    const { body } = await control('GET', 'calls');
    expect(body).toEqual([
      {
        number: 1,
        at: '2026-11-23T09:00:00.000Z',
        service: 'sso-admin',
        operation: 'ListAccountAssignments',
        outcome: 'ok',
        fields: { AccountId: '400000000001', PermissionSetArn },
      },
      {
        number: 2,
        at: '2026-11-23T09:00:01.500Z',
        service: 'organizations',
        operation: 'DescribeAccount',
        outcome: 'AccountNotFoundException',
        fields: { AccountId: '999999999999' },
      },
    ]);
  });

  test('is asked for what is new, and numbers go on after it is emptied', async () => {
    const { sso, control } = await start();
    for (let count = 0; count < 3; count += 1) await sso.send(new ListInstancesCommand({}));
    await expect(control('GET', 'calls?since=2')).resolves.toMatchObject({ body: [{ number: 3 }] });
    await control('DELETE', 'calls');
    await expect(control('GET', 'calls')).resolves.toMatchObject({ body: [] });
    await sso.send(new ListInstancesCommand({}));
    await expect(control('GET', 'calls')).resolves.toMatchObject({ body: [{ number: 4 }] });
  });

  test('has throttled calls too, and no control pages', async () => {
    const { sso, control, standIn } = await start();
    await control('PUT', 'pace', { requestsPerSecond: 1 });
    await sso.send(new ListInstancesCommand({}));
    await sso.send(new ListInstancesCommand({})).catch(() => undefined);
    expect(standIn.calls.list().map(({ outcome }) => outcome)).toEqual(['ok', 'ThrottlingException']);
  });
});

describe("a user's status", () => {
  test('is set by user name', async () => {
    const { store, ids, control } = await start();
    const input = { IdentityStoreId: 'd-906712ab3f', UserId: ids.user('omar') };
    expect(await control('PUT', 'users/omar/status', { status: 'DISABLED' })).toMatchObject({ status: 200 });
    await expect(store.send(new DescribeUserCommand(input))).resolves.toMatchObject({ UserStatus: 'DISABLED' });
    await control('PUT', 'users/omar/status', { status: 'ENABLED' });
    await expect(store.send(new DescribeUserCommand(input))).resolves.toMatchObject({ UserStatus: 'ENABLED' });
  });

  test('is refused for nobody, and when it is none', async () => {
    const { control } = await start();
    expect(await control('PUT', 'users/nobody/status', { status: 'DISABLED' })).toMatchObject({ status: 404 });
    expect(await control('PUT', 'users/omar/status', { status: 'ASLEEP' })).toMatchObject({ status: 400 });
    expect(await control('DELETE', 'users/omar/status')).toMatchObject({ status: 405 });
  });
});

describe('the list of assignments', () => {
  test('is in names', async () => {
    const { control, ids } = await start();
    const { body } = await control('GET', 'assignments');
    expect(body).toHaveLength(28);
    expect(body).toContainEqual({
      accountId: '400000000001',
      accountName: 'payments-prod',
      permissionSet: 'ReadOnlyAccess',
      permissionSetArn: ids.permissionSet('ReadOnlyAccess'),
      principalType: 'USER',
      principalId: ids.user('omar'),
      principalName: 'omar',
      roleName: 'AWSReservedSSO_ReadOnlyAccess_38f62619c4422396',
    });
  });
});

describe('other pages', () => {
  test('are not there, or not with that method', async () => {
    const { control, standIn } = await start();
    expect(await control('GET', 'nothing')).toMatchObject({ status: 404 });
    expect(await control('POST', 'calls')).toMatchObject({ status: 405 });
    await expect(standIn.control('GET', '/v1/me', '')).resolves.toBeUndefined();
  });
});
