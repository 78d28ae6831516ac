/** From approved to usable: the latest end is stored before anything is asked of Identity Center, and only tightens. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { becomeUsable, beginGrant, failGrant } from '../../lambda/domain/granting.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { instant } from '../../lambda/domain/time.ts';
import { at, GRANTING, SCHEDULED } from './samples.ts';

const begun = (request: AccessRequest, moment = at('12:00')): unknown => {
  const result = beginGrant(request, moment, at('12:15'));
  return isRefusal(result) ? result : result.next;
};
const usable = (request: AccessRequest, moment: ReturnType<typeof at>): unknown => {
  const result = becomeUsable(request, moment, false);
  return isRefusal(result) ? result : result.next;
};

describe('beginGrant', () => {
  const IMMEDIATE = { ...SCHEDULED, startsAt: at('12:00') };

  it.each([
    ['an immediate request: the deadline and the whole duration', IMMEDIATE, '12:15', '13:15'],
    ['a window that begins now: its absolute end', { ...IMMEDIATE, start: at('12:00') }, '12:15', '13:00'],
    ['a window that began before', { ...IMMEDIATE, start: at('11:30') }, '12:15', '12:30'],
    ['a window that closes before the deadline', { ...IMMEDIATE, start: at('11:05') }, '12:05', '12:05'],
    ['a window that has closed', { ...IMMEDIATE, start: at('10:30') }, '11:30', '11:30'],
  ])('sets the latest end of %s', (_situation, request, grantBy, latestEnd) => {
    expect(begun(request)).toMatchObject({ status: 'granting', grantBy: at(grantBy), latestEnd: at(latestEnd) });
  });
});

describe('becomeUsable', () => {
  it.each([
    ['starts the clock of an immediate request', GRANTING, '09:40', '10:40'],
    ['never goes beyond the latest end', GRANTING, '09:50', '10:45'],
    [
      'keeps an absolute window absolute',
      { ...GRANTING, start: at('09:30'), latestEnd: at('10:30') },
      '09:40',
      '10:30',
    ],
  ])('%s', (_rule, request, moment, endsAt) => {
    expect(usable(request, at(moment))).toMatchObject({
      status: 'active',
      activeSince: at(moment),
      endsAt: at(endsAt),
    });
  });

  it.each([
    ['an immediate request', GRANTING, '2026-11-23T10:40:00.000Z'],
    ['an absolute window', { ...GRANTING, start: instant(at('09:30') + 250) }, '2026-11-23T10:30:00.000Z'],
  ])('ends %s on a whole second within its window, since the timers know no fractions', (_which, request, endsAt) => {
    expect(usable(request, instant(at('09:40') + 999))).toMatchObject({ endsAt: Date.parse(endsAt) });
  });

  it('leaves the deadline of granting behind', () => {
    expect(usable(GRANTING, at('09:40'))).not.toHaveProperty('grantBy');
    expect(usable(GRANTING, at('09:40'))).not.toHaveProperty('latestEnd');
  });
});

describe('failGrant', () => {
  it('first ends what may have been begun, and remembers why', () => {
    expect(failGrant(GRANTING, at('09:40'), 'AccessDenied: no')).toMatchObject({
      next: {
        status: 'ending',
        endsAt: at('09:40'),
        cause: { kind: 'grant-failed', reason: 'AccessDenied: no' },
        standing: false,
      },
      fact: { data: {}, texts: { reason: 'AccessDenied: no' } },
    });
  });

  it('fails at once what was never begun', () => {
    expect(failGrant(SCHEDULED, at('09:40'), 'nope')).toMatchObject({
      next: { status: 'failed', failedAt: at('09:40'), reason: 'nope' },
    });
  });
});
