/** The workflow's steps: what each does, what it is told at once, and what it is told later. */
import { describe, expect, it } from 'vitest';
import type { WaitingStep } from '../../lambda/domain/workflow-step.ts';
import { awaitStep, expireStep } from '../../lambda/use-cases/await-step.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { PEOPLE } from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, decide, granted, readRequest, seconds, statusOf, submit } from './story.ts';

const wait = (small: SmallWorld, requestId: string, step: WaitingStep, taskToken = 'token') => {
  small.executions.openToken(taskToken);
  return awaitStep(small.world, { requestId, step, taskToken });
};
const told = ({ executions }: SmallWorld, taskToken = 'token') => executions.answers.get(taskToken);
const SANDBOX = { account: 'sandbox' } as const;

describe('await-decision', () => {
  it('waits while nobody has decided', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    await wait(small, id, 'await-decision');
    expect(told(small)).toBeUndefined();
    granted(await decide(small, id, 'leo'));
    expect(told(small)).toEqual({ kind: 'decided', approved: true, startsAt: at('09:00') });
  });

  it('is told at once what was decided before it asked', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    granted(await decide(small, id, 'leo'));
    small.clock.advance(60);
    await wait(small, id, 'await-decision');
    expect(told(small)).toEqual({ kind: 'decided', approved: true, startsAt: at('09:00') });
    expect(await small.world.ledger.listWaiting(id)).toEqual([]);
  });

  it('is told at once where nobody needs to approve, with the start of the window', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, { ...SANDBOX, wish: { start: at('12:00') } }));
    await wait(small, id, 'await-decision');
    expect(told(small)).toEqual({ kind: 'decided', approved: true, startsAt: at('12:00') });
  });

  it('is told of a cancellation that came before it asked', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    granted(await cancelRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
    await wait(small, id, 'await-decision');
    expect(told(small)).toEqual({ kind: 'decided', approved: false });
  });

  it('is told on its newest token, though an older one was never answered', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    await wait(small, id, 'await-decision', 'old');
    small.executions.closeToken('old');
    await wait(small, id, 'await-decision', 'new');
    granted(await decide(small, id, 'leo'));
    expect([told(small, 'old'), told(small, 'new')?.kind]).toEqual([undefined, 'decided']);
    expect(await small.world.ledger.listWaiting(id)).toEqual([]);
  });

  it('is a bug for a request that does not exist', async () => {
    const small = smallWorld();
    await expect(wait(small, '01KAQ000000000000000000009', 'await-decision')).rejects.toThrow(/does not exist/);
  });
});

describe('expire', () => {
  it('expires what nobody decided, and says so', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    small.clock.set(at('17:00'));
    expect(await expireStep(small.world, request.id)).toEqual({ kind: 'decided', approved: false });
    expect(await statusOf(small, request)).toBe('expired');
  });

  it('says how it was decided at the last moment', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    small.clock.set(at('16:59'));
    granted(await decide(small, id, 'leo'));
    small.clock.set(at('17:00'));
    expect(await expireStep(small.world, id)).toEqual({ kind: 'decided', approved: true, startsAt: at('16:59') });
  });

  it('is a bug before it is due: nothing expires', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    await expect(expireStep(small.world, request.id)).rejects.toThrow(/still pending/);
    expect(await statusOf(small, request)).toBe('pending');
  });
});

describe('grant', () => {
  it('begins, has the lease converged, and is told until when to hold', async () => {
    const small = smallWorld();
    const request = granted(await submit(small, SANDBOX));
    await wait(small, request.id, 'grant');
    expect(await statusOf(small, request)).toBe('granting');
    expect(told(small)).toBeUndefined();
    await convergeWoken(small);
    const usable = await readRequest(small, request.id);
    expect(told(small)).toEqual({ kind: 'hold', until: usable.status === 'active' && usable.endsAt });
  });

  it('is told to go on at once when the grant failed, to confirm that nothing is left', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, SANDBOX));
    small.people.putPerson({ ...PEOPLE.ann, enabled: false });
    await wait(small, id, 'grant');
    await convergeWoken(small);
    expect(told(small)).toEqual({ kind: 'hold', until: small.clock.now() });
  });

  it('begins once, however often it is tried', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small, SANDBOX));
    await wait(small, id, 'grant', 'first');
    await wait(small, id, 'grant', 'second');
    await convergeWoken(small);
    expect([told(small, 'first')?.kind, told(small, 'second')?.kind]).toEqual(['hold', 'hold']);
    expect(small.identityCenter.list()).toHaveLength(1);
  });

  it('does not begin what is not due, whoever calls', async () => {
    const small = smallWorld();
    const scheduled = granted(await submit(small, { ...SANDBOX, wish: { start: at('12:00') } }));
    const pending = granted(await submit(small));
    await wait(small, scheduled.id, 'grant', 'one');
    await wait(small, pending.id, 'grant', 'two');
    expect([await statusOf(small, scheduled), await statusOf(small, pending)]).toEqual(['scheduled', 'pending']);
    expect(small.woken).toEqual([]);
  });
});

describe('end', () => {
  it('ends what is due and is told when it is over', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(3600);
    await wait(small, request.id, 'end');
    expect(await statusOf(small, request)).toBe('ending');
    expect(told(small)).toBeUndefined();
    await convergeWoken(small);
    expect(told(small)).toEqual({ kind: 'over' });
  });

  it('is told to hold on when the access was extended meanwhile', async () => {
    const small = smallWorld();
    const request = await active(small, SANDBOX);
    const { id } = request;
    granted(await extendRequest(small.world, { caller: PEOPLE.ann, requestId: id, durationSeconds: seconds(1800) }));
    small.clock.set(request.status === 'active' ? request.endsAt : at('00:00'));
    await wait(small, id, 'end');
    const extended = await readRequest(small, id);
    expect(told(small)).toEqual({ kind: 'hold', until: extended.status === 'active' && extended.endsAt });
    expect(small.identityCenter.list()).toHaveLength(1);
  });

  it('is told at once what was over before it asked', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
    await convergeWoken(small);
    await wait(small, id, 'end');
    expect(told(small)).toEqual({ kind: 'over' });
  });

  it('wakes the converger again when the first wake-up was lost', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    small.world.converger.failNext('wake');
    granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
    expect(small.woken).toEqual([]);
    await wait(small, id, 'end');
    await convergeWoken(small);
    expect(told(small)).toEqual({ kind: 'over' });
  });

  it('of a grant that timed out waits until nothing is left', async () => {
    const small = smallWorld({ writeMilliseconds: Number.POSITIVE_INFINITY });
    const { id } = await begun(small);
    await wait(small, id, 'end');
    await convergeWoken(small);
    expect(told(small)).toBeUndefined();
    small.clock.advance(15 * 60);
    small.identityCenter.takeMilliseconds(1000);
    await wait(small, id, 'end', 'again');
    await convergeWoken(small);
    expect(told(small, 'again')).toEqual({ kind: 'over' });
    expect(small.identityCenter.list()).toEqual([]);
  });
});
