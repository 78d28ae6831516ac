/** Guardrails of a policy file: every effect, and when a freeze holds. */
import { describe, expect, it } from 'vitest';
import type { Guardrail } from '../../lambda/domain/policy/policy.ts';
import { instant, toIso } from '../../lambda/domain/time.ts';
import { policyOf } from './policy-text.ts';

const guardrailOf = (effect: string): Guardrail => {
  const [one] = policyOf(`version: 1\nguardrails:\n  - name: g\n    ${effect}\n`).guardrails;
  if (!one) throw new Error('there is no guardrail');
  return one;
};

describe('a guardrail', () => {
  it.each([
    ['forbid: never', { kind: 'forbid', reason: 'never' }],
    ['floor: { min_approvals: 2 }', { kind: 'floor', minApprovals: 2, approversFrom: [] }],
    ['floor: { approvers_from: [security] }', { kind: 'floor', minApprovals: 1, approversFrom: ['security'] }],
    ['floor: { max_duration: 30m }', { kind: 'floor', minApprovals: 0, approversFrom: [], maxDurationSeconds: 1800 }],
    ['max_open: 3', { kind: 'open-limit', most: 3 }],
  ])('%s', (text, effect) => {
    expect(guardrailOf(text)).toEqual({ name: 'g', effect });
  });

  it.each([
    // [the freeze, from, until, the overlap that is found]
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2026-12-19T22:59',
      '2026-12-19T23:00',
      undefined,
    ],
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2026-12-19T22:59',
      '2026-12-19T23:01',
      '2026-12-19T23:00',
    ],
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2027-01-02T22:59',
      '2027-01-03T22:00',
      '2026-12-19T23:00',
    ],
    [
      'from: 2026-12-20, until: 2027-01-02, time_zone: Europe/Berlin',
      '2027-01-02T23:00',
      '2027-01-03T22:00',
      undefined,
    ],
    ['from: 2026-12-20, until: 2026-12-20', '2026-12-20T23:59', '2026-12-21T01:00', '2026-12-20T00:00'],
    [
      "from: '2026-12-20T18:00:00+01:00', until: '2026-12-20T20:00:00+01:00'",
      '2026-12-20T18:00',
      '2026-12-20T18:30',
      '2026-12-20T17:00',
    ],
    [
      "from: '2026-12-20T18:00:00+01:00', until: '2026-12-20T20:00:00+01:00'",
      '2026-12-20T19:00',
      '2026-12-20T19:30',
      undefined,
    ],
    // Fridays from 16:00 on in Berlin, for 64 hours: until Monday, 08:00.
    ["cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin", '2026-11-27T14:00', '2026-11-27T15:00', undefined],
    [
      "cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin",
      '2026-11-27T14:00',
      '2026-11-27T15:01',
      '2026-11-27T15:00',
    ],
    [
      "cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin",
      '2026-11-30T06:59',
      '2026-11-30T07:30',
      '2026-11-27T15:00',
    ],
    ["cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin", '2026-11-30T07:00', '2026-11-30T07:30', undefined],
    [
      "cron: '0 16 * * 5', duration: 64h, time_zone: Europe/Berlin",
      '2026-07-03T14:00',
      '2026-07-03T14:30',
      '2026-07-03T14:00',
    ],
  ])('freeze: { %s }, for a window from %s until %s', (freeze, from, until, expected) => {
    const { effect } = guardrailOf(`freeze: { reason: quiet, ${freeze} }`);
    if (effect.kind !== 'freeze') throw new Error('this is no freeze');
    const [begin, end] = [from, until].map((text) => instant(Date.parse(`${text}Z`)));
    const found = effect.schedule.firstWithin({ from: begin ?? instant(0), until: end ?? instant(0) });
    expect(found && toIso(found.from).slice(0, 16)).toBe(expected);
  });
});
