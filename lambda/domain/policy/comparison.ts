/** Two versions of a policy beside each other: which rules and guardrails can make any difference. */
import { requiredIn } from '../approval.ts';
import { groupedBy } from '../grouped.ts';
import { everyRule } from './break-glass.ts';
import { isStatic } from './catalog.ts';
import type { Account, Missing, PermissionSet } from './facts.ts';
import { movedBetween } from './moved.ts';
import type { AccountSelector, Entitlement, Guardrail, Policy } from './policy.ts';
import { contentKey } from './rule-content.ts';

/** The organization as both versions are judged by it. */
export interface Places {
  readonly accounts: readonly Account[];
  readonly permissionSets: readonly PermissionSet[];
}

/** One version, with those of its guardrails on which the catalogue depends. */
export interface Version {
  readonly policy: Policy;
  readonly guardrails: readonly Guardrail[];
}

export interface Comparison {
  readonly before: Version;
  readonly after: Version;
  readonly places: Places;
  /** Those that only one of the two has, or that stand in another order there. */
  readonly changed: ReadonlySet<Entitlement | Guardrail>;
  /** What the rules of both name: where one of these names is missing on one side alone, the same rules say something else. */
  readonly named: Readonly<Record<'groups' | 'organizationalUnits', ReadonlySet<string>>>;
}

/** Those that the other version does not have. */
const without = <Rule extends Entitlement | Guardrail>(
  rules: readonly Rule[],
  others: readonly Rule[],
): readonly Rule[] => {
  const known = new Set(others.map(contentKey));
  return rules.filter((rule) => !known.has(contentKey(rule)));
};

/** Of rules that ask the same number of approvals in as many stages, the first in the file is chosen: their order alone matters. */
const rankOf = ({ approval }: Entitlement): string => `${requiredIn(approval)} in ${approval.length}`;

const keysByRank = (rules: readonly Entitlement[]): ReadonlyMap<string, readonly string[]> =>
  new Map([...groupedBy(rules, rankOf)].map(([rank, alike]) => [rank, alike.map(contentKey)]));

const moved = (before: readonly Entitlement[], after: readonly Entitlement[]): readonly Entitlement[] => {
  const [had, has] = [keysByRank(before), keysByRank(after)];
  const keys = new Set([...had].flatMap(([rank, alike]) => [...movedBetween(alike, has.get(rank) ?? [])]));
  return [...before, ...after].filter((rule) => keys.has(contentKey(rule)));
};

/** As the other version has them, as far as it does: whatever their order, guardrails ask for the same. */
const inOrderOf = (guardrails: readonly Guardrail[], others: readonly Guardrail[]): readonly Guardrail[] => {
  const places = new Map(others.map((one, place) => [contentKey(one), place]));
  const placeOf = (one: Guardrail): number => places.get(contentKey(one)) ?? others.length;
  return [...guardrails].sort((one, other) => placeOf(one) - placeOf(other));
};

const unitsIn = ({ organizationalUnits, except }: AccountSelector): readonly string[] => [
  ...organizationalUnits,
  ...(except?.organizationalUnits ?? []),
];

const namedIn = (rules: readonly Entitlement[], guardrails: readonly Guardrail[]): Comparison['named'] => {
  const whos = [...rules, ...guardrails].flatMap(({ who }) => who ?? []);
  const selectors = [
    ...rules.map(({ what }) => what.accounts),
    ...guardrails.flatMap(({ accounts }) => accounts ?? []),
  ];
  return {
    groups: new Set(whos.flatMap(({ groups }) => groups)),
    organizationalUnits: new Set(selectors.flatMap(unitsIn)),
  };
};

export const comparisonOf = (before: Policy, after: Policy, places: Places): Comparison => {
  const [had, has] = [everyRule(before), everyRule(after)];
  const held = before.guardrails.filter(isStatic);
  const holds = inOrderOf(after.guardrails.filter(isStatic), held);
  const one = [...without(had, has), ...without(held, holds)];
  const other = [...without(has, had), ...without(holds, held)];
  const changed = new Set([...one, ...other, ...moved(had, has)]);
  const isCommon = (rule: Entitlement | Guardrail): boolean => !changed.has(rule);
  return {
    before: { policy: before, guardrails: held },
    after: { policy: after, guardrails: holds },
    places,
    changed,
    named: namedIn(had.filter(isCommon), held.filter(isCommon)),
  };
};

const isSame = (names: ReadonlySet<string>, left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  [...names].every((name) => left.has(name) === right.has(name));

const NONE: ReadonlySet<string> = new Set();

/** Whether the same is missing of what the rules of both name. */
export const isSameMissing = ({ named }: Comparison, left: Missing | undefined, right: Missing | undefined): boolean =>
  (['groups', 'organizationalUnits'] as const).every((kind) =>
    isSame(named[kind], left?.[kind] ?? NONE, right?.[kind] ?? NONE),
  );
