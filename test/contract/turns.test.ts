/** Turns keep calls within a rate, whoever asks for them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { POLICY_CHECK_RATE } from '../../lambda/adapters/paced-client.ts';
import { createTurns } from '../../lambda/adapters/turns.ts';
import { type Instant, instant } from '../../lambda/domain/time.ts';

/** A clock on which every sleeper wakes at the time for which it set itself; nothing else takes time. */
const dreaming = () => {
  const wakeUps: { at: number; wake: () => void }[] = [];
  let now = 1_000_000;
  return {
    clock: {
      now: (): Instant => instant(now),
      sleep: (milliseconds: number) =>
        new Promise<void>((wake) => {
          wakeUps.push({ at: now + milliseconds, wake });
        }),
    },
    pass: async (): Promise<void> => {
      for (;;) {
        await Promise.resolve();
        const next = wakeUps.sort((left, right) => left.at - right.at).shift();
        if (!next) return;
        now = next.at;
        next.wake();
        await new Promise(setImmediate);
      }
    },
  };
};

const takenBy = async (count: number, rate: { perSecond: number; burst: number }): Promise<readonly number[]> => {
  const { clock, pass } = dreaming();
  const takeTurn = createTurns(rate, clock);
  const from = clock.now();
  const taken: number[] = [];
  const all = Array.from({ length: count }, () => takeTurn().then(() => taken.push(clock.now() - from)));
  await pass();
  await Promise.all(all);
  return taken;
};

it('lets a burst through at once, and then one in each interval', async () => {
  expect(await takenBy(6, { perSecond: 4, burst: 3 })).toEqual([0, 0, 0, 250, 500, 750]);
});

it('leaves of the twenty calls a second that the Identity Store bears some to others while a policy is checked', async () => {
  const taken = await takenBy(200, POLICY_CHECK_RATE);
  // After the first second, that is: a burst is over by then.
  const most = Math.max(...taken.map((from) => taken.filter((at) => at > from && at <= from + 1000).length));
  expect(most).toBeLessThanOrEqual(20);
  expect(taken.length / ((taken.at(-1) ?? 0) / 1000)).toBeLessThan(16);
});

it('law: in no stretch of time are there more turns than the burst and what the rate adds', async () => {
  const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 20 }) });
  await fc.assert(
    fc.asyncProperty(rates, fc.integer({ min: 1, max: 60 }), async (rate, count) => {
      const taken = await takenBy(count, rate);
      taken.forEach((from, first) => {
        taken.slice(first).forEach((until, more) => {
          // A millisecond for the clock's rounding.
          expect(more + 1).toBeLessThanOrEqual(rate.burst + ((until - from + 1) / 1000) * rate.perSecond + 1e-9);
        });
      });
    }),
    { numRuns: 50 },
  );
});
