/** The rules by what they speak of, so that a decision looks at those few that can concern it, and not at all. */

import { foldedCase } from '../proven-identity.ts';
import { everyRule } from './break-glass.ts';
import { boundsOf, fitsDelegation } from './delegation.ts';
import type { Account, Missing, PermissionSet, Requester } from './facts.ts';
import { fitsAccounts, fitsMatches, fitsPermissionSets, fitsWho } from './fit.ts';
import type { AccountSelector, Entitlement, Guardrail, Policy, Stage, Who } from './policy.ts';
import { namesIn, type OrganizationNames } from './rule-names.ts';

/** What must be read before this policy can judge. */
export interface PolicyNeeds {
  readonly accountTags: boolean;
  readonly permissionSetTags: boolean;
  /** The person's other open requests. */
  readonly others: boolean;
  /** Paths of units on which an exception or a guardrail depends: whether they exist must be known. */
  readonly units: readonly string[];
  /** What entitlements name: whether it exists must be known. */
  readonly names: OrganizationNames;
}

export interface RuleIndex {
  readonly needs: PolicyNeeds;
  /** The entitlements that speak of this person, account and permission set, in file order. */
  applying(requester: Requester, account: Account, permissionSet: PermissionSet): readonly Entitlement[];
  /** The guardrails that can speak of this account, in file order: the others certainly do not. */
  guarding(account: Account, missing: Missing | undefined): readonly Guardrail[];
  /** The entitlements that speak of this person, in file order. */
  forPerson(requester: Requester): readonly Entitlement[];
}

type Lists = Map<string, number[]>;

const add = (lists: Lists, key: string, position: number): void => {
  const known = lists.get(key);
  if (known) known.push(position);
  else lists.set(key, [position]);
};

/** The path and every path above it, the root first. */
const unitsAbove = (ouPath: string): readonly string[] => {
  const units = ['/'];
  for (let slash = ouPath.indexOf('/'); slash >= 0; slash = ouPath.indexOf('/', slash + 1)) {
    units.push(ouPath.slice(0, slash));
  }
  if (ouPath !== '') units.push(ouPath);
  return units;
};

/** Which lists a rule stands in, by where it lets people ask. */
const indexPlaces = (entitlements: readonly Entitlement[]) => {
  const [ids, names, units, tags]: readonly [Lists, Lists, Lists, Lists] = [new Map(), new Map(), new Map(), new Map()];
  for (const [position, { what }] of entitlements.entries()) {
    const { accounts } = what;
    for (const id of accounts.ids) add(ids, id, position);
    for (const name of accounts.names) add(names, name, position);
    for (const unit of accounts.organizationalUnits) add(units, unit, position);
    if (hasPlace(accounts)) continue;
    const [first] = accounts.tags;
    for (const value of first?.values ?? []) add(tags, `${first?.key}=${value}`, position);
  }
  return { ids, names, units, tags };
};

/** Whether where the selector speaks of can be found by id, name or unit. */
const hasPlace = ({ ids, names, organizationalUnits }: AccountSelector): boolean =>
  ids.length + names.length + organizationalUnits.length > 0;

/** Guardrails by where they hold; those that name no place are looked at always. */
const indexGuardrails = (guardrails: readonly Guardrail[]) => {
  const [ids, names, units, always]: readonly [Lists, Lists, Lists, number[]] = [new Map(), new Map(), new Map(), []];
  for (const [position, { accounts }] of guardrails.entries()) {
    if (!accounts || !hasPlace(accounts)) {
      always.push(position);
      continue;
    }
    for (const id of accounts.ids) add(ids, id, position);
    for (const name of accounts.names) add(names, name, position);
    for (const unit of accounts.organizationalUnits) add(units, unit, position);
  }
  return { ids, names, units, always };
};

const indexPeople = (entitlements: readonly Entitlement[]) => {
  const [groups, users, others]: readonly [Lists, Lists, number[]] = [new Map(), new Map(), []];
  for (const [position, { who }] of entitlements.entries()) {
    for (const group of who.groups) add(groups, group, position);
    for (const user of who.users) add(users, user, position);
    if (who.groups.length + who.users.length === 0) others.push(position);
  }
  return { groups, users, others };
};

const ascending = (positions: readonly (readonly number[] | undefined)[]): readonly number[] => {
  const found = new Set<number>();
  for (const list of positions) for (const position of list ?? []) found.add(position);
  return [...found].sort((left, right) => left - right);
};

const selectorsOf = (policy: Policy): readonly AccountSelector[] => [
  ...everyRule(policy).map(({ what }) => what.accounts),
  ...guarded(policy).flatMap(({ accounts }) => accounts ?? []),
];

/** Everything of which a guardrail speaks. */
const guarded = ({ guardrails }: Policy) =>
  guardrails.flatMap((one) => [one, ...(one.effect.kind === 'not-together' ? one.effect.targets : [])]);

const isTagged = ({ accountTag }: Stage): boolean => accountTag !== undefined;

const needsOfPolicy = (policy: Policy): PolicyNeeds => {
  const selectors = selectorsOf(policy);
  const permissionSets = [
    ...everyRule(policy).map(({ what }) => what.permissionSets),
    ...policy.entitlements.flatMap((rule) => boundsOf(rule)?.permissionSets ?? []),
    ...guarded(policy).flatMap((one) => one.permissionSets ?? []),
  ];
  const counts = ({ effect }: Guardrail) => effect.kind === 'not-together' || effect.kind === 'open-limit';
  const units = [
    ...selectors.flatMap(({ except }) => except?.organizationalUnits ?? []),
    ...guarded(policy).flatMap(({ accounts }) => accounts?.organizationalUnits ?? []),
  ];
  return {
    accountTags:
      everyRule(policy).some(({ match, approval }) => match.length > 0 || approval.some(isTagged)) ||
      selectors.some(({ tags, except }) => tags.length > 0 || (except?.tags.length ?? 0) > 0),
    permissionSetTags: permissionSets.some(({ tags }) => tags.length > 0),
    others: policy.guardrails.some(counts),
    units: [...new Set(units)].filter((unit) => unit !== '/'),
    names: namesIn(policy),
  };
};

const isFor = (who: Who, requester: Requester): boolean => fitsWho(who, requester) === 'yes';

/** Everything that the rule names is there. */
const isWhole = ({ name }: Entitlement, { missing }: Requester): boolean => !missing?.rules?.has(name);

export const applies = (
  rule: Entitlement,
  requester: Requester,
  account: Account,
  permissionSet: PermissionSet,
): boolean => isWhole(rule, requester) && speaksOf(rule, requester, account, permissionSet);

const speaksOf = (rule: Entitlement, requester: Requester, account: Account, permissionSet: PermissionSet): boolean =>
  // The cheapest first: most rules that speak of an account speak of other permission sets.
  fitsPermissionSets(rule.what.permissionSets, permissionSet) === 'yes' &&
  isFor(rule.who, requester) &&
  fitsAccounts(rule.what.accounts, account, requester.missing) === 'yes' &&
  fitsMatches(rule.match, requester, account) === 'yes' &&
  fitsDelegation(rule, account, permissionSet) === 'yes';

const makeIndex = (policy: Policy): RuleIndex => {
  const { entitlements } = policy;
  const places = indexPlaces(entitlements);
  const people = indexPeople(entitlements);
  const guards = indexGuardrails(policy.guardrails);
  const at = (positions: readonly number[]): readonly Entitlement[] =>
    positions.map((position) => entitlements[position]).filter((rule) => rule !== undefined);

  const positionsFor = ({ person, groups }: Requester): readonly number[] =>
    ascending([
      people.users.get(foldedCase(person.userName)),
      people.others,
      ...[...groups].map((group) => people.groups.get(group)),
    ]);
  const positionsAt = ({ id, name, ouPath, tags = {} }: Account): readonly number[] =>
    ascending([
      places.ids.get(id),
      places.names.get(name),
      ...unitsAbove(ouPath).map((unit) => places.units.get(unit)),
      ...(places.tags.size === 0 ? [] : Object.entries(tags).map(([key, value]) => places.tags.get(`${key}=${value}`))),
    ]);

  const guardrailsAt = ({ id, name, ouPath }: Account): readonly Guardrail[] =>
    ascending([
      guards.always,
      guards.ids.get(id),
      guards.names.get(name),
      ...unitsAbove(ouPath).map((unit) => guards.units.get(unit)),
    ]).flatMap((position) => policy.guardrails[position] ?? []);

  return {
    needs: needsOfPolicy(policy),
    // Of a unit that does not exist any account may be meant.
    guarding: (account, missing) =>
      missing && missing.organizationalUnits.size > 0 ? policy.guardrails : guardrailsAt(account),
    applying: (requester, account, permissionSet) =>
      at(positionsAt(account)).filter((rule) => applies(rule, requester, account, permissionSet)),
    forPerson: (requester) =>
      at(positionsFor(requester)).filter((rule) => isWhole(rule, requester) && isFor(rule.who, requester)),
  };
};

/** A policy never changes, so its index is made once. */
const made = new WeakMap<Policy, RuleIndex>();

export const indexOf = (policy: Policy): RuleIndex => {
  const known = made.get(policy);
  if (known) return known;
  const index = makeIndex(policy);
  made.set(policy, index);
  return index;
};
