/** Stages when several act at the same moment: one vote takes the last place of a stage, and what falls due comes once. */
import { describe, expect, it } from 'vitest';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { decideRequest } from '../../lambda/use-cases/decide-request.ts';
import { giveNotices } from '../../lambda/use-cases/give-notices.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import { whatIsWrongWith } from '../verify-chain.ts';
import { inEveryOrder } from './races.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { at, type SmallWorld } from './small-world.ts';
import { stagedPolicy } from './staged-policy.ts';
import { granted, kindsOf, readRequest, requestIn, submit } from './story.ts';

const vote = async (world: World, requestId: string, by: Name): Promise<string> => {
  const answer = await requestIn(decideRequest(world, { caller: PEOPLE[by], requestId, choice: 'approve' }));
  return isRefusal(answer) ? answer.refused : 'ok';
};

const asked = async (small: SmallWorld) => {
  small.published.publish(stagedPolicy);
  return granted(await submit(small));
};

/** Stage and name of every vote, in their order. */
const votesOf = async (small: SmallWorld, requestId: string): Promise<readonly string[]> =>
  (await readRequest(small, requestId)).votes.map(({ stage, approver }) => `${stage} ${approver.userName}`);

const expectSoundTrail = async (small: SmallWorld, requestId: string): Promise<void> => {
  const { trail } = await readRequest(small, requestId);
  const { sha256 } = createSequentialIds();
  expect(whatIsWrongWith(await small.world.ledger.readEvents(requestId), trail, sha256)).toBe('nothing');
};

describe('two votes', () => {
  it('on the last place of a stage: one counts, and the other is no vote in the next stage', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const { id } = await asked(small);
      const answers = await together([vote(world, id, 'leo'), vote(world, id, 'lea')]);
      expect([...answers].sort()).toEqual(['ok', 'stage_not_open']);
      expect(await readRequest(small, id)).toMatchObject({ status: 'pending', votes: [{ stage: 0 }] });
      await expectSoundTrail(small, id);
    }));

  it('on the last place of the last stage: one decides, the other is told how', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const { id } = await asked(small);
      expect(await vote(small.world, id, 'leo')).toBe('ok');
      const answers = await together([vote(world, id, 'sam'), vote(world, id, 'bob')]);
      expect([...answers].sort()).toEqual(['ok', 'request_not_pending']);
      expect(await readRequest(small, id)).toMatchObject({ status: 'scheduled', votes: [{ stage: 0 }, { stage: 1 }] });
    }));

  it('of one stage and the next: the later counts only behind the earlier', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const { id } = await asked(small);
      const [, second] = await together([vote(world, id, 'leo'), vote(world, id, 'sam')]);
      expect(['ok', 'stage_not_open']).toContain(second);
      expect(await votesOf(small, id)).toEqual(second === 'ok' ? ['0 leo', '1 sam'] : ['0 leo']);
    }));
});

describe('what falls due', () => {
  it('comes once, though two sweeps run at the same moment', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const { id } = await asked(small);
      small.clock.set(at('10:00'));
      const given = await together([giveNotices(world, id), giveNotices(world, id)]);
      expect(given.flat().sort()).toEqual(['escalate', 'remind']);
      expect([...(await kindsOf(small, { id } as never))].sort()).toEqual(['asked', 'escalated', 'reminded']);
      await expectSoundTrail(small, id);
    }));

  it('beside the vote that completes the stage: it comes before that, or not at all', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const { id } = await asked(small);
      small.clock.set(at('10:00'));
      const [answer] = await together([vote(world, id, 'leo'), giveNotices(world, id)]);
      expect(answer).toBe('ok');
      const kinds = await kindsOf(small, { id } as never);
      expect(kinds.slice(kinds.indexOf('voted'))).toEqual(['voted']);
      await expectSoundTrail(small, id);
    }));
});
