/** Others took away what a request holds, and its person asks again: the new one is judged and made, and the old one gets nothing by it. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { lookForDrift } from '../../lambda/use-cases/look-for-drift.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { later, type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, granted, kindsOf, leaseIdFor, leaseOf, readRequest, seconds } from './story.ts';

const FOUR_HOURS = { wish: { durationSeconds: seconds(4 * 3600) } };

/** Ann had access for four hours, and somebody took it away. */
const robbed = async (small: SmallWorld): Promise<AccessRequest> => {
  const first = await active(small, FOUR_HOURS);
  small.identityCenter.unassign(first.requester.id, first.target);
  return first;
};
const end = async (small: SmallWorld, { id }: AccessRequest): Promise<void> => {
  granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
  await convergeWoken(small);
};
const minutes = async (small: SmallWorld, count: number): Promise<void> => {
  for (let minute = 0; minute < count; minute += 1) {
    small.clock.advance(60);
    await sweep(small.world);
    await convergeWoken(small);
  }
};
const counting = (small: SmallWorld, create: SmallWorld['world']['assignments']['create']) => {
  const calls = { created: 0 };
  small.world.assignments.create = (principalId, target) => {
    calls.created += 1;
    // So that a run comes to its deadline that calls again and again.
    small.clock.advance(1);
    return create(principalId, target);
  };
  return calls;
};

describe('whoever has lost their access to others', () => {
  it('is told so by whoever notices first: the mark and the event come with the lease that begins anew', async () => {
    const small = smallWorld();
    const first = await robbed(small);
    const second = await active(small);
    const changed = await readRequest(small, first.id);
    expect(changed).toMatchObject({ status: 'active', externallyModified: { change: 'removed' } });
    expect(await kindsOf(small, first)).toContain('changed-outside');
    expect(await readRequest(small, second.id)).toMatchObject({ status: 'active' });
    expect(await kindsOf(small, second)).not.toContain('changed-outside');
  });

  it('is told so once, though calls of unknown outcome may still take effect', async () => {
    const small = smallWorld();
    const first = await robbed(small);
    const lease = await leaseOf(small, first);
    await small.truth.commit({
      leases: [{ ...lease, state: { kind: 'held', unsettledUntil: later(small, 60) } }],
    });
    const second = await begun(small);
    await convergeWoken(small);
    await minutes(small, 3);
    expect(await readRequest(small, second.id)).toMatchObject({ status: 'active' });
    expect((await kindsOf(small, first)).filter((kind) => kind === 'changed-outside')).toHaveLength(1);
  });

  const meanwhile = (small: SmallWorld, change: () => Promise<unknown>): void => {
    const { commit } = small.world.ledger;
    let isChanged = false;
    small.world.ledger.commit = async (given) => {
      const isMark = given.requests?.some(({ events }) => events.some(({ kind }) => kind === 'changed-outside'));
      if (isMark && !isChanged) {
        isChanged = true;
        await change();
      }
      return commit(given);
    };
  };

  const look = (small: SmallWorld, { requester, target }: AccessRequest) =>
    lookForDrift(small.world, { target, isElevatable: true, holders: [requester.id], known: [] });

  it('is told so by a look for drift, though the lease is changed at the very moment', async () => {
    const small = smallWorld();
    const first = await robbed(small);
    meanwhile(small, async () => {
      const lease = await leaseOf(small, first);
      await small.truth.commit({ leases: [lease] });
    });
    await look(small, first);
    expect(await readRequest(small, first.id)).toMatchObject({ externallyModified: { change: 'removed' } });
  });

  it('is not told so of another assignment, which was made at the very moment', async () => {
    const small = smallWorld();
    const first = await robbed(small);
    meanwhile(small, async () => {
      const lease = await leaseOf(small, first);
      await small.truth.commit({ leases: [{ ...lease, state: { kind: 'held', creationId: 'another' } }] });
    });
    await look(small, first);
    expect((await readRequest(small, first.id)).externallyModified).toBeUndefined();
  });

  it('does not have it made again when the one who joined is refused, and nobody calls for ever', async () => {
    const small = smallWorld();
    const first = await robbed(small);
    const second = await begun(small);
    const calls = counting(small, async () => ({
      kind: 'refused',
      code: 'ServiceQuotaExceededException',
      reason: 'enough',
    }));
    expect(await convergeLease(small.world, leaseIdFor(second), later(small, 60))).toBe('settled');
    await minutes(small, 10);
    expect(calls.created).toBe(1);
    expect(await readRequest(small, second.id)).toMatchObject({ status: 'failed' });
    expect(await readRequest(small, first.id)).toMatchObject({ status: 'active' });
    expect(await leaseOf(small, first)).toMatchObject({ state: { kind: 'vacant' } });
  });

  it.each(['before it is looked for', 'before it is called for'] as const)(
    'does not have it made again when the one who joined ends %s, and the policy lets nobody in any more',
    async (moment) => {
      const small = smallWorld();
      const first = await robbed(small);
      const second = await begun(small);
      const calls = counting(small, small.world.assignments.create);
      const { commit } = small.world.ledger;
      const state = moment === 'before it is looked for' ? 'vacant' : 'creating';
      let isEnded = false;
      small.world.ledger.commit = async (change) => {
        const result = await commit(change);
        if (isEnded || change.leases?.[0]?.state.kind !== state) return result;
        isEnded = true;
        granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: second.id }));
        small.published.publish(policyOf(POLICY_TEXT.replaceAll('groups: [engineers]', 'groups: [auditors]')));
        // Whoever was about to call has died.
        if (state === 'creating') small.clock.advance(10);
        return result;
      };
      await convergeLease(small.world, leaseIdFor(second), later(small, 60));
      await minutes(small, 5);
      expect(isEnded).toBe(true);
      expect(calls.created).toBe(0);
      expect(small.identityCenter.list()).toEqual([]);
      expect(await readRequest(small, second.id)).toMatchObject({ status: 'ended' });
      expect(await readRequest(small, first.id)).toMatchObject({ status: 'active' });
    },
  );

  it('keeps nothing of what was made for the one who joined: it goes with that', async () => {
    const small = smallWorld();
    const first = await robbed(small);
    const second = await active(small);
    expect(small.identityCenter.list()).toHaveLength(1);
    await end(small, second);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await readRequest(small, second.id)).toMatchObject({ status: 'ended' });
    expect(await readRequest(small, first.id)).toMatchObject({ status: 'active' });
  });

  it('keeps nothing of what was made for one that ends while it is being made', async () => {
    const small = smallWorld({ writeMilliseconds: 5000 });
    const first = await robbed(small);
    const second = await begun(small);
    await convergeLease(small.world, leaseIdFor(second), later(small, 1));
    expect((await leaseOf(small, first)).state.kind).toBe('creating');
    await end(small, second);
    expect(await readRequest(small, second.id)).toMatchObject({ status: 'ended' });
    expect(small.identityCenter.list()).toEqual([]);
    expect(await leaseOf(small, first)).toMatchObject({ state: { kind: 'vacant' } });
  });

  it('does not get it back by more time, and takes nothing from who joined when it ends', async () => {
    const small = smallWorld();
    const first = await active(small, { wish: { durationSeconds: seconds(1800) }, account: 'sandbox' });
    small.identityCenter.unassign(first.requester.id, first.target);
    const second = await active(small, { account: 'sandbox' });
    granted(
      await extendRequest(small.world, { caller: PEOPLE.ann, requestId: first.id, durationSeconds: seconds(600) }),
    );
    await minutes(small, 41);
    expect(await readRequest(small, first.id)).toMatchObject({ status: 'ended' });
    expect(await readRequest(small, second.id)).toMatchObject({ status: 'active' });
    expect(small.identityCenter.list()).toHaveLength(1);
    await minutes(small, 21);
    expect(await readRequest(small, second.id)).toMatchObject({ status: 'ended' });
    expect(small.identityCenter.list()).toEqual([]);
  });
});
