/** Two ends of a request that was never used: taken back by its requester, or decided by nobody in time. */
import { describe, expect, it } from 'vitest';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { expireRequest } from '../../lambda/use-cases/expire-request.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';
import { begun, decide, granted, kindsOf, statusOf, submit } from './story.ts';

const cancel = ({ world }: SmallWorld, requestId: string, by: Name = 'ann') =>
  cancelRequest(world, { caller: PEOPLE[by], requestId });

describe('cancelRequest', () => {
  it('takes back what is pending, and lets the workflow go', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    small.executions.openToken('token');
    await small.world.ledger.addWaiting({ requestId: id, step: 'await-decision', taskToken: 'token' });
    expect(await cancel(small, id)).toMatchObject({ status: 'cancelled', cancelledAt: at('09:00') });
    expect(small.executions.answers.get('token')).toEqual({ kind: 'decided', approved: false });
  });

  it('takes back what is scheduled', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, { account: 'sandbox', wish: { start: at('12:00') } }));
    expect(await cancel(small, id)).toMatchObject({ status: 'cancelled' });
  });

  it('refuses what is being granted, and says to end it', async () => {
    const small = smallWorld();
    const { id } = await begun(small);
    expect(await cancel(small, id)).toMatchObject({
      refused: 'request_not_cancellable',
      detail: expect.stringMatching(/End it/),
    });
  });

  it.each(['leo', 'ada', 'aud', 'eve'] as const)('refuses %s, who did not ask', async (by) => {
    const small = smallWorld();
    const request = granted(await submit(small));
    expect(await cancel(small, request.id, by)).toMatchObject({ refused: 'not_permitted' });
    expect(await statusOf(small, request)).toBe('pending');
  });

  it('refuses a second time', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    granted(await cancel(small, request.id));
    expect(await cancel(small, request.id)).toMatchObject({ refused: 'request_not_cancellable' });
    expect(await kindsOf(small, request)).toEqual(['asked', 'cancelled']);
  });
});

describe('expireRequest', () => {
  it('ends what nobody decided in time, at the limit and not before', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    small.clock.set(at('16:59:59.999'));
    expect(await expireRequest(small.world, id)).toMatchObject({ refused: 'request_not_due' });
    small.clock.set(at('17:00'));
    expect(await expireRequest(small.world, id)).toMatchObject({ status: 'expired', expiredAt: at('17:00') });
  });

  it('comes no later than the end of the window that was asked for', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, { wish: { start: at('10:00') } }));
    small.clock.set(at('11:00'));
    expect(await expireRequest(small.world, id)).toMatchObject({ status: 'expired' });
  });

  it('is refused when it was decided at the last moment', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    small.clock.set(at('16:59:59.999'));
    granted(await decide(small, id, 'leo'));
    small.clock.set(at('17:00'));
    expect(await expireRequest(small.world, id)).toMatchObject({ refused: 'request_not_pending' });
  });
});
