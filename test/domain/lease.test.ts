/** The lease: who holds it, what the next step is, and when it must be looked at. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import {
  claiming,
  emptyLease,
  type Hold,
  holdsLease,
  isClaimedByOther,
  isIdle,
  isPutOff,
  isTooLateToCall,
  type Lease,
  type LeaseState,
  leaseDueAt,
  leaseIdOf,
  nextStep,
  type Operation,
  refusedAt,
  unsettledUntil,
  withHoldOf,
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

const lease = (state: LeaseState, ...holds: readonly Hold[]): Lease => ({
  ...emptyLease(ANN.id, TARGET),
  state,
  holds,
});

describe('nextStep', () => {
  it.each([
    ['vacant', 'nobody', 'none'],
    ['vacant', 'past', 'none'],
    ['vacant', 'later', 'observe'],
    ['vacant', 'both', 'observe'],
    ['standing', 'nobody', 'release'],
    ['standing', 'past', 'release'],
    ['standing', 'later', 'none'],
    ['standing', 'both', 'none'],
    ['creating, no id', 'nobody', 'release'],
    ['creating, no id', 'past', 'release'],
    ['creating, no id', 'later', 'create'],
    ['creating, no id', 'both', 'create'],
    ['creating, id', 'nobody', 'await-created'],
    ['creating, id', 'past', 'await-created'],
    ['creating, id', 'later', 'await-created'],
    ['creating, id', 'both', 'await-created'],
    ['held', 'nobody', 'release'],
    ['held', 'past', 'release'],
    ['held', 'later', 'none'],
    ['held', 'both', 'none'],
    ['deleting, no id', 'nobody', 'delete'],
    ['deleting, no id', 'past', 'delete'],
    ['deleting, no id', 'later', 'delete'],
    ['deleting, no id', 'both', 'delete'],
    ['deleting, id', 'nobody', 'await-deleted'],
    ['deleting, id', 'past', 'await-deleted'],
    ['deleting, id', 'later', 'await-deleted'],
    ['deleting, id', 'both', 'await-deleted'],
  ] as const)('%s, held by %s → %s', (state, holders, expected) => {
    const holds = { nobody: [], past: [PAST], later: [LATER], both: [PAST, LATER] }[holders];
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
    ['standing', [], ALWAYS],
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
