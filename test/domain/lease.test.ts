/** The lease: which one it is, what the next step is, and when it must be looked at. */
import { describe, expect, it } from 'vitest';
import { emptyLease, isIdle, leaseDueAt, leaseIdOf, nextStep } from '../../lambda/domain/lease.ts';
import { AWAITED, LATER, LOST, lease, NOW, OVERDUE, PAST, STATES } from './sample-leases.ts';
import { ANN, at, BEN, TARGET } from './samples.ts';

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
