/** Taking away what a lease is of: since when that is overdue, what becomes of refusals, and of closed accounts. */
import { describe, expect, it } from 'vitest';
import {
  asClosed,
  asReopened,
  isClosed,
  isPutOff,
  isRefusedForGood,
  type LeaseState,
  leaseDueAt,
  nextStep,
  type Operation,
  overdueSince,
  refusedAt,
  toGo,
  vacated,
} from '../../lambda/domain/lease.ts';
import { CALLING, LATER, LOST, lease, NOW, PAST, STATES } from './sample-leases.ts';
import { at } from './samples.ts';

describe('what is to go though no request waits for that', () => {
  const DELETING: LeaseState = { kind: 'deleting', operation: CALLING };

  it.each([
    ['nobody', [], at('10:00')],
    ['whoever has lost it', [LOST], at('10:00')],
    ['whoever is ending', [PAST], undefined],
    ['whoever is ending, and who has lost it', [LOST, PAST], undefined],
  ] as const)('is overdue since then, held by %s', (_who, holds, expected) => {
    expect(overdueSince(toGo(lease(DELETING, ...holds), NOW))).toBe(expected);
  });

  it('is overdue since the first time that it was to go', () => {
    expect(overdueSince(toGo(toGo(lease(DELETING), NOW), at('10:05')))).toBe(NOW);
  });

  it('is not overdue any more once somebody holds it, nor since then when they are gone', () => {
    const joined = { ...toGo(lease(DELETING), NOW), holds: [LATER] };
    expect(overdueSince(joined)).toBeUndefined();
    expect(overdueSince({ ...toGo(joined, at('10:05')), holds: [] })).toBeUndefined();
  });

  it('is gone when nothing is there', () => {
    expect(vacated(toGo(lease(DELETING), NOW))).toStrictEqual(lease({ kind: 'vacant' }));
    expect(vacated(lease(DELETING, LOST), 'user')).toStrictEqual(lease({ kind: 'vacant', vanished: 'user' }, LOST));
  });

  it('is looked at by each sweep, however long it is put off, so that each tells how late it is', () => {
    const operation = refusedAt(CALLING, at('10:20'));
    const refused = lease({ kind: 'deleting', operation });
    expect(leaseDueAt(refused)).toBe(at('10:20:30'));
    expect(leaseDueAt(toGo(refused, NOW))).toBe(at('09:59:30'));
  });
});

describe('a removal that is refused', () => {
  const refused = (times: number): Operation =>
    Array.from({ length: times }).reduce<Operation>((operation) => refusedAt(operation, NOW), CALLING);

  it.each([
    [1, '10:00:30'],
    [2, '10:01'],
    [3, '10:02'],
    [4, '10:04'],
    [5, '10:05'],
    [6, '10:05'],
    [60, '10:05'],
  ])('for the %i. time is put off until %s', (times, until) => {
    const operation = refused(times);
    const moment = at(until);
    expect(isPutOff(operation, (moment - 1) as typeof moment)).toBe(true);
    expect(isPutOff(operation, moment)).toBe(false);
    expect(leaseDueAt(lease({ kind: 'deleting', operation }, PAST))).toBe(moment);
  });

  it('is not put off before it was refused, nor while a call is under way', () => {
    expect(isPutOff(CALLING, NOW)).toBe(false);
    expect(isPutOff({ ...refused(3), id: 'operation-1' }, NOW)).toBe(false);
  });

  it('is looked at again no sooner than others may take it over', () => {
    const operation = { ...refused(1), since: at('10:00:20') };
    expect(leaseDueAt(lease({ kind: 'deleting', operation }))).toBe(at('10:00:50'));
  });
});

describe('what cannot be removed from a closed account', () => {
  const refusedFor = (times: number): Operation => ({ ...CALLING, refusal: { times, retryAt: at('10:01') } });
  const closed = asClosed(lease({ kind: 'deleting', operation: refusedFor(4) }), NOW);

  it.each([
    [0, false],
    [2, false],
    [3, true],
    [4, true],
  ])('is that after %i refusals: %s', (times, expected) => {
    expect(isRefusedForGood(times === 0 ? CALLING : refusedFor(times))).toBe(expected);
  });

  it('is left alone for ten minutes, then looked at again', () => {
    expect(closed.state).toStrictEqual({
      kind: 'deleting',
      operation: { ...CALLING, refusal: { times: 4, retryAt: at('10:10') } },
      closed: true,
    });
    expect([leaseDueAt(closed), nextStep(closed, NOW)]).toEqual([at('10:10'), 'delete']);
    expect(asClosed(lease({ kind: 'deleting', operation: CALLING }), NOW).state).toMatchObject({
      operation: { refusal: { times: 0, retryAt: at('10:10') } },
    });
  });

  it('opens nothing, so that it is not overdue', () => {
    expect(overdueSince(toGo(closed, NOW))).toBeUndefined();
    expect(leaseDueAt(toGo(closed, NOW))).toBe(at('10:10'));
  });

  it('is late, and to be tried at once, from when the account is reinstated', () => {
    const reopened = asReopened(toGo(closed, NOW), at('12:00'));
    expect(reopened.state).toStrictEqual({ kind: 'deleting', operation: CALLING });
    expect([overdueSince(reopened), isClosed(reopened)]).toEqual([at('12:00'), false]);
    const held = lease({ kind: 'held' }, LATER);
    expect(asReopened(held, NOW)).toBe(held);
  });

  it('is nothing else: what is held or being made is not, whatever is said of it', () => {
    for (const state of ['vacant', 'standing', 'held', 'creating, no id', 'deleting, no id'] as const) {
      expect(isClosed(lease(STATES[state]))).toBe(false);
    }
    expect(isClosed(closed)).toBe(true);
    const held = lease({ kind: 'held' }, LATER);
    expect(asClosed(held, NOW)).toBe(held);
  });
});
