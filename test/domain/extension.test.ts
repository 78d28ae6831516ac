/** More time on active access: totals, and votes that lengthen, shorten or refuse it. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest, ActiveRequest } from '../../lambda/domain/access-request.ts';
import { extend, totalSeconds, voteOnExtension } from '../../lambda/domain/extension.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import {
  ACTIVE,
  approve,
  at,
  BEN,
  ENTITLED,
  EXTENDING,
  HALF_AN_HOUR,
  HOUR,
  LEADS,
  reject,
  seconds,
} from './samples.ts';

const NOBODY = [] as const;
const extendBy = (request: ActiveRequest, count: number) =>
  extend(request, {
    kind: 'extend',
    at: at('10:00'),
    durationSeconds: seconds(count),
    entitled: ENTITLED,
    approval: NOBODY,
    session: { sessionSeconds: 7200 },
  });
const endOf = (request: AccessRequest): Instant | undefined =>
  request.status === 'active' ? request.endsAt : undefined;

describe('totalSeconds', () => {
  it.each([
    ['counts from first use', ACTIVE, 0, 3600],
    ['adds what is asked', ACTIVE, 1800, 5400],
    ['counts an absolute window from its start', { ...ACTIVE, start: at('09:30') }, 1800, 5460],
    ['counts what was extended before', { ...ACTIVE, endsAt: at('12:31') }, 3600, 14_400],
  ])('%s', (_rule, request, extra, expected) => {
    expect(totalSeconds(request, extra)).toBe(expected);
  });
});

describe('extend', () => {
  it.each([
    ['up to the longest duration', 10_800, '13:31'],
    ['by one second', 1, '10:31:01'],
  ])('moves the end %s', (_situation, extra, expected) => {
    const result = extendBy(ACTIVE, extra);
    expect(isRefusal(result) ? result : endOf(result.next)).toBe(at(expected));
  });

  it('refuses one second more than the longest duration, and says how much is left', () => {
    expect(extendBy(ACTIVE, 10_801)).toMatchObject({
      refused: 'extension_too_long',
      facts: { maximumSeconds: 14_400, leftSeconds: 10_800 },
    });
  });

  it('has nothing left to give when the rule became shorter meanwhile', () => {
    expect(extendBy({ ...ACTIVE, endsAt: at('15:00') }, 60)).toMatchObject({ facts: { leftSeconds: 0 } });
  });

  it('records the rule that let the extension through', () => {
    const entitled = { ...ENTITLED, name: 'another', policyVersion: 'c'.repeat(64) };
    const event = {
      kind: 'extend',
      at: at('10:00'),
      durationSeconds: HALF_AN_HOUR,
      entitled,
      approval: NOBODY,
      session: { sessionSeconds: 7200 },
    } as const;
    expect(extend(ACTIVE, event)).toMatchObject({
      next: { entitled },
      fact: { data: { policyVersion: 'c'.repeat(64) } },
    });
  });
});

describe('voteOnExtension', () => {
  const { extension } = EXTENDING;
  const voted = (vote: Parameters<typeof voteOnExtension>[2], required = 2) =>
    extension && voteOnExtension(EXTENDING, { ...extension, approval: [{ required, groups: [LEADS] }] }, vote);

  it('moves the end when the last approval comes, and changes the rule', () => {
    expect(voted(approve(BEN))).toMatchObject({
      next: { endsAt: at('11:01'), entitled: { name: 'payments-extended' } },
      fact: { kind: 'extension-voted', data: { outcome: 'approved', endsAt: '2026-11-23T11:01:00.000Z' } },
    });
    expect(voted(approve(BEN))).not.toHaveProperty('next.extension');
  });

  it('waits on while approvals are missing', () => {
    expect(voted(approve(BEN), 3)).toMatchObject({ next: { endsAt: at('10:31'), extension: { votes: [{}, {}] } } });
  });

  it('lets an approver shorten it', () => {
    expect(voted(approve(BEN, at('10:00'), seconds(60)))).toMatchObject({ next: { endsAt: at('10:32') } });
  });

  it('refuses more than was asked, though the request itself is longer', () => {
    expect(HOUR).toBeGreaterThan(HALF_AN_HOUR);
    expect(voted(approve(BEN, at('10:00'), HOUR))).toMatchObject({ refused: 'duration_not_shorter' });
  });

  it('is over after a rejection, and the access goes on to its end', () => {
    expect(voted(reject(BEN))).toMatchObject({
      next: { status: 'active', endsAt: at('10:31') },
      fact: { data: { outcome: 'rejected' } },
    });
    expect(voted(reject(BEN))).not.toHaveProperty('next.extension');
  });

  it.each([
    ['a moment before the end counts', '10:30:59.999', 'next'],
    ['at the end is too late', '10:31', 'refused'],
  ])('an approval %s', (_rule, moment, expected) => {
    expect(voted(approve(BEN, at(moment)))).toHaveProperty(expected);
  });
});
