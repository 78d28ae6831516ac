/** Break-glass in a policy file: what is left out is filled in, what is not taken from its rule, and which guardrails spare it. */
import { describe, expect, it } from 'vitest';
import { policyOf, withGlass } from './policy-text.ts';

describe('break-glass', () => {
  const GLASS = "{ tell: { groups: [security], users: [Ann] }, incident_pattern: 'INC-[0-9]+' }";

  it('is a rule of its own beside the ordinary one, with what is left out filled in', () => {
    const { entitlements, breakGlass = [] } = policyOf(withGlass(GLASS));
    expect(entitlements.map(({ name, approval }) => [name, approval.length])).toEqual([['a-rule', 0]]);
    expect(entitlements[0]).not.toHaveProperty('breakGlass');
    expect(breakGlass).toMatchObject([
      {
        name: 'a-rule',
        approval: [],
        require: { justificationLength: 1, incidentPattern: 'INC-[0-9]+' },
        breakGlass: {
          tell: { groups: ['security'], users: ['Ann'] },
          reviewers: { groups: ['security'], users: ['Ann'] },
          reviewWithinSeconds: 86_400,
          maxUses: 3,
        },
      },
    ]);
  });

  it('alone lets nobody ask otherwise', () => {
    const { entitlements, breakGlass } = policyOf(withGlass(GLASS).replace('    approval: none\n', ''));
    expect([entitlements, breakGlass?.length]).toEqual([[], 1]);
  });

  it('takes neither ticket nor hours from its rule, and a length and reviewers of its own', () => {
    const require =
      "{ ticket_pattern: 'CHG', justification_length: 9, hours: { from: '08:00', until: '18:00', time_zone: UTC } }";
    const glass =
      '{ tell: { users: [a] }, max_duration: 30m, review: { within: 2h, by: { groups: [audit] } }, max_uses: 1 }';
    const [rule] = policyOf(withGlass(`${glass}\n    require: ${require}`)).breakGlass ?? [];
    expect(rule).toMatchObject({
      maxDurationSeconds: 1800,
      breakGlass: { reviewWithinSeconds: 7200, reviewers: { groups: ['audit'], users: [] }, maxUses: 1 },
    });
    expect(rule?.require).toEqual({ justificationLength: 9 });
  });

  it.each([
    ['forbid: no', false],
    ['forbid: no, break_glass: allow', true],
    ['max_open: 1', false],
    ['floor: { min_approvals: 1 }', false],
    ['freeze: { reason: r, from: 2026-12-20, until: 2026-12-21 }', true],
    ['freeze: { reason: r, from: 2026-12-20, until: 2026-12-21 }, break_glass: forbid', false],
  ])('is spared by a guardrail with %s: %s', (effect, expected) => {
    const [guardrail] = policyOf(`version: 1\nguardrails:\n  - { name: g, ${effect} }\n`).guardrails;
    expect(guardrail?.sparesBreakGlass === true).toBe(expected);
  });
});
