/** Whatever drift comes upon is told: at least once when it is found, and until it is gone while it is removed; silence grows old. */
import { describe, expect, it } from 'vitest';
import { attendDriftEvent } from '../../lambda/use-cases/attend-drift-event.ts';
import { searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import { showDrift } from '../../lambda/use-cases/show-drift.ts';
import {
  baseline,
  catalogueNow,
  converge,
  driftWorld,
  EVE,
  findings,
  PROD,
  removing,
  round,
  settledBaseline,
  targetOf,
} from './drift-story.ts';
import { ACCOUNTS, PEOPLE } from './small-policy.ts';
import { later, type SmallWorld } from './small-world.ts';
import { active, convergeWoken } from './story.ts';

const AUDIT = targetOf('prod', 'Audit');

describe('a finding', () => {
  it('is told though the look at it fails in the middle, and once only when it does not', async () => {
    const small = driftWorld();
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    small.identityCenter.assign(EVE, AUDIT);
    // What was seen is saved, and then the account cannot be gone on with.
    const { saveSightings } = small.driftStore;
    small.world.driftStore.saveSightings = async (changes) => {
      small.world.driftStore.saveSightings = saveSightings;
      await saveSightings(changes);
      throw new Error('the function was cut off');
    };
    await round(small);
    expect(small.driftTold).toEqual(['found 1', 'found 1']);
    await round(small);
    expect(small.driftTold).toHaveLength(2);
  });

  it('is told again where it was told and could not be remembered', async () => {
    const small = driftWorld();
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    small.world.driftStore.failNext('saveSightings');
    const wakeUp = { change: 'assigned', place: PROD, userId: EVE } as const;
    await expect(attendDriftEvent(small.world, wakeUp)).rejects.toThrow();
    expect(await attendDriftEvent(small.world, wakeUp)).toMatchObject({ findings: 1 });
    expect(small.driftTold).toEqual(['found 1', 'found 1']);
  });

  it('of an event that fails once it was saved was told by then', async () => {
    const small = driftWorld();
    await settledBaseline(small);
    const request = await active(small);
    small.identityCenter.unassign(request.requester.id, PROD);
    small.world.ledger.failNext('commit');
    const wakeUp = { change: 'removed', place: PROD, userId: request.requester.id } as const;
    await expect(attendDriftEvent(small.world, wakeUp)).rejects.toThrow();
    await attendDriftEvent(small.world, wakeUp);
    expect(small.driftTold).toEqual(['found 1']);
  });

  it('is told when its removal begins, though the function be cut off behind that', async () => {
    const small = removing();
    await settledBaseline(small);
    small.clock.advance(60);
    small.identityCenter.assign(EVE, PROD);
    small.world.converger.failNext('wake');
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: EVE });
    expect(small.driftTold).toEqual(['found 1', 'removing']);
  });
});

describe('what is being removed', () => {
  const begun = async (small: SmallWorld): Promise<void> => {
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ removals: 1, overdue: 0 });
  };
  const refuseRemovals = (small: SmallWorld): (() => void) => {
    const { delete: remove } = small.world.assignments;
    small.world.assignments.delete = async () => ({ kind: 'refused', code: 'AccessDeniedException', reason: 'no tag' });
    return () => {
      small.world.assignments.delete = remove;
    };
  };
  const shown = async (small: SmallWorld) => {
    const answer = await showDrift(small.world, { caller: PEOPLE.aud });
    return typeof answer === 'object' && 'findings' in answer ? answer.findings : undefined;
  };

  it('is shown as that, and counted in each round, for as long as its removal is refused', async () => {
    const small = removing();
    const allowAgain = refuseRemovals(small);
    await begun(small);
    const since = small.clock.now();
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await convergeWoken(small);
      expect(await shown(small)).toMatchObject([{ principalId: EVE, kind: 'unexplained', removingSince: since }]);
      expect(await round(small)).toMatchObject({ findings: 0, removals: 0, overdue: 1 });
    }
    expect(small.driftTold).toEqual(['found 1', 'removing']);
    allowAgain();
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await shown(small)).toEqual([]);
    expect(await round(small)).toMatchObject({ overdue: 0 });
    expect(await small.driftStore.sightingsIn(PROD.accountId)).toEqual([]);
  });

  it('is shown though the function be cut off before that was saved', async () => {
    const small = removing();
    refuseRemovals(small);
    await settledBaseline(small);
    small.clock.advance(60);
    small.identityCenter.assign(EVE, PROD);
    const { saveSightings } = small.driftStore;
    small.world.driftStore.saveSightings = async (changes) => {
      if (changes.put.some(({ removingSince }) => removingSince !== undefined)) throw new Error('cut off');
      await saveSightings(changes);
    };
    await expect(attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: EVE })).rejects.toThrow();
    small.world.driftStore.saveSightings = saveSightings;
    await convergeWoken(small);
    await round(small);
    expect(await shown(small)).toMatchObject([{ principalId: EVE, removingSince: expect.any(Number) }]);
  });

  it('is put in order by no baseline that is taken meanwhile', async () => {
    const small = removing();
    refuseRemovals(small);
    await begun(small);
    await convergeWoken(small);
    expect(await baseline(small)).toMatchObject({ accepted: 0 });
    await round(small);
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
  });

  it('and assigned once more is found, told and removed once more', async () => {
    const small = removing();
    await begun(small);
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ findings: 1, removals: 1 });
    expect(small.driftTold).toEqual(['found 1', 'removing', 'found 1', 'removing']);
  });
});

describe('the age of the last full round', () => {
  const aMinuteLater = async (small: SmallWorld) => {
    small.clock.advance(60);
    return searchForDrift(small.world, later(small, 50));
  };

  it('grows though no round was ever full', async () => {
    const small = driftWorld();
    small.world.assignmentLists.provisionedTo = async (accountId) => {
      if (accountId === ACCOUNTS.sandbox.id) throw new Error('denied');
      return [];
    };
    const first = await aMinuteLater(small);
    expect(first).toMatchObject({ skipped: 1, roundAgeSeconds: 0 });
    const begunAt = small.clock.now();
    for (let minutes = 0; minutes < 180; minutes += 1) await aMinuteLater(small);
    const last = await aMinuteLater(small);
    expect(last.roundAgeSeconds).toBeGreaterThanOrEqual(181 * 60);
    expect(last.roundAgeSeconds).toBe((small.clock.now() - begunAt) / 1000);
  });

  it('grows though no round could be begun, for want of a catalogue', async () => {
    const small = driftWorld();
    small.catalogue.current = async () => undefined;
    expect(await aMinuteLater(small)).toMatchObject({ roundAgeSeconds: 0, waitsFor: 'catalogue_not_read' });
    expect(await aMinuteLater(small)).toMatchObject({ roundAgeSeconds: 60, waitsFor: 'catalogue_not_read' });
    small.catalogue.current = () => catalogueNow(small);
    const read = await aMinuteLater(small);
    expect(read).toMatchObject({ isRoundFinished: true, roundAgeSeconds: 0 });
    expect(read).not.toHaveProperty('waitsFor');
  });
});
