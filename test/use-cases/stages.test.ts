/** Approval in stages, from asking to access: who is asked when, who is told what, and what the sweep makes fall due. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { showMe } from '../../lambda/use-cases/show-me.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { GROUPS, PEOPLE } from './small-policy.ts';
import { at, type SmallWorld } from './small-world.ts';
import { deciders, shown, stagedWorld, toReview } from './staged-world.ts';
import {
  approveExtension,
  convergeWoken,
  decide,
  granted,
  kindsOf,
  readRequest,
  seconds,
  statusOf,
  submit,
} from './story.ts';

/** Approved in both stages, and usable. */
const usable = async (small: SmallWorld): Promise<AccessRequest & { readonly status: 'active' }> => {
  const { id } = granted(await submit(small));
  granted(await decide(small, id, 'leo'));
  granted(await decide(small, id, 'bob'));
  granted(await beginGrant(small.world, id));
  await convergeWoken(small);
  const request = await readRequest(small, id);
  if (request.status !== 'active') throw new Error(`expected an active request, not one that is ${request.status}`);
  return request;
};
const extend = async (small: SmallWorld, { id }: AccessRequest, length: number) =>
  granted(await extendRequest(small.world, { caller: PEOPLE.ann, requestId: id, durationSeconds: seconds(length) }));

describe('stage by stage', () => {
  it('is approved by one of each, and then granted', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    expect(granted(await decide(small, request.id, 'leo')).status).toBe('pending');
    expect(granted(await decide(small, request.id, 'bob')).status).toBe('scheduled');
    granted(await beginGrant(small.world, request.id));
    await convergeWoken(small);
    const { status, votes } = await readRequest(small, request.id);
    expect([status, votes.map(({ approver, stage }) => `${stage} ${approver.userName}`)]).toEqual([
      'active',
      ['0 leo', '1 bob'],
    ]);
  });

  it('shows it to those alone whose stage is open, and says who can decide now', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    const whoReviews = async () =>
      Promise.all((['leo', 'sam', 'bob', 'ada'] as const).map((name) => toReview(small, name)));
    expect([await whoReviews(), await deciders(small, request)]).toEqual([
      [1, 0, 0, 0],
      ['lea', 'leo'],
    ]);
    granted(await decide(small, request.id, 'leo'));
    expect([await whoReviews(), await deciders(small, request)]).toEqual([
      [0, 1, 1, 0],
      ['bob', 'sam'],
    ]);
  });

  it('people of a later stage see the request, and may do nothing with it yet', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    expect((await shown(small, request, 'sam')).youMay).toEqual([]);
    expect((await shown(small, request, 'leo')).youMay).toEqual(['approve', 'reject']);
    expect(await decide(small, request.id, 'sam')).toMatchObject({
      refused: 'stage_not_open',
      detail: 'Stage 1 of 2 is open, and you approve in stage 2. Decide when the stages before are complete.',
    });
    expect(await decide(small, request.id, 'sam', 'reject')).toMatchObject({ refused: 'stage_not_open' });
  });

  it('whoever comes too late for their stage is told who was faster', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    granted(await decide(small, request.id, 'leo'));
    expect(await decide(small, request.id, 'lea')).toMatchObject({
      refused: 'stage_not_open',
      detail:
        'Stage 2 of 2 is open, and you approve in stage 1, which is complete: approved by leo at 2026-11-23T09:00:00.000Z.',
    });
  });

  it('nobody counts in two stages', async () => {
    const small = stagedWorld(
      '{ stages: [{ approvers: { groups: [leads] } }, { approvers: { groups: [leads, seconds] } }] }',
    );
    const request = granted(await submit(small));
    granted(await decide(small, request.id, 'leo'));
    expect(await decide(small, request.id, 'leo')).toMatchObject({ refused: 'already_voted' });
    expect(await toReview(small, 'leo')).toBe(0);
    expect(await deciders(small, request)).toEqual(['lea', 'sam']);
    expect(granted(await decide(small, request.id, 'lea')).status).toBe('scheduled');
  });

  it('a rejection in the second stage is final', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    granted(await decide(small, request.id, 'leo'));
    expect(granted(await decide(small, request.id, 'sam', 'reject')).status).toBe('rejected');
    expect(await decide(small, request.id, 'bob')).toMatchObject({
      refused: 'request_not_pending',
      detail: expect.stringContaining('rejected by sam'),
    });
  });

  it('the shortest that any stage allows stands', async () => {
    const small = stagedWorld();
    const { id } = granted(await submit(small));
    granted(await decide(small, id, 'leo', 'approve', { durationSeconds: seconds(1200) }));
    expect(await decide(small, id, 'sam', 'approve', { durationSeconds: seconds(1201) })).toMatchObject({
      refused: 'duration_not_shorter',
    });
    expect(granted(await decide(small, id, 'sam'))).toMatchObject({ durationSeconds: 1200 });
  });

  it('who approves is looked up when they decide', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    granted(await decide(small, request.id, 'leo'));
    small.people.putGroup({ ...GROUPS.seconds, memberIds: [PEOPLE.eve.id] });
    expect(await decide(small, request.id, 'sam')).toMatchObject({ refused: 'not_an_approver' });
    expect(granted(await decide(small, request.id, 'eve')).status).toBe('scheduled');
  });

  it('the requester counts in no stage', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small, { by: 'lea' }));
    expect(await decide(small, request.id, 'lea')).toMatchObject({ refused: 'self_approval' });
    const second = granted(await submit(small, { by: 'bob' }));
    granted(await decide(small, second.id, 'leo'));
    expect(await decide(small, second.id, 'bob')).toMatchObject({ refused: 'self_approval' });
  });

  it('an approver of a stage that never opened can end the access', async () => {
    const small = stagedWorld();
    const request = await usable(small);
    expect(granted(await endRequest(small.world, { caller: PEOPLE.sam, requestId: request.id })).status).toBe('ending');
  });

  it('says who is an approver, by name too', async () => {
    const small = stagedWorld('{ users: [EVE] }');
    expect((await showMe(small.world, PEOPLE.eve)).roles).toEqual(['approver']);
    expect((await showMe(small.world, PEOPLE.ann)).roles).toEqual([]);
  });
});

describe('what falls due', () => {
  const sweepAt = async (small: SmallWorld, time: string) => {
    small.clock.set(at(time));
    const { reminded, escalated, failures } = await sweep(small.world);
    return { reminded, escalated, failures };
  };

  it('comes with the sweep, once, in the order of time; then its people may decide', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    expect(await sweepAt(small, '09:29')).toEqual({ reminded: 0, escalated: 0, failures: 0 });
    expect(await sweepAt(small, '09:30')).toEqual({ reminded: 1, escalated: 0, failures: 0 });
    expect(await sweepAt(small, '09:31')).toEqual({ reminded: 0, escalated: 0, failures: 0 });
    expect([await toReview(small, 'ada'), await decide(small, request.id, 'ada')]).toMatchObject([
      0,
      { refused: 'not_an_approver' },
    ]);
    expect(await sweepAt(small, '10:00')).toEqual({ reminded: 0, escalated: 1, failures: 0 });
    expect([await toReview(small, 'ada'), await deciders(small, request)]).toEqual([1, ['ada', 'lea', 'leo']]);
    granted(await decide(small, request.id, 'ada'));
    expect(await sweepAt(small, '10:09')).toEqual({ reminded: 0, escalated: 0, failures: 0 });
    expect(await sweepAt(small, '10:10')).toEqual({ reminded: 1, escalated: 0, failures: 0 });
    expect(await kindsOf(small, request)).toEqual(['asked', 'reminded', 'escalated', 'voted', 'reminded']);
  });

  it('a late sweep does both, late, and the expiry comes before either', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    expect(await sweepAt(small, '16:59')).toEqual({ reminded: 1, escalated: 1, failures: 0 });
    expect(await sweepAt(small, '17:00')).toEqual({ reminded: 0, escalated: 0, failures: 0 });
    expect(await statusOf(small, request)).toBe('expired');
    const late = stagedWorld();
    const another = granted(await submit(late));
    expect(await sweepAt(late, '17:00')).toEqual({ reminded: 0, escalated: 0, failures: 0 });
    expect(await kindsOf(late, another)).toEqual(['asked', 'expired']);
  });

  it('a wish for more time is reminded of and escalated, and does not end the access', async () => {
    const small = stagedWorld();
    const request = await usable(small);
    small.clock.set(at('09:05'));
    await extend(small, request, 1800);
    expect(await sweepAt(small, '09:35')).toEqual({ reminded: 1, escalated: 0, failures: 0 });
    expect(await statusOf(small, request)).toBe('active');
    expect([await toReview(small, 'leo'), await toReview(small, 'sam')]).toEqual([1, 0]);
    granted(await approveExtension(small, request.id, 'leo'));
    expect([await toReview(small, 'leo'), await toReview(small, 'sam')]).toEqual([0, 1]);
    expect(await sweepAt(small, '10:01')).toMatchObject({ reminded: 0, escalated: 0 });
    expect(await statusOf(small, request)).toBe('ending');
  });
});

it('an extension in stages needs every one of them', async () => {
  const small = stagedWorld();
  const request = await usable(small);
  await extend(small, request, 600);
  granted(await approveExtension(small, request.id, 'lea'));
  expect(await readRequest(small, request.id)).toMatchObject({ endsAt: request.endsAt });
  granted(await approveExtension(small, request.id, 'sam'));
  expect(await readRequest(small, request.id)).toMatchObject({ endsAt: request.endsAt + 600_000 });
});
