/** The difference of two policies: who gains, who loses, on which other terms; and that looking only where something changed misses nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from '../../../cli/policy/diff.ts';
import { offlineOrganization, requesterIn } from '../../../cli/policy/offline.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import { catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { waysOf } from '../../../lambda/domain/policy/ways.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

const organization = offlineOrganization(exportOf(await readTestSeed()));

const policyOf = (text: string): Policy => {
  const parsed = parsePolicyFile(`version: 1\n${text}`);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return policyFrom(parsed.file, parsed.version);
};

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

describe('on any two policies', () => {
  const written = fc.record({
    group: fc.constantFrom('data-leads', 'payments-leads', 'payments-engineers', 'gone'),
    account: fc.constantFrom('ml-dev', 'payments-dev', 'payments-prod'),
    longest: fc.constantFrom('1h', '2h'),
    approval: fc.constantFrom('none', '{ groups: [sre-leads] }'),
  });
  const effects = fc.constantFrom('forbid: no', 'floor: { min_approvals: 2 }');
  const targets = fc.constantFrom(
    '',
    'what: { accounts: { tags: { team: payments } } }',
    'what: { accounts: { organizational_units: [Workloads/Data] } }',
    'what: { accounts: { organizational_units: [Workloads/Gone] } }',
    'who: { groups: [payments-leads] }',
  );
  const policies = fc
    .tuple(fc.array(written, { maxLength: 4 }), fc.array(fc.tuple(effects, targets), { maxLength: 2 }))
    .map(([entitlements, guardrails]) =>
      policyOf(
        [
          `entitlements: ${entitlements.length === 0 ? '[]' : entitlements.map((one, index) => rule(one, `rule-${index}`)).join('')}`,
          `guardrails: ${guardrails.length === 0 ? '[]' : guardrails.map(([effect, target], index) => `\n  - name: g-${index}\n    ${effect}\n    ${target}`).join('')}`,
        ].join('\n'),
      ),
    );

  it('tells exactly the people and targets whose terms differ in the two catalogues', () => {
    const termsOf = (policy: Policy): ReadonlyMap<string, string> => {
      const seen = requesterIn(organization, policy);
      return new Map(
        organization.people.flatMap((person) =>
          catalogFor(policy, seen(person), organization.accounts, organization.permissionSets).map(
            (entry) =>
              [
                `${person.userName} ${entry.account.name} ${entry.permissionSet.name}`,
                JSON.stringify([entry.approval, entry.longestSeconds, waysOf(entry).texts]),
              ] as const,
          ),
        ),
      );
    };
    fc.assert(
      fc.property(policies, policies, (before, after) => {
        const [was, is] = [termsOf(before), termsOf(after)];
        const differing = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key));
        const found = diff(before, after, organization).flatMap(({ people, changes }) =>
          changes.flatMap((change) => {
            const terms = change.after ?? change.before;
            return people.map((person) => `${person} ${terms?.account} ${terms?.permissionSet}`);
          }),
        );
        expect([...new Set(found)].sort()).toEqual(differing.sort());
      }),
      { numRuns: 150 },
    );
  });
});
