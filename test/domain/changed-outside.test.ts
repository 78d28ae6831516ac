/** A request learns that others changed its assignment: what it remembers, and what is no news. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest, ExternalChange } from '../../lambda/domain/access-request.ts';
import { changeOutside } from '../../lambda/domain/changed-outside.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { ACTIVE, at, ENDING } from './samples.ts';

const NOW = at('10:00');
const changed = (change: ExternalChange['change'], standing: boolean): AccessRequest => {
  const moved = changeOutside({ ...ACTIVE, standing }, NOW, change);
  if (isRefusal(moved)) throw new Error(moved.detail);
  return moved.next;
};

describe('an assignment that others changed', () => {
  it.each([
    ['assigned', false, true],
    ['assigned', true, true],
    ['removed', false, false],
    ['removed', true, false],
  ] as const)('when it was %s and stood before (%s), is standing from then on: %s', (change, before, expected) => {
    expect(changed(change, before)).toEqual({
      ...ACTIVE,
      standing: expected,
      externallyModified: { change, at: NOW },
    });
  });

  it('is no news the second time, and is when it is another change', () => {
    const known = changed('removed', false);
    expect(changeOutside(known, at('10:05'), 'removed')).toMatchObject({
      refused: 'request_not_due',
      detail: expect.stringContaining('known'),
    });
    expect(changeOutside(known, at('10:05'), 'assigned')).toMatchObject({
      next: { standing: true, externallyModified: { change: 'assigned', at: at('10:05') } },
    });
  });

  it('means nothing to a request that does not hold it any more', () => {
    expect(changeOutside(ENDING, NOW, 'removed')).toMatchObject({
      refused: 'request_not_due',
      detail: 'This request is ending, not active.',
    });
  });
});
