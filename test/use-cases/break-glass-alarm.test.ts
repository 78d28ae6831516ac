/** The alarm of a broken glass: it rings until somebody acknowledges it, and again when the review is overdue. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { acknowledging, broken, glassWorld, reviewing } from './glass-world.ts';
import { PEOPLE } from './small-policy.ts';
import { aMinuteLater, granted, readRequest } from './story.ts';

describe('the alarm', () => {
  it('rings within a minute, and again and again until somebody acknowledges, and nobody else does', async () => {
    const small = glassWorld();
    const { id } = await broken(small);
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 1, failures: 0 });
    expect(await aMinuteLater(small, 14)).toMatchObject({ alarmsRung: 0 });
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 1 });
    for (const by of ['ann', 'bob', 'eve', 'aud'] as const) {
      expect(isRefusal(await acknowledging(small, await readRequest(small, id), by)), by).toBe(true);
    }
    small.clock.advance(900);
    granted(await acknowledging(small, await readRequest(small, id), 'leo'));
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 0 });
    expect(await aMinuteLater(small, 60)).toMatchObject({ alarmsRung: 0 });
    expect(small.rung).toEqual([`unacknowledged ${id}`, `unacknowledged ${id}`]);
  });

  it('rings though access is over, the workflow never began, and it could not be put off', async () => {
    const small = glassWorld();
    small.world.workflow.failNext('start');
    const request = await broken(small);
    await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id });
    const unable = { ...small.world.ledger, putOffAlarm: () => Promise.reject(new Error('the database is down')) };
    small.clock.advance(60);
    expect(await sweep({ ...small.world, ledger: unable })).toMatchObject({ failures: 1 });
    await sweep(small.world);
    expect(small.rung).toEqual([`unacknowledged ${request.id}`, `unacknowledged ${request.id}`]);
  });

  it('rings when the review is overdue, until somebody reviews it', async () => {
    const small = glassWorld();
    const request = await broken(small);
    granted(await acknowledging(small, request, 'sam'));
    small.clock.advance(86_340);
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 1 });
    expect(await aMinuteLater(small, 15)).toMatchObject({ alarmsRung: 1 });
    granted(await reviewing(small, request, 'sam'));
    expect(await aMinuteLater(small, 15)).toMatchObject({ alarmsRung: 0 });
    expect(small.rung).toEqual([`review-overdue ${request.id}`, `review-overdue ${request.id}`]);
  });
});
