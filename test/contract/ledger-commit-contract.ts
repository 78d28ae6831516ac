/** What every ledger must do with a commit: all of it or nothing, only on the expected versions, events included. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import {
  at,
  cancelled,
  EVERY_LEASE,
  EVERY_REQUEST,
  eventOf,
  idOf,
  leaseOf,
  MARIA,
  MORNING,
  minutesAfter,
  OMAR,
  pending,
} from './samples.ts';

const KEY = 'a key of at most 128 characters';
const record = (requestId: string, forgetAt = minutesAfter(MORNING, 60)) => ({
  personId: MARIA.id,
  key: KEY,
  bodyHash: 'd'.repeat(64),
  requestId,
  forgetAt,
});

export const describeCommits = (make: () => Promise<Ledger>): void => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await make();
  });

  const stored = async (request: AccessRequest): Promise<AccessRequest> => {
    await ledger.commit({ requests: [{ after: request, events: [eventOf(request.id, 1)] }] });
    return (await ledger.readRequest(request.id)) as AccessRequest;
  };

  describe('requests', () => {
    it.each(EVERY_REQUEST.map((request) => [`${request.status} ${request.id}`, request] as const))(
      'reads back what was committed: %s',
      async (_, request) => {
        expect(await ledger.commit({ requests: [{ after: request, events: [] }] })).toBe('committed');
        expect(await ledger.readRequest(request.id)).toEqual({ ...request, version: 1 });
      },
    );

    it('knows nothing of a request, a lease or a key that was never stored', async () => {
      expect(await ledger.readRequest(idOf(1))).toBeUndefined();
      expect(await ledger.readEvents(idOf(1))).toEqual([]);
      expect(await ledger.readLease('nobody')).toBeUndefined();
      expect(await ledger.readIdempotency(MARIA.id, KEY)).toBeUndefined();
    });

    it('refuses a new request whose id is taken, and keeps the first', async () => {
      await stored(pending(1));
      const second = pending(1, { justification: 'Another reason' });
      expect(await ledger.commit({ requests: [{ after: second, events: [] }] })).toBe('conflict');
      expect((await ledger.readRequest(idOf(1)))?.justification).toBe(pending(1).justification);
    });

    it('counts the version up with every change', async () => {
      const first = await stored(pending(1));
      await ledger.commit({ requests: [{ before: first, after: { ...first, ticket: 'PAY-1' }, events: [] }] });
      const second = (await ledger.readRequest(first.id)) as AccessRequest;
      await ledger.commit({ requests: [{ before: second, after: cancelled(second), events: [] }] });
      expect(await ledger.readRequest(first.id)).toMatchObject({ status: 'cancelled', ticket: 'PAY-1', version: 3 });
    });

    it('drops the fields that the next status does not have', async () => {
      const first = await stored(pending(1));
      await ledger.commit({ requests: [{ before: first, after: cancelled(first), events: [] }] });
      expect(await ledger.readRequest(first.id)).not.toHaveProperty('expiresAt');
    });

    it('lets exactly one of many concurrent changes of the same version win', async () => {
      const before = await stored(pending(1));
      const change = (number: number) => ({
        before,
        after: { ...before, ticket: `PAY-${number}` },
        events: [eventOf(before.id, 2)],
      });
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, number) => ledger.commit({ requests: [change(number)] })),
      );
      expect(results.filter((result) => result === 'committed')).toHaveLength(1);
      expect(results.filter((result) => result === 'conflict')).toHaveLength(11);
      expect((await ledger.readRequest(before.id))?.ticket).toBe(`PAY-${results.indexOf('committed')}`);
      expect(await ledger.readEvents(before.id)).toHaveLength(2);
    });

    it('keeps what it stores out of reach of whoever stored or read it', async () => {
      const votes: { stage: 0; approver: typeof OMAR; choice: 'approve'; at: typeof MORNING }[] = [];
      await stored(pending(1, { votes }));
      votes.push({ stage: 0, approver: OMAR, choice: 'approve', at: MORNING });
      expect((await ledger.readRequest(idOf(1)))?.votes).toEqual([]);
    });
  });

  describe('events', () => {
    it('reads the events of a request oldest first, also when there are many', async () => {
      const events = Array.from({ length: 12 }, (_, index) => eventOf(idOf(1), index + 1));
      await ledger.commit({ requests: [{ after: pending(1), events: events.slice(0, 1) }] });
      const first = (await ledger.readRequest(idOf(1))) as AccessRequest;
      await ledger.commit({ requests: [{ before: first, after: first, events: events.slice(1) }] });
      expect(await ledger.readEvents(idOf(1))).toEqual(events);
    });

    it('keeps the events of requests apart', async () => {
      await stored(pending(1));
      await stored(pending(2));
      expect(await ledger.readEvents(idOf(1))).toEqual([eventOf(idOf(1), 1)]);
    });

    it('stores nothing of an event when its change conflicts', async () => {
      const first = await stored(pending(1));
      await ledger.commit({ requests: [{ before: first, after: { ...first, ticket: 'PAY-1' }, events: [] }] });
      const late = { before: first, after: cancelled(first), events: [eventOf(first.id, 2)] };
      expect(await ledger.commit({ requests: [late] })).toBe('conflict');
      expect(await ledger.readEvents(first.id)).toHaveLength(1);
    });

    it('never replaces an event', async () => {
      const first = await stored(pending(1));
      const again = { before: first, after: cancelled(first), events: [eventOf(first.id, 1, { kind: 'cancelled' })] };
      expect(await ledger.commit({ requests: [again] })).toBe('conflict');
      expect(await ledger.readEvents(first.id)).toEqual([eventOf(first.id, 1)]);
      expect((await ledger.readRequest(first.id))?.status).toBe('pending');
    });

    it('keeps an event without an origin and by the clock as it is', async () => {
      const { from: _, ...event } = eventOf(idOf(1), 1, { kind: 'asked', actor: { kind: 'clock' }, textHashes: {} });
      await ledger.commit({ requests: [{ after: pending(1), events: [event] }] });
      expect(await ledger.readEvents(idOf(1))).toEqual([event]);
    });
  });

  describe('leases', () => {
    it.each(EVERY_LEASE.map((lease) => [lease.id, lease] as const))('reads back a lease: %s', async (_, lease) => {
      expect(await ledger.commit({ leases: [lease] })).toBe('committed');
      expect(await ledger.readLease(lease.id)).toEqual({ ...lease, version: 1 });
    });

    it('refuses a lease that changed since it was read, and with it the whole commit', async () => {
      await ledger.commit({ leases: [leaseOf()] });
      const late = { requests: [{ after: pending(1), events: [eventOf(idOf(1), 1)] }], leases: [leaseOf()] };
      expect(await ledger.commit(late)).toBe('conflict');
      expect(await ledger.readRequest(idOf(1))).toBeUndefined();
      expect(await ledger.readEvents(idOf(1))).toEqual([]);
    });

    it('refuses a lease that was read but is not there', async () => {
      expect(await ledger.commit({ leases: [leaseOf({ version: 1 })] })).toBe('conflict');
    });

    it('stores no lease when the request of the same commit conflicts', async () => {
      await stored(pending(1));
      expect(await ledger.commit({ requests: [{ after: pending(1), events: [] }], leases: [leaseOf()] })).toBe(
        'conflict',
      );
      expect(await ledger.readLease(leaseOf().id)).toBeUndefined();
    });

    it('changes several requests and their lease together', async () => {
      const first = await stored(pending(1));
      const second = await stored(pending(2));
      const commit = {
        requests: [first, second].map((before) => ({
          before,
          after: cancelled(before),
          events: [eventOf(before.id, 2)],
        })),
        leases: [leaseOf({ state: { kind: 'held' } })],
      };
      expect(await ledger.commit(commit)).toBe('committed');
      expect((await ledger.readRequest(first.id))?.status).toBe('cancelled');
      expect((await ledger.readRequest(second.id))?.status).toBe('cancelled');
      expect((await ledger.readLease(leaseOf().id))?.state.kind).toBe('held');
    });
  });

  describe('idempotency keys', () => {
    it('remembers what a key stood for, for that person only', async () => {
      await ledger.commit({ requests: [{ after: pending(1), events: [] }], idempotency: record(idOf(1)) });
      expect(await ledger.readIdempotency(MARIA.id, KEY)).toEqual(record(idOf(1)));
      expect(await ledger.readIdempotency(OMAR.id, KEY)).toBeUndefined();
    });

    it('lets exactly one of many concurrent requests with the same key in', async () => {
      const ask = (number: number) =>
        ledger.commit({ requests: [{ after: pending(number), events: [] }], idempotency: record(idOf(number)) });
      const results = await Promise.all(Array.from({ length: 8 }, (_, number) => ask(number + 1)));
      expect(results.filter((result) => result === 'committed')).toHaveLength(1);
      const page = await ledger.listAll({ limit: 50 });
      expect(page).toMatchObject({ items: [{ id: idOf(results.indexOf('committed') + 1) }] });
    });

    it('lets a key that was forgotten when the request was asked stand for that request', async () => {
      const forgetAt = at('2026-11-23T09:00:00.000Z');
      await ledger.commit({ requests: [{ after: pending(1), events: [] }], idempotency: record(idOf(1), forgetAt) });
      const early = pending(2, { askedAt: at('2026-11-23T08:59:59.999Z') });
      const late = pending(3, { askedAt: forgetAt });
      const again = record(idOf(3), at('2026-11-24T09:00:00.000Z'));
      expect(await ledger.commit({ requests: [{ after: early, events: [] }], idempotency: record(idOf(2)) })).toBe(
        'conflict',
      );
      expect(await ledger.commit({ requests: [{ after: late, events: [] }], idempotency: again })).toBe('committed');
      expect(await ledger.readIdempotency(MARIA.id, KEY)).toEqual(again);
    });
  });

  it('commits nothing at all when there is nothing to commit', async () => {
    expect(await ledger.commit({})).toBe('committed');
  });
};
