/** What rules call by name: a rule that names what is not there grants nothing, since nobody knows what was meant. */
import { everyRule } from './break-glass.ts';
import type { Entitlement, Policy } from './policy.ts';

/** Of the organization; groups are asked of the directory. */
export interface OrganizationNames {
  /** Paths from the root, `Workloads/Payments`. */
  readonly organizationalUnits: readonly string[];
  readonly accountIds: readonly string[];
  readonly accountNames: readonly string[];
  readonly permissionSets: readonly string[];
}

export const NO_NAMES: OrganizationNames = {
  organizationalUnits: [],
  accountIds: [],
  accountNames: [],
  permissionSets: [],
};

const namesOf = ({ what }: Entitlement): OrganizationNames => ({
  organizationalUnits: what.accounts.organizationalUnits.filter((unit) => unit !== '/'),
  accountIds: what.accounts.ids,
  accountNames: what.accounts.names,
  permissionSets: what.permissionSets.names,
});

const KINDS = ['organizationalUnits', 'accountIds', 'accountNames', 'permissionSets'] as const;

/** Each of the four lists by itself. */
export const eachOf = (choose: (kind: keyof OrganizationNames) => readonly string[]): OrganizationNames => ({
  organizationalUnits: choose('organizationalUnits'),
  accountIds: choose('accountIds'),
  accountNames: choose('accountNames'),
  permissionSets: choose('permissionSets'),
});

export const isNothing = (names: OrganizationNames): boolean => KINDS.every((kind) => names[kind].length === 0);

/** Everything that the entitlements name, once. */
export const namesIn = (policy: Policy): OrganizationNames => {
  const all = everyRule(policy).map(namesOf);
  return eachOf((kind) => [...new Set(all.flatMap((names) => names[kind]))]);
};

/** The entitlements that name what is not there, by their own names, each with what that is. */
export const rulesNaming = (
  policy: Policy,
  groups: ReadonlySet<string>,
  unknown: OrganizationNames,
): ReadonlyMap<string, readonly string[]> => {
  const sets = new Map(KINDS.map((kind) => [kind, new Set(unknown[kind])]));
  const found = everyRule(policy).map((rule): readonly [string, readonly string[]] => {
    const names = namesOf(rule);
    const missing = KINDS.flatMap((kind) => names[kind].filter((name) => sets.get(kind)?.has(name)));
    return [rule.name, [...rule.who.groups.filter((group) => groups.has(group)), ...missing]];
  });
  return new Map(found.filter(([, missing]) => missing.length > 0));
};
