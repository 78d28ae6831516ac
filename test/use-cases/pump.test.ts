/** The pump on virtual time: most urgent first, within what Identity Center bears, one at a time, and nothing lost. */
import { describe, expect, it } from 'vitest';
import { addSeconds, instant } from '../../lambda/domain/time.ts';
import { type Begun, BROKEN, pumpWorld } from './pump-world.ts';

const PATIENCE_MS = 120_000;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('a thousand ends, with grants and broken glass meanwhile', () => {
  it(
    'are done in this order, in hardly more than the time that Identity Center takes, and nobody is throttled',
    async () => {
      const it = pumpWorld();
      for (let count = 0; count < 1_000; count += 1) await it.put('ending');
      void it.pump();
      const asked = new Map<string, number>();
      /** Asks for it as the workflow does: stored, and whoever is woken finds another at work. */
      const grantIn = (seconds: number, breakGlass: boolean): void =>
        it.timeline.after(seconds * 1000, () => void grant(breakGlass));
      const grant = async (breakGlass: boolean): Promise<void> => {
        const id = await it.put('granting', breakGlass ? { breakGlass: BROKEN } : {});
        const request = await it.ledger.readRequest(id);
        if (breakGlass) asked.set(request?.target.accountId ?? '', it.timeline.now());
        await it.pump([await it.leaseOf(id)]);
      };
      for (let count = 0; count < 200; count += 1) grantIn(1 + count * 0.3, false);
      for (let count = 0; count < 10; count += 1) grantIn(5 + count * 20, true);
      await it.pass(700);

      expect(await it.statuses()).toEqual({ ended: 1_000, active: 210 });
      expect(it.center.present.size).toBe(210);
      expect(it.center.most()).toBeLessThanOrEqual(15);
      expect(it.center.throttled()).toBe(0);
      expect(it.warnings).toEqual([]);

      const { began } = it.center;
      const creates = began.filter(({ write }) => write === 'create');
      const waits = creates.flatMap((begun) => begun.at - (asked.get(begun.accountId) ?? Number.NaN));
      expect(Math.max(...waits.filter((wait) => !Number.isNaN(wait)))).toBeLessThan(2_000);
      const lastEnd = Math.max(...began.filter(({ write }) => write === 'delete').map((begun) => begun.at));
      const ordinary = creates.filter(({ accountId }) => !asked.has(accountId));
      expect(ordinary.filter((begun) => begun.at < lastEnd)).toEqual([]);

      const first = Math.min(...began.map((begun) => begun.at));
      const last = Math.max(...began.map((begun) => begun.at + begun.takesMs));
      const theory = sum(began.map(({ takesMs }) => takesMs)) / 15;
      expect((last - first) / theory).toBeLessThan(1.15);
      expect(it.center.requests() / ((last - first) / 1000)).toBeLessThan(16);
    },
    PATIENCE_MS,
  );
});

describe('ends of which the pump hears one by one, while it is busy and its reads are slow', () => {
  it('go before every grant that was waiting, too', async () => {
    const it = pumpWorld(250);
    void it.pump();
    const due = new Map<string, number>();
    const come = async (status: 'ending' | 'granting'): Promise<void> => {
      const id = await it.put(status);
      const request = await it.ledger.readRequest(id);
      if (status === 'ending') due.set(request?.target.accountId ?? '', it.timeline.now());
      await it.pump([await it.leaseOf(id)]);
    };
    for (let count = 0; count < 60; count += 1) it.timeline.after(count * 250, () => void come('granting'));
    for (let count = 0; count < 300; count += 1) it.timeline.after(count * 50, () => void come('ending'));
    await it.pass(300);

    expect(await it.statuses()).toEqual({ ended: 300, active: 60 });
    const { began } = it.center;
    const waits = began.flatMap(({ write, accountId, at }) =>
      write === 'delete' ? [{ from: (due.get(accountId) ?? at) + 2_000, until: at }] : [],
    );
    const tooSoon = began.filter(
      ({ write, at }) => write === 'create' && waits.some(({ from, until }) => from < at && at < until),
    );
    expect(tooSoon).toEqual([]);
  });
});

describe('one request alone', () => {
  it('is looked at from two seconds on, and usable within half a second of being there', async () => {
    const it = pumpWorld();
    const id = await it.put('granting');
    void it.pump([await it.leaseOf(id)]);
    await it.pass(30);
    const [begun] = it.center.began as [Begun];
    const request = await it.ledger.readRequest(id);
    if (request?.status !== 'active') throw new Error(`it is ${request?.status}`);
    expect(request.activeSince - (begun.at + begun.takesMs)).toBeLessThan(500);
    const looks = Math.ceil((begun.takesMs - 2_000) / 400) + 1;
    // And one look before, and the call itself.
    expect(it.center.requests()).toBe(looks + 2);
  });

  it('leaves the lock to others while it only waits, and they begin at once', async () => {
    const it = pumpWorld();
    const first = await it.put('granting');
    void it.pump([await it.leaseOf(first)]);
    await it.pass(1);
    const second = await it.put('granting');
    void it.pump([await it.leaseOf(second)]);
    await it.pass(0.2);
    expect(it.center.began).toHaveLength(2);
    await it.pass(30);
    expect(await it.statuses()).toEqual({ active: 2 });
  });
});

describe('the lock', () => {
  it('once lost lets nobody begin any further write, and what is under way is seen through', async () => {
    const it = pumpWorld();
    for (let count = 0; count < 40; count += 1) await it.put('ending');
    const pumped = it.pump();
    await it.pass(2);
    const begun = it.center.began.length;
    expect(begun).toBeGreaterThan(10);
    const now = instant(it.timeline.now());
    await it.lock.acquire('another', addSeconds(now, 3600), addSeconds(now, 7200));
    await it.pass(60);
    expect(it.center.began).toHaveLength(begun);
    expect(await it.statuses()).toEqual({ ended: begun, ending: 40 - begun });
    expect(await pumped).toMatchObject({ kind: 'pumped' });
  });

  it('of a pump that has died is waited for by whoever is told to stand by, who goes on with all of it', async () => {
    const it = pumpWorld();
    const ids = [];
    for (let count = 0; count < 40; count += 1) ids.push(await it.put('ending'));
    const now = instant(it.timeline.now());
    await it.lock.acquire('dead', now, addSeconds(now, 30));
    const left = it.pump([await it.leaseOf(ids[0] ?? '')]);
    void it.pump([], 870, true);
    await it.pass(29);
    expect(await left).toMatchObject({ kind: 'left' });
    expect(it.center.began).toEqual([]);
    await it.pass(60);
    expect(await it.statuses()).toEqual({ ended: 40 });
  });
});

describe('whoever is woken while another holds the lock', () => {
  /** Something happens at the very moment before the lock is told something. */
  const justBefore = (
    { world }: ReturnType<typeof pumpWorld>,
    method: 'leaveHints' | 'release',
    happen: () => Promise<void>,
  ): void => {
    const told = world.lock[method] as (given: unknown) => Promise<void>;
    const telling = async (given: unknown): Promise<void> => {
      await happen();
      await told(given);
    };
    Object.assign(world, { lock: { ...world.lock, [method]: telling } });
  };

  it('takes it when the other, who has heard of nothing, gives it back just then', async () => {
    const it = pumpWorld();
    const id = await it.put('ending');
    const now = instant(it.timeline.now());
    const fence = await it.lock.acquire('another', now, addSeconds(now, 30));
    justBefore(it, 'leaveHints', () => it.lock.release(fence ?? 0));
    void it.pump([await it.leaseOf(id)]);
    await it.pass(20);
    expect(await it.statuses()).toEqual({ ended: 1 });
  });

  it('is heard of by the other, who was giving it back already', async () => {
    const it = pumpWorld();
    const first = await it.put('ending');
    let isLate = false;
    justBefore(it, 'release', async () => {
      if (isLate) return;
      isLate = true;
      await it.lock.leaveHints([await it.leaseOf(await it.put('ending'))]);
    });
    void it.pump([await it.leaseOf(first)]);
    await it.pass(20);
    expect(await it.statuses()).toEqual({ ended: 2 });
  });
});

describe('a pump whose time has run out', () => {
  it('begins nothing more, gives the lock back, and wakes the next, which loses nothing', async () => {
    const it = pumpWorld();
    for (let count = 0; count < 100; count += 1) await it.put('ending');
    const report = it.pump([], 10);
    await it.pass(12);
    expect(await report).toMatchObject({ kind: 'pumped', leftOver: expect.any(Number) });
    expect(await it.lock.heldUntil()).toBeUndefined();
    const begun = it.center.began.length;
    await it.pass(60);
    expect(it.center.began).toHaveLength(begun);
    expect(it.woken.length).toBeGreaterThan(80);
    void it.pump(it.woken);
    await it.pass(120);
    expect(await it.statuses()).toEqual({ ended: 100 });
    expect(it.center.most()).toBeLessThanOrEqual(15);
  });
});
