/** What Brevet did not make stays; what several requests hold goes with the last of them. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { endRequest, endRequestByClock } from '../../lambda/use-cases/end-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { PEOPLE } from './small-policy.ts';
import { later, type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, granted, leaseIdFor, leaseOf, readRequest, statusOf } from './story.ts';

const MADE = 'id-ann 400000000001 Admin';
const end = ({ world }: SmallWorld, { id }: AccessRequest) => endRequest(world, { caller: PEOPLE.ann, requestId: id });

describe('a standing assignment', () => {
  it('is left alone, and the request says so', async () => {
    const small = smallWorld();
    const asked = await begun(small);
    small.identityCenter.assign('id-ann', asked.target);
    await convergeWoken(small);
    const request = await readRequest(small, asked.id);
    expect(request).toMatchObject({ status: 'active', standing: true });
    granted(await end(small, request));
    await convergeWoken(small);
    expect(await readRequest(small, asked.id)).toMatchObject({ status: 'ended', standing: true });
    expect(small.identityCenter.list()).toEqual([MADE]);
    expect(await leaseOf(small, asked)).toMatchObject({ holds: [], state: { kind: 'vacant' } });
  });

  it('is decided anew for the next request, after the last has gone', async () => {
    const small = smallWorld();
    const first = await begun(small);
    small.identityCenter.assign('id-ann', first.target);
    await convergeWoken(small);
    granted(await end(small, first));
    await convergeWoken(small);
    small.identityCenter.unassign('id-ann', first.target);
    expect(await active(small)).toMatchObject({ status: 'active', standing: false });
  });

  it('of another person, account or permission set does not count', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.identityCenter.assign('id-bob', request.target);
    small.identityCenter.assign('id-ann', { ...request.target, accountId: '400000000002' });
    small.identityCenter.assign('id-ann', { ...request.target, permissionSetName: 'Database' });
    await convergeWoken(small);
    expect(await readRequest(small, request.id)).toMatchObject({ standing: false });
    granted(await end(small, request));
    await convergeWoken(small);
    expect(small.identityCenter.list()).toHaveLength(3);
    expect(small.identityCenter.list()).not.toContain(MADE);
  });
});

describe('overlapping requests', () => {
  it('share one assignment, which goes when the last hold ends', async () => {
    const small = smallWorld();
    const [first, second] = [await active(small), await active(small)];
    expect((await leaseOf(small, first)).holds).toHaveLength(2);
    granted(await end(small, first));
    await convergeWoken(small);
    expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['ended', 'active']);
    expect(small.identityCenter.list()).toEqual([MADE]);
    granted(await end(small, second));
    await convergeWoken(small);
    expect(await statusOf(small, second)).toBe('ended');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('become usable together when the first is still being granted', async () => {
    const small = smallWorld();
    const [first, second] = [await begun(small), await begun(small)];
    await convergeWoken(small);
    expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['active', 'active']);
  });

  it('an old timer never touches a newer hold', async () => {
    const small = smallWorld();
    const first = await active(small);
    small.clock.advance(3500);
    const second = await active(small);
    small.clock.advance(100);
    granted(await endRequestByClock(small.world, first.id));
    await convergeWoken(small);
    expect(await endRequestByClock(small.world, second.id)).toMatchObject({ refused: 'request_not_due' });
    expect(await statusOf(small, second)).toBe('active');
    expect(small.identityCenter.list()).toEqual([MADE]);
  });

  it('one that begins while the assignment is being removed gets a new one', async () => {
    const small = smallWorld({ writeMilliseconds: 5000 });
    const first = await active(small);
    granted(await end(small, first));
    await convergeLease(small.world, leaseIdFor(first), later(small, 0.1));
    expect((await leaseOf(small, first)).state.kind).toBe('deleting');
    const second = await begun(small);
    await convergeWoken(small);
    expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['ended', 'active']);
    expect(small.identityCenter.list()).toEqual([MADE]);
  });

  it('one that waits does not end another while its assignment, which is being taken away, is there', async () => {
    const small = smallWorld();
    const first = await active(small);
    small.clock.advance(3600);
    granted(await endRequestByClock(small.world, first.id));
    const refuse = async () => ({ kind: 'refused', code: 'AccessDeniedException', reason: 'no' }) as const;
    const { delete: remove } = small.world.assignments;
    small.world.assignments.delete = refuse;
    await convergeWoken(small);
    const second = await begun(small);
    for (let minute = 1; minute <= 16; minute += 1) {
      small.clock.advance(60);
      expect(await sweep(small.world)).toMatchObject({ latestEndingSeconds: expect.closeTo(60 * minute, -2) });
      await convergeWoken(small);
      expect(await statusOf(small, first)).toBe('ending');
    }
    small.world.assignments.delete = remove;
    small.clock.advance(300);
    await sweep(small.world);
    await convergeWoken(small);
    expect(small.identityCenter.list()).toEqual([]);
    expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['ended', 'failed']);
    const { endedAt } = (await readRequest(small, first.id)) as { endedAt?: number };
    expect(endedAt).toBeGreaterThanOrEqual(small.clock.now() - 60_000);
  });

  it('one that joins what somebody took away gets a new one', async () => {
    const small = smallWorld();
    const first = await active(small);
    small.identityCenter.unassign('id-ann', first.target);
    const second = await active(small);
    expect(second.status).toBe('active');
    expect(small.identityCenter.list()).toEqual([MADE]);
  });
});
