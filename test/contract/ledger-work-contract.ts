/** What every ledger must do for the pump: list what is to be done, most urgent first, and store only what its lock allows. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '../../lambda/domain/lease.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import type { PumpLock } from '../../lambda/ports/pump-lock.ts';
import { idOf, leaseOf, MORNING, minutesAfter } from './samples.ts';

const waiting = (id: string, minutes: number, more: object = {}): Lease =>
  leaseOf({
    id,
    holds: [
      {
        requestId: idOf(1),
        endsAt: minutesAfter(MORNING, 600),
        unconfirmedSince: minutesAfter(MORNING, minutes),
        ...more,
      },
    ],
  });
const ending = (id: string, minutes: number): Lease =>
  leaseOf({
    id,
    state: { kind: 'held' },
    holds: [{ requestId: idOf(1), endsAt: minutesAfter(MORNING, minutes), ending: true }],
  });
const OPERATION = { claim: 'claim-1', since: minutesAfter(MORNING, 9), attempts: 0 };

export const describeWork = (make: () => Promise<{ ledger: Ledger; lock: PumpLock }>): void => {
  describe('what is to be done now', () => {
    let ledger: Ledger;
    let lock: PumpLock;
    beforeEach(async () => {
      ({ ledger, lock } = await make());
    });
    const listed = async (limit = 100): Promise<string[]> =>
      (await ledger.listWork(limit)).map(({ urgency, leaseId }) => `${urgency} ${leaseId}`);

    it('is listed most urgent first, then what waits longest, and no lease that only waits for its time', async () => {
      await ledger.commit({
        leases: [
          waiting('b/grant', 2),
          waiting('a/grant', 3),
          ending('a/end', 5),
          ending('b/end', 4),
          waiting('glass', 8, { breakGlass: true }),
          leaseOf({ id: 'called', state: { kind: 'deleting', operation: OPERATION } }),
          leaseOf({ id: 'idle' }),
          leaseOf({ id: 'used', state: { kind: 'held' }, holds: [{ requestId: idOf(1), endsAt: MORNING }] }),
        ],
      });
      const all = ['under-way called', 'break-glass glass', 'end b/end', 'end a/end', 'grant b/grant', 'grant a/grant'];
      expect(await listed()).toEqual(all);
      expect(await listed(3)).toEqual(all.slice(0, 3));
      expect((await ledger.listWork(1))[0]).toEqual({
        leaseId: 'called',
        urgency: 'under-way',
        since: OPERATION.since,
      });
    });

    it('is listed no longer once it is done', async () => {
      await ledger.commit({ leases: [ending('one', 1)] });
      const [lease] = await Promise.all([ledger.readLease('one')]);
      await ledger.commit({ leases: [{ ...(lease as Lease), holds: [], state: { kind: 'vacant' } }] });
      expect(await listed()).toEqual([]);
    });

    it('is claimed only under the number that the lock carries', async () => {
      const claim = (fence: number) => ledger.commit({ leases: [ending(`claimed by ${fence}`, 1)], fence });
      expect(await claim(1)).toBe('conflict');
      const first = (await lock.acquire('one', MORNING, minutesAfter(MORNING, 1))) ?? 0;
      expect(await claim(first)).toBe('committed');
      expect(await claim(first + 1)).toBe('conflict');
      const second = (await lock.acquire('two', minutesAfter(MORNING, 1), minutesAfter(MORNING, 2))) ?? 0;
      expect(await ledger.commit({ leases: [ending('late', 1)], fence: first })).toBe('conflict');
      expect(await ledger.readLease('late')).toBeUndefined();
      expect(await claim(second)).toBe('committed');
    });
  });
};
