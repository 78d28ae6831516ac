/** Ending: anyone concerned, at any time, whatever became of the policy; strangers never. */
import { describe, expect, it } from 'vitest';
import { endRequest, endRequestByClock } from '../../lambda/use-cases/end-request.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, decide, granted, leaseOf, readRequest, statusOf, submit } from './story.ts';

const end = ({ world }: SmallWorld, requestId: string, by: Name = 'ann') =>
  endRequest(world, { caller: PEOPLE[by], requestId });

describe('endRequest', () => {
  it('ends at once, and the assignment goes', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(600);
    expect(await end(small, request.id)).toMatchObject({
      status: 'ending',
      endsAt: small.clock.now(),
      cause: { kind: 'ended-early', by: { kind: 'person', id: 'id-ann' } },
    });
    await convergeWoken(small);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await statusOf(small, request)).toBe('ended');
    expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'vacant' } });
  });

  it.each([
    ['ann', 'who asked'],
    ['leo', 'who approved'],
    ['lea', 'who could have approved'],
    ['ada', 'the administrator'],
  ] as const)('lets %s end it, %s', async (by, _who) => {
    const small = smallWorld();
    const { id } = await active(small);
    expect(await end(small, id, by)).toMatchObject({ status: 'ending' });
  });

  it('lets somebody end it who approved and has left the group since', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: [] });
    expect(await end(small, id, 'leo')).toMatchObject({ status: 'ending' });
  });

  it.each(['bob', 'sam', 'aud', 'eve'] as const)('refuses %s, who is not concerned', async (by) => {
    const small = smallWorld();
    const request = await active(small);
    expect(await end(small, request.id, by)).toMatchObject({ refused: 'not_permitted' });
    expect(await statusOf(small, request)).toBe('active');
  });

  it('does not tell a stranger how a request ended', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    granted(await decide(small, id, 'leo', 'reject'));
    expect(await end(small, id, 'eve')).toMatchObject({ refused: 'not_permitted' });
    expect(await end(small, id, 'ann')).toMatchObject({
      refused: 'request_already_over',
      detail: 'This request is already rejected: rejected by leo at 2026-11-23T09:00:00.000Z.',
    });
  });

  it('never needs the policy: it ends though policy and organization cannot be read and the requester is gone', async () => {
    const small = smallWorld();
    const request = await active(small);
    for (const method of ['current', 'byVersion'] as const) small.world.policies.failNext(method, { times: 1000 });
    small.world.organization.failNext('findAccount', { times: 1000 });
    small.people.removePerson('id-ann');
    granted(await end(small, request.id, 'ada'));
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('ended');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('ends what is approved and not begun', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, { account: 'sandbox', wish: { start: at('12:00') } }));
    expect(await end(small, id)).toMatchObject({ status: 'ended' });
    expect(small.woken).toEqual([]);
  });

  it('ends what is being granted: the assignment is made sure to be gone first', async () => {
    const small = smallWorld();
    const request = await begun(small);
    granted(await end(small, request.id));
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('ended');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('stores the end though nobody can be woken', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    small.world.converger.failNext('wake');
    expect(await end(small, id)).toMatchObject({ status: 'ending' });
    expect(small.warnings).toHaveLength(1);
  });
});

describe('endRequestByClock', () => {
  it('waits for the end, and keeps the end that was promised', async () => {
    const small = smallWorld();
    const request = await active(small);
    const endsAt = request.status === 'active' ? request.endsAt : at('00:00');
    small.clock.set((endsAt - 1) as typeof endsAt);
    expect(await endRequestByClock(small.world, request.id)).toMatchObject({ refused: 'request_not_due' });
    small.clock.set((endsAt + 60_000) as typeof endsAt);
    expect(await endRequestByClock(small.world, request.id)).toMatchObject({ status: 'ending', endsAt });
  });

  it('finds nothing to do in what somebody ended before', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    granted(await end(small, id));
    await convergeWoken(small);
    small.clock.advance(7200);
    const before = await readRequest(small, id);
    expect(await endRequestByClock(small.world, id)).toMatchObject({ refused: 'request_already_over' });
    expect(await readRequest(small, id)).toEqual(before);
  });
});
