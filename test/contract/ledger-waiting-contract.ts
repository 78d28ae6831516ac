/** What every ledger must do with the tokens of waiting workflows. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ledger, Waiting } from '../../lambda/ports/ledger.ts';
import { eventOf, idOf, pending } from './samples.ts';

const DECISION: Waiting = { requestId: idOf(1), step: 'await-decision', taskToken: 'first token' };
const GRANT: Waiting = { requestId: idOf(1), step: 'grant', taskToken: 't'.repeat(2048) };

export const describeWaiting = (make: () => Promise<Ledger>): void => {
  describe('waiting workflows', () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await make();
    });
    const waiting = async (requestId: string): Promise<Waiting[]> =>
      [...(await ledger.listWaiting(requestId))].sort((left, right) => left.step.localeCompare(right.step));

    it('lists who waits on a request, and on no other', async () => {
      await ledger.addWaiting(DECISION);
      await ledger.addWaiting(GRANT);
      await ledger.addWaiting({ ...DECISION, requestId: idOf(2) });
      expect(await waiting(idOf(1))).toEqual([DECISION, GRANT]);
      expect(await waiting(idOf(3))).toEqual([]);
    });

    it('keeps two tokens of the same step', async () => {
      await ledger.addWaiting(DECISION);
      await ledger.addWaiting({ ...DECISION, taskToken: 'second token' });
      expect(await waiting(idOf(1))).toHaveLength(2);
    });

    it('keeps a token once, however often it is added', async () => {
      await ledger.addWaiting(DECISION);
      await ledger.addWaiting(DECISION);
      expect(await waiting(idOf(1))).toEqual([DECISION]);
    });

    it('forgets a token that is removed, also when it was removed before', async () => {
      await ledger.addWaiting(DECISION);
      await ledger.addWaiting(GRANT);
      await ledger.removeWaiting(DECISION);
      await ledger.removeWaiting(DECISION);
      expect(await waiting(idOf(1))).toEqual([GRANT]);
    });

    it('lists everybody who waits on one of its pages, whatever else is stored, and nobody who was told', async () => {
      await ledger.commit({ requests: [{ after: pending(1), events: [eventOf(idOf(1), 1)] }] });
      const all = [DECISION, GRANT, ...[2, 3, 4].map((number) => ({ ...DECISION, requestId: idOf(number) }))];
      for (const one of all) await ledger.addWaiting(one);
      const gone: Waiting = { ...DECISION, requestId: idOf(5) };
      await ledger.addWaiting(gone);
      await ledger.removeWaiting(gone);
      const found: Waiting[] = [];
      let cursor: string | undefined;
      for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
        if (page > 10) throw new Error('it never ends');
        const listed = await ledger.listAllWaiting(2, cursor);
        expect(listed.items.length).toBeLessThanOrEqual(2);
        found.push(...listed.items);
        cursor = listed.cursor;
      }
      const named = ({ requestId, step }: Waiting): string => `${requestId} ${step}`;
      expect(found.map(named).sort()).toEqual(all.map(named).sort());
      expect(found).toContainEqual(GRANT);
    });

    it('lists tokens and events beside the same request apart', async () => {
      await ledger.commit({ requests: [{ after: pending(1), events: [eventOf(idOf(1), 1)] }] });
      await ledger.addWaiting(DECISION);
      expect(await waiting(idOf(1))).toEqual([DECISION]);
      expect(await ledger.readEvents(idOf(1))).toEqual([eventOf(idOf(1), 1)]);
    });

    it('reads tokens and events beside a request in one go, the events oldest first', async () => {
      const events = [eventOf(idOf(1), 1), eventOf(idOf(1), 2)];
      await ledger.commit({ requests: [{ after: pending(1), events }] });
      await ledger.addWaiting(DECISION);
      await ledger.addWaiting({ ...DECISION, requestId: idOf(2) });
      expect(await ledger.readBeside(idOf(1))).toEqual({ events, waiting: [DECISION] });
      expect(await ledger.readBeside(idOf(3))).toEqual({ events: [], waiting: [] });
    });
  });
};
