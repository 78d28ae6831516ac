/** The main job, end to end, on one machine: ask, decide, grant, hold, end, as people do it and as Identity Center sees it. */

import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import type { Problem } from '../../lambda/contract/problem.ts';
import { readSeed, type Seed } from '../../local/seed/seed.ts';
import { createEyes, createService, eventually, type Service } from './service.ts';

const PAYMENTS_PROD = '400000000001';
const PAYMENTS_DEV = '400000000004';

let service: Service;
let seed: Seed;
let eyes: ReturnType<typeof createEyes>;

const permissionSet = (name: string): string => seed.permissionSets.find((one) => one.name === name)?.arn ?? '';
const userId = (userName: string): string => seed.people.find((one) => one.userName === userName)?.userId ?? '';

const isAssigned = (person: string, accountId: string, name: string): Promise<boolean> =>
  eyes.isAssigned(accountId, permissionSet(name), userId(person));

const ask = async (person: string, target: string, length: string, ...more: string[]): Promise<RequestDetail> => {
  const words = ['request', target, '--for', length, '--reason', 'the payment queue is stuck', ...more];
  const { answer } = await service.json<RequestDetail>(person, ...words);
  return answer;
};

const show = async (person: string, id: string): Promise<RequestDetail> =>
  (await service.json<RequestDetail>(person, 'show', id)).answer;

const reaches = (
  person: string,
  id: string,
  status: RequestDetail['status'],
  withinMs = 20_000,
): Promise<RequestDetail> => {
  let last: RequestDetail | undefined;
  return eventually(
    async () => {
      last = await show(person, id);
      return last.status === status && last;
    },
    withinMs,
    () => `${id} is ${last?.status}, not ${status}: ${last?.reason ?? ''}\n${service.output()}`,
  );
};

beforeAll(async () => {
  seed = await readSeed('local/seed/organization.yaml');
  service = await createService();
  eyes = createEyes(service, seed);
});
afterAll(() => service?.dispose());

describe.concurrent('an approved request', () => {
  test('is pending until approved, usable in Identity Center while it lasts, and gone when its window closes', async () => {
    const asked = await ask('maria', 'payments-prod/AdministratorAccess', '6s');
    expect(asked.status).toBe('pending');
    expect(asked.approvers.map(({ userName }) => userName).sort()).toEqual(['lena', 'omar']);
    expect(await isAssigned('maria', PAYMENTS_PROD, 'AdministratorAccess')).toBe(false);

    const approved = await service.brevet('omar', 'approve', asked.id, '--comment', 'go ahead');
    expect(approved.code, approved.stderr).toBe(0);
    await reaches('maria', asked.id, 'active');
    expect(await isAssigned('maria', PAYMENTS_PROD, 'AdministratorAccess')).toBe(true);

    const ended = await reaches('maria', asked.id, 'ended');
    expect(ended.reason).toBe('the window closed');
    expect(await isAssigned('maria', PAYMENTS_PROD, 'AdministratorAccess')).toBe(false);
    expect(ended.history.map(({ kind }) => kind)).toEqual([
      'asked',
      'voted',
      'grant-begun',
      'became-usable',
      'end-begun',
      'gone',
    ]);
  });

  test('with --wait exits 0 once usable, and its early end takes the access away', async () => {
    const waiting = service.brevet(
      'diego',
      'request',
      'payments-prod/AdministratorAccess',
      '--for',
      '10m',
      '--reason',
      'stuck queue',
      '--wait',
    );
    const pending = await eventually(async () => {
      const { answer } = await service.json<{ items: RequestDetail[] }>('lena', 'ls', '--view', 'to-review');
      return answer.items.find(({ requester }) => requester.userName === 'diego');
    }, 20_000);
    await service.brevet('lena', 'approve', pending.id);
    const waited = await waiting;
    expect(waited.code, waited.stderr).toBe(0);
    expect(await isAssigned('diego', PAYMENTS_PROD, 'AdministratorAccess')).toBe(true);

    expect((await service.brevet('diego', 'end', pending.id)).code).toBe(0);
    const ended = await reaches('diego', pending.id, 'ended');
    expect(ended.reason).toBe('ended early by diego');
    expect(await isAssigned('diego', PAYMENTS_PROD, 'AdministratorAccess')).toBe(false);
  });

  test('can be shortened by its approver, and ended by an administrator', async () => {
    const asked = await ask('aiko', 'payments-prod/AdministratorAccess', '30m');
    await service.brevet('omar', 'approve', asked.id, '--for', '10m');
    const active = await reaches('aiko', asked.id, 'active');
    expect(active.duration).toBe('PT10M');
    expect((await service.brevet('ines', 'end', asked.id)).code).toBe(0);
    expect((await reaches('aiko', asked.id, 'ended')).reason).toBe('ended early by ines');
  });
});

describe.concurrent('a request that is not granted', () => {
  test('is final once rejected: no later approval changes it, and the late one learns who decided', async () => {
    const asked = await ask('noah', 'payments-prod/AdministratorAccess', '5m');
    expect((await service.brevet('omar', 'reject', asked.id, '--comment', 'not now')).code).toBe(0);
    const late = await service.json<Problem>('lena', 'approve', asked.id);
    expect(late.answer.code).toBe('request_not_pending');
    expect(late.answer.detail).toContain('rejected by omar');
    expect((await show('noah', asked.id)).status).toBe('rejected');
    expect(await isAssigned('noah', PAYMENTS_PROD, 'AdministratorAccess')).toBe(false);
  });

  test('is cancelled by its requester', async () => {
    const asked = await ask('noah', 'payments-prod/AdministratorAccess', '5m');
    expect((await service.brevet('noah', 'cancel', asked.id)).code).toBe(0);
    expect((await show('noah', asked.id)).status).toBe('cancelled');
    expect((await service.json<Problem>('omar', 'approve', asked.id)).answer.code).toBe('request_not_pending');
  });

  test('expires when nobody decides, and waiting for it exits 12', async () => {
    const waited = await service.json<RequestDetail>(
      'noah',
      ...['request', 'ledger-prod/AdministratorAccess', '--for', '5m', '--reason', 'nobody is awake', '--wait'],
    );
    expect(waited.code).toBe(12);
    expect(waited.answer.status).toBe('expired');
  });

  test.each([
    ['its requester', 'maria', 'self_approval'],
    ['somebody who is no approver', 'chloe', 'not_an_approver'],
    ['an administrator, who approves nothing by role', 'ines', 'not_an_approver'],
  ])('cannot be approved by %s', async (_who, person, code) => {
    const asked = await ask('maria', 'payments-prod-eu/AdministratorAccess', '5m');
    expect((await service.json<Problem>(person, 'approve', asked.id)).answer.code).toBe(code);
    expect((await show('maria', asked.id)).status).toBe('pending');
    await service.brevet('maria', 'cancel', asked.id);
  });

  test('needs two different people where the policy says two', async () => {
    const asked = await ask('maria', 'card-vault-prod/DatabaseAdmin', '5m');
    await service.brevet('omar', 'approve', asked.id);
    expect((await service.json<Problem>('omar', 'approve', asked.id)).answer.code).toBe('already_voted');
    expect((await show('maria', asked.id)).status).toBe('pending');
    await service.brevet('lena', 'approve', asked.id);
    await reaches('maria', asked.id, 'active');
    await service.brevet('maria', 'end', asked.id);
    await reaches('maria', asked.id, 'ended');
  });
});

describe.concurrent('overlap and ownership', () => {
  test('two overlapping requests share one assignment, which goes when the last of them ends', async () => {
    const first = await ask('maria', 'payments-dev/ReadOnlyAccess', '6s');
    await reaches('maria', first.id, 'active');
    const second = await ask('maria', 'payments-dev/ReadOnlyAccess', '10m');
    await reaches('maria', second.id, 'active');
    await reaches('maria', first.id, 'ended');
    expect(await isAssigned('maria', PAYMENTS_DEV, 'ReadOnlyAccess')).toBe(true);
    await service.brevet('maria', 'end', second.id);
    await reaches('maria', second.id, 'ended');
    expect(await isAssigned('maria', PAYMENTS_DEV, 'ReadOnlyAccess')).toBe(false);
  });

  test('a standing assignment is recognised and left alone', async () => {
    await eyes.client.send(
      new CreateAccountAssignmentCommand({
        InstanceArn: seed.instanceArn,
        TargetId: PAYMENTS_DEV,
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: permissionSet('ReadOnlyAccess'),
        PrincipalType: 'USER',
        PrincipalId: userId('aiko'),
      }),
    );
    await eventually(() => isAssigned('aiko', PAYMENTS_DEV, 'ReadOnlyAccess'), 10_000);
    const asked = await ask('aiko', 'payments-dev/ReadOnlyAccess', '4s');
    const ended = await reaches('aiko', asked.id, 'ended');
    expect(ended.standing).toBe(true);
    expect(await isAssigned('aiko', PAYMENTS_DEV, 'ReadOnlyAccess')).toBe(true);
  });
});

describe.concurrent('more time', () => {
  test('an extension moves the end of the same request, within the longest duration', async () => {
    const asked = await ask('maria', 'payments-staging/ReadOnlyAccess', '8s');
    const active = await reaches('maria', asked.id, 'active');
    const extended = await service.json<RequestDetail>('maria', 'extend', asked.id, '--for', '10m');
    expect(extended.code, extended.stderr).toBe(0);
    const added = Date.parse(extended.answer.endsAt ?? '') - Date.parse(active.endsAt ?? '');
    expect(added).toBe(600_000);
    expect((await service.json<Problem>('maria', 'extend', asked.id, '--for', '1h')).answer.code).toBe(
      'extension_too_long',
    );
    // Past its first end it is still there.
    await new Promise((done) => setTimeout(done, Math.max(0, Date.parse(active.endsAt ?? '') + 3_000 - Date.now())));
    expect((await show('maria', asked.id)).status).toBe('active');
    await service.brevet('maria', 'end', asked.id);
    await reaches('maria', asked.id, 'ended');
  });

  test('where the rule asks for approval, the extension waits for it', async () => {
    const asked = await ask('diego', 'payments-staging/AdministratorAccess', '10m');
    await service.brevet('omar', 'approve', asked.id);
    const active = await reaches('diego', asked.id, 'active');
    const wish = await service.json<RequestDetail>('diego', 'extend', asked.id, '--for', '20m');
    expect(wish.answer.endsAt).toBe(active.endsAt);
    // Lena, who saw ten minutes, is shown what waits by now, and how that is approved.
    const stale = await service.brevet('lena', 'approve', asked.id);
    expect(stale.code).toBe(1);
    expect(stale.stderr).toContain('20m more, 30m in all');
    expect(stale.stderr.replaceAll(/\s+/g, ' ')).toContain(`brevet approve ${asked.id} --extend-to 30m`);
    expect((await show('diego', asked.id)).endsAt).toBe(active.endsAt);
    const approved = await service.json<RequestDetail>('lena', 'approve', asked.id, '--extend-to', '30m');
    expect(Date.parse(approved.answer.endsAt ?? '') - Date.parse(active.endsAt ?? '')).toBe(1_200_000);
    await service.brevet('diego', 'end', asked.id);
    await reaches('diego', asked.id, 'ended');
  });
});

describe('whatever fails', () => {
  test('every execution deleted: access still ends', async () => {
    const asked = await ask('maria', 'ledger-dev/ReadOnlyAccess', '6s');
    await reaches('maria', asked.id, 'active');
    const client = new SFNClient({
      region: seed.region,
      endpoint: service.awsEndpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const stateMachineArn = `arn:aws:states:${seed.region}:${seed.hostingAccountId}:stateMachine:brevet-access-request`;
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
    );
    expect(executions.length).toBeGreaterThan(0);
    for (const { executionArn } of executions) await client.send(new StopExecutionCommand({ executionArn }));
    const accountId = seed.accounts.find(({ name }) => name === 'ledger-dev')?.id ?? '';
    expect(await isAssigned('maria', accountId, 'ReadOnlyAccess')).toBe(true);
    await reaches('maria', asked.id, 'ended', 40_000);
    expect(await isAssigned('maria', accountId, 'ReadOnlyAccess')).toBe(false);
  });
});
