/** The difference of any two policies: looking only where something changed misses nothing, and tells nothing twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from '../../../cli/policy/diff.ts';
import { requesterIn } from '../../../cli/policy/offline.ts';
import { type CatalogEntry, catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import type { Guardrail, Policy } from '../../../lambda/domain/policy/policy.ts';
import { waysOf } from '../../../lambda/domain/policy/ways.ts';
import { organization, policyOf } from './seed-policies.ts';

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
