/** Cases of a policy: what is compared, what a difference says, and what a case may name that nothing bears. */
import { describe, expect, it } from 'vitest';
import type { Entitlement, Schedule } from '../../../lambda/domain/policy/policy.ts';
import { type CaseFacts, type PolicyCase, tryCase } from '../../../lambda/domain/policy/policy-case.ts';
import { instant } from '../../../lambda/domain/time.ts';
import { ADMIN, ANN, account, guarded, guardrail, PROD, policy, rule, stage } from './sample-policy.ts';
import { colleague, staffOf } from './sample-staff.ts';

const OTHER = account('other', 'Workloads/Payments', { id: '400000000002' });
const FACTS: CaseFacts = {
  accounts: [PROD, OTHER],
  permissionSets: [ADMIN],
  requesterNamed: (userName) => (userName === 'ann' ? ANN : undefined),
};
const CASE: PolicyCase = {
  ...{ name: 'a case', person: 'ann', target: 'payments-prod/AdministratorAccess', for: 3600 },
  ...{ at: '2026-11-23T08:00Z', reason: 'Deploy the fix', on_call: [], open: [], expect: 'allowed' },
};
const differencesOf = (
  change: Partial<PolicyCase> = {},
  {
    given = policy(rule()),
    facts = FACTS,
  }: { readonly given?: ReturnType<typeof policy>; readonly facts?: CaseFacts } = {},
) => tryCase(given, facts, { ...CASE, ...change }).differences;

describe('a case', () => {
  it('passes where it comes to what is expected, by id or name of the account', () => {
    const all = { rule: 'a-rule', approvals: 1, stages: [1], approvers: ['leads'], at_most: 14_400 };
    expect(tryCase(policy(rule()), FACTS, { ...CASE, ...all })).toEqual({
      name: 'a case',
      passed: true,
      differences: [],
    });
    expect(differencesOf({ target: `${PROD.id}/AdministratorAccess` })).toEqual([]);
    expect(differencesOf({ for: 20_000, expect: 'duration_too_long' })).toEqual([]);
  });

  it('tells each difference', () => {
    const wrong = { rule: 'b', approvals: 2, stages: [2], approvers: ['nobody'], at_most: 1 };
    expect(differencesOf(wrong)).toEqual([
      'rule: expected "b", got "a-rule"',
      'approvals: expected 2, got 1',
      'stages: expected [2], got [1]',
      'approvers: expected ["nobody"], got ["leads"]',
      'at_most: expected 1, got 14400',
    ]);
    expect(tryCase(policy(rule()), FACTS, { ...CASE, ...wrong }).passed).toBe(false);
  });

  it('says by which rule it was let through, or why not', () => {
    expect(differencesOf({ expect: 'frozen' })).toEqual([
      'expect: expected "frozen", got "allowed"',
      'by the rule "a-rule"',
    ]);
    expect(differencesOf({}, { given: policy() })).toEqual([
      'expect: expected "allowed", got "not_eligible"',
      expect.stringContaining('No rule of the policy lets Ann.Archer@example.com ask'),
    ]);
  });

  it('does not guess which of two accounts of a name is meant', () => {
    const facts = { ...FACTS, accounts: [PROD, { ...OTHER, name: PROD.name }] };
    expect(differencesOf({}, { facts })).toEqual([
      'the organization has more than one account "payments-prod": write its id',
    ]);
    expect(differencesOf({ target: `${OTHER.id}/AdministratorAccess` }, { facts })).toEqual([]);
  });

  it.each<[string, Partial<PolicyCase>, string]>([
    ['a person', { person: 'bob' }, 'the organization has nobody named "bob"'],
    ['an account', { target: 'gone/AdministratorAccess' }, 'the organization has no account "gone"'],
    ['a permission set', { target: 'payments-prod/Gone' }, 'the organization has no permission set "Gone"'],
    ['what is open', { open: ['gone/AdministratorAccess'] }, 'the organization has no account "gone"'],
    ['a moment', { at: 'yesterday' }, 'its moment is none'],
  ])('names %s that is not there', (_what, change, expected) => {
    expect(differencesOf(change)).toEqual([expected]);
  });

  it('has words, a ticket, what is open, and who is on call', () => {
    const demanding = policy(
      rule({ justificationLength: 100 }),
      rule({ name: 'ticketed', ticketPattern: 'INC-1', required: 3 }),
    );
    expect(differencesOf({ ticket: 'INC-1', rule: 'ticketed' }, { given: demanding })).toEqual([]);
    expect(differencesOf({ reason: 'x'.repeat(100), rule: 'a-rule' }, { given: demanding })).toEqual([]);
    const limited = guarded([rule()], guardrail({ kind: 'open-limit', most: 1 }));
    expect(differencesOf({}, { given: limited })).toEqual([]);
    expect(differencesOf({ open: ['other/AdministratorAccess'], expect: 'too_many_open' }, { given: limited })).toEqual(
      [],
    );
    const onCall: Entitlement = { ...rule(), require: { justificationLength: 1, onCall: 'primary' } };
    expect(differencesOf({ on_call: ['primary'] }, { given: policy(onCall) })).toEqual([]);
    expect(differencesOf({ on_call: ['other'], expect: 'not_on_call' }, { given: policy(onCall) })).toEqual([]);
  });

  it('is at its moment, and lasts from then on', () => {
    const given = policy(rule({ hours: { fromMinute: 540, untilMinute: 1020, days: [1], timeZone: 'UTC' } }));
    expect(differencesOf({ at: '2026-11-23T09:00Z' }, { given })).toEqual([]);
    expect(differencesOf({ expect: 'outside_hours' }, { given })).toEqual([]);
    const frozenFrom = (moment: string): Schedule => ({
      firstWithin: ({ from, until }) => {
        const frozen = instant(Date.parse(moment));
        return from <= frozen && until > frozen ? { from: frozen, until } : undefined;
      },
    });
    const freeze = guardrail({ kind: 'freeze', reason: 'year end', schedule: frozenFrom('2026-11-23T08:59Z') });
    expect(differencesOf({ expect: 'frozen' }, { given: guarded([rule()], freeze) })).toEqual([]);
    expect(differencesOf({ for: 3540 }, { given: guarded([rule()], freeze) })).toEqual([]);
  });

  it('breaks the glass where it says so, for the incident that it names', () => {
    const nobody = { groups: [], users: [] };
    const terms = { tell: nobody, reviewers: nobody, reviewWithinSeconds: rule().maxDurationSeconds, maxUses: 1 };
    const urgent = {
      ...rule({ required: 0 }),
      require: { justificationLength: 1, incidentPattern: 'INC-7' },
      breakGlass: terms,
    };
    const given = { ...policy(), breakGlass: [urgent] };
    expect(differencesOf({ break_glass: true, incident: 'INC-7' }, { given })).toEqual([]);
    expect(differencesOf({ break_glass: true, expect: 'incident_invalid' }, { given })).toEqual([]);
    expect(differencesOf({ incident: 'INC-7', expect: 'not_eligible' }, { given })).toEqual([]);
    const some = { ...urgent, require: { justificationLength: 1, incidentPattern: '.+' } };
    const needsSome = { given: { ...given, breakGlass: [some] } };
    expect(differencesOf({ break_glass: true, expect: 'incident_invalid' }, needsSome)).toEqual([]);
    const any = { given: { ...given, breakGlass: [{ ...urgent, require: { justificationLength: 1 } }] } };
    for (const named of [{}, { incident: ' \u200d' }])
      expect(differencesOf({ break_glass: true, ...named }, any)).toEqual([
        'expect: expected "allowed", got "incident_invalid"',
        'The glass is broken for an incident: name one.',
      ]);
    expect(differencesOf({ break_glass: true, incident: 'X' }, any)).toEqual([]);
    const staff = staffOf([colleague('ann')]);
    const facts = { ...FACTS, staff };
    expect(differencesOf({ break_glass: true, incident: 'INC-7', expect: 'nobody_to_tell' }, { given, facts })).toEqual(
      [],
    );
  });
});

describe('a case of somebody', () => {
  const disabled = { ...ANN, person: { ...ANN.person, enabled: false } };

  it('who is disabled is refused where the policy lets it through', () => {
    const facts = { ...FACTS, requesterNamed: () => disabled };
    expect(differencesOf({}, { facts })).toEqual([
      'expect: expected "allowed", got "caller_disabled"',
      'The user "Ann.Archer@example.com" is disabled.',
    ]);
    expect(differencesOf({ expect: 'not_eligible' }, { facts, given: policy() })).toEqual([]);
  });

  it('for whom too few could approve is refused, where it is known who there is', () => {
    const staff = staffOf([colleague('ben')], { leads: ['ben'] });
    const two = { given: policy(rule({ approval: [stage({ required: 2 })] })) };
    expect(differencesOf({}, two)).toEqual([]);
    expect(differencesOf({ expect: 'no_approver' }, { ...two, facts: { ...FACTS, staff } })).toEqual([]);
    expect(differencesOf({}, { facts: { ...FACTS, staff } })).toEqual([]);
  });
});
