/** The verdict of the policy: who, what, how long, on which conditions, and which rule wins. */
import { describe, expect, it } from 'vitest';
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import type { Account } from '../../../lambda/domain/policy/facts.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { Entitlement } from '../../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { ANN, ASK, account, PROD, permissionSet, policy, rule, verdictOf } from './sample-policy.ts';

const verdict = (rules: readonly Entitlement[], change: Partial<JudgedAsk> = {}): string =>
  verdictOf(policy(...rules), change);

describe('who', () => {
  it.each([
    ['a member of the group', rule(), 'a-rule'],
    ['a member of one of the groups', rule({ groups: ['others', 'engineers'] }), 'a-rule'],
    ['no member', rule({ groups: ['others'] }), 'not_eligible'],
    [
      'a user named, whatever the case of the directory',
      rule({ groups: [], users: ['ann.archer@example.com'] }),
      'a-rule',
    ],
    ['another user', rule({ groups: [], users: ['ann'] }), 'not_eligible'],
    ['a user whose name is that of a group', rule({ groups: ['ann.archer@example.com'] }), 'not_eligible'],
    ['a group whose name is that of a user', rule({ groups: [], users: ['engineers'] }), 'not_eligible'],
    ['nobody at all', rule({ groups: [] }), 'not_eligible'],
  ])('%s', (_situation, given, expected) => {
    expect(verdict([given])).toBe(expected);
  });

  it('nobody may ask for anything under an empty policy', () => {
    expect(verdict([])).toBe('not_eligible');
  });
});

describe('what', () => {
  it.each([
    ['by account id', rule({ units: [], accountIds: ['400000000001'] }), PROD, 'a-rule'],
    ['by a part of the account id', rule({ units: [], accountIds: ['40000000000'] }), PROD, 'not_eligible'],
    ['by account name', rule({ units: [], accountNames: ['payments-prod'] }), PROD, 'a-rule'],
    [
      'by the id of one and the name of another',
      rule({ units: [], accountIds: ['1'], accountNames: ['payments-prod'] }),
      PROD,
      'a-rule',
    ],
    ['by account name in another case', rule({ units: [], accountNames: ['Payments-Prod'] }), PROD, 'not_eligible'],
    ['by its own OU', rule({ units: ['Workloads/Payments/Prod'] }), PROD, 'a-rule'],
    ['by an OU above', rule({ units: ['Workloads'] }), PROD, 'a-rule'],
    ['by an OU below', rule({ units: ['Workloads/Payments/Prod/Regulated'] }), PROD, 'not_eligible'],
    ['by an OU whose name only begins alike', rule({ units: ['Workloads/Pay'] }), PROD, 'not_eligible'],
    ['by an OU that has the name further down', rule({ units: ['Payments'] }), PROD, 'not_eligible'],
    ['by the whole organization', rule({ units: ['/'] }), PROD, 'a-rule'],
    ['by the whole organization, directly under the root', rule({ units: ['/'] }), account('root-child', ''), 'a-rule'],
    ['by an OU, directly under the root', rule({ units: ['Workloads'] }), account('root-child', ''), 'not_eligible'],
    ['by an empty OU path, which is no OU', rule({ units: [''] }), PROD, 'not_eligible'],
    ['by nothing', rule({ units: [] }), PROD, 'not_eligible'],
  ])('%s', (_situation, given, target, expected) => {
    expect(verdict([given], { account: target })).toBe(expected);
  });

  it.each([
    ['of another name', 'ReadOnlyAccess', 'not_eligible'],
    ['in another case', 'administratoraccess', 'not_eligible'],
    ['of that name', 'AdministratorAccess', 'a-rule'],
  ])('a permission set %s', (_situation, name, expected) => {
    expect(verdict([rule()], { permissionSet: permissionSet(name) })).toBe(expected);
  });
});

describe('never a target', () => {
  it.each([
    ['the management account', { forbidden: 'management-account' }, 'target_forbidden'],
    ['the account that hosts Brevet', { forbidden: 'hosting-account' }, 'target_forbidden'],
    ['a suspended account', { active: false }, 'target_forbidden'],
  ] as const)('is %s, whatever the rules say', (_which, change, expected) => {
    const target = account('payments-prod', 'Workloads/Payments', change);
    expect(verdict([rule({ units: ['/'], required: 0 })], { account: target })).toBe(expected);
  });
});

describe('a refusal says', () => {
  const AT = '(400000000001)';
  const said = (change: Partial<JudgedAsk>): unknown => {
    const verdict = judge(policy(rule({ units: ['/'], required: 0, maxSeconds: 3600 })), { ...ASK, ...change });
    return isRefusal(verdict) ? verdict.detail : verdict;
  };
  const target = (change: Partial<Account>) => ({
    account: account('prod', 'Workloads', { id: '400000000001', ...change }),
  });

  it.each([
    [
      'which account it is',
      target({ forbidden: 'management-account' }),
      `prod ${AT} is the management account, which is never a target.`,
    ],
    [
      'or which other',
      target({ forbidden: 'hosting-account' }),
      `prod ${AT} is the account that hosts Brevet, which is never a target.`,
    ],
    ['that it is not active', target({ active: false }), `prod ${AT} is not active in the organization.`],
    [
      'that no glass is broken for it',
      { ...target({ guarded: true }), incident: 'INC-1' },
      `prod ${AT} hosts Brevet, and is given by breaking no glass. Ask without it.`,
    ],
    ['how long it may last', { durationSeconds: 5400 }, '1h 30m is too long for this target; at most 1h.'],
    [
      'that no rule speaks of it, and where to look',
      { requester: { person: ANN.person, groups: new Set<string>() } },
      'No rule of the policy lets Ann.Archer@example.com ask for payments-prod/AdministratorAccess. The catalogue lists what you may ask for.',
    ],
    [
      'that no rule lets break the glass for it',
      { incident: 'INC-1' },
      'No rule lets Ann.Archer@example.com break the glass for payments-prod/AdministratorAccess. Ask without it.',
    ],
  ])('%s', (_what, change, expected) => {
    expect(said(change)).toBe(expected);
  });
});

describe('the account that hosts Brevet, where the settings let it be a target', () => {
  const HOST = account('payments-prod', 'Workloads/Payments', { guarded: true });
  const asked = (...rules: readonly Entitlement[]) => judge(policy(...rules), { ...ASK, account: HOST });

  it.each([
    ['one approval becomes two', rule({ required: 1 }), [2]],
    ['three stay three', rule({ required: 3 }), [3]],
    ['none becomes two, of nobody', rule({ required: 0 }), [2]],
  ])('%s', (_what, given, expected) => {
    const verdict = asked(given);
    expect(isRefusal(verdict) ? verdict : verdict.approval.map(({ required }) => required)).toEqual(expected);
  });

  it('is given by nobody where a rule asks nobody', () => {
    expect(asked(rule({ required: 0 }))).toMatchObject({ approval: [{ groups: [], users: [] }] });
  });
});

describe('how long', () => {
  const SHORT = rule({ name: 'short', maxSeconds: 3600, required: 0 });
  const LONG = rule({ name: 'long', maxSeconds: 14_400, required: 2 });
  it.each([
    ['as long as the rule', [SHORT], 3600, 'short'],
    ['a second longer', [SHORT], 3601, 'duration_too_long'],
    ['longer than the lenient rule, within the strict one', [SHORT, LONG], 3601, 'long'],
    ['longer than any', [SHORT, LONG], 14_401, 'duration_too_long'],
  ])('%s', (_situation, rules, durationSeconds, expected) => {
    expect(verdict(rules, { durationSeconds })).toBe(expected);
  });

  it('says the longest that any rule allows here', () => {
    expect(judge(policy(SHORT, LONG), { ...ASK, durationSeconds: 14_401 })).toMatchObject({
      facts: { maximumSeconds: 14_400 },
    });
  });
});

describe('which rule', () => {
  it.each([
    ['no approval before approval', [rule({ name: 'one', required: 1 }), rule({ name: 'none', required: 0 })], 'none'],
    ['fewest approvals', [rule({ name: 'two', required: 2 }), rule({ name: 'one', required: 1 })], 'one'],
    ['the order of the file', [rule({ name: 'first' }), rule({ name: 'second' })], 'first'],
    [
      'the order of the file, by whatever they name the account',
      [rule({ name: 'first', units: ['Workloads'] }), rule({ name: 'second', units: [], accountIds: [PROD.id] })],
      'first',
    ],
    ['only rules that apply', [rule({ name: 'other', required: 0, groups: ['others'] }), rule({ name: 'one' })], 'one'],
    [
      'only rules whose conditions are met',
      [rule({ name: 'none', required: 0, justificationLength: 100 }), rule({ name: 'one', required: 1 })],
      'one',
    ],
  ])('%s', (_situation, rules, expected) => {
    expect(verdict(rules)).toBe(expected);
  });

  it('names what is missing for the rule that asks the least', () => {
    const rules = [
      rule({ name: 'two', required: 2, ticketPattern: 'CHG-\\d+' }),
      rule({ name: 'none', required: 0, justificationLength: 100 }),
    ];
    expect(verdict(rules)).toBe('justification_too_short');
  });
});

describe('conditions', () => {
  it.each([
    ['long enough', 'x'.repeat(20), 'a-rule'],
    ['a character short', 'x'.repeat(19), 'justification_too_short'],
    ['long enough only by blanks around it', `  ${'x'.repeat(19)}  `, 'justification_too_short'],
  ])('a justification that is %s', (_situation, justification, expected) => {
    expect(verdict([rule({ justificationLength: 20 })], { justification })).toBe(expected);
  });

  it.each([
    ['of the form', 'CHG-1234', 'a-rule'],
    ['of the other form', 'INC-1', 'a-rule'],
    ['with something before it', 'xCHG-1234', 'ticket_invalid'],
    ['with something after it', 'CHG-1234x', 'ticket_invalid'],
    ['on the second line', 'x\nCHG-1234', 'ticket_invalid'],
    ['and a line break', 'CHG-1234\n', 'ticket_invalid'],
    ['of no form', 'please', 'ticket_invalid'],
  ])('a ticket %s', (_situation, ticket, expected) => {
    expect(verdict([rule({ ticketPattern: 'CHG-\\d+|INC-\\d+' })], { ticket })).toBe(expected);
  });

  it('asks for the ticket that is missing, and says its form', () => {
    expect(judge(policy(rule({ ticketPattern: 'CHG-\\d+' })), ASK)).toMatchObject({
      refused: 'ticket_required',
      facts: { pattern: 'CHG-\\d+' },
    });
  });

  it('takes any ticket where none is required', () => {
    expect(verdict([rule()], { ticket: 'whatever' })).toBe('a-rule');
  });
});
