/** Break-glass as the policy judges it: by rules of its own, held to guardrails, and never for the accounts of law 15. */
import { describe, expect, it } from 'vitest';
import { requiredIn } from '../../../lambda/domain/approval.ts';
import { catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import { explain } from '../../../lambda/domain/policy/explain.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { BreakGlassRule, Effect, Entitlement, Guardrail, Policy } from '../../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { seconds } from '../samples.ts';
import {
  ADMIN,
  ANN,
  ASK,
  account,
  guarded,
  guardrail,
  HOUR,
  PROD,
  policy,
  type RuleChange,
  rule,
  verdictOf,
} from './sample-policy.ts';

const TERMS = {
  tell: { groups: ['security'], users: [] },
  reviewers: { groups: ['security'], users: [] },
  reviewWithinSeconds: seconds(86_400),
  maxUses: 3,
};

const glass = (change: RuleChange = {}, incidentPattern?: string): BreakGlassRule => {
  const { require, ...one } = rule({ name: 'glass', required: 0, ...change });
  return { ...one, require: { ...require, ...(incidentPattern && { incidentPattern }) }, breakGlass: TERMS };
};

const withGlass = (given: Policy, ...breakGlass: readonly BreakGlassRule[]): Policy => ({ ...given, breakGlass });

const BOTH = withGlass(policy(rule({ name: 'ordinary' })), glass());
const BREAK = { incident: 'INC-7' } as const;

describe('whoever breaks the glass', () => {
  it('is judged by the rules for that, and needs nobody', () => {
    const permit = judge(BOTH, { ...ASK, ...BREAK });
    expect(permit).toMatchObject({ entitlement: { name: 'glass' }, approval: [], breakGlass: TERMS });
  });

  it('is what nobody is who asks ordinarily', () => {
    expect(judge(BOTH, ASK)).toMatchObject({ entitlement: { name: 'ordinary' }, approval: [{ required: 1 }] });
    expect(judge(BOTH, ASK)).not.toHaveProperty('breakGlass');
    expect(verdictOf(withGlass(policy(), glass()))).toBe('not_eligible');
  });

  it.each([
    ['nobody breaks the glass', policy(rule()), {}, 'break_glass_not_allowed'],
    ['a rule for others', withGlass(policy(rule()), glass({ groups: ['others'] })), {}, 'break_glass_not_allowed'],
    ['the incident fits', withGlass(policy(), glass({}, 'INC-[0-9]+')), BREAK, 'glass'],
    [
      'the incident does not fit',
      withGlass(policy(), glass({}, 'INC-[0-9]+')),
      { incident: 'INC-7 and more' },
      'incident_invalid',
    ],
    ['too long', BOTH, { durationSeconds: 14_401 }, 'duration_too_long'],
    ['too short a reason', withGlass(policy(), glass({ justificationLength: 99 })), {}, 'justification_too_short'],
    ['the hosting account', BOTH, { account: { ...PROD, forbidden: 'hosting-account' } }, 'target_forbidden'],
    ['the hosting account as a target', BOTH, { account: { ...PROD, guarded: true } }, 'target_forbidden'],
    ['the management account', BOTH, { account: { ...PROD, forbidden: 'management-account' } }, 'target_forbidden'],
    ['an account that is not active', BOTH, { account: { ...PROD, active: false } }, 'target_forbidden'],
  ] as const)('%s', (_what, given, change, expected) => {
    expect(verdictOf(given, { ...BREAK, ...change })).toBe(expected);
  });
});

const FORBID: Effect = { kind: 'forbid', reason: 'never' };
const FREEZE: Effect = { kind: 'freeze', reason: 'a freeze', schedule: { firstWithin: () => HOUR } };
const floor = (minApprovals: number, maxSeconds?: number): Effect => ({
  kind: 'floor',
  minApprovals,
  approversFrom: [],
  ...(maxSeconds === undefined ? {} : { maxDurationSeconds: seconds(maxSeconds) }),
});
const OPEN_LIMIT: Effect = { kind: 'open-limit', most: 1 };
const OTHERS = [{ account: account('other', 'Workloads/Payments'), permissionSet: ADMIN }];

describe('a guardrail', () => {
  const judged = (effect: Effect, change: Partial<Guardrail> = {}): string =>
    verdictOf(withGlass(guarded([rule()], guardrail(effect, change)), glass()), { ...BREAK, others: OTHERS });

  it.each([
    ['that forbids', FORBID, 'guardrail_forbids'],
    ['that freezes', FREEZE, 'frozen'],
    ['that wants approvals', floor(1), 'guardrail_forbids'],
    ['that limits the time', floor(0, 1800), 'duration_too_long'],
    ['that limits the time to what is asked', floor(0, 3600), 'glass'],
    ['that limits open requests', OPEN_LIMIT, 'too_many_open'],
  ] as const)('%s holds, unless it spares break-glass', (_what, effect, expected) => {
    expect(judged(effect)).toBe(expected);
    expect(judged(effect, { sparesBreakGlass: true })).toBe('glass');
  });

  it.each([FORBID, FREEZE])('that spares break-glass holds for others', (effect) => {
    const given = withGlass(guarded([rule()], guardrail(effect, { sparesBreakGlass: true })), glass());
    expect(verdictOf(given)).not.toBe('a-rule');
  });
});

describe('the catalogue', () => {
  const entriesOf = (given: Policy) =>
    catalogFor(given, ANN, [PROD], [ADMIN]).map(({ entitlement, approval, breakGlass, isBreakGlassOnly }) => [
      entitlement.name,
      requiredIn(approval),
      breakGlass?.entitlement.name,
      isBreakGlassOnly === true,
    ]);
  const short: Entitlement = rule({ name: 'ordinary' });

  it.each([
    ['marks where the glass may be broken', BOTH, [['ordinary', 1, 'glass', false]]],
    ['lists what is not to be had otherwise', withGlass(policy(), glass()), [['glass', 0, 'glass', true]]],
    [
      'marks nothing where a floor asks for approvals',
      withGlass(guarded([short], guardrail(floor(1))), glass()),
      [['ordinary', 1, undefined, false]],
    ],
    ['lists nothing that is forbidden', withGlass(guarded([short], guardrail(FORBID)), glass()), []],
    [
      'lists what is forbidden but for break-glass',
      withGlass(guarded([short], guardrail(FORBID, { sparesBreakGlass: true })), glass()),
      [['glass', 0, 'glass', true]],
    ],
  ])('%s', (_what, given, expected) => {
    expect(entriesOf(given)).toEqual(expected);
  });
});

describe('the catalogue of the account that hosts Brevet, as a target', () => {
  it('marks no break-glass, and asks two people', () => {
    const [entry, ...others] = catalogFor(BOTH, ANN, [{ ...PROD, guarded: true }], [ADMIN]);
    expect(others).toEqual([]);
    expect(entry).not.toHaveProperty('breakGlass');
    expect(requiredIn(entry?.approval ?? [])).toBe(2);
  });
});

describe('an explanation', () => {
  const glassIn = (given: Policy, incident?: string) => {
    const { breakGlass, outcome, entitlements } = explain(given, {
      ...ASK,
      ...(incident === undefined ? {} : { incident }),
    });
    const told = breakGlass && (isRefusal(breakGlass) ? breakGlass.refused : breakGlass.entitlement.name);
    return [
      isRefusal(outcome) ? outcome.refused : outcome.entitlement.name,
      told,
      entitlements.map(({ name }) => name),
    ];
  };

  it('of an ordinary ask says whether the glass could be broken, an incident that fits taken for granted', () => {
    expect(glassIn(withGlass(policy(rule({ name: 'ordinary' })), glass({}, 'INC-[0-9]+')))).toEqual([
      'ordinary',
      'glass',
      ['ordinary'],
    ]);
    expect(glassIn(withGlass(policy(rule({ name: 'ordinary' })), glass({ groups: ['others'] })))).toEqual([
      'ordinary',
      'break_glass_not_allowed',
      ['ordinary'],
    ]);
    expect(glassIn(policy(rule({ name: 'ordinary' })))).toEqual(['ordinary', undefined, ['ordinary']]);
  });

  it('of breaking the glass shows the rules for that, and what the incident lacks', () => {
    expect(glassIn(withGlass(policy(rule()), glass({}, 'INC-[0-9]+')), 'mine')).toEqual([
      'incident_invalid',
      'incident_invalid',
      ['glass'],
    ]);
    const [verdict] = explain(withGlass(policy(), glass({}, 'INC-[0-9]+')), { ...ASK, incident: 'mine' }).entitlements;
    expect(verdict?.conditions.filter(({ met }) => met !== 'met').map(({ kind }) => kind)).toEqual(['incident']);
  });
});
