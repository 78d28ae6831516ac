/** Explaining: the outcome is the judge's, every condition is told, and the nearest rule comes first. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import { underDelegation } from '../../../lambda/domain/policy/delegation.ts';
import { type Condition, explain } from '../../../lambda/domain/policy/explain.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { Entitlement, Policy } from '../../../lambda/domain/policy/policy.ts';
import { seconds } from '../samples.ts';
import { ANN, ASK, guarded, guardrail, PROD, permissionSet, policy, type RuleChange, rule } from './sample-policy.ts';

const MATCH = [{ attribute: 'department', tag: 'team' }] as const;
const SECURITY = { groups: ['security'], users: [] };
const TERMS = { tell: SECURITY, reviewers: SECURITY, reviewWithinSeconds: seconds(3600), maxUses: 1 };
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

describe('a condition that is not met', () => {
  const HELP = 'it cannot be told: a fact was not read, or a group or organizational unit of the rule does not exist';
  const DEPARTMENT = 'the person\'s department equals the account\'s tag "team"';
  const missing = { groups: new Set(['gone']), organizationalUnits: new Set<string>() };
  const torn = { requester: { ...ANN, missing: { ...missing, rules: new Map([['a-rule', ['gone', 'lost']]]) } } };
  const known = { person: { ...ANN.person, attributes: { department: 'search' } }, groups: ANN.groups };
  const onCall = { ...rule(), require: { justificationLength: 1, onCall: 'primary' } };

  it.each<[string, Entitlement, Partial<JudgedAsk>, string, string]>([
    ['account', rule({ units: ['Sandbox'] }), {}, 'OU Sandbox', 'ask for one of: OU Sandbox'],
    ['permission_set', rule({ permissionSets: ['Read'] }), {}, 'Read', 'ask for one of: Read'],
    ['match', rule({ match: MATCH }), {}, DEPARTMENT, HELP],
    [
      'match',
      rule({ match: MATCH }),
      { requester: known, account: { ...PROD, tags: { team: 'payments' } } },
      DEPARTMENT,
      `ask for an account where ${DEPARTMENT}`,
    ],
    [
      'names',
      rule(),
      torn,
      'everything that the rule names exists; nothing is named "gone", "lost"',
      'whoever keeps the policy mends the rule, or what it names comes to be: "gone", "lost"',
    ],
    ['who', rule({ groups: ['gone'] }), { requester: { ...ANN, missing } }, 'group gone', HELP],
    ['duration', rule({ maxSeconds: 1800 }), {}, 'at most 30m', 'ask for 30m at most'],
    [
      'justification',
      rule({ justificationLength: 20 }),
      {},
      'at least 20 character(s)',
      'This target needs a justification of at least 20 characters; yours has 14.',
    ],
    [
      'ticket',
      rule({ ticketPattern: 'CHG-1' }),
      {},
      'a ticket of the form CHG-1',
      'This target needs a ticket of the form CHG-1.',
    ],
    [
      'hours',
      rule({ hours: HOURS }),
      {},
      'to begin within hours',
      'This access may begin Sun 00:00-01:00 UTC only, and it would begin at 2026-11-23T08:00:00.000Z. Ask within those hours, or with a start within them.',
    ],
    [
      'on_call',
      onCall,
      { requester: { ...ANN, onCall: new Map([['primary', false]]) } },
      'to be on call by primary',
      'ask while on call',
    ],
    [
      'on_call',
      onCall,
      {},
      'to be on call by primary',
      'it could not be told who is on call, or was not asked since the rule speaks of something else',
    ],
  ])('of %s says what is asked and what would help', (kind, given, change, asks, remedy) => {
    const { conditions = [] } = explain(policy(given), { ...ASK, ...change }).entitlements[0] ?? {};
    expect(conditions.filter(({ met }) => met !== 'met')).toMatchObject([{ kind, asks, remedy }]);
  });

  it('of an incident says its form', () => {
    const glass = { ...rule(), require: { justificationLength: 1, incidentPattern: 'INC-1' }, breakGlass: TERMS };
    const given = { ...policy(), breakGlass: [glass] };
    const { conditions = [] } = explain(given, { ...ASK, incident: 'mine' }).entitlements[0] ?? {};
    expect(conditions.find(({ kind }) => kind === 'incident')).toMatchObject({
      asks: 'an incident of the form INC-1',
      remedy: 'The incident "mine" is not of the form INC-1.',
    });
  });

  it('of a delegation says where else to look', () => {
    const bounds = {
      ...{ name: 'payments', writers: ['leads'], organizationalUnits: ['Sandbox'], minApprovals: 1, approversFrom: [] },
      ...{ permissionSets: { names: ['AdministratorAccess'], tags: [] }, maxDurationSeconds: seconds(3600) },
    };
    const { conditions = [] } = explain(policy(underDelegation(rule(), 'payments', bounds)), ASK).entitlements[0] ?? {};
    expect(conditions.find(({ kind }) => kind === 'delegation')).toMatchObject({
      met: 'unmet',
      remedy: 'ask for a target within the delegation, or by a rule of another team',
    });
  });
});

it('only what a rule asks is told, and what is met needs no remedy', () => {
  const [verdict] = explain(policy(rule({ maxSeconds: ASK.durationSeconds })), ASK).entitlements;
  expect(verdict?.conditions.map(({ kind, met, remedy }) => [kind, met, remedy])).toEqual(
    ['who', 'account', 'permission_set', 'duration', 'justification'].map((kind) => [kind, 'met', undefined]),
  );
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
  it('that hold come first, in file order, and those that do not hold refuse nothing', () => {
    const who = { groups: ['others'], users: [], attributes: [] };
    const forbid = { kind: 'forbid', reason: 'never' } as const;
    const given = guarded(
      [rule()],
      ...['a', 'b', 'c', 'd', 'e'].map((name) => guardrail(forbid, { name, ...('bd'.includes(name) && { who }) })),
    );
    const told = explain(given, ASK).guardrails.map(
      ({ name, holds, refusal }) => `${name} ${holds} ${refusal?.refused}`,
    );
    expect(told).toEqual([
      ...['a', 'c', 'e'].map((name) => `${name} yes guardrail_forbids`),
      ...['b', 'd'].map((name) => `${name} no undefined`),
    ]);
  });

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
