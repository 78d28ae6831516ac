/** How late the sweep says that the latest ending is: of requests, and of what is to go though no request waits for it. */
import { describe, expect, it } from 'vitest';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { EVE, PROD, removing, round, settledBaseline } from './drift-story.ts';
import { at, later, type SmallWorld, smallWorld } from './small-world.ts';
import { active, aMinuteLater, begun, convergeWoken, leaseIdFor, leaseOf, readRequest } from './story.ts';

describe('how late the latest ending is', () => {
  const refuseRemovals = (small: SmallWorld): void => {
    small.world.assignments.delete = async () => ({ kind: 'refused', code: 'AccessDeniedException', reason: 'no' });
  };
  const latenessOf = async (small: SmallWorld, minutes: number): Promise<readonly number[]> => {
    const late = [];
    for (let minute = 0; minute < minutes; minute += 1) late.push((await aMinuteLater(small)).latestEndingSeconds);
    return late;
  };

  it('is told of what is being granted, too, from its latest end on: it may be there though nobody has heard of it', async () => {
    const small = smallWorld({ writeMilliseconds: 3000 });
    const request = await begun(small);
    await convergeLease(small.world, leaseIdFor(request), later(small, 2));
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'granting', latestEnd: at('10:15') });
    const lateAt = async (time: string): Promise<number> => {
      small.clock.set(at(time));
      small.woken.length = 0;
      return (await sweep(small.world)).latestEndingSeconds;
    };
    expect([await lateAt('09:20'), await lateAt('10:15'), await lateAt('10:20')]).toEqual([0, 0, 300]);
    expect(small.identityCenter.list()).toHaveLength(1);
  });

  it('is told each minute of a drift removal that is refused, for which no request waits, until it is gone', async () => {
    const small = removing();
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    const { delete: remove } = small.world.assignments;
    refuseRemovals(small);
    expect(await round(small)).toMatchObject({ removals: 1 });
    const late = await latenessOf(small, 30);
    for (const [minute, seconds] of late.entries()) expect(seconds).toBeGreaterThanOrEqual(60 * (minute + 1));
    small.world.assignments.delete = remove;
    await latenessOf(small, 7);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await latenessOf(small, 2)).toEqual([0, 0]);
  });

  it('is told of a drift removal that nobody begins', async () => {
    const small = removing();
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    await round(small);
    small.clock.advance(600);
    expect((await sweep(small.world)).latestEndingSeconds).toBeGreaterThanOrEqual(600);
  });

  it('is told of a creation that was made too late, and is taken back', async () => {
    const small = smallWorld();
    const request = await begun(small);
    const { create } = small.world.assignments;
    small.world.assignments.create = async (principalId, target) => {
      const started = await create(principalId, target);
      // Others took over meanwhile, found nothing, and nobody waits any more.
      const { unheldSince: _, ...lease } = await leaseOf(small, request);
      await small.truth.commit({ leases: [{ ...lease, holds: [], state: { kind: 'vacant' } }] });
      return started;
    };
    refuseRemovals(small);
    await convergeLease(small.world, leaseIdFor(request), later(small, 30));
    small.woken.length = 0;
    const late = await latenessOf(small, 20);
    expect(small.identityCenter.list()).toHaveLength(1);
    expect(late.at(-1)).toBeGreaterThan(19 * 60);
  });

  it('is not told of a lease that a request waits for: the request tells', async () => {
    const small = smallWorld();
    const request = await active(small);
    refuseRemovals(small);
    small.clock.set(at('10:10'));
    const { latestEndingSeconds } = await aMinuteLater(small);
    const ended = await readRequest(small, request.id);
    expect(latestEndingSeconds).toBe(ended.status === 'ending' ? (at('10:11') - ended.endsAt) / 1000 : undefined);
  });

  it('need not be known for a lease to be looked at', async () => {
    const small = removing();
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    await round(small);
    small.woken.length = 0;
    small.world.ledger.failNext('readLease');
    expect(await sweep(small.world)).toMatchObject({ failures: 1 });
    await convergeWoken(small);
    expect(small.identityCenter.list()).toEqual([]);
  });
});
