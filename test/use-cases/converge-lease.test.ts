/** Converging: what is granted becomes usable, what fails or ends leaves nothing, whatever Identity Center answers. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { PEOPLE } from './small-policy.ts';
import { at, later, type SmallWorld, smallWorld } from './small-world.ts';
import {
  active,
  begun,
  convergeWoken,
  granted,
  kindsOf,
  leaseIdFor,
  leaseOf,
  readRequest,
  seconds,
  statusOf,
} from './story.ts';

const MADE = 'id-ann 400000000001 Admin';
const end = ({ world }: SmallWorld, { id }: AccessRequest) => endRequest(world, { caller: PEOPLE.ann, requestId: id });
const converge = (small: SmallWorld, request: AccessRequest, forSeconds = 60) =>
  convergeLease(small.world, leaseIdFor(request), later(small, forSeconds));

describe('granting', () => {
  it('makes the assignment, and the clock starts when it is usable', async () => {
    const small = smallWorld({ writeMilliseconds: 5000 });
    const request = await begun(small);
    const before = small.clock.now();
    expect(await converge(small, request)).toBe('settled');
    const usable = await readRequest(small, request.id);
    if (usable.status !== 'active') throw new Error(usable.status);
    expect(usable.activeSince).toBeGreaterThan(before);
    expect(usable.endsAt % 1000).toBe(0);
    expect(usable.endsAt).toBeLessThanOrEqual(usable.activeSince + 3_600_000);
    expect(usable.endsAt).toBeGreaterThan(usable.activeSince + 3_599_000);
    expect(usable.standing).toBe(false);
    expect(small.identityCenter.list()).toEqual([MADE]);
    expect(await leaseOf(small, request)).toMatchObject({
      state: { kind: 'held' },
      holds: [{ requestId: request.id, endsAt: usable.endsAt }],
    });
    expect(await kindsOf(small, request)).toEqual(['asked', 'voted', 'grant-begun', 'became-usable']);
  });

  it('is not usable while Identity Center is at it', async () => {
    const small = smallWorld({ writeMilliseconds: Number.POSITIVE_INFINITY });
    const request = await begun(small);
    expect(await converge(small, request)).toBe('unfinished');
    expect(await statusOf(small, request)).toBe('granting');
  });

  it('keeps a scheduled window absolute', async () => {
    const small = smallWorld({ writeMilliseconds: 5000 });
    const request = await active(small, { wish: { start: at('09:00') } });
    expect(request).toMatchObject({ status: 'active', endsAt: at('10:00') });
  });

  it('makes nothing when all that wanted it is over by the time that it was looked and judged', async () => {
    const small = smallWorld();
    const request = await begun(small);
    const { create, isAssigned } = small.world.assignments;
    const created: string[] = [];
    small.world.assignments.isAssigned = async (...asked) => {
      small.clock.advance(2 * 3600);
      return isAssigned(...asked);
    };
    small.world.assignments.create = async (principalId, target) => {
      created.push(principalId);
      return create(principalId, target);
    };
    expect(await converge(small, request, 5 * 3600)).toBe('settled');
    expect(created).toEqual([]);
    expect(await statusOf(small, request)).toBe('failed');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('does nothing for a lease that nobody ever held', async () => {
    const small = smallWorld();
    expect(await convergeLease(small.world, 'id-ann/account/400000000001/ps-1', later(small, 60))).toBe('settled');
    expect(small.stored).toEqual([]);
  });

  it('does nothing when it is woken again and again', async () => {
    const small = smallWorld();
    const request = await active(small);
    const commits = small.stored.length;
    for (let time = 0; time < 3; time += 1) expect(await converge(small, request)).toBe('settled');
    expect(small.stored).toHaveLength(commits);
  });
});

describe('a grant that fails', () => {
  it('fails with the reason of Identity Center, once the lease is confirmed gone', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.identityCenter.failNextWrite('the account is closing');
    await converge(small, request);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'failed', reason: 'the account is closing' });
    expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'vacant' } });
    expect(await kindsOf(small, request)).toEqual(['asked', 'voted', 'grant-begun', 'grant-failed', 'gone']);
  });

  it('has not failed before: while nobody can see that nothing is there it is ending', async () => {
    const small = smallWorld({ writeMilliseconds: 0 });
    const request = await begun(small);
    small.identityCenter.failNextWrite('the account is closing');
    const { isAssigned } = small.world.assignments;
    const seenOnce: typeof isAssigned = async (...given) => {
      const seen = await isAssigned(...given);
      small.world.assignments.failNext('isAssigned', { times: 1000 });
      return seen;
    };
    const assignments = { ...small.world.assignments, isAssigned: seenOnce };
    await convergeLease({ ...small.world, assignments }, leaseIdFor(request), later(small, 60));
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ending', cause: { kind: 'grant-failed' } });
  });

  it.each([
    [{ kind: 'refused', code: 'AccessDeniedException', reason: 'no' }, 'AccessDeniedException: no'],
    [{ kind: 'refused', code: 'ServiceQuotaExceededException', reason: 'full' }, 'ServiceQuotaExceededException: full'],
    [{ kind: 'not-there' }, 'the account or user is not there'],
  ] as const)('fails when it is answered %j', async (answer, reason) => {
    const small = smallWorld();
    const request = await begun(small);
    small.identityCenter.answerNextWrite(answer);
    await converge(small, request);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'failed', reason });
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('is refused after a call of which nobody knows: what that call still makes is taken away again', async () => {
    const small = smallWorld({ writeMilliseconds: 40_000 });
    const request = await begun(small);
    small.world.assignments.failNext('create', { moment: 'after' });
    await convergeLease(small.world, leaseIdFor(request), later(small, 0.1));
    small.identityCenter.answerNextWrite({ kind: 'refused', code: 'AccessDeniedException', reason: 'no' });
    for (let look = 0; look < 10; look += 1) {
      small.clock.advance(31);
      await converge(small, request, 1);
    }
    expect(await statusOf(small, request)).toBe('failed');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('is tried again while Identity Center is busy', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.identityCenter.answerNextWrite({ kind: 'busy', code: 'ConflictException' });
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('active');
  });

  it.each([
    ['create', 'creationStatus', 60],
    ['delete', 'deletionStatus', 20],
  ] as const)(
    'does not call %s without a pause, though it is never known what came of it',
    async (write, status, most) => {
      const small = smallWorld();
      const request = await (write === 'create' ? begun(small) : active(small));
      if (write === 'delete') granted(await end(small, request));
      let calls = 0;
      const assignments = {
        ...small.world.assignments,
        isAssigned: async () => write === 'delete',
        [write]: async () => {
          calls += 1;
          return { kind: 'started', operationId: `call ${calls}`, status: { kind: 'in-progress' } };
        },
        [status]: async () => ({ kind: 'unknown' }),
      };
      await convergeLease({ ...small.world, assignments }, leaseIdFor(request), later(small, 60));
      expect(calls).toBeGreaterThan(5);
      expect(calls).toBeLessThanOrEqual(most);
    },
  );

  it('is given up at the deadline: then nothing is left', async () => {
    const small = smallWorld({ writeMilliseconds: Number.POSITIVE_INFINITY });
    const request = await begun(small);
    await converge(small, request, 20 * 60);
    expect(await statusOf(small, request)).toBe('ending');
    small.identityCenter.takeMilliseconds(1000);
    await converge(small, request);
    expect(await readRequest(small, request.id)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^not usable before/),
    });
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('is given up at the deadline though Identity Center never answered', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.world.assignments.failNext('isAssigned', { times: 100 });
    small.clock.advance(15 * 60);
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('failed');
  });

  it('does not go through when the window closes before it is usable', async () => {
    const small = smallWorld();
    const request = await begun(small, { wish: { start: at('09:00'), durationSeconds: seconds(60) } });
    small.clock.advance(60);
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('failed');
    expect(small.identityCenter.list()).toEqual([]);
  });
});

describe('ending', () => {
  it('takes the assignment away when the time has come, even if nobody had said so', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(3600);
    await converge(small, request);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ended', cause: { kind: 'window-closed' } });
    expect(small.identityCenter.list()).toEqual([]);
  });

  it.each([
    [
      'is busy',
      (small: SmallWorld) => small.identityCenter.answerNextWrite({ kind: 'busy', code: 'ConflictException' }),
    ],
    ['fails late', (small: SmallWorld) => small.identityCenter.failNextWrite('internal error')],
    ['does not answer', (small: SmallWorld) => small.world.assignments.failNext('delete')],
    [
      'did it and does not answer',
      (small: SmallWorld) => small.world.assignments.failNext('delete', { moment: 'after' }),
    ],
    ['does not know the call', (small: SmallWorld) => small.world.assignments.failNext('deletionStatus')],
  ])('goes on when Identity Center %s', async (_what, breakIt) => {
    const small = smallWorld();
    const request = await active(small);
    granted(await end(small, request));
    breakIt(small);
    await converge(small, request);
    expect(small.identityCenter.list()).toEqual([]);
    // What nobody learned the outcome of may still come: the request is over when it cannot any more.
    small.clock.advance(90);
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('ended');
  });

  it('is not over, and warns, while Identity Center refuses to remove it; and goes on later', async () => {
    const small = smallWorld();
    const request = await active(small);
    granted(await end(small, request));
    small.identityCenter.answerNextWrite({ kind: 'refused', code: 'AccessDeniedException', reason: 'no' });
    expect(await converge(small, request)).toBe('unfinished');
    expect(await statusOf(small, request)).toBe('ending');
    expect(small.warnings).toHaveLength(1);
    small.clock.advance(30);
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('ended');
  });

  it('is over when there is nothing to remove', async () => {
    const small = smallWorld();
    const request = await active(small);
    granted(await end(small, request));
    small.identityCenter.unassign('id-ann', request.target);
    small.identityCenter.answerNextWrite({ kind: 'not-there' });
    expect(await converge(small, request)).toBe('settled');
    expect(await statusOf(small, request)).toBe('ended');
  });
});

describe('a hold of a request that does not hold', () => {
  it('is dropped, and what nobody holds then goes', async () => {
    const small = smallWorld();
    const request = await active(small);
    granted(await end(small, request));
    await convergeWoken(small);
    const stray = [request.id, '01KAQ000000000000000000009'].map((requestId) => ({ requestId, endsAt: at('23:00') }));
    const lease = await leaseOf(small, request);
    await small.world.ledger.commit({ leases: [{ ...lease, state: { kind: 'held' }, holds: stray }] });
    small.identityCenter.assign('id-ann', request.target);
    await converge(small, request);
    expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'vacant' } });
    expect(small.identityCenter.list()).toEqual([]);
  });
});
