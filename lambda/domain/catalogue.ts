/** The catalogue: the organization as it was last read, how old that is, and when it is to be read again. */
import type { Account, PermissionSet } from './policy/facts.ts';
import { type Instant, secondsBetween } from './time.ts';

/** Why a permission set cannot be assigned from here, to any account. */
export type OutOfReach = 'provisioned-in-management-account';

export interface ListedPermissionSet extends PermissionSet {
  /** Absent: it can be assigned from here. */
  readonly outOfReach?: OutOfReach;
}

/** What was read of the organization. An account without tags is one whose tags are not known, never one without any. */
export interface OrganizationContent {
  readonly accounts: readonly Account[];
  /** Paths of all organizational units, `Workloads/Payments/Prod`, those without accounts too. */
  readonly units: readonly string[];
  readonly permissionSets: readonly ListedPermissionSet[];
}

export interface Catalogue extends OrganizationContent {
  /** When the oldest of it was read. */
  readonly asOf: Instant;
}

/** Of a group, what does not change who is in it: that is always asked for anew. */
export interface ListedGroup {
  readonly id: string;
  readonly name: string;
}

export interface AgeLimits {
  readonly catalogueStaleSeconds: number;
  readonly catalogueDeniesSeconds: number;
}

export type Freshness = 'fresh' | 'stale' | 'too-old';

export const freshnessOf = (asOf: Instant, now: Instant, limits: AgeLimits): Freshness => {
  const age = secondsBetween(asOf, now);
  if (age >= limits.catalogueDeniesSeconds) return 'too-old';
  return age >= limits.catalogueStaleSeconds ? 'stale' : 'fresh';
};

// ---------- when to read again ----------

/** What events told of: only a reason to look, and where to look first. */
export interface Wanted {
  readonly at: Instant;
  /** Account ids and ARNs of permission sets. */
  readonly resources: readonly string[];
  /** So many were told of that they were not all kept. */
  readonly everything: boolean;
}

/** Where the reading stands: who reads, what is published, what is kept for the next reading. */
export interface CatalogueState {
  /** Grows by one with each change; 0 when nothing was ever stored. */
  readonly revision: number;
  readonly published?: {
    readonly asOf: Instant;
    /** Version of the content. */
    readonly organization: string;
    /** Version of the groups, and when they were read; absent until they could be. */
    readonly groups?: { readonly version: string; readonly asOf: Instant };
  };
  /** Version of the notes that the next reading goes on from. */
  readonly notes?: string;
  /** Something is left that the last reading had no time for, or failed to get. */
  readonly isUnfinished: boolean;
  readonly begunAt?: Instant;
  readonly run?: { readonly id: string; readonly until: Instant };
  readonly wanted?: Wanted;
}

export const NOTHING_READ: CatalogueState = { revision: 0, isUnfinished: true };

/** Read at least so often, whatever events say or do not say. */
const PERIOD_SECONDS = 15 * 60;
/** Many changes at once make one reading; the schedule finds what this holds back. */
const PAUSE_SECONDS = 60;
/** More are not named one by one. */
const MOST_WANTED = 100;

export const isBeingRead = ({ run }: CatalogueState, now: Instant): boolean => run !== undefined && run.until > now;

export const isReadingDue = (state: CatalogueState, now: Instant): boolean => {
  if (isBeingRead(state, now)) return false;
  const { begunAt, wanted, isUnfinished } = state;
  if (begunAt === undefined) return true;
  const age = secondsBetween(begunAt, now);
  if (age >= PERIOD_SECONDS) return true;
  const isWanted = wanted !== undefined && wanted.at >= begunAt;
  return (isWanted || isUnfinished) && age >= PAUSE_SECONDS;
};

/** The state once an event told of these resources. */
export const wantedToo = (state: CatalogueState, resources: readonly string[], at: Instant): CatalogueState => {
  const all = [...new Set([...(state.wanted?.resources ?? []), ...resources])];
  const isTooMany = all.length > MOST_WANTED;
  const everything = isTooMany || (state.wanted?.everything ?? false);
  return { ...state, wanted: { at, resources: everything ? [] : all, everything } };
};
