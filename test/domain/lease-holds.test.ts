/** Who holds a lease: by which requests, until when, and to whom it is lost that others took it away. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { holdsLease, isAwaited, isWanted, withHoldOf, withHoldsLost } from '../../lambda/domain/lease.ts';
import { AWAITED, LATER, LOST, lease, NOW, OVERDUE, PAST } from './sample-leases.ts';
import { ACTIVE, at, ENDING, GRANTING, SITUATIONS } from './samples.ts';

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
