/** Whether a count is good, one is under way, or failed just now; and whether it has the groups that are asked for. */
import { describe, expect, it } from 'vitest';
import {
  censusFailed,
  censusUnderWay,
  covers,
  freshCensus,
  NOTHING_COUNTED,
  takenNow,
} from '../../lambda/domain/census.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { at } from './samples.ts';

const NOW = at('09:00');
const progress = { people: 1, groups: 2, groupsInAll: 3 };

describe('a count', () => {
  it('is none at first', () => {
    expect(NOTHING_COUNTED).toStrictEqual({ revision: 0 });
  });

  it('is good for ten minutes after it was done, however long it took', () => {
    const done = addSeconds(NOW, 400);
    const taken = takenNow('v', NOW, done);
    expect(taken).toEqual({ version: 'v', asOf: NOW, goodUntil: addSeconds(done, 600) });
    const state = { revision: 1, taken };
    expect(freshCensus(state, done)).toBe(taken);
    expect(freshCensus(state, addSeconds(done, 599))).toBe(taken);
    expect(freshCensus(state, addSeconds(done, 600))).toBeUndefined();
    expect(freshCensus(NOTHING_COUNTED, NOW)).toBeUndefined();
  });

  it('is under way until it has been silent for too long', () => {
    const run = { id: 'one', until: NOW, progress };
    expect(censusUnderWay({ revision: 1, run }, addSeconds(NOW, -1))).toBe(run);
    expect(censusUnderWay({ revision: 1, run }, NOW)).toBeUndefined();
    expect(censusUnderWay(NOTHING_COUNTED, NOW)).toBeUndefined();
  });

  it('that failed is told of for a minute', () => {
    const failed = { at: NOW, why: 'error' } as const;
    expect(censusFailed({ revision: 1, failed }, addSeconds(NOW, 59))).toBe(failed);
    expect(censusFailed({ revision: 1, failed }, addSeconds(NOW, 60))).toBeUndefined();
    expect(censusFailed(NOTHING_COUNTED, NOW)).toBeUndefined();
  });

  it('covers groups without members, and not those that were not counted', () => {
    const census = { people: [], members: { 'g-1': [], 'g-2': [] } };
    expect(covers(census, ['g-1', 'g-2'])).toBe(true);
    expect(covers(census, [])).toBe(true);
    expect(covers(census, ['g-1', 'g-3'])).toBe(false);
    expect(covers(census, ['toString'])).toBe(false);
  });
});
