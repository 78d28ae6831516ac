/** What every ledger must do when it lists: newest first, page by page without gaps, and what is due. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { Ledger, ListQuery, Page } from '../../lambda/ports/ledger.ts';
import {
  BASE,
  cancelled,
  EVERY_REQUEST,
  idOf,
  leaseOf,
  MARIA,
  MORNING,
  minutesAfter,
  OMAR,
  pending,
} from './samples.ts';

type List = (query: ListQuery) => Promise<Page<AccessRequest> | 'invalid-cursor'>;

const pageOf = async (list: List, query: ListQuery): Promise<Page<AccessRequest>> => {
  const page = await list(query);
  if (page === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
  return page;
};

/** The ids page by page, until no cursor is left. */
const pagesOf = async (list: List, query: ListQuery): Promise<string[][]> => {
  const { items, cursor } = await pageOf(list, query);
  const ids = items.map(({ id }) => id);
  return cursor === undefined ? [ids] : [ids, ...(await pagesOf(list, { ...query, cursor }))];
};

const ids = (...numbers: readonly number[]): string[] => numbers.map(idOf);

export const describeLists = (make: () => Promise<Ledger>): void => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await make();
  });

  const store = async (...requests: readonly AccessRequest[]): Promise<void> => {
    for (const after of requests) await ledger.commit({ requests: [{ after, events: [] }] });
  };
  const askedLater = (number: number, differences: Partial<AccessRequest> = {}): AccessRequest =>
    pending(number, { askedAt: minutesAfter(MORNING, number), ...differences });

  describe('lists', () => {
    it('lists every request newest first', async () => {
      await store(askedLater(2), askedLater(1), askedLater(3));
      expect(await pagesOf(ledger.listAll, { limit: 10 })).toEqual([ids(3, 2, 1)]);
    });

    it('lists the later id first when two were asked at the same moment', async () => {
      await store(pending(1), pending(2));
      expect(await pagesOf(ledger.listAll, { limit: 10 })).toEqual([ids(2, 1)]);
    });

    it('lists whole requests', async () => {
      await store(pending(1));
      expect((await pageOf(ledger.listAll, { limit: 10 })).items).toEqual([{ ...pending(1), version: 1 }]);
    });

    it('lists page by page without gaps or repeats', async () => {
      await store(...[1, 2, 3, 4, 5].map((number) => askedLater(number)));
      expect(await pagesOf(ledger.listAll, { limit: 2 })).toEqual([ids(5, 4), ids(3, 2), ids(1)]);
    });

    it('gives no cursor with a last page that is exactly full', async () => {
      await store(...[1, 2, 3, 4].map((number) => askedLater(number)));
      expect(await pagesOf(ledger.listAll, { limit: 2 })).toEqual([ids(4, 3), ids(2, 1)]);
    });

    it('goes on where it was when something new came in between', async () => {
      await store(askedLater(1), askedLater(2));
      const { cursor } = await pageOf(ledger.listAll, { limit: 1 });
      await store(askedLater(3));
      expect(await pagesOf(ledger.listAll, { limit: 10, cursor: cursor ?? '' })).toEqual([ids(1)]);
    });

    it('lists nothing when there is nothing', async () => {
      expect(await ledger.listAll({ limit: 10 })).toEqual({ items: [] });
      expect(await ledger.listOpen({ limit: 10 })).toEqual({ items: [] });
      expect(await ledger.listByRequester(MARIA.id, { limit: 10 })).toEqual({ items: [] });
    });

    it('lists what one person asked for, over or not, and nothing of others', async () => {
      await store(askedLater(1), askedLater(2, { requester: OMAR }), cancelled(askedLater(3)));
      const mine: List = (query) => ledger.listByRequester(MARIA.id, query);
      expect(await pagesOf(mine, { limit: 10 })).toEqual([ids(3, 1)]);
      expect(await pagesOf(mine, { limit: 1 })).toEqual([ids(3), ids(1)]);
    });

    it('lists as open exactly what is not over', async () => {
      await store(...EVERY_REQUEST);
      expect(await pagesOf(ledger.listOpen, { limit: 20 })).toEqual([ids(8, 7, 6, 5, 4, 3, 2, 1)]);
    });

    it('lists a request as open no longer once it is over', async () => {
      await store(askedLater(1), askedLater(2));
      const before = (await ledger.readRequest(idOf(1))) as AccessRequest;
      await ledger.commit({ requests: [{ before, after: cancelled(before), events: [] }] });
      expect(await pagesOf(ledger.listOpen, { limit: 10 })).toEqual([ids(2)]);
      expect(await pagesOf(ledger.listAll, { limit: 10 })).toEqual([ids(2, 1)]);
    });

    it('fills its pages although the status filter leaves most out', async () => {
      const many = Array.from({ length: 18 }, (_, index) => askedLater(index + 1));
      await store(...many.map((request, index) => (index % 3 === 0 ? cancelled(request) : request)));
      expect(await pagesOf(ledger.listAll, { statuses: ['cancelled'], limit: 4 })).toEqual([
        ids(16, 13, 10, 7),
        ids(4, 1),
      ]);
      expect(await pagesOf(ledger.listAll, { statuses: ['cancelled', 'pending'], limit: 20 })).toHaveLength(1);
      expect(await pagesOf(ledger.listAll, { statuses: [], limit: 4 })).toEqual([[]]);
    });

    it.each([
      ['no text', ''],
      ['another alphabet', '~~~'],
      ['words', Buffer.from('give me everything').toString('base64url')],
      ['a key', Buffer.from('2026-11-23T08:00:00.000Z#01KAQ#DROP').toString('base64url')],
      ['a moment that is none', Buffer.from(`2026-13-45T08:00:00.000Z#${idOf(1)}`).toString('base64url')],
      ['more behind it', `${Buffer.from(`2026-11-23T08:00:00.000Z#${idOf(1)}`).toString('base64url')}==`],
    ])('refuses a cursor that it did not make: %s', async (_, cursor) => {
      expect(await ledger.listAll({ limit: 10, cursor })).toBe('invalid-cursor');
      expect(await ledger.listOpen({ limit: 10, cursor })).toBe('invalid-cursor');
      expect(await ledger.listByRequester(MARIA.id, { limit: 10, cursor })).toBe('invalid-cursor');
    });
  });

  describe('what is due', () => {
    const due = async (by: Instant, limit = 100): Promise<string[]> =>
      (await ledger.listDue(by, limit)).items.map(({ kind, id }) => `${kind} ${id}`).sort();

    it('lists requests and leases that were due by then, the moment itself included', async () => {
      await store(
        pending(1, { expiresAt: MORNING }),
        pending(2, { expiresAt: minutesAfter(MORNING, -60) }),
        pending(3, { expiresAt: (MORNING + 1) as Instant }),
      );
      await ledger.commit({
        leases: [
          leaseOf({ id: 'due/lease', holds: [{ requestId: idOf(1), endsAt: MORNING }], state: { kind: 'held' } }),
          leaseOf({ id: 'later/lease', holds: [{ requestId: idOf(3), endsAt: minutesAfter(MORNING, 1) }] }),
          leaseOf({ id: 'idle/lease' }),
          leaseOf({ id: 'forgotten/lease', state: { kind: 'held' } }),
        ],
      });
      expect(await due(MORNING)).toEqual([
        'lease due/lease',
        'lease forgotten/lease',
        `request ${idOf(1)}`,
        `request ${idOf(2)}`,
      ]);
    });

    it('lists a request whose approvers are to be reminded, until they were', async () => {
      const reminder = { afterSeconds: 600 };
      const stage = { ...BASE.approval[0], reminder };
      await store(pending(1, { askedAt: MORNING, approval: [stage] }));
      expect(await due(minutesAfter(MORNING, 9))).toEqual([]);
      expect(await due(minutesAfter(MORNING, 10))).toEqual([`request ${idOf(1)}`]);
      const before = (await ledger.readRequest(idOf(1))) as AccessRequest;
      const reminded = { ...stage, reminder: { ...reminder, remindedAt: minutesAfter(MORNING, 10) } };
      await ledger.commit({ requests: [{ before, after: { ...before, approval: [reminded] }, events: [] }] });
      expect(await due(minutesAfter(MORNING, 10))).toEqual([]);
    });

    it('lists nothing that is over', async () => {
      await store(...EVERY_REQUEST);
      expect(await due(minutesAfter(MORNING, 10_000))).toEqual(
        ids(1, 2, 3, 4, 5, 6, 7, 8).map((id) => `request ${id}`),
      );
    });

    it('lists a request no longer once it has moved on', async () => {
      await store(pending(1, { expiresAt: MORNING }));
      const before = (await ledger.readRequest(idOf(1))) as AccessRequest;
      await ledger.commit({ requests: [{ before, after: cancelled(before), events: [] }] });
      expect(await due(minutesAfter(MORNING, 1))).toEqual([]);
    });

    it('lists everything that is due on one of its pages, each thing once, however short they are', async () => {
      const moments = Array.from({ length: 23 }, (_, index) => minutesAfter(MORNING, index % 5));
      await store(...moments.map((expiresAt, index) => pending(index + 1, { expiresAt })));
      await ledger.commit({ leases: [leaseOf({ id: 'forgotten/lease', state: { kind: 'held' } })] });
      const found: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
        if (page > 30) throw new Error('it never ends');
        const listed = await ledger.listDue(minutesAfter(MORNING, 3), 1, cursor);
        found.push(...listed.items.map(({ id }) => id));
        cursor = listed.cursor;
      }
      const due = moments.flatMap((at, index) => (at <= minutesAfter(MORNING, 3) ? [idOf(index + 1)] : []));
      expect(found.sort()).toEqual([...due, 'forgotten/lease'].sort());
    });

    it('goes on behind the cursor, also when what was before it is still due and more has fallen due', async () => {
      await store(...[1, 2, 3, 4, 5, 6, 7, 8].map((number) => pending(number, { expiresAt: MORNING })));
      const { items: first, cursor } = await ledger.listDue(MORNING, 1);
      await store(pending(20, { expiresAt: minutesAfter(MORNING, 1) }));
      const rest = (await ledger.listDue(minutesAfter(MORNING, 2), 100, cursor)).items.map(({ id }) => id);
      for (const { id } of first) expect(rest).not.toContain(id);
      expect([...first.map(({ id }) => id), ...rest].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20].map(idOf));
    });

    it('begins anew with a cursor that is no place in it', async () => {
      await store(pending(1, { expiresAt: MORNING }));
      expect((await ledger.listDue(MORNING, 5, '!nothing')).items).toHaveLength(1);
    });

    it('lists at least as many as the limit says when more are due, and the earliest among them', async () => {
      const moments = Array.from({ length: 12 }, (_, index) => minutesAfter(MORNING, index));
      await store(...moments.map((expiresAt, index) => pending(index + 1, { expiresAt })));
      const listed = await due(minutesAfter(MORNING, 60), 2);
      expect(listed.length).toBeGreaterThanOrEqual(2);
      expect(listed.length).toBeLessThan(12);
      expect(listed).toContain(`request ${idOf(1)}`);
    });
  });
};
