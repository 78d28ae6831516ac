/** Explaining: the outcome is the judge's, every condition is told, and the nearest rule comes first. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import { type Condition, explain } from '../../../lambda/domain/policy/explain.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { ANN, ASK, guarded, guardrail, permissionSet, policy, type RuleChange, rule } from './sample-policy.ts';

const HOURS = { days: [0], fromMinute: 0, untilMinute: 60, timeZone: 'UTC' };

/** The conditions of the first rule that are not met. */
const unmet = (given: Policy, change: Partial<JudgedAsk> = {}): readonly string[] =>
  (explain(given, { ...ASK, ...change }).entitlements[0]?.conditions ?? [])
    .filter(({ met }) => met !== 'met')
    .map(({ kind, met }) => `${kind} ${met}`);

describe('conditions', () => {
  it.each<[string, RuleChange, Partial<JudgedAsk>, readonly string[]]>([
    ['all met', {}, {}, []],
    ['another group', { groups: ['others'] }, {}, ['who unmet']],
    ['another account', { units: ['Sandbox'] }, {}, ['account unmet']],
    ['another permission set', {}, { permissionSet: permissionSet('Other') }, ['permission_set unmet']],
    ['no match', { match: [{ attribute: 'department', tag: 'team' }] }, {}, ['match failed']],
    ['too long', { maxSeconds: 60 }, {}, ['duration unmet']],
    ['too few words', { justificationLength: 100 }, {}, ['justification unmet']],
    ['no ticket', { ticketPattern: 'INC-1' }, {}, ['ticket unmet']],
    ['outside hours', { hours: HOURS }, {}, ['hours unmet']],
    [
      'a group that does not exist',
      { groups: ['gone'] },
      { requester: { ...ANN, missing: { groups: new Set(['gone']), organizationalUnits: new Set() } } },
      ['who failed'],
    ],
    [
      'an account that does not exist',
      {},
      {
        requester: {
          ...ANN,
          missing: {
            groups: new Set(),
            organizationalUnits: new Set(),
            rules: new Map([['a-rule', ['payments-gone']]]),
          },
        },
      },
      ['names failed'],
    ],
    ['several', { units: ['Sandbox'], maxSeconds: 60 }, {}, ['account unmet', 'duration unmet']],
  ])('%s', (_what, change, ask, expected) => {
    expect(unmet(policy(rule(change)), ask)).toEqual(expected);
  });

  it('say what is asked and what would help', () => {
    const given = rule({
      groups: ['others'],
      users: ['bob'],
      attributes: [{ attribute: 'user_type', values: ['Employee'] }],
    });
    const who: Condition | undefined = explain(policy(given), ASK).entitlements[0]?.conditions[0];
    expect(who).toEqual({
      kind: 'who',
      met: 'unmet',
      asks: 'group others, user bob with user type Employee',
      remedy: 'be one of: group others, user bob with user type Employee',
    });
  });
});

describe('order', () => {
  it('puts the rule that allows first, then what can be asked otherwise, then what is for others', () => {
    const given = policy(
      rule({ name: 'for-others', groups: ['others'] }),
      rule({ name: 'elsewhere', units: ['Sandbox'] }),
      rule({ name: 'shorter', maxSeconds: 60, justificationLength: 500 }),
      rule({ name: 'with-ticket', ticketPattern: 'INC-1' }),
      rule({ name: 'allows' }),
    );
    expect(explain(given, ASK).entitlements.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'allows allows',
      'with-ticket unsatisfied',
      'shorter unsatisfied',
      'elsewhere unsatisfied',
      'for-others unsatisfied',
    ]);
  });
});

describe('guardrails', () => {
  it('tells of each whether it holds, and why it refuses', () => {
    const who = { groups: ['gone'], users: [], attributes: [] };
    const missing = { groups: new Set(['gone']), organizationalUnits: new Set<string>() };
    const given = guarded(
      [rule()],
      guardrail({ kind: 'forbid', reason: 'others' }, { name: 'others', who: { ...who, groups: ['others'] } }),
      guardrail({ kind: 'open-limit', most: 3 }, { name: 'few' }),
      guardrail({ kind: 'forbid', reason: 'gone' }, { name: 'uncertain', who }),
    );
    expect(explain(given, { ...ASK, requester: { ...ANN, missing } })).toMatchObject({
      outcome: { refused: 'guardrail_forbids' },
      guardrails: [
        { name: 'few', holds: 'yes' },
        { name: 'uncertain', holds: 'failed', refusal: { refused: 'guardrail_forbids' } },
        { name: 'others', holds: 'no' },
      ],
    });
  });
});

it('the outcome is allowed exactly when some rule allows and no guardrail refuses', () => {
  const change = fc.record({
    groups: fc.subarray(['engineers', 'others']),
    units: fc.subarray(['Workloads', 'Sandbox']),
    maxSeconds: fc.constantFrom(60, 7200),
    justificationLength: fc.constantFrom(1, 100),
    required: fc.nat(2),
  });
  const effects = fc.subarray([{ kind: 'forbid', reason: 'no' } as const, { kind: 'open-limit', most: 1 } as const]);
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), effects, (changes, guards) => {
      const given = guarded(changes.map(rule), ...guards.map((effect) => guardrail(effect)));
      const explained = explain(given, ASK);
      const allows = explained.entitlements.some(({ verdict }) => verdict === 'allows');
      const refuses = explained.guardrails.some(({ refusal }) => refusal !== undefined);
      expect(explained.outcome).toEqual(judge(given, ASK));
      expect('refused' in explained.outcome).toBe(!allows || refuses);
    }),
  );
});
