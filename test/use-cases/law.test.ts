/** The law of docs/law.md over whole lives: random people, times, faults and deaths, looked at after every step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Life, newLife } from './life.ts';
import { anyCommand, anyRacer, anyStory, type Command } from './life-commands.ts';
import { firstLeftOver, firstOverdue, firstWrong } from './life-law.ts';
import { carryOut, mend, quietMinute } from './life-steps.ts';
import { racing } from './races.ts';

/** Faults are over, all windows close, and the sweep goes on until nothing happens any more. */
const endOfTime = async (life: Life): Promise<void> => {
  mend(life);
  for (let hour = 0; hour < 24; hour += 1) {
    life.small.clock.advance(3600);
    await quietMinute(life);
    expect(await firstWrong(life)).toBe('nothing');
  }
};

const live = async (commands: readonly Command[]): Promise<Life> => {
  const life = newLife();
  for (const command of commands) {
    await carryOut(life, command);
    expect(await firstWrong(life)).toBe('nothing');
    if (command.do === 'two-quiet-minutes') expect(await firstOverdue(life)).toBe('nothing');
  }
  await endOfTime(life);
  expect(await firstLeftOver(life)).toBe('nothing');
  return life;
};

/** What must have happened in some life, or the law was kept only because nothing happened. */
const INTERESTING = [
  'became active',
  'became active, standing',
  'became ended',
  'became ended, standing',
  'became failed',
  'became rejected',
  'became cancelled',
  'became expired',
  'held for several',
  'creating for several',
  'converge died',
  'extend',
  'end',
  'vote: self_approval',
];

describe('whatever happens', () => {
  it('the law is kept at every step, and at the end nothing is left but what stood before', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(anyCommand, { maxLength: 60, size: 'max' }), async (commands) => {
        for (const what of (await live(commands)).seen.keys()) seen.add(what);
      }),
      { numRuns: 500 },
    );
    expect(INTERESTING.filter((what) => !seen.has(what))).toEqual([]);
  });
});

/** A life in which all of these happen at the same moment, in the order that the scheduler chooses. */
const liveTogether = async (scheduler: fc.Scheduler, before: readonly Command[], together: readonly Command[]) => {
  const life = newLife();
  for (const command of before) await carryOut(life, command);
  const raced = { ...life, world: racing(scheduler, life.world) };
  await scheduler.waitFor(Promise.all(together.map((command) => carryOut(raced, command))));
  return life;
};

describe('whatever happens at the same moment', () => {
  it('one outcome, sound trails, and at the end nothing is left but what stood before', async () => {
    const stories = fc.array(anyStory, { minLength: 1, maxLength: 3 });
    const crowd = fc.array(anyRacer, { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), stories, crowd, async (scheduler, before, together) => {
        const life = await liveTogether(scheduler, before, together);
        // NB. A process may be overtaken here for longer than it is waited for: what it then makes is seen at the end.
        life.violations.splice(0);
        await endOfTime(life);
        expect(await firstLeftOver(life)).toBe('nothing');
      }),
      { numRuns: 200 },
    );
  });
});
