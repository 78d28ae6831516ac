/** Calls about a lease: whose they are, how late they may begin, and how long their outcome is open. */
import { describe, expect, it } from 'vitest';
import { claiming, isClaimedByOther, isTooLateToCall, unsettledUntil } from '../../lambda/domain/lease.ts';
import { CALLED, CALLING, lease, STATES } from './sample-leases.ts';
import { at } from './samples.ts';

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
