/** Calls whose outcome nobody learned, and that take effect late: they neither leave access behind nor take it from others. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { alone, type Turn } from '../../lambda/use-cases/turn.ts';
import { PEOPLE } from './small-policy.ts';
import { later, type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, granted, leaseIdFor, leaseOf, readRequest, statusOf } from './story.ts';

const MADE = 'id-ann 400000000001 Admin';

const end = async ({ world }: SmallWorld, { id }: AccessRequest): Promise<void> =>
  void granted(await endRequest(world, { caller: PEOPLE.ann, requestId: id }));
const converge = (small: SmallWorld, request: AccessRequest, world = small.world) =>
  convergeLease(world, leaseIdFor(request), later(small, 60));

/** The next call of the method is told that it failed, and takes effect only when `arrive` is called. */
const arrivesLate = (small: SmallWorld, method: 'create' | 'delete') => {
  const call = small.world.assignments[method];
  let arrive = async (): Promise<unknown> => undefined;
  let calls = 0;
  const late: typeof call = async (principalId, target) => {
    calls += 1;
    if (calls > 1) return call(principalId, target);
    arrive = () => call(principalId, target);
    throw new ServiceFault('identity-center', 'TimeoutError', undefined);
  };
  const world = { ...small.world, assignments: { ...small.world.assignments, [method]: late } };
  return { world, arrive: () => arrive() };
};

/** A process that stands still for so long after it has stored what it is about to do. */
const standsStillFor = (small: SmallWorld, seconds: number): SmallWorld['world'] => ({
  ...small.world,
  ledger: {
    ...small.world.ledger,
    commit: async (commit) => {
      const result = await small.world.ledger.commit(commit);
      const isClaim = commit.leases?.some(({ state }) => 'operation' in state && state.operation.id === undefined);
      if (isClaim && !stood.has(small)) small.clock.advance(seconds);
      if (isClaim) stood.add(small);
      return result;
    },
  },
});
const stood = new WeakSet<SmallWorld>();

describe('a creation that comes late', () => {
  it('is taken away again, though its request ended in between and nothing was there', async () => {
    const small = smallWorld();
    const request = await begun(small);
    const { world, arrive } = arrivesLate(small, 'create');
    await convergeLease(world, leaseIdFor(request), later(small, 0.1));
    await end(small, request);
    small.clock.advance(30);
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('ending');
    await arrive();
    small.clock.advance(60);
    await converge(small, request);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await statusOf(small, request)).toBe('ended');
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'vacant' }, holds: [] });
  });

  it('is waited for as long as Identity Center says that something is under way', async () => {
    const small = smallWorld({ writeMilliseconds: Number.POSITIVE_INFINITY });
    const request = await begun(small);
    small.world.assignments.failNext('create', { moment: 'after' });
    await convergeLease(small.world, leaseIdFor(request), later(small, 0.1));
    await end(small, request);
    small.clock.advance(3600);
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('ending');
    small.identityCenter.settle();
    small.identityCenter.takeMilliseconds(1000);
    small.clock.advance(120);
    await converge(small, request);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await statusOf(small, request)).toBe('ended');
  });
});

describe('a removal that comes late', () => {
  it('does not take away what was granted anew: that waits until nothing can come any more', async () => {
    const small = smallWorld();
    const first = await active(small);
    await end(small, first);
    const { world, arrive } = arrivesLate(small, 'delete');
    await converge(small, first, world);
    expect(small.identityCenter.list()).toEqual([]);
    const second = await begun(small);
    await convergeWoken(small);
    expect(await statusOf(small, second)).toBe('granting');
    await arrive();
    small.clock.advance(120);
    await converge(small, second);
    expect(await statusOf(small, second)).toBe('active');
    expect(small.identityCenter.list()).toEqual([MADE]);
  });
});

describe('a process that stands still between storing what it is about to do and doing it', () => {
  it.each([
    ['does it, if it was not long', 4, 1],
    ['looks again first, if others may have come meanwhile', 5, 2],
  ])('%s', async (_what, seconds, claims) => {
    const small = smallWorld();
    const request = await begun(small);
    const before = small.stored.length;
    await converge(small, request, standsStillFor(small, seconds));
    const creating = small.stored
      .slice(before)
      .filter(({ leases = [] }) =>
        leases.some(({ state }) => state.kind === 'creating' && state.operation.id === undefined),
      );
    expect(creating).toHaveLength(claims);
    expect(await statusOf(small, request)).toBe('active');
  });
});

describe('a claim that waits long for its turn to be stored, behind another that hangs', () => {
  it('is not stored any more, and whoever wanted it then has nothing made by it', async () => {
    const small = smallWorld();
    const request = await begun(small);
    const turn: Turn = {
      ...alone(small.world),
      storeClaim: async (store) => {
        small.clock.advance(90);
        return store();
      },
    };
    await convergeLease(small.world, leaseIdFor(request), later(small, 60), turn);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'vacant' } });
    await converge(small, request);
    expect(await statusOf(small, request)).toBe('active');
  });
});

/** Identity Center as a process sees it that is asleep, half a minute or longer, when the answer of that call comes. */
const learnsLate = <Method extends 'create' | 'delete' | 'creationStatus'>(
  { world, clock }: SmallWorld,
  method: Method,
  answer: Awaited<ReturnType<SmallWorld['world']['assignments'][Method]>>,
  meanwhile: () => Promise<unknown>,
): SmallWorld['world'] => {
  const late = async () => {
    clock.advance(31);
    await meanwhile();
    return answer;
  };
  return { ...world, assignments: { ...world.assignments, [method]: late } };
};

describe('an answer that is learned when others have taken over', () => {
  const REFUSED = { kind: 'refused', code: 'AccessDeniedException', reason: 'no' } as const;
  /** Each minute the sweep, and whoever it wakes. */
  const minutesPass = async (small: SmallWorld, minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      small.clock.advance(60);
      await sweep(small.world);
      await convergeWoken(small);
    }
  };

  it('does not give up what they are creating: that a creation was refused', async () => {
    const small = smallWorld({ writeMilliseconds: 120_000 });
    const request = await begun(small);
    const takingOver = () => convergeLease(small.world, leaseIdFor(request), later(small, 5));
    await convergeLease(learnsLate(small, 'create', REFUSED, takingOver), leaseIdFor(request), later(small, 32));
    await minutesPass(small, 5);
    expect(await statusOf(small, request)).toBe('active');
    expect(small.identityCenter.list()).toEqual([MADE]);
    await end(small, request);
    await minutesPass(small, 5);
    expect(await statusOf(small, request)).toBe('ended');
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('does not give up what they are creating: that a creation failed', async () => {
    const small = smallWorld({ writeMilliseconds: 120_000 });
    const first = await begun(small);
    small.identityCenter.failNextWrite('the account is closing');
    await convergeLease(small.world, leaseIdFor(first), later(small, 1));
    let second = first;
    const takingOver = async () => {
      await minutesPass(small, 3);
      second = await begun(small);
      await convergeLease(small.world, leaseIdFor(first), later(small, 5));
    };
    const failed = { kind: 'failed', reason: 'the account is closing' } as const;
    await convergeLease(learnsLate(small, 'creationStatus', failed, takingOver), leaseIdFor(first), later(small, 32));
    expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['failed', 'granting']);
    await minutesPass(small, 5);
    expect(await statusOf(small, second)).toBe('active');
    await end(small, second);
    await minutesPass(small, 5);
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('does not take for gone what they have made since: that there was nothing to remove', async () => {
    const small = smallWorld();
    const first = await active(small);
    await end(small, first);
    small.identityCenter.unassign(PEOPLE.ann.id, first.target);
    let second = first;
    const takingOver = async () => {
      await minutesPass(small, 3);
      second = await active(small);
      await end(small, second);
      small.identityCenter.answerNextWrite(REFUSED);
      await convergeWoken(small);
    };
    const { assignments } = small.world;
    const world = learnsLate(small, 'delete', { kind: 'not-there' }, async () => undefined);
    let looks = 0;
    const isAssigned: typeof assignments.isAssigned = async (principalId, target) => {
      const seen = await assignments.isAssigned(principalId, target);
      looks += 1;
      if (looks === 1) await takingOver();
      return seen;
    };
    await convergeLease(
      { ...world, assignments: { ...world.assignments, isAssigned } },
      leaseIdFor(first),
      later(small, 32),
    );
    expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['ended', 'ending']);
    await minutesPass(small, 5);
    expect(await statusOf(small, second)).toBe('ended');
    expect(small.identityCenter.list()).toEqual([]);
  });
});

describe('a request that joins while another is being granted', () => {
  it('is judged itself before it becomes usable', async () => {
    const small = smallWorld({ writeMilliseconds: 5000 });
    const first = await begun(small);
    await convergeLease(small.world, leaseIdFor(first), later(small, 1));
    const second = await begun(small);
    small.people.putPerson({ ...PEOPLE.ann, enabled: false });
    small.clock.advance(10);
    await converge(small, second);
    small.clock.advance(120);
    await converge(small, second);
    expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['failed', 'failed']);
    expect(small.identityCenter.list()).toEqual([]);
  });
});

describe('a clock that is behind the one by which a request was ended', () => {
  it('does not keep the access until it has caught up', async () => {
    const small = smallWorld();
    const request = await active(small);
    await end(small, request);
    small.clock.advance(-30);
    expect(await convergeLease(small.world, leaseIdFor(request), later(small, 20))).toBe('settled');
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ended' });
    expect(small.identityCenter.list()).toEqual([]);
  });
});
