/** What every ledger must keep of broken glasses: exactly so many, an alarm with each event, and lists until they are reviewed. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest, BreakGlass } from '../../lambda/domain/access-request.ts';
import type { AuditKind } from '../../lambda/domain/audit-event.ts';
import type { CommitResult, Ledger } from '../../lambda/ports/ledger.ts';
import { BROKEN, cancelled, eventOf, idOf, MORNING, minutesAfter, OMAR, pending } from './samples.ts';

const { acknowledged, review, ...UNATTENDED } = BROKEN;

export const describeGlass = (make: () => Promise<Ledger>): void => {
  describe('a broken glass', () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await make();
    });

    const broken = (number: number, more: Partial<AccessRequest> = {}): AccessRequest =>
      pending(number, { breakGlass: UNATTENDED, askedAt: minutesAfter(MORNING, number), ...more });
    const breakGlass = (
      number: number,
      glassCount: number,
      more: Partial<AccessRequest> = {},
    ): Promise<CommitResult> => {
      const after = broken(number, more);
      const events = [eventOf(after.id, 1), eventOf(after.id, 2, { kind: 'glass-broken' })];
      return ledger.commit({ requests: [{ after, events }], glassCount });
    };
    const attend = async (number: number, kind: AuditKind, change: Partial<BreakGlass>): Promise<CommitResult> => {
      const before = (await ledger.readRequest(idOf(number))) as AccessRequest;
      const after = { ...before, breakGlass: { ...(before.breakGlass ?? UNATTENDED), ...change } };
      return ledger.commit({
        requests: [{ before, after, events: [eventOf(before.id, before.version + 2, { kind })] }],
      });
    };
    const alarms = async (minutes: number): Promise<readonly string[]> =>
      (await ledger.listDue(minutesAfter(MORNING, minutes), 100)).items.flatMap(({ kind, id }) =>
        kind === 'glass' ? [id] : [],
      );
    const idsOf = async (query: { readonly limit: number; readonly cursor?: string } = { limit: 50 }) => {
      const page = await ledger.listGlass(query);
      return page === 'invalid-cursor' ? page : { ids: page.items.map(({ id }) => id), cursor: page.cursor };
    };

    it('is counted for whoever broke it, and for nobody else', async () => {
      expect(await ledger.readGlass(broken(1).requester.id)).toEqual({ count: 0, broken: [] });
      expect(await breakGlass(1, 0)).toBe('committed');
      expect(await ledger.readGlass(broken(1).requester.id)).toEqual({
        count: 1,
        broken: [
          {
            ...{ requestId: idOf(1), personId: broken(1).requester.id, isReviewed: false },
            ...{ brokenAt: minutesAfter(MORNING, 1), reviewBy: BROKEN.reviewBy, alarmAt: minutesAfter(MORNING, 1) },
          },
        ],
      });
      expect(await ledger.readGlass(OMAR.id)).toMatchObject({ count: 0 });
      expect(await breakGlass(2, 0, { requester: OMAR })).toBe('committed');
    });

    it('is not stored when another was broken since the count was read, nor is anything with it', async () => {
      await breakGlass(1, 0);
      expect(await breakGlass(2, 0)).toBe('conflict');
      expect(await ledger.readRequest(idOf(2))).toBeUndefined();
      expect(await alarms(60)).toEqual([idOf(1)]);
      expect(await breakGlass(2, 1)).toBe('committed');
      expect(await ledger.readGlass(broken(1).requester.id)).toMatchObject({ count: 2 });
    });

    it('lets through exactly one of those who have read the same count', async () => {
      const results = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => breakGlass(number, 0)));
      expect(results.filter((result) => result === 'committed')).toHaveLength(1);
      expect(await ledger.readGlass(broken(1).requester.id)).toMatchObject({ count: 1, broken: { length: 1 } });
    });

    it('has its alarm due from the beginning, then when the review is, then no more, also when it is over', async () => {
      await breakGlass(1, 0);
      expect([await alarms(0), await alarms(1)]).toEqual([[], [idOf(1)]]);
      const before = (await ledger.readRequest(idOf(1))) as AccessRequest;
      await ledger.commit({ requests: [{ before, after: cancelled(before), events: [] }] });
      expect(await alarms(1)).toEqual([idOf(1)]);
      await attend(1, 'acknowledged', { acknowledged: acknowledged ?? { by: OMAR, at: MORNING } });
      expect([await alarms(59), await alarms(60)]).toEqual([[], [idOf(1)]]);
      await attend(1, 'reviewed', BROKEN);
      expect(await alarms(10_000)).toEqual([]);
      expect((await ledger.readGlass(before.requester.id)).broken).toMatchObject([{ isReviewed: true }]);
    });

    it('has its alarm put off only while that is due, and not once somebody has attended to it', async () => {
      await breakGlass(1, 0);
      const request = broken(1);
      await ledger.putOffAlarm(request, minutesAfter(MORNING, 16), minutesAfter(MORNING, 1));
      expect([await alarms(15), await alarms(16)]).toEqual([[], [idOf(1)]]);
      await ledger.putOffAlarm(request, minutesAfter(MORNING, 30), minutesAfter(MORNING, 15));
      expect(await alarms(16)).toEqual([idOf(1)]);
      await attend(1, 'reviewed', BROKEN);
      await ledger.putOffAlarm(request, minutesAfter(MORNING, 30), minutesAfter(MORNING, 20));
      expect(await alarms(10_000)).toEqual([]);
    });

    it('is acknowledged though its alarm was put off before', async () => {
      await breakGlass(1, 0);
      await ledger.putOffAlarm(broken(1), minutesAfter(MORNING, 16), minutesAfter(MORNING, 1));
      expect(await attend(1, 'acknowledged', { acknowledged: acknowledged ?? { by: OMAR, at: MORNING } })).toBe(
        'committed',
      );
      expect(await alarms(59)).toEqual([]);
    });

    it('is listed, newest first and page by page, until it is reviewed', async () => {
      for (const number of [1, 2, 3]) await breakGlass(number, number - 1);
      await ledger.commit({ requests: [{ after: pending(9), events: [eventOf(idOf(9), 1)] }] });
      expect(await idsOf()).toEqual({ ids: [idOf(3), idOf(2), idOf(1)], cursor: undefined });
      const first = await idsOf({ limit: 2 });
      expect(first).toEqual({ ids: [idOf(3), idOf(2)], cursor: expect.any(String) });
      const cursor = typeof first === 'object' ? (first.cursor ?? '') : '';
      expect(await idsOf({ limit: 2, cursor })).toEqual({ ids: [idOf(1)], cursor: undefined });
      await attend(2, 'reviewed', { review: review ?? { by: OMAR, at: MORNING, outcome: 'justified' } });
      expect(await idsOf()).toEqual({ ids: [idOf(3), idOf(1)], cursor: undefined });
      expect(await idsOf({ limit: 2, cursor: 'no cursor of ours' })).toBe('invalid-cursor');
    });
  });
};
