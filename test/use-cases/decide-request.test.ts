/** Deciding: who may, what it comes to, and that whoever is late learns who decided and how. */
import { describe, expect, it } from 'vitest';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { decideRequest } from '../../lambda/use-cases/decide-request.ts';
import { submitRequest } from '../../lambda/use-cases/submit-request.ts';
import { ACCOUNTS, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, smallWorld } from './small-world.ts';
import { decide, granted, kindsOf, readRequest, seconds, submit } from './story.ts';

const DATABASE = { permissionSet: 'Database', wish: { ticket: 'CHG-1' } } as const;
const ASK = {
  caller: PEOPLE.ann,
  target: { accountId: ACCOUNTS.prod.id, permissionSet: 'Admin' },
  wish: { durationSeconds: seconds(3600), justification: 'Deploy the fix' },
  idempotency: { key: 'once', bodyHash: 'hash' },
} as const;
const pending = async () => {
  const small = smallWorld();
  return { small, request: granted(await submit(small)) };
};

describe('decideRequest', () => {
  it('approves, and lets the waiting workflow go on', async () => {
    const { small, request } = await pending();
    small.executions.openToken('token');
    await small.world.ledger.addWaiting({ requestId: request.id, step: 'await-decision', taskToken: 'token' });
    small.clock.advance(60);
    const decided = granted(await decide(small, request.id, 'leo', 'approve', { comment: 'Go ahead' }));
    expect(decided).toMatchObject({
      status: 'scheduled',
      startsAt: at('09:01'),
      votes: [{ approver: { userName: 'leo' }, choice: 'approve', at: at('09:01'), comment: 'Go ahead' }],
    });
    expect(await readRequest(small, request.id)).toEqual(decided);
    expect(small.executions.answers.get('token')).toEqual({ kind: 'decided', approved: true, startsAt: at('09:01') });
    expect(await small.world.ledger.listWaiting(request.id)).toEqual([]);
  });

  it('comes with everything that has happened, read once; asking comes with what was just stored', async () => {
    const small = smallWorld();
    const asked = granted(await submitRequest(small.world, ASK));
    expect(asked.history).toEqual(await small.world.ledger.readEvents(asked.request.id));
    const again = granted(await submitRequest(small.world, ASK));
    expect([again.request.id, again.history]).toEqual([asked.request.id, undefined]);
    const vote = { caller: PEOPLE.leo, requestId: asked.request.id, choice: 'approve' } as const;
    const decided = granted(await decideRequest(small.world, vote));
    expect(decided.history?.map(({ kind }) => kind)).toEqual(['asked', 'voted']);
  });

  it('rejects, and lets the waiting workflow go', async () => {
    const { small, request } = await pending();
    small.executions.openToken('token');
    await small.world.ledger.addWaiting({ requestId: request.id, step: 'await-decision', taskToken: 'token' });
    expect(await decide(small, request.id, 'leo', 'reject')).toMatchObject({
      status: 'rejected',
      rejectedAt: at('09:00'),
    });
    expect(small.executions.answers.get('token')).toEqual({ kind: 'decided', approved: false });
  });

  it('stands though the workflow cannot be told', async () => {
    const { small, request } = await pending();
    small.executions.openToken('token');
    await small.world.ledger.addWaiting({ requestId: request.id, step: 'await-decision', taskToken: 'token' });
    small.world.workflow.failNext('answer');
    expect(await decide(small, request.id, 'leo')).toMatchObject({ status: 'scheduled' });
    expect(small.warnings).toHaveLength(1);
    expect(await small.world.ledger.listWaiting(request.id)).toHaveLength(1);
  });

  it('waits for the second approval where two are needed', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, DATABASE));
    expect(await decide(small, id, 'leo')).toMatchObject({ status: 'pending', votes: [{}] });
    expect(await decide(small, id, 'sam')).toMatchObject({ status: 'scheduled', votes: [{}, {}] });
  });

  it('is rejected by the second, though the first approved', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, DATABASE));
    granted(await decide(small, id, 'leo'));
    expect(await decide(small, id, 'sam', 'reject')).toMatchObject({ status: 'rejected' });
  });

  it('lets an approver shorten the window', async () => {
    const { small, request } = await pending();
    const decided = await decide(small, request.id, 'leo', 'approve', { durationSeconds: seconds(600) });
    expect(decided).toMatchObject({ status: 'scheduled', durationSeconds: 600 });
  });
});

describe('whoever is late', () => {
  it('learns who approved and when', async () => {
    const { small, request } = await pending();
    granted(await decide(small, request.id, 'leo'));
    expect(await decide(small, request.id, 'lea', 'reject')).toEqual({
      refused: 'request_not_pending',
      detail: 'This request is scheduled: approved by leo at 2026-11-23T09:00:00.000Z.',
      facts: { status: 'scheduled' },
    });
  });

  it('learns that it was rejected, cancelled or expired', async () => {
    const late = async (end: (small: ReturnType<typeof smallWorld>, id: string) => Promise<unknown>) => {
      const { small, request } = await pending();
      await end(small, request.id);
      return decide(small, request.id, 'lea');
    };
    expect(await late((small, id) => decide(small, id, 'leo', 'reject'))).toMatchObject({
      detail: 'This request is rejected: rejected by leo at 2026-11-23T09:00:00.000Z.',
    });
    expect(
      await late((small, requestId) => cancelRequest(small.world, { caller: PEOPLE.ann, requestId })),
    ).toMatchObject({ detail: 'This request is cancelled: cancelled by ann at 2026-11-23T09:00:00.000Z.' });
    expect(await late(async (small) => small.clock.advance(8 * 3600))).toMatchObject({
      detail: 'Nobody decided before 2026-11-23T17:00:00.000Z; the request has expired.',
    });
  });
});

describe('who may decide is looked up when deciding', () => {
  it('a person who has left the group may not', async () => {
    const { small, request } = await pending();
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: ['id-lea'] });
    expect(await decide(small, request.id, 'leo')).toMatchObject({ refused: 'not_an_approver' });
  });

  it('a person who has joined the group may', async () => {
    const { small, request } = await pending();
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: ['id-eve'] });
    expect(await decide(small, request.id, 'eve')).toMatchObject({ status: 'scheduled' });
  });

  it('nobody may when the group has been deleted', async () => {
    const { small, request } = await pending();
    small.people.removeGroup('group-leads');
    expect(await decide(small, request.id, 'leo')).toMatchObject({ refused: 'not_an_approver' });
  });

  it('a group of the same name made anew does not count: ids count', async () => {
    const { small, request } = await pending();
    small.people.removeGroup('group-leads');
    small.people.putGroup({ id: 'group-leads-new', name: 'leads', memberIds: ['id-eve'] });
    expect(await decide(small, request.id, 'eve')).toMatchObject({ refused: 'not_an_approver' });
  });

  it('an administrator may not by that role', async () => {
    const { small, request } = await pending();
    expect(await decide(small, request.id, 'ada')).toMatchObject({ refused: 'not_an_approver' });
  });

  it('law 9: nobody may while the groups cannot be read', async () => {
    const { small, request } = await pending();
    small.world.directory.failNext('groupsOf');
    await expect(decide(small, request.id, 'leo')).rejects.toMatchObject({ name: 'ServiceFault' });
    expect(await readRequest(small, request.id)).toEqual(request);
  });
});

describe('law 7: policy is checked again when deciding', () => {
  const CHANGES: readonly (readonly [string, (small: ReturnType<typeof smallWorld>) => void, string])[] = [
    ['the requester is disabled', ({ people }) => people.putPerson({ ...PEOPLE.ann, enabled: false }), 'not_eligible'],
    ['the requester is deleted', ({ people }) => people.removePerson('id-ann'), 'not_eligible'],
    [
      'the requester has left the group',
      ({ people }) => people.putGroup({ id: 'group-engineers', name: 'engineers', memberIds: [] }),
      'not_eligible',
    ],
    ['the account has gone', ({ accounts }) => accounts.removeAccount('400000000001'), 'account_unknown'],
    [
      'the policy allows less',
      ({ published }) => published.publish(policyOf(POLICY_TEXT.replace('max_duration: 4h', 'max_duration: 30m'))),
      'duration_too_long',
    ],
  ];
  it.each(CHANGES)('an approval is refused when %s', async (_what, change, expected) => {
    const { small, request } = await pending();
    change(small);
    expect(await decide(small, request.id, 'leo')).toMatchObject({ refused: expected });
    expect(await readRequest(small, request.id)).toEqual(request);
  });

  it.each(CHANGES)('a rejection counts though %s', async (_what, change) => {
    const { small, request } = await pending();
    change(small);
    expect(await decide(small, request.id, 'leo', 'reject')).toMatchObject({ status: 'rejected' });
  });
});

describe('the trail', () => {
  it('keeps every vote', async () => {
    const small = smallWorld();
    const request = granted(await submit(small, DATABASE));
    granted(await decide(small, request.id, 'leo'));
    granted(await decide(small, request.id, 'sam', 'reject', { comment: 'not today' }));
    expect(await kindsOf(small, request)).toEqual(['asked', 'voted', 'voted']);
    expect(JSON.stringify(await small.world.ledger.readEvents(request.id))).not.toContain('not today');
  });
});
