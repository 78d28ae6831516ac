/** Asking: what is stored, what is started, and that doing it twice is doing it once. */
import { describe, expect, it } from 'vitest';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { PEOPLE } from './small-policy.ts';
import { at, contentOf, smallWorld } from './small-world.ts';
import { granted, seconds, submit } from './story.ts';

const KEY = { key: 'the-key', bodyHash: 'the-body' };

describe('submitRequest', () => {
  it('stores a pending request with its rule, its approvers and its first event, and starts its workflow', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    expect(request).toMatchObject({
      status: 'pending',
      requester: { id: 'id-ann', userName: 'ann', displayName: 'ANN' },
      target: {
        accountId: '400000000001',
        accountName: 'payments-prod',
        permissionSetName: 'Admin',
        sessionSeconds: 3600,
      },
      entitled: { name: 'production', maxDurationSeconds: 14_400 },
      approval: [{ required: 1, groups: [{ id: 'group-leads', name: 'leads' }] }],
      expiresAt: at('17:00'),
    });
    const { requests, events } = await contentOf(small);
    expect(requests).toEqual([request]);
    expect(events).toMatchObject([{ kind: 'asked', to: 'pending', sequence: 1, actor: { id: 'id-ann' } }]);
    expect(small.executions.started).toEqual([request.id]);
  });

  it('schedules at once what needs nobody', async () => {
    const request = granted(await submit(smallWorld(), { account: 'sandbox' }));
    expect(request).toMatchObject({ status: 'scheduled', startsAt: at('09:00'), approval: [] });
  });

  it('schedules for its start what needs nobody', async () => {
    const request = granted(await submit(smallWorld(), { account: 'sandbox', wish: { start: at('12:00') } }));
    expect(request).toMatchObject({ status: 'scheduled', startsAt: at('12:00') });
  });

  it('is stored though the workflow does not start', async () => {
    const small = smallWorld();
    small.world.workflow.failNext('start');
    expect(granted(await submit(small)).status).toBe('pending');
    expect((await contentOf(small)).requests).toHaveLength(1);
    expect(small.warnings).toHaveLength(1);
  });

  it.each([
    ['the policy', (small: ReturnType<typeof smallWorld>) => small.world.policies.failNext('current')],
    ['the groups', (small: ReturnType<typeof smallWorld>) => small.world.directory.failNext('groupsOf')],
    ['the account', (small: ReturnType<typeof smallWorld>) => small.world.organization.failNext('findAccount')],
  ])('law 9: stores nothing when %s cannot be read', async (_what, breakIt) => {
    const small = smallWorld();
    breakIt(small);
    await expect(submit(small)).rejects.toMatchObject({ name: 'ServiceFault' });
    expect(small.stored).toEqual([]);
  });
});

describe('no approver', () => {
  it('refuses when only the requester could approve', async () => {
    const small = smallWorld();
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: ['id-lea'] });
    expect(await submit(small, { by: 'lea' })).toMatchObject({
      refused: 'no_approver',
      facts: { required: 1, available: 0 },
    });
    expect(await submit(small, { by: 'ann' })).toMatchObject({ status: 'pending' });
  });

  it('refuses when those who could approve are disabled', async () => {
    const small = smallWorld();
    for (const name of ['lea', 'leo'] as const) small.people.putPerson({ ...PEOPLE[name], enabled: false });
    expect(await submit(small)).toMatchObject({ refused: 'no_approver' });
  });

  it('refuses when fewer can approve than must, and counts a person in two groups once', async () => {
    const small = smallWorld();
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: ['id-sam'] });
    const asked = { permissionSet: 'Database', wish: { ticket: 'CHG-1' } } as const;
    expect(await submit(small, asked)).toMatchObject({ refused: 'no_approver', facts: { required: 2, available: 1 } });
  });
});

describe('the same Idempotency-Key', () => {
  it('answers with the request that it made, as it is now', async () => {
    const small = smallWorld();
    const first = granted(await submit(small, { idempotency: KEY }));
    expect(await submit(small, { idempotency: KEY })).toEqual(first);
    granted(await cancelRequest(small.world, { caller: PEOPLE.ann, requestId: first.id }));
    expect(await submit(small, { idempotency: KEY })).toMatchObject({ id: first.id, status: 'cancelled' });
    expect((await contentOf(small)).requests).toHaveLength(1);
  });

  it('answers though the policy would no longer let it through', async () => {
    const small = smallWorld();
    const first = granted(await submit(small, { idempotency: KEY }));
    small.people.putGroup({ id: 'group-engineers', name: 'engineers', memberIds: [] });
    expect(await submit(small, { idempotency: KEY })).toEqual(first);
  });

  it('is another for another person', async () => {
    const small = smallWorld();
    const first = granted(await submit(small, { idempotency: KEY }));
    const second = granted(await submit(small, { by: 'bob', idempotency: { ...KEY, bodyHash: 'another' } }));
    expect(second.id).not.toBe(first.id);
  });

  it.each([
    ['is remembered for a day', 86_399, 1],
    ['is forgotten after a day', 86_400, 2],
  ])('%s', async (_rule, elapsed, expected) => {
    const small = smallWorld();
    granted(await submit(small, { idempotency: KEY }));
    small.clock.advance(elapsed);
    granted(await submit(small, { idempotency: KEY }));
    expect((await contentOf(small)).requests).toHaveLength(expected);
  });

  it('of a refused request is free', async () => {
    const small = smallWorld();
    expect(await submit(small, { wish: { justification: '' }, idempotency: KEY })).toMatchObject({
      refused: 'justification_empty',
    });
    expect(await submit(small, { idempotency: { ...KEY, bodyHash: 'mended' } })).toMatchObject({ status: 'pending' });
  });
});

describe('the limit of open requests', () => {
  it('counts those of one person that are not over', async () => {
    const small = smallWorld({ limits: { openRequestsPerPerson: 2 } });
    const first = granted(await submit(small));
    granted(await submit(small, { account: 'other' }));
    expect(await submit(small)).toMatchObject({ refused: 'too_many_open', facts: { maximum: 2 } });
    expect(await submit(small, { by: 'bob' })).toMatchObject({ status: 'pending' });
    granted(await cancelRequest(small.world, { caller: PEOPLE.ann, requestId: first.id }));
    expect(await submit(small)).toMatchObject({ status: 'pending' });
  });
});

describe('the longest duration of all', () => {
  it('beats what a rule would allow', async () => {
    const small = smallWorld({ limits: { longestDurationSeconds: 3600 } });
    const asked = { account: 'sandbox', wish: { durationSeconds: seconds(3601) } } as const;
    expect(await submit(small, asked)).toMatchObject({ refused: 'duration_too_long', facts: { maximumSeconds: 3600 } });
  });
});
