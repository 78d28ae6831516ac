/** What one person gains and loses between two versions, in the order of the catalogue, and with every term that differs. */
import { describe, expect, it } from 'vitest';
import type { Requester } from '../../../lambda/domain/policy/facts.ts';
import type { BreakGlassRule, Entitlement, Policy } from '../../../lambda/domain/policy/policy.ts';
import { seconds } from '../samples.ts';
import { changes, IN_PROD, told } from './sample-changes.ts';
import { ANN, guarded, guardrail, PROD, policy, type RuleChange, rule, stage } from './sample-policy.ts';

const glass = (maxSeconds: number, change: RuleChange = {}): BreakGlassRule => ({
  ...rule({ required: 0, name: 'glass', maxSeconds, ...change }),
  breakGlass: {
    tell: { groups: ['leads'], users: [] },
    reviewers: { groups: ['leads'], users: [] },
    reviewWithinSeconds: seconds(3600),
    maxUses: 1,
  },
});
const toldOthers: BreakGlassRule = {
  ...glass(60),
  breakGlass: { ...glass(60).breakGlass, tell: { groups: ['others'], users: [] } },
};
const withGlass = (given: Policy, ...breakGlass: readonly BreakGlassRule[]): Policy => ({ ...given, breakGlass });

const TWO = [rule({ required: 0, ticketPattern: 'CHG-1' }), rule()] as const;
const ORDINARY = {
  ...{ account: 'payments-prod', accountId: PROD.id, permissionSet: 'AdministratorAccess' },
  ...{ approvals: 1, approvers: 'group leads', maxSeconds: 14_400, isBreakGlassOnly: false },
};

describe('a change', () => {
  it('has the terms before and after, as far as there are any', () => {
    const [one, two] = [policy(rule(IN_PROD)), policy(rule({ ...IN_PROD, required: 2 }))];
    expect(changes(policy(), one)).toStrictEqual([{ kind: 'gains', after: ORDINARY }]);
    expect(changes(one, policy())).toStrictEqual([{ kind: 'loses', before: ORDINARY }]);
    expect(changes(one, two)).toStrictEqual([
      { kind: 'changes', before: ORDINARY, after: { ...ORDINARY, approvals: 2 } },
    ]);
  });

  it('tells of every way where more is to be told than who approves and how long', () => {
    const ticketed = rule({ ...IN_PROD, ticketPattern: 'CHG-1' });
    expect(changes(policy(rule(IN_PROD)), policy(ticketed))).toStrictEqual([
      {
        kind: 'changes',
        before: ORDINARY,
        after: { ...ORDINARY, ways: ['1 of group leads, 4h, with a ticket CHG-1'] },
      },
    ]);
  });

  it('tells for how long the glass can be broken, and whether that is the only way', () => {
    const ordinary = policy(rule(IN_PROD));
    const both = withGlass(ordinary, glass(1800, IN_PROD));
    const only = withGlass(policy(), glass(1800, IN_PROD));
    expect(changes(ordinary, both)).toStrictEqual([
      { kind: 'changes', before: ORDINARY, after: { ...ORDINARY, breakGlassSeconds: 1800 } },
    ]);
    expect(changes(only, both)).toMatchObject([
      { kind: 'changes', before: { isBreakGlassOnly: true }, after: { isBreakGlassOnly: false } },
    ]);
    expect(told(both, withGlass(ordinary, glass(3600, IN_PROD)))).toEqual(['changes payments-prod']);
  });

  it('is another way behind the rule that asks the least, though that lasts as long', () => {
    const first = rule({ ...IN_PROD, required: 0, ticketPattern: 'CHG-1' });
    const [leads, security] = [rule(IN_PROD), rule({ ...IN_PROD, approval: [stage({ groups: ['security'] })] })];
    const floor = guardrail({ kind: 'floor', minApprovals: 0, approversFrom: [], maxDurationSeconds: seconds(14_400) });
    const held = (...rules: readonly Entitlement[]): Policy => guarded(rules, floor);
    const more = changes(held(first), held(first, leads));
    expect(more).toMatchObject([
      { kind: 'changes', after: { ways: ['no approval, 4h, with a ticket CHG-1', '1 of group leads, 4h'] } },
    ]);
    expect(changes(policy(first), held(first, leads))).toHaveLength(1);
    const other = changes(held(first, leads), held(first, security));
    expect(other).toMatchObject([
      { kind: 'changes', after: { ways: ['no approval, 4h, with a ticket CHG-1', '1 of group security, 4h'] } },
    ]);
  });

  it('is who approves by the rule that asks the least, though another that comes later asks the same for longer', () => {
    const [kept, longer] = [rule({ ...IN_PROD, groups: ['engineers'], maxSeconds: 3600 }), rule(IN_PROD)];
    const security = { ...kept, approval: [stage({ groups: ['security'] })] };
    const first = rule({ ...IN_PROD, maxSeconds: 3600, ticketPattern: 'CHG-1' });
    const found = changes(policy(first, security, longer), policy(security, longer));
    expect(found).toMatchObject([{ before: { approvers: 'group leads' }, after: { approvers: 'group security' } }]);
    expect(found[0]?.before?.ways).toEqual([
      '1 of group leads, 1h, with a ticket CHG-1',
      ...(found[0]?.after?.ways ?? []),
    ]);
  });

  it.each<[string, RuleChange]>([
    ['how long it lasts', { maxSeconds: 3600 }],
    ['how many approve', { required: 2 }],
    ['that nobody needs to', { required: 0 }],
    ['what is asked for besides', { justificationLength: 50 }],
  ])('is %s', (_what, change) => {
    expect(told(policy(rule()), policy(rule(change)))).toEqual(['changes payments-dev', 'changes payments-prod']);
  });

  it.each<[string, Policy, Policy]>([
    ['another name', policy(rule()), policy(rule({ name: 'b' }))],
    ['who is told of a broken glass', withGlass(policy(), glass(60)), withGlass(policy(), toldOthers)],
    ['a rule that gives nothing more', policy(rule()), policy(rule(), rule({ name: 'b', maxSeconds: 60 }))],
    ['one that gives nothing more than two do', policy(...TWO), policy(...TWO, rule({ name: 'b', maxSeconds: 60 }))],
    ['a rule of others', policy(rule()), policy(rule(), rule({ groups: ['others'], units: ['Workloads/Data'] }))],
    ['rules in another order', policy(rule(), rule({ maxSeconds: 60 })), policy(rule({ maxSeconds: 60 }), rule())],
    ['a limit of what is open', policy(rule()), guarded([rule()], guardrail({ kind: 'open-limit', most: 1 }))],
  ])('is not %s', (_what, before, after) => {
    expect(told(before, after)).toEqual([]);
  });
});

describe('changes', () => {
  it('come in the order of the catalogue, whichever side they are of', () => {
    const [prod, others] = [rule(IN_PROD), rule({ units: ['Workloads/Payments/Dev', 'Workloads/Data'] })];
    const before = changes(policy(prod), policy(others));
    const after = changes(policy(others), policy(prod));
    expect(before.map(({ kind }) => kind).toSorted()).toEqual(['gains', 'gains', 'loses']);
    expect(after.map(({ before: was, after: is }) => (is ?? was)?.account)).toEqual(
      before.map(({ before: was, after: is }) => (is ?? was)?.account),
    );
  });

  it.each([
    ['what it forbids', guardrail({ kind: 'forbid', reason: 'no' }), ['loses payments-dev', 'loses payments-prod']],
    [
      'what it raises, and nowhere else',
      guardrail(
        { kind: 'floor', minApprovals: 2, approversFrom: [] },
        { accounts: { ids: [], names: ['payments-dev'], organizationalUnits: [], tags: [] } },
      ),
      ['changes payments-dev'],
    ],
  ])('of a guardrail are %s', (_what, given, expected) => {
    expect(told(policy(rule()), guarded([rule()], given))).toEqual(expected);
    expect(told(guarded([rule()], given), policy(rule())).length).toBe(expected.length);
    expect(told(guarded([rule()], given), guarded([rule()], given))).toEqual([]);
  });

  it('are what a group that is missing on one side alone makes of the same rules', () => {
    const gone = guarded(
      [rule()],
      guardrail({ kind: 'forbid', reason: 'no' }, { who: { groups: ['gone'], users: [], attributes: [] } }),
    );
    const missing = (groups: readonly string[], units: readonly string[] = []): Requester => ({
      ...ANN,
      missing: { groups: new Set(groups), organizationalUnits: new Set(units) },
    });
    const both = ['loses payments-dev', 'loses payments-prod'];
    expect(told(gone, gone, { is: missing(['gone']) })).toEqual(both);
    expect(told(gone, gone, { was: missing(['other']), is: missing(['gone', 'other']) })).toEqual(both);
    expect(told(gone, gone, { was: missing(['other', 'gone']), is: missing(['gone', 'other']) })).toEqual([]);
    const units = { ids: [], names: [], organizationalUnits: ['Workloads/Gone'], tags: [] };
    const elsewhere = guarded([rule()], guardrail({ kind: 'forbid', reason: 'no' }, { accounts: units }));
    expect(told(elsewhere, elsewhere, { is: missing([], ['Workloads/Gone']) })).toEqual(both);
    const [some, same] = [missing([], ['Workloads/Gone', 'A']), missing([], ['A', 'Workloads/Gone'])];
    expect(told(elsewhere, elsewhere, { was: some, is: same })).toEqual([]);
  });

  it('are what the person is on one side alone', () => {
    const stranger = { ...ANN, groups: new Set<string>() };
    const other = rule({ groups: ['others'], name: 'b' });
    expect(told(policy(), policy(rule()), { is: stranger })).toEqual([]);
    expect(told(policy(rule()), policy(other), { is: stranger })).toEqual([
      'loses payments-dev',
      'loses payments-prod',
    ]);
  });

  it('end between two accounts where time is over', () => {
    let looks = 0;
    const isOver = () => {
      looks += 1;
      return looks > 1;
    };
    expect(told(policy(), policy(rule()), { isOver })).toEqual(['gains payments-dev']);
    expect(changes(policy(), policy(rule()), { isOver: () => true })).toEqual([]);
  });
});
