/** Which rules of two versions can make any difference. */
import { describe, expect, it } from 'vitest';
import { comparisonOf, isSameMissing } from '../../../lambda/domain/policy/comparison.ts';
import type { Missing } from '../../../lambda/domain/policy/facts.ts';
import type { Guardrail, Policy } from '../../../lambda/domain/policy/policy.ts';
import { guarded, guardrail, PROD, policy, rule, stage } from './sample-policy.ts';

const between = (before: Policy, after: Policy) =>
  comparisonOf(before, after, { accounts: [PROD], permissionSets: [] });
const changed = (before: Policy, after: Policy): readonly string[] =>
  [...between(before, after).changed].map(({ name }) => name).sort();

const by = (group: string, required = 1, name = group) =>
  rule({ name, approval: [stage({ groups: [group], required })] });
const [a, b, two] = [by('a'), by('b'), by('c', 2)] as const;
const floor = (group: string): Guardrail =>
  guardrail({ kind: 'floor', minApprovals: 1, approversFrom: [group] }, { name: group });

describe('changed', () => {
  it.each<[string, Policy, Policy, readonly string[]]>([
    ['nothing', policy(a, b), policy(a, b), []],
    ['no rule that has another name', policy(a), policy(by('a', 1, 'z')), []],
    ['a rule that only one has', policy(a, b), policy(b), ['a']],
    ['both, where a rule says something else', policy(by('a', 1, 'z')), policy(by('b', 1, 'z')), ['z', 'z']],
    ['a rule that stands elsewhere, on both sides', policy(a, b), policy(by('b'), by('a')), ['b', 'b']],
    ['no rule behind one that asks another number, wherever it stands', policy(a, two), policy(two, a), []],
    [
      'no rule behind one of another number of stages',
      policy(a, rule({ name: 'd', approval: [stage(), stage()] }), two),
      policy(two, rule({ name: 'd', approval: [stage(), stage()] }), a),
      [],
    ],
    ['a floor that only one has', policy(a), guarded([a], floor('x')), ['x']],
    ['a floor that was there', guarded([a], floor('x')), policy(a), ['x']],
    ['no floor that stands elsewhere', guarded([a], floor('x'), floor('y')), guarded([a], floor('y'), floor('x')), []],
    [
      'nothing on which the catalogue does not depend',
      policy(a),
      guarded([a], guardrail({ kind: 'open-limit', most: 1 })),
      [],
    ],
  ])('is %s', (_what, before, after, expected) => {
    expect(changed(before, after)).toEqual(expected);
  });

  it('leaves the guardrails of both in one order, those that are new last', () => {
    const [before, after] = [guarded([], floor('x'), floor('y')), guarded([], floor('z'), floor('y'), floor('x'))];
    expect(between(before, after).after.guardrails.map(({ name }) => name)).toEqual(['x', 'y', 'z']);
    expect(between(before, after).before.guardrails.map(({ name }) => name)).toEqual(['x', 'y']);
  });
});

describe('the same is missing', () => {
  const missing = (groups: readonly string[], units: readonly string[] = []): Missing => ({
    groups: new Set(groups),
    organizationalUnits: new Set(units),
  });
  const places = { ids: [], names: [], organizationalUnits: ['U'], tags: [] };
  const except = { ids: [], organizationalUnits: ['V'], tags: [] };
  const held = guardrail(
    { kind: 'forbid', reason: 'no' },
    { who: { groups: ['held'], users: [], attributes: [] }, accounts: { ...places, except } },
  );
  const asking = rule({ groups: ['asking'], units: ['W'], except: { organizationalUnits: ['X'] } });
  const one = between(guarded([asking, rule({ groups: ['left'] })], held), guarded([asking, a], held, floor('x')));

  it.each<[string, Missing | undefined, Missing | undefined, boolean]>([
    ['where nothing is', undefined, missing([]), true],
    ['where it is a name that no rule of both has', undefined, missing(['engineers', 'left', 'x', 'U']), true],
    ['not where it is a group that may ask', undefined, missing(['asking']), false],
    ['not where it is a group that is held', missing(['held']), undefined, false],
    ['not where it is a unit of a guardrail', missing([]), missing([], ['U']), false],
    ['not where it is a unit that is left out of one', missing([]), missing([], ['V']), false],
    ['not where it is a unit of a rule', missing([], ['W']), missing([]), false],
    ['not where it is a unit that is left out of one', missing([], ['X']), missing([]), false],
    ['where it is the same in another order', missing(['asking', 'held']), missing(['held', 'asking']), true],
  ])('%s', (_where, left, right, expected) => {
    expect(isSameMissing(one, left, right)).toBe(expected);
  });
});
