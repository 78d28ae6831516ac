/** A converge run that dies anywhere is taken over, makes at most one assignment, and leaves nothing behind. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { type Death, runUntilDeath } from './dying.ts';
import { PEOPLE } from './small-policy.ts';
import { later, type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, granted, leaseIdFor, leaseOf, readRequest, statusOf } from './story.ts';

const MADE = 'id-ann 400000000001 Admin';
const DEATHS: readonly Death[] = ['before', 'after'];
/** More calls than any of these runs makes. */
const MOST_CALLS = 60;

const converge = (small: SmallWorld, request: AccessRequest) =>
  convergeLease(small.world, leaseIdFor(request), later(small, 60));

/** Converges now, and once more when nothing can come any more of calls whose outcome nobody learned. */
const convergeAndWaitItOut = async (small: SmallWorld, request: AccessRequest): Promise<void> => {
  await converge(small, request);
  expect(small.identityCenter.list()).not.toContain(MADE);
  small.clock.advance(120);
  await converge(small, request);
};

/** Runs a converge that dies at that call. */
const dieAt = (small: SmallWorld, request: AccessRequest, call: number, death: Death) =>
  runUntilDeath(small.world, call, death, (world) => convergeLease(world, leaseIdFor(request), later(small, 60)));

/** For every call at which the process may die, until it lives long enough to finish. */
const everyDeath = async (death: Death, story: (call: number) => Promise<'done' | 'died'>): Promise<number> => {
  for (let call = 1; call < MOST_CALLS; call += 1) {
    if ((await story(call)) === 'done') return call;
  }
  throw new Error(`a run that dies ${death} a call never finished`);
};

describe.each(DEATHS)('a run that dies %s any of its calls', (death) => {
  it('while granting: the next makes it usable, and its end takes all of it away', async () => {
    const runs = await everyDeath(death, async (call) => {
      const small = smallWorld();
      const request = await begun(small);
      const fate = await dieAt(small, request, call, death);
      small.clock.advance(30);
      await converge(small, request);
      expect(await readRequest(small, request.id)).toMatchObject({ status: 'active', standing: false });
      expect(small.identityCenter.list()).toEqual([MADE]);
      granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
      await convergeAndWaitItOut(small, request);
      expect(await statusOf(small, request)).toBe('ended');
      expect(small.identityCenter.list()).toEqual([]);
      return fate;
    });
    expect(runs).toBeGreaterThan(10);
  });

  it('while ending: the next takes it away', async () => {
    const runs = await everyDeath(death, async (call) => {
      const small = smallWorld();
      const request = await active(small);
      granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
      const fate = await dieAt(small, request, call, death);
      small.clock.advance(30);
      await convergeAndWaitItOut(small, request);
      expect(await statusOf(small, request)).toBe('ended');
      expect(small.identityCenter.list()).toEqual([]);
      expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'vacant' }, holds: [] });
      return fate;
    });
    expect(runs).toBeGreaterThan(5);
  });

  it('while granting, and is wanted by nobody afterwards: nothing is left', async () => {
    await everyDeath(death, async (call) => {
      const small = smallWorld();
      const request = await begun(small);
      const fate = await dieAt(small, request, call, death);
      granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
      small.clock.advance(30);
      await convergeAndWaitItOut(small, request);
      expect(await statusOf(small, request)).toBe('ended');
      expect(small.identityCenter.list()).toEqual([]);
      return fate;
    });
  });

  it('while granting what fails: it has failed only when nothing is left', async () => {
    await everyDeath(death, async (call) => {
      const small = smallWorld();
      const request = await begun(small);
      small.people.putPerson({ ...PEOPLE.ann, enabled: false });
      const fate = await dieAt(small, request, call, death);
      small.clock.advance(30);
      await convergeAndWaitItOut(small, request);
      expect(await statusOf(small, request)).toBe('failed');
      expect(small.identityCenter.list()).toEqual([]);
      return fate;
    });
  });

  it('beside a standing assignment: it stands', async () => {
    await everyDeath(death, async (call) => {
      const small = smallWorld();
      const request = await begun(small);
      small.identityCenter.assign('id-ann', request.target);
      const fate = await dieAt(small, request, call, death);
      small.clock.advance(30);
      await converge(small, request);
      granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
      await converge(small, request);
      expect(await statusOf(small, request)).toBe('ended');
      expect(small.identityCenter.list()).toEqual([MADE]);
      return fate;
    });
  });
});

describe('a call that nobody knows whether it was made', () => {
  it('is left to whoever claimed it for half a minute, then looked after', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.world.assignments.failNext('create', { times: 1000 });
    await convergeLease(small.world, leaseIdFor(request), later(small, 1));
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'creating' } });
    small.world.assignments.failNext('create', { times: 0 });
    expect(await converge(small, request)).toBe('unfinished');
    small.clock.advance(30);
    expect(await converge(small, request)).toBe('settled');
    expect(await statusOf(small, request)).toBe('active');
  });

  it('is waited for, if it was the first and there is time: whoever was to make it may have died', async () => {
    const small = smallWorld();
    const request = await active(small);
    granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
    small.world.assignments.failNext('delete');
    await convergeLease(small.world, leaseIdFor(request), later(small, 0.1));
    expect(small.identityCenter.list()).toEqual([MADE]);
    await convergeLease(small.world, leaseIdFor(request), later(small, 29));
    expect(small.identityCenter.list()).toEqual([MADE]);
    await converge(small, request);
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('went through, though its answer was lost: what is there is ours and goes at the end', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.world.assignments.failNext('create', { moment: 'after' });
    await converge(small, request);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'active', standing: false });
    granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
    await converge(small, request);
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('has an id that Identity Center no longer knows: the assignment itself is looked at', async () => {
    const small = smallWorld();
    const request = await begun(small);
    const forgetful = { ...small.world.assignments, creationStatus: async () => ({ kind: 'unknown' }) as const };
    await convergeLease({ ...small.world, assignments: forgetful }, leaseIdFor(request), later(small, 60));
    expect(await statusOf(small, request)).toBe('active');
  });
});

describe('a process that stood still for longer than it is waited for', () => {
  /** Calls of the method wait until they are let through. */
  const stuckIn = (small: SmallWorld, method: 'create' | 'delete') => {
    let letThrough = (): void => {};
    const gate = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const call = small.world.assignments[method];
    const stuck: typeof call = async (principalId, target) => {
      await gate;
      return call(principalId, target);
    };
    return { world: { ...small.world, assignments: { ...small.world.assignments, [method]: stuck } }, letThrough };
  };
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };

  it('and then creates what another has made and taken away meanwhile: it is taken away again', async () => {
    const small = smallWorld();
    const request = await begun(small);
    const { world, letThrough } = stuckIn(small, 'create');
    const stuck = convergeLease(world, leaseIdFor(request), later(small, 600));
    await turns();
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'creating' } });
    small.clock.advance(30);
    await converge(small, request);
    granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
    await convergeAndWaitItOut(small, request);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'vacant' } });
    letThrough();
    await stuck;
    small.clock.advance(60);
    await convergeAndWaitItOut(small, request);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'vacant' } });
  });
});
