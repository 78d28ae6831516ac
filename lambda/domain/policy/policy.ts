/** The policy as the domain knows it: checked entitlements in file order, with the version that names their content. */
import type { DurationSeconds } from '../time.ts';

export interface Who {
  readonly groups: readonly string[];
  /** User names, A to Z in lower case. */
  readonly users: readonly string[];
}

export interface What {
  readonly accountIds: readonly string[];
  readonly accountNames: readonly string[];
  /** Paths from the root, `Workloads/Payments`; everything below belongs to them. `/` is the whole organization. */
  readonly organizationalUnits: readonly string[];
  readonly permissionSets: readonly string[];
}

export interface Requirements {
  readonly justificationLength: number;
  /** Whole-string pattern; absent when no ticket is required. */
  readonly ticketPattern?: string;
}

/** One rule: who may ask for what, how long, on which conditions, approved by whom. */
export interface Entitlement {
  readonly name: string;
  readonly who: Who;
  readonly what: What;
  readonly maxDurationSeconds: DurationSeconds;
  readonly approval: { readonly required: number; readonly groups: readonly string[] };
  readonly require: Requirements;
}

export interface Policy {
  /** Content hash. */
  readonly version: string;
  readonly entitlements: readonly Entitlement[];
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** Every group by which the policy lets people ask, once. */
export const requesterGroups = (policy: Policy): readonly string[] =>
  distinct(policy.entitlements.flatMap(({ who }) => who.groups));

/** Every group whose members approve something, once. */
export const approverGroups = (policy: Policy): readonly string[] =>
  distinct(policy.entitlements.flatMap(({ approval }) => approval.groups));

/** Whether some entitlement gives the permission set of that name. */
export const namesPermissionSet = (policy: Policy, name: string): boolean =>
  policy.entitlements.some(({ what }) => what.permissionSets.includes(name));
