/** Parts of the catalogue: a search, what lies behind an entry, certain accounts; and which guardrails count for an entry. */
import { describe, expect, it } from 'vitest';
import { type CatalogQuery, catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import type { Effect, Guardrail, Policy } from '../../../lambda/domain/policy/policy.ts';
import {
  ADMIN,
  ANN,
  account,
  guarded,
  guardrail,
  HOUR,
  permissionSet,
  policy,
  type RuleChange,
  rule,
} from './sample-policy.ts';

const ACCOUNTS = [
  account('Payments-Prod', 'Workloads/Payments', { id: '400000000001', tags: { team: 'payments' } }),
  account('payments-dev', 'Workloads/Payments', { id: '400000000002', tags: { team: 'ledger' } }),
  account('search', 'Workloads/Search', { id: '400000000003', tags: {} }),
];
const SETS = [permissionSet('ReadOnlyAccess'), ADMIN];
const EVERYTHING = policy(rule({ units: ['/'], permissionSets: ['ReadOnlyAccess', 'AdministratorAccess'] }));
/** In the order of the catalogue. */
const ALL = [
  'Payments-Prod/AdministratorAccess',
  'Payments-Prod/ReadOnlyAccess',
  'payments-dev/AdministratorAccess',
  'payments-dev/ReadOnlyAccess',
  'search/AdministratorAccess',
  'search/ReadOnlyAccess',
];

/** Lists of its own for each test, since what is made of a list is remembered. */
const entries = (given: Policy, query: CatalogQuery = {}) => catalogFor(given, ANN, [...ACCOUNTS], [...SETS], query);
const listed = (given: Policy, query: CatalogQuery = {}): readonly string[] =>
  entries(given, query).map((one) => `${one.account.name}/${one.permissionSet.name}`);
const offered = (change: RuleChange): readonly string[] => listed(policy(rule(change)));

describe('a rule finds its accounts', () => {
  it.each<[string, RuleChange, readonly string[]]>([
    ['by a tag alone', { units: [], accountTags: [{ key: 'team', values: ['payments'] }] }, [ALL[0] ?? '']],
    ['by name', { units: [], accountNames: ['search'] }, [ALL[4] ?? '']],
    ['by an id beside one that is not there', { units: [], accountIds: ['400000000003', '9'] }, [ALL[4] ?? '']],
    ['by unit', { units: ['Workloads/Search'] }, [ALL[4] ?? '']],
    ['but for a unit', { units: ['/'], except: { organizationalUnits: ['Workloads/Payments'] } }, [ALL[4] ?? '']],
    [
      'for whom it names',
      { units: ['Workloads/Search'], groups: [], users: ['ann.archer@example.com'] },
      [ALL[4] ?? ''],
    ],
    ['and not for others', { units: ['Workloads/Search'], groups: [], users: ['ben'] }, []],
  ])('%s', (_how, change, expected) => {
    expect(offered(change)).toEqual(expected);
  });
});

describe('a search', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing', [], ALL],
    ['a name of an account, whatever its case', ['payments-prod'], ALL.slice(0, 2)],
    ['an id', ['000000003'], ALL.slice(4)],
    ['a unit', ['workloads/search'], ALL.slice(4)],
    ['a permission set', ['readonly'], [ALL[1] ?? '', ALL[3] ?? '', ALL[5] ?? '']],
    ['a permission set twice', ['readonly', 'readonly'], [ALL[1] ?? '', ALL[3] ?? '', ALL[5] ?? '']],
    ['words of both', ['payments', 'admin'], [ALL[0] ?? '', ALL[2] ?? '']],
    ['an id and a permission set', ['000000002', 'admin'], [ALL[2] ?? '']],
    ['across both', ['dev/read'], [ALL[3] ?? '']],
    ['two of the permission set, which has one only', ['admin', 'readonly'], []],
    ['what is nowhere', ['ledgers'], []],
    ['what is nowhere, with a slash', ['dev/write'], []],
  ])('for %s', (_what, words, expected) => {
    expect(listed(EVERYTHING, { words })).toEqual(expected);
  });
});

describe('a part', () => {
  it('behind an entry is what follows it, wherever that is', () => {
    const whole = entries(EVERYTHING);
    expect(whole.map(({ position }) => listed(EVERYTHING, { after: position }))).toEqual(
      ALL.map((_one, index) => ALL.slice(index + 1)),
    );
  });

  it('behind any entry is what follows it, of many accounts', () => {
    const many = Array.from({ length: 12 }, (_one, index) =>
      account(`a-${String(index).padStart(2, '0')}`, index % 3 ? 'A' : 'B'),
    );
    const given = policy(rule({ units: ['A'] }), rule({ units: ['B'], permissionSets: ['ReadOnlyAccess'] }));
    const whole = catalogFor(given, ANN, many, SETS);
    expect(whole).toHaveLength(12);
    for (const [index, { position }] of whole.entries()) {
      expect(catalogFor(given, ANN, many, SETS, { after: position })).toEqual(whole.slice(index + 1));
    }
  });
});

describe('guardrails', () => {
  const FORBID: Effect = { kind: 'forbid', reason: 'never' };
  const held = (change: Partial<Guardrail>): readonly string[] =>
    listed(guarded(EVERYTHING.entitlements, guardrail(FORBID, change)), { words: ['search'] });

  it.each<[string, Partial<Guardrail>, readonly string[]]>([
    ['one permission set', { permissionSets: { names: ['ReadOnlyAccess'], tags: [] } }, [ALL[4] ?? '']],
    [
      'another account',
      { accounts: { ids: ['400000000001'], names: [], organizationalUnits: [], tags: [] } },
      ALL.slice(4),
    ],
    ['other people', { who: { groups: ['contractors'], users: [], attributes: [] } }, ALL.slice(4)],
    ['everything', {}, []],
  ])('close %s', (_what, change, expected) => {
    expect(held(change)).toEqual(expected);
  });

  it('count that hold at any moment alone: forbidding ones, and floors', () => {
    const floor: Effect = { kind: 'floor', minApprovals: 2, approversFrom: [] };
    const now: readonly Effect[] = [
      { kind: 'freeze', reason: 'year end', schedule: { firstWithin: () => HOUR } },
      { kind: 'open-limit', most: 1 },
      { kind: 'not-together', targets: [{}, {}] },
    ];
    const given = guarded(EVERYTHING.entitlements, ...[floor, ...now].map((effect) => guardrail(effect)));
    expect(entries(given)[0]?.holding.map(({ effect }) => effect.kind)).toEqual(['floor']);
  });
});

it('a rule that asks nobody is no way of breaking the glass', () => {
  const [entry] = entries(policy(rule({ required: 0 })));
  expect(entry).toBeDefined();
  expect(entry).not.toHaveProperty('breakGlass');
});
