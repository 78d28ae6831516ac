/** What rules call by name, and the rules that name what is not there; and what an organization bears names for. */
import { describe, expect, it } from 'vitest';
import { valuesByKey } from '../../../lambda/domain/policy/known-names.ts';
import { missingBy } from '../../../lambda/domain/policy/missing.ts';
import { isNothing, NO_NAMES, namesIn, rulesNaming } from '../../../lambda/domain/policy/rule-names.ts';
import { policy, rule } from './sample-policy.ts';

const WHOLE = rule({ name: 'whole', units: ['/'], accountIds: ['1'] });
const TORN = rule({
  name: 'torn',
  groups: ['engineers', 'gone'],
  units: ['Workloads', 'Gone'],
  accountIds: ['1', '2'],
  accountNames: ['prod', 'dev'],
  permissionSets: ['AdministratorAccess', 'Lost'],
});
const GIVEN = policy(WHOLE, TORN);

describe('names', () => {
  it('of a policy are each listed once, and the root is none', () => {
    expect(namesIn(GIVEN)).toEqual({
      organizationalUnits: ['Workloads', 'Gone'],
      accountIds: ['1', '2'],
      accountNames: ['prod', 'dev'],
      permissionSets: ['AdministratorAccess', 'Lost'],
    });
  });

  it.each([
    [NO_NAMES, true],
    [{ ...NO_NAMES, organizationalUnits: ['a'] }, false],
    [{ ...NO_NAMES, accountIds: ['a'] }, false],
    [{ ...NO_NAMES, accountNames: ['a'] }, false],
    [{ ...NO_NAMES, permissionSets: ['a'] }, false],
  ])('%j are none: %s', (names, expected) => {
    expect(isNothing(names)).toBe(expected);
  });
});

describe('a rule that names what is not there', () => {
  it.each<[string, ReadonlySet<string>, Partial<typeof NO_NAMES>, readonly string[]]>([
    ['a group', new Set(['gone']), {}, ['gone']],
    ['a unit', new Set(), { organizationalUnits: ['Gone'] }, ['Gone']],
    ['an account id', new Set(), { accountIds: ['2'] }, ['2']],
    ['an account name', new Set(), { accountNames: ['dev'] }, ['dev']],
    ['a permission set', new Set(), { permissionSets: ['Lost'] }, ['Lost']],
    ['all of it', new Set(['gone']), { permissionSets: ['Lost'], accountIds: ['2'] }, ['gone', '2', 'Lost']],
  ])('is told with %s', (_what, groups, unknown, expected) => {
    expect([...rulesNaming(GIVEN, groups, { ...NO_NAMES, ...unknown })]).toEqual([['torn', expected]]);
  });

  it('is none where all is there, nor where a name of another kind is not', () => {
    expect(rulesNaming(GIVEN, new Set(), NO_NAMES).size).toBe(0);
    expect(rulesNaming(GIVEN, new Set(['prod']), { ...NO_NAMES, accountNames: ['Lost', '1'] }).size).toBe(0);
  });
});

it('what is missing is what nothing bears of all that there is', () => {
  const except = { organizationalUnits: ['Workloads/Old', 'Workloads'] };
  const there = {
    groups: new Set(['engineers']),
    organizationalUnits: new Set(['Workloads']),
    accountIds: new Set(['1']),
    accountNames: new Set(['prod', 'dev']),
    permissionSets: new Set(['AdministratorAccess']),
  };
  expect(missingBy(policy(WHOLE, TORN, rule({ name: 'with-exception', except, units: ['/'] })), there)).toEqual({
    groups: new Set(['gone']),
    organizationalUnits: new Set(['Workloads/Old']),
    rules: new Map([['torn', ['gone', 'Gone', '2', 'Lost']]]),
  });
});

it('the values of a key are each listed once, those that are not there left out', () => {
  const found = valuesByKey([
    { team: 'payments', risk: undefined },
    { team: 'payments' },
    { team: 'search', risk: 'low' },
  ]);
  expect([...found]).toEqual([
    ['team', ['payments', 'search']],
    ['risk', ['low']],
  ]);
});
