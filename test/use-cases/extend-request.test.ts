/** Extending: judged anew, approved anew where it must be, and never longer than the longest in all. */
import { describe, expect, it } from 'vitest';
import { endRequestByClock } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { type Name, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { type at, type SmallWorld, smallWorld } from './small-world.ts';
import { active, decide, granted, leaseOf, readRequest, seconds } from './story.ts';

const SANDBOX = { account: 'sandbox' } as const;
const extend = ({ world }: SmallWorld, requestId: string, count: number, by: Name = 'ann') =>
  extendRequest(world, { caller: PEOPLE[by], requestId, durationSeconds: seconds(count) });
const endOf = async (small: SmallWorld, id: string): Promise<number> => {
  const request = await readRequest(small, id);
  return request.status === 'active' ? request.endsAt : 0;
};

describe('extendRequest', () => {
  it('moves the end and the hold at once where nobody must approve', async () => {
    const small = smallWorld();
    const { id } = await active(small, SANDBOX);
    const before = await endOf(small, id);
    const extended = granted(await extend(small, id, 1800));
    expect(await endOf(small, id)).toBe(before + 1_800_000);
    expect((await leaseOf(small, extended)).holds).toEqual([{ requestId: id, endsAt: before + 1_800_000 }]);
  });

  it('waits for approval where it must be approved, and the end stays until then', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    const before = await endOf(small, id);
    expect(await extend(small, id, 1800)).toMatchObject({
      status: 'active',
      extension: { durationSeconds: 1800, votes: [] },
    });
    expect(await endOf(small, id)).toBe(before);
    granted(await decide(small, id, 'lea'));
    expect(await endOf(small, id)).toBe(before + 1_800_000);
    expect(await readRequest(small, id)).not.toHaveProperty('extension');
  });

  it('lets an approver shorten it', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    const before = await endOf(small, id);
    granted(await extend(small, id, 1800));
    granted(await decide(small, id, 'leo', 'approve', { durationSeconds: seconds(600) }));
    expect(await endOf(small, id)).toBe(before + 600_000);
  });

  it('goes on to its end when the extension is rejected, and can be asked for again', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    const before = await endOf(small, id);
    granted(await extend(small, id, 1800));
    granted(await decide(small, id, 'leo', 'reject'));
    expect(await endOf(small, id)).toBe(before);
    expect(await extend(small, id, 600)).toMatchObject({ extension: { durationSeconds: 600 } });
  });

  it('ends on time when nobody decides', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    granted(await extend(small, id, 1800));
    small.clock.set((await endOf(small, id)) as ReturnType<typeof at>);
    expect(await decide(small, id, 'leo')).toMatchObject({ refused: 'request_not_pending' });
    expect(await endRequestByClock(small.world, id)).toMatchObject({ status: 'ending' });
  });

  it('never takes the total beyond the longest, and says how much is left', async () => {
    const small = smallWorld();
    const { id } = await active(small, SANDBOX);
    granted(await extend(small, id, 6 * 3600));
    expect(await extend(small, id, 3601)).toMatchObject({
      refused: 'extension_too_long',
      facts: { maximumSeconds: 28_800, leftSeconds: 3600 },
    });
    expect(await extend(small, id, 3600)).toMatchObject({ status: 'active' });
    expect(await extend(small, id, 1)).toMatchObject({ refused: 'extension_too_long', facts: { leftSeconds: 0 } });
  });

  it.each(['leo', 'bob', 'ada'] as const)('refuses %s, who did not ask', async (by) => {
    const small = smallWorld();
    const { id } = await active(small);
    expect(await extend(small, id, 60, by)).toMatchObject({ refused: 'not_permitted' });
  });

  it('refuses somebody whom the policy no longer lets ask', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    small.people.putGroup({ id: 'group-engineers', name: 'engineers', memberIds: [] });
    expect(await extend(small, id, 60)).toMatchObject({ refused: 'not_eligible' });
  });

  it('refuses at the end, to the millisecond', async () => {
    const small = smallWorld();
    const { id } = await active(small, SANDBOX);
    small.clock.set((await endOf(small, id)) as ReturnType<typeof at>);
    expect(await extend(small, id, 60)).toMatchObject({ refused: 'request_not_extendable' });
  });
});

describe('the approval of an extension', () => {
  it('is nobody’s own', async () => {
    const small = smallWorld();
    const { id } = await active(small, { by: 'lea' });
    granted(await extend(small, id, 60, 'lea'));
    expect(await decide(small, id, 'lea')).toMatchObject({ refused: 'self_approval' });
  });

  it('is refused when the policy allows less by now', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    granted(await extend(small, id, 2 * 3600));
    small.published.publish(policyOf(POLICY_TEXT.replace('max_duration: 4h', 'max_duration: 2h')));
    expect(await decide(small, id, 'leo')).toMatchObject({ refused: 'duration_too_long' });
  });

  it('needs somebody who could give it', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: [] });
    expect(await extend(small, id, 60)).toMatchObject({ refused: 'no_approver' });
  });

  it('counts the person who approved the request again: it is another question', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    granted(await extend(small, id, 60));
    expect(await decide(small, id, 'leo')).toMatchObject({ status: 'active' });
  });
});
