/** The laws of the policy, on any policy: nothing widens by error, guardrails only take, entitlements only give. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredIn } from '../../../lambda/domain/approval.ts';
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import { catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import type { Account, Missing, Tags } from '../../../lambda/domain/policy/facts.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { Entitlement, Guardrail, Policy } from '../../../lambda/domain/policy/policy.ts';
import { applies } from '../../../lambda/domain/policy/rule-index.ts';
import { seconds } from '../samples.ts';
import { ANN, ASK, account, guarded, guardrail, permissionSet, type RuleChange, rule } from './sample-policy.ts';

const GROUPS = ['engineers', 'others', 'third'];
const UNITS = ['/', 'Workloads', 'Workloads/Payments', 'Workloads/Pay', 'Sandbox'];
const SETS = ['AdministratorAccess', 'ReadOnlyAccess'];
const TAG_TESTS = [
  { key: 'team', values: ['payments'] },
  { key: 'environment', values: ['prod', 'dev'] },
];

const tests = fc.subarray(TAG_TESTS);
const units = fc.subarray(UNITS);
const selector = fc
  .record({ organizationalUnits: units, tags: tests, ids: fc.subarray(['1', '2']) })
  .map((one) => ({ ...one, names: [] }))
  .filter((one) => one.ids.length + one.organizationalUnits.length + one.tags.length > 0);
const exception = fc.record({ organizationalUnits: fc.subarray(UNITS.slice(1)), tags: tests, ids: fc.subarray(['1']) });

/** Narrow parts one at a time: rules of which every part is narrow fit nobody, and laws about them are empty. */
const mostly = <Value>(usual: Value, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

const change: fc.Arbitrary<RuleChange> = fc.record({
  groups: mostly(['engineers', 'others'], fc.subarray(GROUPS)),
  attributes: mostly([], fc.subarray([{ attribute: 'department', values: ['payments'] } as const])),
  units: mostly(['/'], units),
  accountTags: mostly([], tests),
  accountIds: fc.subarray(['1', '2', '3']),
  accountNames: fc.subarray(['a', 'b']),
  permissionSets: mostly(SETS, fc.subarray(SETS)),
  permissionSetTags: mostly([], fc.subarray([{ key: 'risk', values: ['low'] }])),
  match: mostly([], fc.subarray([{ attribute: 'department', tag: 'team' } as const])),
  required: fc.nat(3),
  maxSeconds: fc.constantFrom(600, 3600, 7200),
  justificationLength: fc.constantFrom(1, 10, 30),
});
const withException = fc
  .tuple(change, fc.option(exception, { nil: undefined }))
  .map(([given, except]) => rule(except ? { ...given, except } : given));
const entitlements = fc
  .array(withException, { maxLength: 6 })
  .map((rules) => rules.map((one, index): Entitlement => ({ ...one, name: `rule-${index}` })));

const effect = fc.oneof(
  fc.constant({ kind: 'forbid', reason: 'never' } as const),
  fc.record({
    kind: fc.constant('floor' as const),
    minApprovals: fc.nat(4),
    approversFrom: fc.subarray(['security']),
    maxDurationSeconds: fc.constantFrom(seconds(600), seconds(3600)),
  }),
  fc.record({ kind: fc.constant('open-limit' as const), most: fc.integer({ min: 1, max: 2 }) }),
  fc.tuple(selector, selector).map(([one, two]) => ({
    kind: 'not-together' as const,
    targets: [{ accounts: one }, { accounts: two }],
  })),
);
const who = fc
  .record({ groups: fc.subarray(GROUPS, { minLength: 1 }) })
  .map(({ groups }) => ({ groups, users: [], attributes: [] }));
const oneGuardrail: fc.Arbitrary<Guardrail> = fc
  .record({
    effect,
    who: fc.option(who, { nil: undefined }),
    accounts: fc.option(selector, { nil: undefined }),
  })
  .map(({ effect: given, who: people, accounts }) =>
    guardrail(given, { ...(people && { who: people }), ...(accounts && { accounts }) }),
  );
const policies = fc
  .tuple(entitlements, fc.array(oneGuardrail, { maxLength: 3 }))
  .map(([rules, guards]) => guarded(rules, ...guards));

const tags = fc.record(
  { team: fc.constantFrom('payments', 'search'), environment: fc.constantFrom('prod', 'test') },
  { requiredKeys: [] },
);
const accounts: fc.Arbitrary<Account> = fc
  .record({
    id: fc.constantFrom('1', '2', '3'),
    name: fc.constantFrom('a', 'b', 'c'),
    ouPath: fc.constantFrom('', 'Workloads', 'Workloads/Payments', 'Workloads/Payments/Prod', 'Sandbox', 'Pay'),
    tags: fc.option(tags, { nil: undefined }),
  })
  .map(({ id, name, ouPath, tags: given }) => account(name, ouPath, { id, ...(given && { tags: given }) }));
const missing: fc.Arbitrary<Missing> = fc
  .record({ groups: fc.subarray(GROUPS), organizationalUnits: fc.subarray(UNITS.slice(1)) })
  .map((one) => ({ groups: new Set(one.groups), organizationalUnits: new Set(one.organizationalUnits) }));
const sets = fc
  .record({
    name: fc.constantFrom(...SETS),
    tags: fc.constantFrom<(Tags | undefined)[]>(undefined, {}, { risk: 'low' }),
  })
  .map(({ name, tags: given }) => ({ ...permissionSet(name), ...(given && { tags: given }) }));
const asks: fc.Arbitrary<JudgedAsk> = fc
  .record({
    groups: mostly(GROUPS, fc.subarray(GROUPS)),
    attributes: fc.constantFrom(undefined, {}, { department: 'payments' }),
    missing: mostly({ groups: new Set<string>(), organizationalUnits: new Set<string>() }, missing),
    account: accounts,
    permissionSet: sets,
    durationSeconds: mostly(60, fc.constantFrom(601, 3600, 7200)),
    justification: fc.constantFrom('x', 'x'.repeat(10), 'x'.repeat(30)),
    others: fc.array(fc.record({ account: accounts, permissionSet: sets }), { maxLength: 2 }),
  })
  .map(({ groups, attributes, missing: gone, ...ask }) => ({
    ...ASK,
    ...ask,
    requester: {
      ...ANN,
      person: { ...ANN.person, ...(attributes && { attributes }) },
      groups: new Set(groups.filter((name) => !gone.groups.has(name))),
      missing: gone,
    },
  }));

/** What is granted, as numbers in which more is more: nothing, or how few approvals, how many among, how long. */
const grantOf = (given: Policy, ask: JudgedAsk) => {
  const permit = judge(given, ask);
  return 'refused' in permit ? undefined : permit;
};
/** Whether the second grants no more than the first. */
const expectNoMore = (before: Policy, askBefore: JudgedAsk, after: Policy, askAfter: JudgedAsk): void => {
  const [had, has] = [grantOf(before, askBefore), grantOf(after, askAfter)];
  if (!has) return;
  expect(had).toBeDefined();
  expect(requiredIn(has.approval)).toBeGreaterThanOrEqual(had ? requiredIn(had.approval) : Number.POSITIVE_INFINITY);
};

const RUNS = { numRuns: 3000 };

it('the policies and asks are such that a good part is granted', () => {
  const made = fc.sample(fc.tuple(policies, asks), { numRuns: 1000, seed: 1 });
  expect(made.filter(([given, ask]) => grantOf(given, ask)).length).toBeGreaterThan(100);
});

describe('on any policy', () => {
  it('a guardrail more never grants more', () => {
    fc.assert(
      fc.property(policies, oneGuardrail, asks, (given, added, ask) => {
        expectNoMore(given, ask, { ...given, guardrails: [...given.guardrails, added] }, ask);
      }),
      RUNS,
    );
  });

  it('an entitlement more never takes away, nor asks more approvals', () => {
    fc.assert(
      fc.property(policies, withException, fc.nat(6), asks, (given, added, place, ask) => {
        const more = { ...given, entitlements: given.entitlements.toSpliced(place, 0, { ...added, name: 'added' }) };
        expectNoMore(more, ask, given, ask);
      }),
      RUNS,
    );
  });

  it('what could not be read never grants more', () => {
    fc.assert(
      fc.property(
        policies,
        asks,
        fc.subarray(['attributes', 'account', 'set'], { minLength: 1 }),
        (given, ask, lost) => {
          const { attributes: _attributes, ...person } = ask.requester.person;
          const { tags: _tags, ...bareAccount } = ask.account;
          const { tags: _setTags, ...bareSet } = ask.permissionSet;
          const less: JudgedAsk = {
            ...ask,
            requester: { ...ask.requester, person: lost.includes('attributes') ? person : ask.requester.person },
            account: lost.includes('account') ? bareAccount : ask.account,
            permissionSet: lost.includes('set') ? bareSet : ask.permissionSet,
          };
          expectNoMore(given, ask, given, less);
        },
      ),
      RUNS,
    );
  });

  it('a group or a unit that vanishes never grants more', () => {
    fc.assert(
      fc.property(policies, asks, missing, (given, ask, gone) => {
        const groups = new Set([...ask.requester.groups].filter((name) => !gone.groups.has(name)));
        const known = ask.requester.missing ?? { groups: new Set(), organizationalUnits: new Set() };
        const requester = {
          ...ask.requester,
          groups,
          missing: {
            groups: new Set([...known.groups, ...gone.groups]),
            organizationalUnits: new Set([...known.organizationalUnits, ...gone.organizationalUnits]),
          },
        };
        expectNoMore(given, ask, given, { ...ask, requester });
      }),
      RUNS,
    );
  });

  it('the indexes find what looking through every rule finds', () => {
    fc.assert(
      fc.property(policies, asks, (given, ask) => {
        const plainly = given.entitlements.filter((one) => applies(one, ask.requester, ask.account, ask.permissionSet));
        const permit = judge(
          { ...given, guardrails: [] },
          { ...ask, durationSeconds: 1, justification: 'x'.repeat(30) },
        );
        expect('refused' in permit ? undefined : requiredIn(permit.approval)).toBe(
          plainly.length === 0 ? undefined : Math.min(...plainly.map(({ approval }) => requiredIn(approval))),
        );
      }),
      RUNS,
    );
  });

  it('the catalogue lists what would be let through with the best of words and nothing else open', () => {
    const all = fc.uniqueArray(accounts, { maxLength: 5, selector: ({ id }) => id }).map((list) =>
      // Names are unique in a catalogue, or the order would be open.
      list.map((one) => ({ ...one, name: `${one.name}-${one.id}` })),
    );
    fc.assert(
      fc.property(policies, asks, all, (given, ask, list) => {
        const offered = SETS.map(permissionSet);
        const best = { ...ask, durationSeconds: 1, justification: 'x'.repeat(30), others: [] };
        const allowed = list.flatMap((one) =>
          offered.flatMap((set) => {
            const permit = grantOf(given, { ...best, account: one, permissionSet: set });
            return permit ? [`${one.name}/${set.name} ${requiredIn(permit.approval)}`] : [];
          }),
        );
        const listed = catalogFor(given, ask.requester, list, offered).map(
          (entry) => `${entry.account.name}/${entry.permissionSet.name} ${requiredIn(entry.approval)}`,
        );
        expect([...listed].sort()).toEqual(allowed.sort());
      }),
      { numRuns: 1000 },
    );
  });
});
