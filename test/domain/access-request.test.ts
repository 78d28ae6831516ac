/** A request: when it must be looked at, what it carries from one status to the next, and how it is told. */
import { describe, expect, it } from 'vitest';
import { baseOf, credentialsMayWorkUntil, isOpen } from '../../lambda/domain/access-request.ts';
import { dueAt } from '../../lambda/domain/due.ts';
import { howItStands } from '../../lambda/domain/outcome.ts';
import { ACTIVE, at, EXTENDING, LEADS, PENDING, SITUATIONS, TARGET } from './samples.ts';

describe('every situation', () => {
  it.each([
    ['pending', 'open', at('17:00')],
    ['scheduled', 'open', at('09:30')],
    ['granting', 'open', at('09:45')],
    ['active', 'open', at('10:31')],
    ['active+extension', 'open', at('10:31')],
    ['ending', 'open', at('10:31')],
    ['ending-failed', 'open', at('09:40')],
    ['ended', 'over', undefined],
    ['rejected', 'over', undefined],
    ['cancelled', 'over', undefined],
    ['expired', 'over', undefined],
    ['failed', 'over', undefined],
  ] as const)('%s is %s and due at %s', (situation, openness, due) => {
    const request = SITUATIONS[situation];
    expect(request && [isOpen(request) ? 'open' : 'over', dueAt(request)]).toEqual([openness, due]);
  });

  it.each([
    ['pending', 'it waits for approval until 2026-11-23T17:00:00.000Z'],
    ['scheduled', 'approved by cat at 2026-11-23T09:05:00.000Z'],
    ['rejected', 'rejected by cat at 2026-11-23T09:05:00.000Z'],
    ['cancelled', 'cancelled by ann at 2026-11-23T09:06:00.000Z'],
    ['expired', 'nobody decided before 2026-11-23T17:00:00.000Z'],
    ['failed', 'approved by cat at 2026-11-23T09:05:00.000Z, then failed: the account is suspended'],
  ])('%s is told as: %s', (situation, expected) => {
    const request = SITUATIONS[situation];
    expect(request && howItStands(request)).toBe(expected);
  });
});

describe('baseOf', () => {
  it('carries nothing that belongs to one status', () => {
    const own = [
      'status',
      'expiresAt',
      'startsAt',
      'begunAt',
      'grantBy',
      'latestEnd',
      'activeSince',
      'endsAt',
      'standing',
      'extension',
      'cause',
    ];
    for (const request of Object.values(SITUATIONS)) {
      for (const field of own) expect(baseOf(request)).not.toHaveProperty(field);
    }
  });

  it('carries who may end it since it was extended, and what others changed, to its end', () => {
    const lasting = {
      extensionApprovers: { groups: [LEADS], voterIds: ['id-cat'] },
      externallyModified: { change: 'removed', at: at('10:00') },
    } as const;
    expect(baseOf({ ...ACTIVE, ...lasting })).toMatchObject(lasting);
    expect(baseOf(ACTIVE)).not.toHaveProperty('extensionApprovers');
    expect(baseOf(ACTIVE)).not.toHaveProperty('externallyModified');
  });

  it('carries start and ticket when they are there, and leaves no empty ones', () => {
    expect(baseOf({ ...PENDING, start: at('12:00'), ticket: 'CHG-1' })).toMatchObject({
      start: at('12:00'),
      ticket: 'CHG-1',
    });
    expect(Object.values(baseOf(EXTENDING))).not.toContain(undefined);
    expect(baseOf(ACTIVE)).not.toHaveProperty('start');
  });
});

describe('credentialsMayWorkUntil', () => {
  it('adds the session of the permission set to the end', () => {
    expect(credentialsMayWorkUntil(TARGET, at('10:31'))).toBe(at('12:31'));
  });
});
