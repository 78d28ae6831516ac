/** The sweep: if every workflow were deleted now, everything would still happen, within its period. */
import { describe, expect, it } from 'vitest';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { PEOPLE } from './small-policy.ts';
import { at, smallWorld } from './small-world.ts';
import {
  active,
  aMinuteLater,
  begun,
  convergeWoken,
  decide,
  granted,
  leaseOf,
  readRequest,
  statusOf,
  submit,
} from './story.ts';

const SANDBOX = { account: 'sandbox' } as const;

describe('with every workflow dead', () => {
  it('grants what is approved, ends it at its end, and says how late it was', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    granted(await decide(small, request.id, 'leo'));
    expect(await aMinuteLater(small)).toMatchObject({ begun: 1, failures: 0 });
    expect(await statusOf(small, request)).toBe('active');
    small.clock.advance(3600);
    expect(await aMinuteLater(small)).toMatchObject({ ended: 1, latestEndingSeconds: expect.closeTo(60, -1) });
    expect(await statusOf(small, request)).toBe('ended');
    expect(small.identityCenter.list()).toEqual([]);
    expect(await aMinuteLater(small)).toMatchObject({ due: 0, latestEndingSeconds: 0 });
  });

  it('expires what nobody decided', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    small.clock.set(at('16:58'));
    expect(await aMinuteLater(small)).toMatchObject({ expired: 0 });
    expect(await aMinuteLater(small)).toMatchObject({ expired: 1 });
    expect(await statusOf(small, request)).toBe('expired');
  });

  it('begins a scheduled window when it starts', async () => {
    const small = smallWorld();
    const request = granted(await submit(small, { ...SANDBOX, wish: { start: at('12:00') } }));
    small.clock.set(at('11:58'));
    await aMinuteLater(small);
    expect(await statusOf(small, request)).toBe('scheduled');
    small.clock.set(at('12:00'));
    await aMinuteLater(small);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'active', endsAt: at('13:00') });
  });

  it('repeats a wake-up for granting that was lost', async () => {
    const small = smallWorld();
    small.world.converger.failNext('wake');
    const request = await begun(small);
    expect(small.woken).toEqual([]);
    await aMinuteLater(small);
    expect(await statusOf(small, request)).toBe('active');
  });

  it('repeats a wake-up for joining what is held already that was lost', async () => {
    const small = smallWorld();
    await active(small);
    small.world.converger.failNext('wake');
    const second = await begun(small);
    expect(small.woken).toEqual([]);
    await aMinuteLater(small);
    expect(await statusOf(small, second)).toBe('active');
  });

  it('repeats a wake-up for ending that was lost', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.world.converger.failNext('wake');
    granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
    await aMinuteLater(small);
    expect(await statusOf(small, request)).toBe('ended');
  });

  it('gives up a grant at its deadline', async () => {
    const small = smallWorld({ writeMilliseconds: Number.POSITIVE_INFINITY });
    const request = await begun(small);
    await convergeWoken(small);
    small.clock.advance(15 * 60);
    await aMinuteLater(small);
    small.identityCenter.takeMilliseconds(1000);
    await aMinuteLater(small);
    expect(await statusOf(small, request)).toBe('failed');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('goes on with what a converge run left when it died', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.woken.length = 0;
    await small.world.ledger.commit({
      leases: [
        {
          ...(await leaseOf(small, request)),
          state: { kind: 'creating', operation: { claim: 'dead', since: small.clock.now(), attempts: 0 } },
        },
      ],
    });
    expect(await aMinuteLater(small)).toMatchObject({ leasesWoken: 1 });
    expect(await statusOf(small, request)).toBe('active');
  });

  it('takes away what nobody holds any more, though its last request is over', async () => {
    const small = smallWorld();
    const request = await active(small);
    const lease = await leaseOf(small, request);
    await small.world.ledger.commit({ leases: [{ ...lease, holds: [] }] });
    await aMinuteLater(small);
    expect(small.identityCenter.list()).toEqual([]);
  });
});

describe('one that fails', () => {
  it('does not keep the others from their turn', async () => {
    const small = smallWorld();
    const requests = [];
    for (const account of ['prod', 'other', 'sandbox'] as const) requests.push(await active(small, { account }));
    small.clock.advance(2 * 3600);
    small.world.ledger.failNext('readRequest');
    expect(await sweep(small.world)).toMatchObject({ failures: 1 });
    await convergeWoken(small);
    await aMinuteLater(small);
    expect(await Promise.all(requests.map((request) => statusOf(small, request)))).toEqual(['ended', 'ended', 'ended']);
  });

  it('is late all the same, and the alarm hears of it', async () => {
    const small = smallWorld();
    await active(small);
    small.clock.advance(3600 + 300);
    small.world.ledger.failNext('commit', { times: 100 });
    expect(await sweep(small.world)).toMatchObject({ failures: 1, latestEndingSeconds: expect.closeTo(300, -1) });
  });

  it('keeps nobody from being woken, though it be a whole page: whoever was ended in the ledger ends in truth', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(3600 + 60);
    const { listDue } = small.world.ledger;
    let pages = 0;
    small.world.ledger.listDue = async (...asked) => {
      pages += 1;
      if (pages % 2 === 0) throw new ServiceFault('database', 'InternalServerError', undefined);
      return { ...(await listDue(...asked)), cursor: 'the page that fails' };
    };
    await expect(sweep(small.world)).rejects.toMatchObject({ name: 'ServiceFault', code: 'InternalServerError' });
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('ended');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('is told of, though it be the wake-up for all that was found', async () => {
    const small = smallWorld();
    await active(small);
    small.clock.advance(3600);
    small.world.converger.failNext('wake');
    expect(await sweep(small.world)).toMatchObject({ ended: 1, failures: 1 });
  });

  it('is thrown when it cannot even see what is due: a sweep that does nothing must not look well', async () => {
    const small = smallWorld();
    small.world.ledger.failNext('listDue');
    await expect(sweep(small.world)).rejects.toMatchObject({ name: 'ServiceFault' });
  });
});

describe('workflows', () => {
  it('that never started are started', async () => {
    const small = smallWorld();
    small.world.workflow.failNext('start');
    const { id } = granted(await submit(small));
    expect(small.executions.started).toEqual([]);
    expect(await aMinuteLater(small)).toMatchObject({ workflowsRestarted: 1 });
    expect(small.executions.started).toHaveLength(1);
    expect(await aMinuteLater(small)).toMatchObject({ workflowsRestarted: 0 });
    expect(small.executions.started[0]).toContain(id);
  });

  it.each([
    [14, 0],
    [15, 1],
  ])('that died %i s after they were asked for are started again: %i', async (age, workflowsRestarted) => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    small.executions.stop(id);
    small.clock.advance(age);
    expect(await sweep(small.world)).toMatchObject({ workflowsRestarted });
  });

  it('that died are started anew, under another name', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    small.executions.stop(id);
    expect(await aMinuteLater(small)).toMatchObject({ workflowsRestarted: 1 });
    expect(new Set(small.executions.started).size).toBe(2);
  });

  it('of requests that are ending are left dead: the sweep itself sees to their end', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(60);
    granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
    small.executions.stop(request.id);
    expect(await sweep(small.world)).toMatchObject({ workflowsRestarted: 0 });
  });

  it('of requests that are over are left dead', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    granted(await cancelRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
    small.executions.stop(id);
    expect(await aMinuteLater(small)).toMatchObject({ workflowsRestarted: 0 });
  });

  it('that cannot be listed do not keep anything from ending', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(3600);
    small.world.workflow.failNext('running', { times: 100 });
    expect(await aMinuteLater(small)).toMatchObject({ ended: 1, workflowsRestarted: 0 });
    expect(await statusOf(small, request)).toBe('ended');
  });
});
