/** The lease: who holds it, what the next step is, and when it must be looked at. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import {
  asClosed,
  asReopened,
  claiming,
  emptyLease,
  type Hold,
  holdsLease,
  isAwaited,
  isClaimedByOther,
  isClosed,
  isIdle,
  isPutOff,
  isRefusedForGood,
  isTooLateToCall,
  isWanted,
  type Lease,
  type LeaseState,
  leaseDueAt,
  leaseIdOf,
  nextStep,
  type Operation,
  overdueSince,
  refusedAt,
  toGo,
  unsettledUntil,
  vacated,
  withHoldOf,
  withHoldsLost,
} from '../../lambda/domain/lease.ts';
import { ACTIVE, ANN, at, BEN, ENDING, GRANTING, SITUATIONS, TARGET } from './samples.ts';

const NOW = at('10:00');
const CALLING: Operation = { claim: 'a', since: at('09:59'), attempts: 0 };
const CALLED: Operation = { ...CALLING, id: 'operation-1' };
const STATES = {
  vacant: { kind: 'vacant' },
  standing: { kind: 'standing' },
  'creating, no id': { kind: 'creating', operation: CALLING },
  'creating, id': { kind: 'creating', operation: CALLED },
  held: { kind: 'held' },
  'deleting, no id': { kind: 'deleting', operation: CALLING },
  'deleting, id': { kind: 'deleting', operation: CALLED, unsettledUntil: at('10:01') },
} as const satisfies Record<string, LeaseState>;
const LATER: Hold = { requestId: 'later', endsAt: at('11:00') };
const AWAITED: Hold = { requestId: 'awaited', endsAt: at('11:00'), unconfirmedSince: at('09:58') };
const PAST: Hold = { requestId: 'past', endsAt: at('10:00') };
const LOST: Hold = { requestId: 'lost', endsAt: at('11:00'), lost: true };
const OVERDUE: Hold = { requestId: 'overdue', endsAt: at('10:00'), unconfirmedSince: at('09:40') };

const lease = (state: LeaseState, ...holds: readonly Hold[]): Lease => ({
  ...emptyLease(ANN.id, TARGET),
  state,
  holds,
});

describe('nextStep', () => {
  it.each([
    ['vacant', 'nobody', 'none'],
    ['vacant', 'past', 'none'],
    ['vacant', 'later', 'none'],
    ['vacant', 'both', 'none'],
    ['vacant', 'lost', 'none'],
    ['vacant', 'overdue', 'none'],
    ['vacant', 'awaited', 'observe'],
    ['vacant', 'lost and awaited', 'observe'],
    ['standing', 'nobody', 'release'],
    ['standing', 'past', 'release'],
    ['standing', 'later', 'none'],
    ['standing', 'both', 'none'],
    ['standing', 'lost', 'release'],
    ['standing', 'lost and awaited', 'none'],
    ['creating, no id', 'nobody', 'release'],
    ['creating, no id', 'past', 'release'],
    ['creating, no id', 'later', 'release'],
    ['creating, no id', 'both', 'release'],
    ['creating, no id', 'lost', 'release'],
    ['creating, no id', 'overdue', 'release'],
    ['creating, no id', 'awaited', 'create'],
    ['creating, no id', 'lost and awaited', 'create'],
    ['creating, id', 'nobody', 'await-created'],
    ['creating, id', 'past', 'await-created'],
    ['creating, id', 'later', 'await-created'],
    ['creating, id', 'both', 'await-created'],
    ['held', 'nobody', 'release'],
    ['held', 'past', 'release'],
    ['held', 'later', 'none'],
    ['held', 'both', 'none'],
    ['held', 'lost', 'release'],
    ['held', 'awaited', 'none'],
    ['held', 'lost and later', 'none'],
    ['deleting, no id', 'nobody', 'delete'],
    ['deleting, no id', 'past', 'delete'],
    ['deleting, no id', 'later', 'delete'],
    ['deleting, no id', 'both', 'delete'],
    ['deleting, id', 'nobody', 'await-deleted'],
    ['deleting, id', 'past', 'await-deleted'],
    ['deleting, id', 'later', 'await-deleted'],
    ['deleting, id', 'both', 'await-deleted'],
  ] as const)('%s, held by %s → %s', (state, holders, expected) => {
    const holds = {
      ...{ nobody: [], past: [PAST], later: [LATER], both: [PAST, LATER], lost: [LOST], overdue: [OVERDUE] },
      ...{ awaited: [AWAITED], 'lost and awaited': [LOST, AWAITED], 'lost and later': [LOST, LATER] },
    }[holders];
    expect(nextStep(lease(STATES[state], ...holds), NOW)).toBe(expected);
  });

  it('releases at the very moment of the last end, not a millisecond before', () => {
    const held = lease({ kind: 'held' }, LATER);
    expect(nextStep(held, at('10:59:59.999'))).toBe('none');
    expect(nextStep(held, at('11:00'))).toBe('release');
  });
});

describe('leaseDueAt', () => {
  const ALWAYS = 0;
  it.each([
    ['vacant', [], undefined],
    ['vacant', [LATER], at('11:00')],
    ['vacant', [AWAITED], at('09:58:30')],
    ['held', [LATER, AWAITED], at('09:58:30')],
    ['held', [{ ...AWAITED, endsAt: at('09:58:10') }], at('09:58:10')],
    ['vacant', [LOST], at('11:00')],
    ['standing', [], ALWAYS],
    ['standing', [LOST], ALWAYS],
    ['held', [LOST], ALWAYS],
    ['held', [LOST, LATER], at('11:00')],
    ['standing', [LATER, PAST], at('10:00')],
    ['held', [], ALWAYS],
    ['held', [PAST, LATER], at('10:00')],
    ['creating, no id', [LATER], at('09:59:30')],
    ['creating, id', [LATER], at('09:59:30')],
    ['deleting, no id', [], at('09:59:30')],
    ['deleting, id', [LATER], at('09:59:30')],
  ] as const)('%s with holds %j is looked at by %s', (state, holds, expected) => {
    expect(leaseDueAt(lease(STATES[state], ...holds))).toBe(expected);
  });

  it.each([
    ['vacant', [], true],
    ['vacant', [PAST], false],
    ['held', [], false],
    ['standing', [], false],
    ['deleting, no id', [], false],
  ] as const)('%s with holds %j is idle: %s', (state, holds, expected) => {
    expect(isIdle(lease(STATES[state], ...holds))).toBe(expected);
  });

  it('is what every lease begins with: nothing held, nothing there, nothing to do', () => {
    const fresh = emptyLease(ANN.id, TARGET);
    expect([isIdle(fresh), leaseDueAt(fresh), nextStep(fresh, NOW)]).toEqual([true, undefined, 'none']);
  });
});

describe('what others took away', () => {
  const taken = withHoldsLost(lease({ kind: 'held' }, LATER, AWAITED));

  it('is lost to whoever used it, and not to who waits for access', () => {
    expect(taken.holds).toEqual([{ ...LATER, lost: true }, AWAITED]);
  });

  it.each([
    ['whoever uses it', LATER, true, false],
    ['whoever used it until now', PAST, false, false],
    ['whoever has lost it', LOST, false, false],
    ['whoever waits for it', AWAITED, true, true],
    ['whoever waited for it until now', OVERDUE, false, false],
  ] as const)('is to stay for %s (%j): %s; is to be made for them: %s', (_who, hold, wanted, awaited) => {
    const held = lease({ kind: 'held' }, hold);
    expect([isWanted(held, NOW), isAwaited(held, NOW)]).toEqual([wanted, awaited]);
  });

  it('stays lost, whatever becomes of the request, until it is over', () => {
    const lost = withHoldsLost(withHoldOf(lease({ kind: 'held' }), ACTIVE));
    const hold = { requestId: ACTIVE.id, lost: true };
    const longer = { ...ACTIVE, endsAt: at('11:00') } as AccessRequest;
    expect(withHoldOf(lost, longer).holds).toEqual([{ ...hold, endsAt: at('11:00') }]);
    expect(withHoldOf(lost, ENDING).holds).toEqual([{ ...hold, endsAt: ENDING.endsAt, ending: true }]);
    expect(withHoldOf(lost, SITUATIONS.ended as AccessRequest).holds).toEqual([]);
  });

  it('is not lost to whoever comes later', () => {
    const lost = withHoldsLost(lease({ kind: 'held' }, LATER));
    expect(withHoldOf(lost, ACTIVE).holds).toEqual([
      { ...LATER, lost: true },
      { requestId: ACTIVE.id, endsAt: ACTIVE.endsAt },
    ]);
  });
});

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

describe('isClaimedByOther', () => {
  it.each([
    ['by oneself', CALLING, 'a', '09:59:05', false],
    ['by another, just now', CALLING, 'b', '09:59:05', true],
    ['by another, to the last moment', CALLING, 'b', '09:59:29.999', true],
    ['by another, who had time enough', CALLING, 'b', '09:59:30', false],
    ['by somebody, asked by nobody in particular', CALLING, undefined, '09:59:05', true],
    ['by another, who has called', CALLED, 'b', '09:59:05', false],
  ] as const)('%s', (_situation, operation, claim, moment, expected) => {
    expect(isClaimedByOther(operation, claim, at(moment))).toBe(expected);
  });
});

describe('holds', () => {
  it.each(Object.entries(SITUATIONS).map(([name, request]) => [name, request] as const))(
    'of %s: only what is granted, used or being ended holds',
    (name, request) => {
      expect(holdsLease(request)).toBe(
        ['granting', 'active', 'active+extension', 'ending', 'ending-failed'].includes(name),
      );
    },
  );

  it.each([
    [GRANTING, { endsAt: at('10:45'), unconfirmedSince: at('09:30') }],
    [ACTIVE, { endsAt: at('10:31') }],
    [ENDING, { endsAt: at('10:31'), ending: true }],
  ] as const)('$status holds until its end', (request, expected) => {
    const { holds } = withHoldOf(lease({ kind: 'held' }), request);
    expect(holds).toEqual([{ requestId: request.id, ...expected }]);
  });

  it('move with their request and leave the others alone', () => {
    const held = lease({ kind: 'held' }, { requestId: GRANTING.id, endsAt: at('10:45') }, LATER);
    expect(withHoldOf(held, ACTIVE).holds).toEqual([LATER, { requestId: ACTIVE.id, endsAt: at('10:31') }]);
  });

  it('go with their request', () => {
    const over = SITUATIONS.ended as AccessRequest;
    const held = lease({ kind: 'held' }, { requestId: over.id, endsAt: at('10:45') }, LATER);
    expect(withHoldOf(held, over).holds).toEqual([LATER]);
  });
});

describe('leaseIdOf', () => {
  const other = { ...TARGET, permissionSetArn: TARGET.permissionSetArn.replace('cdef', 'beef') };
  it.each([
    ['another person', leaseIdOf(BEN.id, TARGET)],
    ['another account', leaseIdOf(ANN.id, { ...TARGET, accountId: '400000000002' })],
    ['another permission set', leaseIdOf(ANN.id, other)],
  ])('differs for %s', (_difference, id) => {
    expect(id).not.toBe(leaseIdOf(ANN.id, TARGET));
  });

  it('stays when account and permission set are renamed', () => {
    const renamed = { ...TARGET, accountName: 'payments-production', permissionSetName: 'Admin' };
    expect(leaseIdOf(ANN.id, renamed)).toBe(leaseIdOf(ANN.id, TARGET));
  });
});

describe('a call of unknown outcome', () => {
  it('begins within five seconds of its claim, or not at all', () => {
    expect(isTooLateToCall(CALLING, at('09:59:04.999'))).toBe(false);
    expect(isTooLateToCall(CALLING, at('09:59:05'))).toBe(true);
  });

  it('may take effect for a minute and a half, from before it is made', () => {
    const claimed = lease(claiming('creating', CALLING));
    expect(claimed.state).toEqual({ kind: 'creating', operation: CALLING, unsettledUntil: at('10:00:30') });
    expect(unsettledUntil(claimed)).toBe(at('10:00:30'));
  });

  it.each(['vacant', 'standing', 'held', 'creating, id'] as const)('is not there when the lease is %s', (state) => {
    expect(unsettledUntil(lease(STATES[state]))).toBeUndefined();
  });

  it('is still there when the access is held, or being taken away', () => {
    expect(unsettledUntil(lease({ kind: 'held', unsettledUntil: at('10:01') }))).toBe(at('10:01'));
    expect(unsettledUntil(lease(STATES['deleting, id']))).toBe(at('10:01'));
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
