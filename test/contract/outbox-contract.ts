/** What every outbox must do: it fills with the commits of its ledger, and gives each piece of news to one at a time. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { AuditEvent } from '../../lambda/domain/audit-event.ts';
import type { Telling } from '../../lambda/domain/telling.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import type { Outbox } from '../../lambda/ports/outbox.ts';
import { BROKEN, eventOf, idOf, MARIA, MORNING, minutesAfter, pending } from './samples.ts';

export interface Boxed {
  readonly ledger: Ledger;
  readonly outbox: Outbox;
}

const happensAt = (minutes: number): Pick<AuditEvent, 'at'> => ({
  at: new Date(minutesAfter(MORNING, minutes)).toISOString(),
});

/** @param make an empty ledger and its outbox, once for each test. */
export const describeOutbox = (name: string, make: () => Promise<Boxed>): void => {
  describe(`${name} outbox`, () => {
    let box: Boxed;
    beforeEach(async () => {
      box = await make();
    });

    const ask = async (number: number, minutes = 0): Promise<AccessRequest> => {
      const after = pending(number, { askedAt: minutesAfter(MORNING, minutes) });
      await box.ledger.commit({
        requests: [{ after, events: [eventOf(after.id, 1, { kind: 'asked', ...happensAt(minutes) })] }],
      });
      return after;
    };
    const breakGlass = async (number: number, minutes: number): Promise<void> => {
      const { acknowledged, review, ...breakGlass } = BROKEN;
      const after = {
        ...pending(number, { breakGlass, requester: { ...MARIA, id: `id-${number}` } }),
        status: 'scheduled',
        startsAt: MORNING,
      } as AccessRequest;
      const events = [
        eventOf(after.id, 1, happensAt(minutes)),
        eventOf(after.id, 2, { kind: 'glass-broken', ...happensAt(minutes) }),
      ];
      expect(await box.ledger.commit({ requests: [{ after, events }] })).toBe('committed');
    };
    const listed = async (): Promise<readonly string[]> =>
      (await box.outbox.list(100)).map(({ requestId, kind }) => `${Number(requestId.slice(-6))} ${kind}`);
    const first = async (): Promise<Telling> => {
      const [found] = await box.outbox.list(1);
      if (!found) throw new Error('the outbox is empty');
      return found;
    };

    it('has what was committed, as it happened, and nothing that was not', async () => {
      expect(await listed()).toEqual([]);
      const { id } = await ask(1, 5);
      expect(await box.outbox.list(100)).toEqual([
        {
          ...{ requestId: id, sequence: 1, kind: 'asked', attempts: 0, doneIds: [], version: 1 },
          ...{ at: minutesAfter(MORNING, 5), nextAt: minutesAfter(MORNING, 5) },
        },
      ]);
      const stale = {
        before: { ...pending(1), version: 7 },
        after: pending(1),
        events: [eventOf(id, 2, { kind: 'reminded' })],
      };
      expect(await box.ledger.commit({ requests: [stale] })).toBe('conflict');
      expect(await listed()).toEqual(['1 asked']);
    });

    it('has a broken glass first, and of each sort what is to be told soonest', async () => {
      await ask(1, 3);
      await ask(2, 1);
      await breakGlass(3, 9);
      await breakGlass(4, 8);
      expect(await listed()).toEqual(['4 glass-broken', '3 glass-broken', '2 asked', '1 asked']);
      expect(await box.outbox.list(3)).toHaveLength(3);
    });

    it('keeps what was done, and puts it where its time is', async () => {
      await ask(1, 1);
      await ask(2, 2);
      const found = await first();
      const kept = await box.outbox.keep({ ...found, attempts: 1, doneIds: ['id-lea'] }, minutesAfter(MORNING, 60));
      expect(kept).toEqual({
        ...found,
        attempts: 1,
        doneIds: ['id-lea'],
        nextAt: minutesAfter(MORNING, 60),
        version: 2,
      });
      expect(await listed()).toEqual(['2 asked', '1 asked']);
      expect((await box.outbox.list(2))[1]).toEqual(kept);
    });

    it('gives it to whoever is first, and to nobody who read it before', async () => {
      await ask(1);
      const found = await first();
      const both = await Promise.all([1, 2].map((hours) => box.outbox.keep(found, minutesAfter(MORNING, 60 * hours))));
      expect(both.filter((kept) => kept !== undefined)).toHaveLength(1);
      await box.outbox.remove(found);
      expect(await listed()).toEqual(['1 asked']);
      expect(await box.outbox.keep(found, MORNING)).toBeUndefined();
    });

    it('forgets what was told, also twice, and it does not come back', async () => {
      await ask(1);
      const found = await first();
      await box.outbox.remove(found);
      await box.outbox.remove(found);
      expect(await box.outbox.keep(found, MORNING)).toBeUndefined();
      expect(await listed()).toEqual([]);
    });

    it('is no part of the request: neither its history nor its lists show it', async () => {
      const { id } = await ask(1);
      expect(await box.ledger.readEvents(id)).toHaveLength(1);
      expect(await box.ledger.listOpen({ limit: 10 })).toMatchObject({ items: [{ id: idOf(1) }] });
      expect((await box.ledger.listDue(minutesAfter(MORNING, 1), 10)).items).toEqual([]);
    });
  });
};
