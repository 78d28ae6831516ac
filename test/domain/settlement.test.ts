/** What the time, or the state of its lease, means for a request that holds it. */
import { describe, expect, it } from 'vitest';
import { emptyLease, type Hold, type Lease, type LeaseState } from '../../lambda/domain/lease.ts';
import { eventDue } from '../../lambda/domain/settlement.ts';
import { ACTIVE, ANN, at, ENDING, ENDING_FAILED, GRANTING, SITUATIONS, TARGET } from './samples.ts';

const OPERATION = { claim: 'a', since: at('09:59'), attempts: 0 };
const OTHER: Hold = { requestId: 'other', endsAt: at('12:00') };
const lease = (state: LeaseState, ...holds: readonly Hold[]): Lease => ({
  ...emptyLease(ANN.id, TARGET),
  state,
  holds,
});
const HELD = lease({ kind: 'held' });
const LOST: Hold = { ...OTHER, lost: true };
const CLOSED: LeaseState = { kind: 'deleting', operation: OPERATION, closed: true };

describe('eventDue', () => {
  it.each([
    ['granting before its deadline', GRANTING, '09:44:59.999', 'none'],
    ['granting at its deadline', GRANTING, '09:45', 'fail-grant'],
    ['active before its end', ACTIVE, '10:30:59.999', 'none'],
    ['active at its end', ACTIVE, '10:31', 'end'],
  ])('%s', (_situation, request, moment, expected) => {
    expect(eventDue(request, HELD, at(moment))?.kind ?? 'none').toBe(expected);
  });

  it.each([
    ['vacant', lease({ kind: 'vacant' }), 'gone'],
    ['standing, which stays', lease({ kind: 'standing' }), 'gone'],
    ['held', lease({ kind: 'held' }), 'none'],
    ['held, and another still holds it', lease({ kind: 'held' }, OTHER), 'gone'],
    ['held, and another has lost it', lease({ kind: 'held' }, LOST), 'none'],
    ['left in a closed account', lease(CLOSED), 'gone'],
    ['creating', lease({ kind: 'creating', operation: OPERATION }), 'none'],
    ['creating, for another', lease({ kind: 'creating', operation: OPERATION }, OTHER), 'gone'],
    ['deleting', lease({ kind: 'deleting', operation: OPERATION }), 'none'],
    ['deleting, and another waits for the next', lease({ kind: 'deleting', operation: OPERATION }, OTHER), 'none'],
    [
      'deleting, and it may still appear',
      lease({ kind: 'deleting', operation: OPERATION, unsettledUntil: at('10:01') }),
      'none',
    ],
  ])('ending while the lease is %s', (_situation, given, expected) => {
    const own = { requestId: ENDING.id, endsAt: ENDING.endsAt };
    const held = { ...given, holds: [own, ...given.holds] };
    expect(eventDue(ENDING, held, at('10:32'))?.kind ?? 'none').toBe(expected);
  });

  it('is the doing of the clock, and a grant that failed says by when it should have been usable', () => {
    expect(eventDue(ACTIVE, HELD, at('10:31'))).toEqual({ kind: 'end', at: at('10:31'), by: { kind: 'clock' } });
    const failed = {
      kind: 'fail-grant',
      at: at('09:46'),
      reason: 'not usable before 2026-11-23T09:45:00.000Z',
    } as const;
    expect(eventDue(GRANTING, lease({ kind: 'vacant' }), at('09:46'))).toStrictEqual(failed);
    expect(eventDue(GRANTING, HELD, at('09:46'))).toStrictEqual({
      ...failed,
      session: { mayHaveStood: true, sessionSeconds: 7200 },
    });
  });

  it('says of what is gone why it went, where that is known', () => {
    const gone = { kind: 'gone', at: at('10:32') } as const;
    const vanished = lease({ kind: 'vacant', vanished: 'account' });
    expect(eventDue(ENDING, vanished, at('10:32'))).toStrictEqual({ ...gone, vanished: 'account' });
    expect(eventDue(ENDING, lease(CLOSED), at('10:32'))).toStrictEqual({ ...gone, vanished: 'closed' });
    expect(eventDue(ENDING, lease({ kind: 'vacant' }), at('10:32'))).toStrictEqual(gone);
    expect(eventDue(ENDING, lease({ kind: 'standing' }), at('10:32'))).toStrictEqual(gone);
  });

  it('does not take its own hold for one of another, though the clock that ended it was ahead', () => {
    const held = lease({ kind: 'held' }, { requestId: ENDING.id, endsAt: at('10:31') });
    expect(eventDue(ENDING, held, at('10:30:59.900'))).toBeUndefined();
  });

  it('does not fail a grant before the lease is gone', () => {
    expect(eventDue(ENDING_FAILED, HELD, at('09:41'))).toBeUndefined();
    expect(eventDue(ENDING_FAILED, lease({ kind: 'vacant' }), at('09:41'))).toMatchObject({ kind: 'gone' });
  });

  it.each(['pending', 'scheduled', 'ended', 'rejected', 'cancelled', 'expired', 'failed'])(
    'is nothing for %s',
    (name) => {
      const request = SITUATIONS[name];
      expect(request && eventDue(request, lease({ kind: 'vacant' }), at('23:59'))).toBeUndefined();
    },
  );
});
