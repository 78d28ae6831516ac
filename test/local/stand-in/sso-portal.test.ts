// The access portal: credentials for whoever is assigned the role at this moment, and nobody else.
import { CreateGroupMembershipCommand } from '@aws-sdk/client-identitystore';
import { CreateAccountAssignmentCommand, DeleteAccountAssignmentCommand } from '@aws-sdk/client-sso-admin';
import { describe, expect, test } from 'vitest';
import { answerCallerIdentity } from '../../../local/caller-identity.ts';
import { localSsoToken } from '../../../local/seed/credentials.ts';
import { START_MS, type Started, start, write } from './harness.ts';

const HOUR_MS = 3_600_000;

const ask = ({ standIn, ids }: Started, userName: string, permissionSet: string, account: string) => {
  const query = new URLSearchParams({ account_id: ids.account(account), role_name: permissionSet });
  const answer = standIn.portal('GET', `/federation/credentials?${query}`, localSsoToken(userName));
  return { status: answer?.status, headers: answer?.headers, body: JSON.parse(answer?.body ?? '{}') };
};

describe('the portal gives credentials', () => {
  test('of an assignment, from when it is made until it is taken away, for the session duration of its permission set', async () => {
    const started = await start();
    const { sso, advance } = started;
    expect(ask(started, 'maria', 'ReadOnlyAccess', 'payments-prod').status).toBe(403);
    await sso.send(new CreateAccountAssignmentCommand(write(started, 'maria', 'ReadOnlyAccess', 'payments-prod')));
    expect(ask(started, 'maria', 'ReadOnlyAccess', 'payments-prod').status).toBe(403);
    advance(1000);
    const { status, body } = ask(started, 'maria', 'ReadOnlyAccess', 'payments-prod');
    expect(status).toBe(200);
    expect(body.roleCredentials).toEqual({
      accessKeyId: expect.stringMatching(/^ASIA[0-9A-Z]{16}$/),
      secretAccessKey: expect.stringMatching(/^.{40}$/),
      sessionToken: expect.any(String),
      expiration: START_MS + 1000 + 4 * HOUR_MS,
    });
    await sso.send(new DeleteAccountAssignmentCommand(write(started, 'maria', 'ReadOnlyAccess', 'payments-prod')));
    advance(1000);
    expect(ask(started, 'maria', 'ReadOnlyAccess', 'payments-prod').status).toBe(403);
  });

  test('of an assignment of a group, to whoever is in it now', async () => {
    const started = await start();
    expect(ask(started, 'maria', 'DeveloperAccess', 'payments-dev').status).toBe(200);
    expect(ask(started, 'chloe', 'DeveloperAccess', 'payments-dev').status).toBe(403);
    const { store, seed, ids } = started;
    await store.send(
      new CreateGroupMembershipCommand({
        IdentityStoreId: seed.identityStoreId,
        GroupId: ids.group('payments-engineers'),
        MemberId: { UserId: ids.user('chloe') },
      }),
    );
    expect(ask(started, 'chloe', 'DeveloperAccess', 'payments-dev').status).toBe(200);
  });

  test('that say whose they are', async () => {
    const started = await start();
    const { body } = ask(started, 'omar', 'ReadOnlyAccess', 'payments-prod');
    const identity = answerCallerIdentity(
      'Action=GetCallerIdentity&Version=2011-06-15',
      body.roleCredentials.sessionToken,
    );
    expect(identity?.status).toBe(200);
    expect(identity?.body).toContain('<Account>400000000001</Account>');
    expect(identity?.body).toMatch(/assumed-role\/AWSReservedSSO_ReadOnlyAccess_[0-9a-f]{16}\/omar<\/Arn>/);
  });
});

describe('the portal refuses as AWS does', () => {
  test('a role that there is not, and one that is not assigned', async () => {
    const started = await start();
    const { status, headers, body } = ask(started, 'maria', 'Emperor', 'payments-prod');
    expect([status, headers, body.message]).toEqual([403, { 'x-amzn-errortype': 'ForbiddenException' }, 'No access']);
  });

  test('whoever has not signed in, or is disabled', async () => {
    const started = await start();
    const path = '/federation/credentials?account_id=400000000001&role_name=ReadOnlyAccess';
    expect(started.standIn.portal('GET', path, 'made-up')?.status).toBe(401);
    expect(started.standIn.portal('GET', path, undefined)?.status).toBe(401);
    expect(ask(started, 'omar', 'ReadOnlyAccess', 'payments-prod').status).toBe(200);
    await started.control('PUT', 'users/omar/status', { status: 'DISABLED' });
    expect(ask(started, 'omar', 'ReadOnlyAccess', 'payments-prod').status).toBe(401);
  });

  test('a call without account or role', async () => {
    const { standIn } = await start();
    expect(standIn.portal('GET', '/federation/credentials', localSsoToken('omar'))?.status).toBe(400);
  });

  test('nothing else: what is not its own it leaves to others', async () => {
    const { standIn } = await start();
    expect(standIn.portal('GET', '/assignment/accounts', localSsoToken('omar'))).toBeUndefined();
    expect(answerCallerIdentity('Action=AssumeRole', undefined)).toBeUndefined();
    expect(answerCallerIdentity('Action=GetCallerIdentity', 'made-up')?.status).toBe(403);
  });
});
