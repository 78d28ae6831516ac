/** Extending: judged anew, approved anew where it must be, and never longer than the longest in all. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { endRequest, endRequestByClock } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { showRequest } from '../../lambda/use-cases/show-request.ts';
import { ACCOUNTS, type Name, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { type at, type SmallWorld, smallWorld } from './small-world.ts';
import { active, approveExtension, decide, granted, leaseOf, readRequest, seconds } from './story.ts';

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
    granted(await approveExtension(small, id, 'lea'));
    expect(await endOf(small, id)).toBe(before + 1_800_000);
    expect(await readRequest(small, id)).not.toHaveProperty('extension');
  });

  it('lets an approver shorten it', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    const before = await endOf(small, id);
    granted(await extend(small, id, 1800));
    granted(await approveExtension(small, id, 'leo', { durationSeconds: seconds(600) }));
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
    expect(await approveExtension(small, id, 'leo')).toMatchObject({ refused: 'request_not_pending' });
    expect(await endRequestByClock(small.world, id)).toMatchObject({ status: 'ending' });
  });

  it('is refused once the request has had so many events, and it ends on time all the same', async () => {
    const small = smallWorld({ limits: { eventsBeforeExtension: 8 } });
    const { id } = await active(small, SANDBOX);
    let extended = 0;
    while (!isRefusal(await extend(small, id, 1))) extended += 1;
    expect(extended).toBeGreaterThan(2);
    expect((await readRequest(small, id)).trail.count).toBe(8);
    expect(await extend(small, id, 1)).toMatchObject({ refused: 'too_many_extensions', facts: { maximum: 8 } });
    small.clock.set((await endOf(small, id)) as ReturnType<typeof at>);
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
    expect(await approveExtension(small, id, 'leo')).toMatchObject({ refused: 'duration_too_long' });
  });

  /** A second rule for the same, which asks more people. */
  const STRICTER = `
  - name: on-call
    who: { groups: [oncallers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [Admin] }
    max_duration: 4h
    approval: { groups: [leads, seconds], required: 2 }
`;

  it('does not serve another rule, which asks more people, once the rule by which it was asked for lets it no more', async () => {
    const small = smallWorld();
    small.people.putGroup({ id: 'group-oncallers', name: 'oncallers', memberIds: ['id-ann'] });
    small.published.publish(policyOf(`${POLICY_TEXT}${STRICTER.slice(1)}`));
    const { id } = await active(small);
    const before = await endOf(small, id);
    granted(await extend(small, id, 3600));
    small.people.putGroup({ id: 'group-engineers', name: 'engineers', memberIds: ['id-bob'] });
    expect(await approveExtension(small, id, 'leo')).toMatchObject({ refused: 'not_eligible' });
    expect(await endOf(small, id)).toBe(before);
    granted(await decide(small, id, 'leo', 'reject'));
    granted(await extend(small, id, 3600));
    granted(await approveExtension(small, id, 'leo'));
    expect(await endOf(small, id)).toBe(before);
    granted(await approveExtension(small, id, 'sam'));
    expect(await endOf(small, id)).toBe(before + 3_600_000);
  });

  it('is not enough where a floor has come to hold that asks more people', async () => {
    const small = smallWorld();
    const guardrails = `
guardrails:
  - name: cardholder-data
    what: { accounts: { tags: { dataClass: [cardholder] } } }
    floor: { min_approvals: 2 }
`;
    small.accounts.putAccount({ ...ACCOUNTS.prod, tags: {} });
    small.published.publish(policyOf(`${POLICY_TEXT}${guardrails.slice(1)}`));
    const { id } = await active(small);
    granted(await extend(small, id, 3600));
    small.accounts.putAccount({ ...ACCOUNTS.prod, tags: { dataClass: 'cardholder' } });
    expect(await approveExtension(small, id, 'leo')).toMatchObject({ refused: 'not_eligible' });
    expect(await decide(small, id, 'leo', 'reject')).toMatchObject({ status: 'active' });
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
    expect(await approveExtension(small, id, 'leo')).toMatchObject({ status: 'active' });
  });
});

describe('an extension by another rule, whose approvers were not asked for the request', () => {
  /** Ten minutes that nobody approves; whatever is longer is the leads' to approve. */
  const extending = async (small: SmallWorld) => {
    const { id } = await active(small, { wish: { durationSeconds: seconds(600), ticket: 'INC-1' } });
    granted(await extend(small, id, 3600));
    return id;
  };
  const end = ({ world }: SmallWorld, requestId: string, by: Name) =>
    endRequest(world, { caller: PEOPLE[by], requestId });
  const youMay = async ({ world }: SmallWorld, requestId: string, by: Name) => {
    const shown = await showRequest(world, { caller: PEOPLE[by], requestId });
    return isRefusal(shown) ? shown.refused : shown.youMay;
  };

  it('makes those who were asked approvers of the request, who see it and can end it, before they decide', async () => {
    const small = smallWorld();
    const id = await extending(small);
    expect(await youMay(small, id, 'lea')).toEqual(['approve', 'reject', 'end']);
    expect(await youMay(small, id, 'sam')).toBe('request_unknown');
    expect(await end(small, id, 'lea')).toMatchObject({ status: 'ending' });
    expect(await youMay(small, id, 'lea')).toEqual([]);
  });

  it.each(['approve', 'reject'] as const)('leaves them that when they have said: %s', async (choice) => {
    const small = smallWorld();
    const id = await extending(small);
    granted(await (choice === 'approve' ? approveExtension(small, id, 'leo') : decide(small, id, 'leo', choice)));
    for (const by of ['leo', 'lea'] as const) expect(await youMay(small, id, by)).toEqual(['end']);
    expect(await end(small, id, 'sam')).toMatchObject({ refused: 'not_permitted' });
    expect(await end(small, id, 'leo')).toMatchObject({ status: 'ending' });
  });

  it('leaves it to whoever decided, though they have left the group since', async () => {
    const small = smallWorld();
    const id = await extending(small);
    granted(await approveExtension(small, id, 'leo'));
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: ['id-lea'] });
    expect(await youMay(small, id, 'leo')).toEqual(['end']);
    expect(await end(small, id, 'leo')).toMatchObject({ status: 'ending' });
  });

  it('keeps them through the next extension, each group once', async () => {
    const small = smallWorld();
    const id = await extending(small);
    granted(await approveExtension(small, id, 'leo'));
    granted(await extend(small, id, 600));
    granted(await approveExtension(small, id, 'lea'));
    expect(await readRequest(small, id)).toMatchObject({
      extensionApprovers: { groups: [{ id: 'group-leads', name: 'leads' }], voterIds: ['id-leo', 'id-lea'] },
    });
  });
});
