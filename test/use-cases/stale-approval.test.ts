/** Approvers decide on what they saw: an approval meant for the request, or for another extension, gives no more time. */
import { describe, expect, it } from 'vitest';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { type Name, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { active, decide, granted, readRequest, seconds, submit } from './story.ts';

const extend = ({ world }: SmallWorld, requestId: string, count: number) =>
  extendRequest(world, { caller: PEOPLE.ann, requestId, durationSeconds: seconds(count) });
const endOf = async (small: SmallWorld, id: string): Promise<number> => {
  const request = await readRequest(small, id);
  return request.status === 'active' ? request.endsAt : 0;
};

describe('an approval meant for something else', () => {
  /** An hour, of which Leo approved; the clock is in the first minutes. */
  const extending = async (count: number) => {
    const small = smallWorld();
    const { id } = await active(small);
    granted(await extend(small, id, count));
    return { small, id, before: await endOf(small, id) };
  };
  const approving = (small: SmallWorld, id: string, by: Name, extendTo: number) =>
    decide(small, id, by, 'approve', { extendTo: seconds(extendTo) });

  it('gives no more time: whoever still has the request before them is told what waits', async () => {
    const { small, id } = await extending(3 * 3600);
    const before = await readRequest(small, id);
    expect(await decide(small, id, 'lea')).toMatchObject({
      refused: 'not_what_waits',
      detail: expect.stringMatching(/3h more, 4h in all, until 2026-11-23T\d\d:.*extendTo "4h"/),
      facts: { extendTo: '4h' },
    });
    expect(await readRequest(small, id)).toEqual(before);
  });

  it('is neither repeated by the one who approved the request', async () => {
    const { small, id, before } = await extending(3600);
    expect(await decide(small, id, 'leo')).toMatchObject({ refused: 'not_what_waits' });
    expect(await endOf(small, id)).toBe(before);
  });

  it.each([3600, 7199, 7201, 14_400])('is none of the extension where it says %i seconds in all', async (extendTo) => {
    const { small, id, before } = await extending(3600);
    expect(await approving(small, id, 'lea', extendTo)).toMatchObject({ refused: 'not_what_waits' });
    expect(await endOf(small, id)).toBe(before);
  });

  it('is none of the next extension, though that asks for as much again', async () => {
    const { small, id, before } = await extending(1800);
    granted(await approving(small, id, 'leo', 5400));
    granted(await extend(small, id, 1800));
    expect(await approving(small, id, 'lea', 5400)).toMatchObject({ refused: 'not_what_waits' });
    expect(await endOf(small, id)).toBe(before + 1_800_000);
    granted(await approving(small, id, 'lea', 7200));
    expect(await endOf(small, id)).toBe(before + 3_600_000);
  });

  it('is none of the request, where it is of an extension', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    expect(await approving(small, id, 'leo', 3600)).toMatchObject({ refused: 'not_what_waits' });
    expect(await readRequest(small, id)).toMatchObject({ status: 'pending', votes: [] });
  });

  it('comes too late where the extension is decided', async () => {
    const { small, id, before } = await extending(1800);
    granted(await approving(small, id, 'leo', 5400));
    expect(await approving(small, id, 'lea', 5400)).toMatchObject({ refused: 'request_not_pending' });
    expect(await endOf(small, id)).toBe(before + 1_800_000);
  });

  it('is told before the policy is asked about more time', async () => {
    const { small, id } = await extending(2 * 3600);
    small.published.publish(policyOf(POLICY_TEXT.replace('max_duration: 4h', 'max_duration: 2h')));
    expect(await decide(small, id, 'lea')).toMatchObject({ refused: 'not_what_waits' });
  });

  it('tells a stranger nothing of what waits', async () => {
    const { small, id } = await extending(3600);
    expect(await decide(small, id, 'sam')).toMatchObject({ refused: 'not_an_approver' });
  });

  it('as a rejection rejects what waits: that gives nobody anything', async () => {
    const { small, id, before } = await extending(3600);
    granted(await decide(small, id, 'lea', 'reject'));
    expect(await readRequest(small, id)).toMatchObject({ status: 'active', endsAt: before });
    expect(await readRequest(small, id)).not.toHaveProperty('extension');
  });
});
