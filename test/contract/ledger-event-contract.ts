/** What every ledger must do when it lists events: in the order of time, the whole window, page by page without gaps. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { AuditEvent, DriftEvent } from '../../lambda/domain/audit-event.ts';
import type { EventQuery, Ledger, Page } from '../../lambda/ports/ledger.ts';
import { at, eventOf, idOf, pending } from './samples.ts';

const DAY = { from: at('2026-11-23T00:00:00.000Z'), to: at('2026-11-24T00:00:00.000Z') };
const MONTH = { from: at('2026-11-01T00:00:00.000Z'), to: at('2026-12-01T00:00:00.000Z') };

export const describeEvents = (make: () => Promise<Ledger>): void => {
  describe('all events', () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await make();
    });

    /** Stores the event as the next of its request. */
    const store = async (request: number, sequence: number, moment: string): Promise<void> => {
      const id = idOf(request);
      const before = await ledger.readRequest(id);
      const after: AccessRequest = before ?? pending(request);
      const events = [eventOf(id, sequence, { at: moment })];
      await ledger.commit({ requests: [{ ...(before ? { before } : {}), after, events }] });
    };
    const page = async (query: EventQuery): Promise<Page<AuditEvent | DriftEvent>> => {
      const listed = await ledger.listEvents(query);
      if (listed === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
      return listed;
    };
    /** `request/sequence` page by page, until no cursor is left. */
    const pages = async (query: EventQuery): Promise<string[][]> => {
      const { items, cursor } = await page(query);
      const names = items.map(({ requestId, sequence }) => `${Number(requestId.slice(5))}/${sequence}`);
      return cursor === undefined ? [names] : [names, ...(await pages({ ...query, cursor }))];
    };

    it('lists them oldest first, whatever the request and the day', async () => {
      await store(1, 1, '2026-11-22T23:59:59.999Z');
      await store(2, 1, '2026-11-20T08:00:00.000Z');
      await store(1, 2, '2026-11-23T00:00:00.000Z');
      await store(2, 2, '2026-11-21T08:00:00.000Z');
      expect(await pages({ ...MONTH, limit: 50 })).toEqual([['2/1', '2/2', '1/1', '1/2']]);
    });

    it('lists those of one moment by request, and those of one request by sequence', async () => {
      for (const [request, sequence] of [
        [2, 1],
        [1, 1],
        [2, 2],
        [1, 2],
      ] as const) {
        await store(request, sequence, '2026-11-23T08:00:00.000Z');
      }
      expect(await pages({ ...DAY, limit: 50 })).toEqual([['1/1', '1/2', '2/1', '2/2']]);
      expect(await pages({ ...DAY, limit: 1 })).toEqual([['1/1'], ['1/2'], ['2/1'], ['2/2']]);
    });

    it('lists whole events', async () => {
      const event = eventOf(idOf(1), 1);
      await ledger.commit({ requests: [{ after: pending(1), events: [event] }] });
      expect((await page({ ...DAY, limit: 50 })).items).toEqual([event]);
    });

    it('lists what happened at the first moment of the window, and nothing of its last', async () => {
      await store(1, 1, '2026-11-22T23:59:59.999Z');
      await store(1, 2, '2026-11-23T00:00:00.000Z');
      await store(1, 3, '2026-11-23T23:59:59.999Z');
      await store(1, 4, '2026-11-24T00:00:00.000Z');
      expect(await pages({ ...DAY, limit: 50 })).toEqual([['1/2', '1/3']]);
      const oneMoment = { from: DAY.to, to: at('2026-11-24T00:00:00.001Z') };
      expect(await pages({ ...oneMoment, limit: 50 })).toEqual([['1/4']]);
    });

    it('lists page by page without gaps or repeats, across days on which nothing happened', async () => {
      for (let number = 1; number <= 5; number += 1) await store(number, 1, `2026-11-0${number * 2 - 1}T12:00:00.000Z`);
      expect(await pages({ ...MONTH, limit: 2 })).toEqual([['1/1', '2/1'], ['3/1', '4/1'], ['5/1']]);
      expect(await pages({ ...MONTH, limit: 5 })).toHaveLength(1);
    });

    it('goes on where it was when something new came in between', async () => {
      await store(1, 1, '2026-11-23T08:00:00.000Z');
      await store(1, 2, '2026-11-23T09:00:00.000Z');
      const { cursor } = await page({ ...DAY, limit: 1 });
      await store(2, 1, '2026-11-23T07:00:00.000Z');
      await store(2, 2, '2026-11-23T08:30:00.000Z');
      expect(await pages({ ...DAY, limit: 50, cursor: cursor ?? '' })).toEqual([['2/2', '1/2']]);
    });

    it('lists them the other way round: newest first, page by page without gaps or repeats', async () => {
      for (let number = 1; number <= 4; number += 1) await store(number, 1, `2026-11-0${number * 2 - 1}T12:00:00.000Z`);
      await store(3, 2, '2026-11-05T12:00:00.000Z');
      await store(2, 2, '2026-11-05T12:00:00.000Z');
      const newest = { ...MONTH, newestFirst: true } as const;
      const everything = ['4/1', '3/2', '3/1', '2/2', '2/1', '1/1'];
      expect(await pages({ ...newest, limit: 50 })).toEqual([everything]);
      expect(await pages({ ...newest, limit: 6 })).toEqual([everything]);
      expect((await pages({ ...newest, limit: 1 })).flat()).toEqual(everything);
      expect(await pages({ ...newest, limit: 4 })).toEqual([everything.slice(0, 4), everything.slice(4)]);
    });

    it('keeps to the window the other way round, too', async () => {
      await store(1, 1, '2026-11-22T23:59:59.999Z');
      await store(1, 2, '2026-11-23T00:00:00.000Z');
      await store(1, 3, '2026-11-23T23:59:59.999Z');
      await store(1, 4, '2026-11-24T00:00:00.000Z');
      expect(await pages({ ...DAY, newestFirst: true, limit: 1 })).toEqual([['1/3'], ['1/2']]);
    });

    it('goes on backwards where it was when something new came in between', async () => {
      await store(1, 1, '2026-11-23T08:00:00.000Z');
      await store(1, 2, '2026-11-23T09:00:00.000Z');
      const newest = { ...DAY, newestFirst: true } as const;
      const { cursor } = await page({ ...newest, limit: 1 });
      await store(2, 1, '2026-11-23T09:30:00.000Z');
      await store(2, 2, '2026-11-23T08:30:00.000Z');
      expect(await pages({ ...newest, limit: 50, cursor: cursor ?? '' })).toEqual([['2/2', '1/1']]);
    });

    it('lists nothing when nothing happened', async () => {
      expect(await ledger.listEvents({ ...MONTH, limit: 50 })).toEqual({ items: [] });
    });

    const cursorOf = (text: string): string => Buffer.from(text).toString('base64url');
    const GOOD = `2026-11-23T08:00:00.000Z#${idOf(1)}#000001`;

    it('takes a cursor of the form of its own', async () => {
      expect(await ledger.listEvents({ ...DAY, limit: 1, cursor: cursorOf(GOOD) })).toEqual({ items: [] });
    });

    it.each([
      ['no text', ''],
      ['words', cursorOf('give me everything')],
      ['of the list of requests', cursorOf(`2026-11-23T08:00:00.000Z#${idOf(1)}`)],
      ['of the day before', cursorOf(`2026-11-22T23:59:59.999Z#${idOf(1)}#000001`)],
      ['of the day after', cursorOf(`2026-11-24T00:00:00.000Z#${idOf(1)}#000001`)],
      ['with a moment that is none', cursorOf(`2026-11-31T08:00:00.000Z#${idOf(1)}#000001`)],
      ['with a sequence of another form', cursorOf(`2026-11-23T08:00:00.000Z#${idOf(1)}#0000001`)],
      ['with more behind it', `${cursorOf(GOOD)}==`],
    ])('refuses a cursor that it did not make for this window: %s', async (_, cursor) => {
      expect(await ledger.listEvents({ ...DAY, limit: 10, cursor })).toBe('invalid-cursor');
    });
  });
};
