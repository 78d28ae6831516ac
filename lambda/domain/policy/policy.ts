/** The policy as the domain knows it: checked rules in file order, with the version that names their content. */
import type { DurationSeconds, Instant } from '../time.ts';
import type { PersonAttribute } from './facts.ts';

/** One of the values must be there. */
export interface TagTest {
  readonly key: string;
  readonly values: readonly string[];
}
export interface AttributeTest {
  readonly attribute: PersonAttribute;
  readonly values: readonly string[];
}

/** Groups and users add up; attributes narrow, and alone they stand for everybody who has them. */
export interface Who {
  readonly groups: readonly string[];
  /** User names, A to Z in lower case. */
  readonly users: readonly string[];
  readonly attributes: readonly AttributeTest[];
}

/** Whatever fits any of it is left out. No names: an account that is given another name must not slip through. */
export interface Exception {
  readonly ids: readonly string[];
  readonly organizationalUnits: readonly string[];
  readonly tags: readonly TagTest[];
}

/** Ids, names and units add up; tags narrow, and alone they stand for every account that has them. */
export interface AccountSelector {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  /** Paths from the root, `Workloads/Payments`; everything below belongs to them. `/` is the whole organization. */
  readonly organizationalUnits: readonly string[];
  readonly tags: readonly TagTest[];
  readonly except?: Exception;
}

/** Names add up; tags narrow, and alone they stand for every permission set that has them. */
export interface PermissionSetSelector {
  readonly names: readonly string[];
  readonly tags: readonly TagTest[];
}

export interface What {
  readonly accounts: AccountSelector;
  readonly permissionSets: PermissionSetSelector;
}

/** The person's attribute must equal the account's tag. */
export interface AttributeMatch {
  readonly attribute: PersonAttribute;
  readonly tag: string;
}

/** Days and times of day in a time zone. With `until` before `from` it runs past midnight, and counts to the day it began. */
export interface Hours {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly untilMinute: number;
  readonly timeZone: string;
}

export interface Requirements {
  readonly justificationLength: number;
  /** Whole-string pattern; absent when no ticket is required. */
  readonly ticketPattern?: string;
  /** Access begins within these only. */
  readonly hours?: Hours;
  /** Whole-string pattern of the incident for which the glass is broken; absent where any will do. */
  readonly incidentPattern?: string;
  /** For whoever is on call by this schedule only. */
  readonly onCall?: string;
}

/** A stage of approval: so many people of these must say yes. Attributes narrow here; those that stand alone are in `everybodyWith`. */
export interface Stage extends Who {
  readonly required: number;
  /** Everybody who has these approves; then nobody is named. Absent: that was not written. */
  readonly everybodyWith?: readonly AttributeTest[];
  /** The value of this tag of the target account names approvers, too: `group:NAME`, `user:NAME`, or a group's name alone. */
  readonly accountTag?: string;
  readonly remindAfterSeconds?: DurationSeconds;
  /** Who may decide the stage, too, once it was open for so long. */
  readonly escalation?: Pick<Who, 'groups' | 'users'> & { readonly afterSeconds: DurationSeconds };
}

/** One rule: who may ask for what, how long, on which conditions, approved by whom. */
export interface Entitlement {
  readonly name: string;
  readonly who: Who;
  readonly what: What;
  readonly match: readonly AttributeMatch[];
  readonly maxDurationSeconds: DurationSeconds;
  /** In order; without a stage nobody needs to approve. */
  readonly approval: readonly Stage[];
  readonly require: Requirements;
  /** Absent: the platform team wrote it. */
  readonly delegation?: Delegated;
}

/** People by the names of their groups and by user name. */
export interface NamedPeople {
  readonly groups: readonly string[];
  readonly users: readonly string[];
}

/** What follows when the glass is broken by a rule. */
export interface BreakGlassTerms {
  /** Who is told; any of them acknowledges. */
  readonly tell: NamedPeople;
  readonly reviewers: NamedPeople;
  readonly reviewWithinSeconds: DurationSeconds;
  /** How often one person may break the glass in a day, by whatever rule. */
  readonly maxUses: number;
}

/**
 * A rule by which the glass may be broken. NB. It asks nobody's approval, and so it stands in a list of its own: an
 * ordinary ask can never come to be judged by it.
 */
export interface BreakGlassRule extends Entitlement {
  readonly breakGlass: BreakGlassTerms;
}

/** The bounds of rules that a team writes; whatever a rule says beyond them counts for nothing. */
export interface Delegation extends Floor {
  readonly name: string;
  /** Groups that write under it: for people to read. Who can write is decided where the files are kept. */
  readonly writers: readonly string[];
  readonly organizationalUnits: readonly string[];
  readonly permissionSets: PermissionSetSelector;
  readonly maxDurationSeconds: DurationSeconds;
}

/** By which delegation a rule was written, and what that leaves of it. */
export type Delegated =
  | { readonly name: string; readonly bounds: Delegation }
  | { readonly name: string; readonly grantsNothing: 'unknown-delegation' | 'requesters-approve' };

/** From a moment until just before another. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

/** When a freeze is on. */
export interface Schedule {
  /** The first time that it is on within the window. */
  firstWithin(window: Window): Window | undefined;
}

/** Absent parts stand for everything. */
export interface TargetSelector {
  readonly accounts?: AccountSelector;
  readonly permissionSets?: PermissionSetSelector;
}

export interface Floor {
  readonly minApprovals: number;
  /** Approvers must belong to one of these groups too; empty: no more than the entitlement asks. */
  readonly approversFrom: readonly string[];
  readonly maxDurationSeconds?: DurationSeconds;
}

export type Effect =
  | { readonly kind: 'forbid'; readonly reason: string }
  | { readonly kind: 'freeze'; readonly reason: string; readonly schedule: Schedule }
  | ({ readonly kind: 'floor' } & Floor)
  /** Nobody has an open request for two of these at once. */
  | { readonly kind: 'not-together'; readonly targets: readonly TargetSelector[] }
  | { readonly kind: 'open-limit'; readonly most: number };

/** A rule that forbids, or sets a floor; it beats every entitlement. */
export interface Guardrail extends TargetSelector {
  readonly name: string;
  /** Absent: everybody. */
  readonly who?: Who;
  readonly effect: Effect;
  /** Whoever breaks the glass is not held to it. */
  readonly sparesBreakGlass?: true;
}

export interface Policy {
  /** Content hash. */
  readonly version: string;
  readonly entitlements: readonly Entitlement[];
  /** Absent: nobody breaks the glass. */
  readonly breakGlass?: readonly BreakGlassRule[];
  readonly guardrails: readonly Guardrail[];
}

const delegatedApprovers = ({ delegation }: Entitlement): readonly string[] =>
  delegation && 'bounds' in delegation ? delegation.bounds.approversFrom : [];

/** Every schedule of on-call on which a rule depends, once. */
export const schedulesIn = ({ entitlements, breakGlass = [] }: Policy): readonly string[] =>
  distinct([...entitlements, ...breakGlass].flatMap(({ require }) => require.onCall ?? []));

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** Every group by which the policy lets people ask, or holds them to a guardrail, once. */
export const requesterGroups = (policy: Policy): readonly string[] =>
  distinct([
    ...[...policy.entitlements, ...(policy.breakGlass ?? [])].flatMap(({ who }) => who.groups),
    ...policy.guardrails.flatMap(({ who }) => who?.groups ?? []),
  ]);

const stagesOf = (policy: Policy): readonly Stage[] => policy.entitlements.flatMap(({ approval }) => approval);

/** Every person who approves something by name. */
export const approverUsers = (policy: Policy): ReadonlySet<string> =>
  new Set(stagesOf(policy).flatMap(({ users, escalation }) => [...users, ...(escalation?.users ?? [])]));

/** What everybody has who approves something by attributes alone, a list for each stage. */
export const approverAttributes = (policy: Policy): readonly (readonly AttributeTest[])[] =>
  stagesOf(policy).flatMap(({ everybodyWith }) => (everybodyWith ? [everybodyWith] : []));

/** Every group whose members approve something, once. */
export const approverGroups = (policy: Policy): readonly string[] =>
  distinct([
    ...stagesOf(policy).flatMap(({ groups, escalation }) => [...groups, ...(escalation?.groups ?? [])]),
    ...policy.entitlements.flatMap(delegatedApprovers),
    ...policy.guardrails.flatMap(({ effect }) => (effect.kind === 'floor' ? effect.approversFrom : [])),
  ]);
