/** The lock's suite, in memory and on DynamoDB: one holder at a time, numbers that never come again, hints that are not lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoPumpLock } from '../../lambda/adapters/dynamo-pump-lock.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryPumpLock } from '../../lambda/adapters/memory/memory-pump-lock.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import type { PumpLock } from '../../lambda/ports/pump-lock.ts';
import { clientFor, startDynoxide, type TestDynamo } from './dynoxide.ts';
import { MORNING } from './samples.ts';
import { exception, startStubAws } from './stub-aws.ts';

const secondsOn = (seconds: number): Instant => addSeconds(MORNING, seconds);

const describeLock = (name: string, make: () => Promise<PumpLock>): void => {
  describe(`${name} lock`, () => {
    let lock: PumpLock;
    beforeEach(async () => {
      lock = await make();
    });

    it('is held by one until its time has run out', async () => {
      const first = await lock.acquire('one', MORNING, secondsOn(30));
      expect(first).toEqual(expect.any(Number));
      expect(await lock.heldUntil()).toBe(secondsOn(30));
      expect(await lock.acquire('two', secondsOn(29), secondsOn(59))).toBeUndefined();
      expect(await lock.acquire('two', secondsOn(30), secondsOn(60))).toBeGreaterThan(first ?? 0);
      expect(await lock.heldUntil()).toBe(secondsOn(60));
    });

    it('is taken by one of many that try at the same moment', async () => {
      const tries = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((owner) => lock.acquire(owner, MORNING, secondsOn(30))),
      );
      expect(tries.filter((fence) => fence !== undefined)).toHaveLength(1);
    });

    it('is held for longer when it is renewed, but not by whoever lost it', async () => {
      const first = (await lock.acquire('one', MORNING, secondsOn(30))) ?? 0;
      expect(await lock.renew(first, secondsOn(60))).toBe(true);
      expect(await lock.acquire('two', secondsOn(40), secondsOn(70))).toBeUndefined();
      const second = (await lock.acquire('two', secondsOn(60), secondsOn(90))) ?? 0;
      expect(await lock.renew(first, secondsOn(120))).toBe(false);
      expect(await lock.heldUntil()).toBe(secondsOn(90));
      expect(await lock.renew(second, secondsOn(91))).toBe(true);
    });

    it('is free once it is given back, and carries another number then', async () => {
      const first = (await lock.acquire('one', MORNING, secondsOn(30))) ?? 0;
      await lock.release(first);
      expect(await lock.heldUntil()).toBeUndefined();
      expect(await lock.renew(first, secondsOn(60))).toBe(false);
      expect(await lock.acquire('two', secondsOn(1), secondsOn(31))).toBeGreaterThan(first);
    });

    it('is not given back by whoever lost it', async () => {
      const first = (await lock.acquire('one', MORNING, secondsOn(30))) ?? 0;
      await lock.acquire('two', secondsOn(30), secondsOn(60));
      await lock.release(first);
      expect(await lock.heldUntil()).toBe(secondsOn(60));
    });

    it('is given again to the owner that did not hear that it has it', async () => {
      const first = (await lock.acquire('one', MORNING, secondsOn(30))) ?? 0;
      expect(await lock.acquire('one', secondsOn(1), secondsOn(31))).toBeGreaterThan(first);
    });

    it('is held by nobody before anybody took it', async () => {
      expect(await lock.heldUntil()).toBeUndefined();
      await lock.release(1);
      expect(await lock.renew(1, secondsOn(30))).toBe(false);
    });

    it('keeps hints until they are taken, each once', async () => {
      expect(await lock.takeHints()).toEqual([]);
      await lock.leaveHints(['maria/account/1/ps-1', 'omar/account/2/ps-2']);
      await lock.leaveHints(['maria/account/1/ps-1']);
      expect(await lock.takeHints()).toEqual(['maria/account/1/ps-1', 'omar/account/2/ps-2']);
      expect(await lock.takeHints()).toEqual([]);
      await lock.leaveHints(['maria/account/1/ps-1']);
      expect(await lock.takeHints()).toEqual(['maria/account/1/ps-1']);
    });
  });
};

describeLock('memory', async () => createMemoryPumpLock());

describe('on the database', () => {
  let dynamo: TestDynamo;
  beforeAll(async () => {
    dynamo = await startDynoxide();
  });
  afterAll(() => dynamo.stop());

  describeLock('DynamoDB', async () =>
    createDynamoPumpLock({
      client: dynamo.client,
      tableName: await dynamo.makeTable(),
      clock: createFixedClock(MORNING),
    }),
  );
});

describe('the DynamoDB lock, answered by a stub', () => {
  it.each([
    ['free a moment later', 2, 'held'],
    ['busy again and again', 99, 'ServiceFault'],
  ])('tries again when a claim is checking it at that moment: %s', async (_, times, expected) => {
    const aws = await startStubAws();
    const busy = exception('TransactionConflictException', {});
    const free = { status: 200, body: { Attributes: { fence: { N: '7' } } } };
    aws.answer(...Array(times).fill(busy), free);
    const clock = createFixedClock(MORNING);
    const lock = createDynamoPumpLock({ client: clientFor(aws.url), tableName: 'any', clock });
    const outcome = await lock.acquire('one', MORNING, secondsOn(30)).then(
      (fence) => (fence === 7 ? 'held' : `held as ${fence}`),
      (fault: Error) => fault.name,
    );
    await aws.stop();
    expect(outcome).toBe(expected);
  });
});
