/** The difference of two policies: who gains, who loses, and on which other terms. */
import { describe, expect, it } from 'vitest';
import { diff } from '../../../cli/policy/diff.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { organization, policyOf } from './seed-policies.ts';

interface Change {
  readonly group?: string;
  readonly account?: string;
  readonly longest?: string;
  readonly approval?: string;
}
const rule = (
  { group = 'data-leads', account = 'ml-dev', longest = '1h', approval = 'none' }: Change = {},
  name = 'a-rule',
) => `
  - name: ${name}
    who: { groups: [${group}] }
    what: { accounts: { names: [${account}] }, permission_sets: [ReadOnlyAccess] }
    max_duration: ${longest}
    approval: ${approval}`;
const rules = (...written: readonly string[]): Policy =>
  policyOf(`entitlements: ${written.length === 0 ? '[]' : written.join('')}\n`);

const told = (before: Policy, after: Policy): readonly string[] =>
  diff(before, after, organization).flatMap(({ people, changes }) =>
    changes.map(({ kind, before: was, after: is }) => {
      const terms = [was, is].flatMap((one) => (one ? [`${one.approvals}/${one.maxSeconds}`] : []));
      return `${people.join(',')} ${kind} ${(is ?? was)?.account} ${terms.join(' -> ')}`;
    }),
  );

describe('diff', () => {
  it.each([
    ['the same', rules(rule()), rules(rule()), []],
    ['the same under another name', rules(rule()), rules(rule({}, 'another')), []],
    ['a rule more', rules(), rules(rule()), ['mei gains ml-dev 0/3600']],
    ['a rule less', rules(rule()), rules(), ['mei loses ml-dev 0/3600']],
    [
      'another account',
      rules(rule()),
      rules(rule({ account: 'ml-prod' })),
      ['mei loses ml-dev 0/3600', 'mei gains ml-prod 0/3600'],
    ],
    ['longer', rules(rule()), rules(rule({ longest: '2h' })), ['mei changes ml-dev 0/3600 -> 0/7200']],
    [
      'an approval',
      rules(rule()),
      rules(rule({ approval: '{ groups: [sre-leads] }' })),
      ['mei changes ml-dev 0/3600 -> 1/3600'],
    ],
    [
      'other people',
      rules(rule()),
      rules(rule({ group: 'payments-leads' })),
      ['mei loses ml-dev 0/3600', 'lena,omar,victor gains ml-dev 0/3600'],
    ],
    ['hidden by another rule', rules(rule()), rules(rule(), rule({ longest: '30m' }, 'shorter')), []],
    [
      'a guardrail',
      rules(rule()),
      policyOf(
        `entitlements:${rule()}\nguardrails:\n  - { name: g, forbid: no, what: { accounts: { tags: { team: data } } } }\n`,
      ),
      ['mei loses ml-dev 0/3600'],
    ],
    [
      'a guardrail elsewhere',
      rules(rule()),
      policyOf(
        `entitlements:${rule()}\nguardrails:\n  - { name: g, forbid: no, what: { accounts: { tags: { team: mobile } } } }\n`,
      ),
      [],
    ],
    [
      'a guardrail whose group does not exist',
      rules(rule()),
      policyOf(`entitlements:${rule()}\nguardrails:\n  - { name: g, forbid: no, who: { groups: [gone] } }\n`),
      ['mei loses ml-dev 0/3600'],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect([...told(before, after)].sort()).toEqual([...expected].sort());
  });
});

describe('diff tells of what is behind the rule that asks the least', () => {
  const behind = (approval: string, more = '') =>
    rules(rule(), `${rule({ longest: '8h', approval }, 'longer')}${more}`);
  const ways = (before: Policy, after: Policy) =>
    diff(before, after, organization).flatMap(({ changes }) =>
      changes.map(({ kind, before: was, after: is }) => [kind, was?.ways, is?.ways]),
    );

  it.each([
    [
      'approvals that are dropped',
      behind('{ groups: [sre-leads, security-team], required: 2 }'),
      behind('none'),
      [['no approval, 1h', '2 of group sre-leads or security-team, 8h'], undefined],
    ],
    [
      'other approvers',
      behind('{ groups: [security-team] }'),
      behind('{ groups: [data-leads] }'),
      [
        ['no approval, 1h', '1 of group security-team, 8h'],
        ['no approval, 1h', '1 of group data-leads, 8h'],
      ],
    ],
    [
      'an escalation',
      behind('{ groups: [security-team] }'),
      behind(
        '{ stages: [{ approvers: { groups: [security-team] }, escalate_after: 1m, escalate_to: { groups: [data-leads] } }] }',
      ),
      [
        ['no approval, 1h', '1 of group security-team, 8h'],
        ['no approval, 1h', '1 of group security-team, after 1m group data-leads too, 8h'],
      ],
    ],
  ])('%s', (_what, before, after, [was, is]) => {
    expect(ways(before, after)).toEqual([['changes', was, is]]);
  });

  it('conditions that are dropped', () => {
    const bound = rules(`${rule()}\n    require: { ticket_pattern: 'CHG-\\d+', on_call: primary }`);
    expect(ways(bound, rules(rule()))).toEqual([
      ['changes', ['no approval, 1h, with a ticket CHG-\\d+, on call by primary'], undefined],
    ]);
  });
});

describe('diff tells of another order', () => {
  const two = (...approvals: readonly string[]): Policy =>
    rules(...approvals.map((group) => rule({ approval: `{ groups: [${group}] }` }, group)));

  it('of rules that ask as many approvals, since the first of them is chosen', () => {
    const [before, after] = [two('sre-leads', 'security-team'), two('security-team', 'sre-leads')];
    expect(diff(before, after, organization)).toMatchObject([
      {
        people: ['mei'],
        changes: [
          {
            kind: 'changes',
            before: { approvers: 'group sre-leads' },
            after: { approvers: 'group security-team' },
          },
        ],
      },
    ]);
  });

  it('but not of guardrails, all of which hold', () => {
    const floors = ['sre-leads', 'security-team'].map(
      (group) => `\n  - { name: ${group}, floor: { min_approvals: 1, approvers_from: [${group}] } }`,
    );
    const held = (written: readonly string[], longest: string): Policy =>
      policyOf(`entitlements:${rule()}${rule({ longest }, 'shorter')}\nguardrails:${written.join('')}\n`);
    expect(told(held(floors, '30m'), held(floors.toReversed(), '20m'))).toEqual([]);
  });
});

it('diff names together those for whom exactly the same changes, each change once', () => {
  const groups = '[data-leads, payments-leads]';
  const both = rules(
    rule({ group: 'payments-leads' }, 'one'),
    `${rule({ account: 'ml-prod' }, 'two').replace('[data-leads]', groups)}`,
  );
  expect([...told(rules(), both)].sort()).toEqual([
    'lena,mei,omar,victor gains ml-prod 0/3600',
    'lena,omar,victor gains ml-dev 0/3600',
  ]);
  expect(diff(rules(), both, organization)).toHaveLength(2);
});
