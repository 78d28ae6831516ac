/** The difference of two policies: who gains, who loses, on which other terms; and that looking only where something changed misses nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from '../../../cli/policy/diff.ts';
import { offlineOrganization, requesterIn } from '../../../cli/policy/offline.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import { type CatalogEntry, catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import type { Guardrail, Policy } from '../../../lambda/domain/policy/policy.ts';
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

/** A part of what there is, in any order: what two policies have in common may stand elsewhere in each. */
const pairsOf = <Part>(parts: readonly Part[]): fc.Arbitrary<readonly [readonly Part[], readonly Part[]]> =>
  fc.tuple(fc.shuffledSubarray([...parts]), fc.shuffledSubarray([...parts]));

describe('on any two policies', () => {
  const who = fc.constantFrom(
    'groups: [data-leads]',
    'groups: [payments-leads, data-leads]',
    'groups: [payments-engineers]',
    'groups: [gone]',
    'attributes: { department: payments }',
    'users: [maria, mei]',
  );
  const accounts = fc.constantFrom(
    'names: [ml-dev, payments-dev]',
    'names: [payments-dev]',
    'organizational_units: [Workloads/Payments]',
    'tags: { environment: dev }',
    'organizational_units: [Workloads], except: { organizational_units: [Workloads/Data] }',
  );
  const approvals = fc.constantFrom(
    'approval: none',
    'approval: { groups: [sre-leads] }',
    'approval: { groups: [security-team] }',
    'approval: { groups: [sre-leads], required: 2 }',
    'approval: { account_tag: team }',
    'approval: { groups: [security-team] }\n    require: { ticket_pattern: CHG }',
    'break_glass: { tell: { groups: [security-team] }, max_duration: 30m }',
    'approval: { groups: [sre-leads] }\n    break_glass: { tell: { groups: [security-team] } }',
  );
  const match = fc.constantFrom('', '    match: [{ person: department, account_tag: team }]');
  const rulesWritten = fc
    .array(
      fc.tuple(
        who,
        accounts,
        fc.constantFrom('ReadOnlyAccess', 'AdministratorAccess'),
        fc.constantFrom('1h', '2h'),
        approvals,
        match,
      ),
      {
        maxLength: 5,
      },
    )
    .map((all) =>
      all.map(
        ([people, places, set, longest, approval, matching], index) =>
          `\n  - name: rule-${index}\n    who: { ${people} }\n    what: { accounts: { ${places} }, permission_sets: [${set}] }\n    max_duration: ${longest}\n    ${approval}\n${matching}`,
      ),
    );
  const effects = fc.constantFrom(
    'forbid: no',
    'floor: { min_approvals: 2 }',
    'floor: { min_approvals: 1, approvers_from: [sre-leads] }',
    'floor: { min_approvals: 1, approvers_from: [security-team] }',
    'floor: { max_duration: 30m }',
    "freeze: { reason: Quiet., from: '2030-01-01', until: '2030-01-02' }",
    'max_open: 1',
  );
  const targets = fc.constantFrom(
    '',
    'what: { accounts: { tags: { team: payments } } }',
    'what: { permission_sets: [AdministratorAccess] }',
    'what: { accounts: { organizational_units: [Workloads/Data] } }',
    'what: { accounts: { organizational_units: [Workloads/Gone] } }',
    'what: { accounts: { organizational_units: [/], except: { organizational_units: [Workloads/Lost] } } }',
    'who: { groups: [payments-leads] }',
    'who: { groups: [gone] }',
    'who: { attributes: { department: data } }\n    what: { permission_sets: [ReadOnlyAccess] }',
  );
  const spares = fc.constantFrom('', '\n    break_glass: allow', '\n    break_glass: forbid');
  const guardrailsWritten = fc
    .array(fc.tuple(effects, targets, spares), { maxLength: 4 })
    .map((all) =>
      all.map(([effect, target, spare], index) => `\n  - name: g-${index}\n    ${effect}\n    ${target}${spare}`),
    );
  const listed = (written: readonly string[]): string => (written.length === 0 ? '[]' : written.join(''));
  const pairs = fc
    .tuple(rulesWritten.chain(pairsOf), guardrailsWritten.chain(pairsOf))
    .map(
      ([[rulesBefore, rulesAfter], [held, holds]]) =>
        [
          policyOf(`entitlements: ${listed(rulesBefore)}\nguardrails: ${listed(held)}`),
          policyOf(`entitlements: ${listed(rulesAfter)}\nguardrails: ${listed(holds)}`),
        ] as const,
    );

  const contentOf = ({ name: _name, ...content }: Guardrail): string => JSON.stringify(content);
  /** All of them hold, so that their order says nothing but in which they are told. */
  const inOneOrder = (policy: Policy): Policy => ({
    ...policy,
    guardrails: policy.guardrails.toSorted((one, other) => (contentOf(one) < contentOf(other) ? -1 : 1)),
  });
  const isTold = (one: CatalogEntry): string =>
    JSON.stringify([
      one.approval,
      one.longestSeconds,
      waysOf(one).texts,
      one.breakGlass?.longestSeconds,
      one.isBreakGlassOnly,
    ]);
  const toldOf = (policy: Policy): ReadonlyMap<string, string> => {
    const seen = requesterIn(organization, policy);
    return new Map(
      organization.people.flatMap((person) =>
        catalogFor(inOneOrder(policy), seen(person), organization.accounts, organization.permissionSets).map(
          (entry) => [`${person.userName} ${entry.account.name} ${entry.permissionSet.name}`, isTold(entry)] as const,
        ),
      ),
    );
  };
  const differing = (before: Policy, after: Policy): readonly string[] => {
    const [was, is] = [toldOf(before), toldOf(after)];
    return [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key)).sort();
  };

  it('tells exactly the people and targets whose terms differ when everybody is asked one by one, each once', () => {
    const found = new Set<string>();
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const told = diff(before, after, organization).flatMap(({ people, changes }) =>
          changes.flatMap(({ kind, before: was, after: is }) => {
            found.add(kind);
            return people.map((person) => `${person} ${(is ?? was)?.account} ${(is ?? was)?.permissionSet}`);
          }),
        );
        expect(told.toSorted()).toEqual(differing(before, after));
      }),
      { numRuns: 300 },
    );
    expect([...found].sort()).toEqual(['changes', 'gains', 'loses']);
  });
});
