/** Drift: what Identity Center shows, compared with the leases: assignments that none explains, and leases that lost theirs. */
import type { AccountTarget } from './access-request.ts';
import { isWanted, type Lease, leaseIdOf, unsettledUntil } from './lease.ts';
import { addSeconds, type Instant } from './time.ts';

/** An account and a permission set: the smallest part of Identity Center that can be looked at. */
export type Place = Pick<AccountTarget, 'accountId' | 'permissionSetArn'>;

/** Whoever is assigned somewhere. */
export interface Assigned {
  readonly principalType: 'USER' | 'GROUP';
  readonly principalId: string;
}

/** `unexplained`: no lease made it. `missing`: a lease holds it, and it is not there. */
export type DriftKind = 'unexplained' | 'missing';

/** Something that Brevet saw and did not do, from when on. */
export interface Sighting extends Assigned, Omit<AccountTarget, 'kind' | 'sessionSeconds'> {
  readonly kind: DriftKind;
  readonly since: Instant;
  /** Since when it is gone: kept only while it belongs to the baseline. */
  readonly goneAt?: Instant;
}

/** What an administrator found in order: everything unexplained that stood then. */
export interface Baseline {
  readonly takenAt: Instant;
  readonly by: { readonly id: string; readonly userName: string };
  readonly instanceArn: string;
  /** Names the table in which it was recorded: a restored one has another name for itself. */
  readonly tableId: string;
  /** So many assignments were found in order. */
  readonly accepted: number;
  /** Present once a full round has followed it. */
  readonly proof?: BaselineProof;
}

/** What a full round that began after the baseline has shown: whatever it did not see was not there when the baseline was taken. */
export interface BaselineProof {
  readonly at: Instant;
  /** ARNs of the permission sets that it looked for. Those that became elevatable later may have been assigned before. */
  readonly permissionSetArns: readonly string[];
  /** Accounts that it left out. */
  readonly withoutAccounts: readonly string[];
}

export const leaseIdAt = (place: Place, principalId: string): string =>
  leaseIdOf(principalId, { kind: 'account', ...place });

/** What is ours, or is being made or taken away by us at this moment. `standing` is others' by definition. */
const isExplainedBy = (lease: Lease | undefined): boolean =>
  lease !== undefined && lease.state.kind !== 'vacant' && lease.state.kind !== 'standing';

/** Nothing of ours is under way that could still bring it: so that others must have taken it away. */
const isLost = (lease: Lease, now: Instant): boolean =>
  isWanted(lease, now) &&
  (lease.state.kind === 'held' || lease.state.kind === 'standing') &&
  (unsettledUntil(lease) ?? now) <= now;

export interface Comparison {
  readonly unexplained: readonly Assigned[];
  readonly missing: readonly Lease[];
}

/**
 * One place. Groups are never explained, since leases are held by people alone.
 * @param leases of everybody who is assigned there or should be, by id
 */
export const compare = (
  place: Place,
  assigned: readonly Assigned[],
  leases: ReadonlyMap<string, Lease>,
  now: Instant,
): Comparison => {
  const users = new Set(assigned.flatMap((one) => (one.principalType === 'USER' ? [one.principalId] : [])));
  return {
    unexplained: assigned.filter(
      ({ principalType, principalId }) =>
        principalType === 'GROUP' || !isExplainedBy(leases.get(leaseIdAt(place, principalId))),
    ),
    missing: [...leases.values()].filter((lease) => !users.has(lease.principalId) && isLost(lease, now)),
  };
};

/** Two comparisons of one place: what both say. In between, what was under way has come to its end. */
export const confirmed = (first: Comparison, second: Comparison): Comparison => ({
  unexplained: second.unexplained.filter((one) =>
    first.unexplained.some(
      (other) => other.principalType === one.principalType && other.principalId === one.principalId,
    ),
  ),
  missing: second.missing.filter((one) =>
    first.missing.some(({ id, version }) => id === one.id && version === one.version),
  ),
});

// ---------- against the baseline ----------

/** NB. What stood when the baseline was taken belongs to it for good, though it go and come again: it is never removed. */
export const isInBaseline = ({ kind, since, goneAt }: Sighting, baseline: Baseline | undefined): boolean =>
  kind === 'unexplained' &&
  baseline !== undefined &&
  since <= baseline.takenAt &&
  (goneAt === undefined || goneAt > baseline.takenAt);

/** What is to be told: it is there (or lost) now, and the baseline does not have it. */
export const isFinding = (sighting: Sighting, baseline: Baseline | undefined): boolean =>
  sighting.goneAt === undefined && !isInBaseline(sighting, baseline);

/** Clocks of functions may differ by so much. */
const SKEW_SECONDS = 10;

/**
 * Whether it certainly came after the baseline: it was not there when the round behind the baseline looked. NB. Only that is
 * removed; whatever may have stood, though nobody had seen it yet, is reported and left alone.
 */
export const isProvenLater = ({ since, permissionSetArn, accountId }: Sighting, { proof }: Baseline): boolean =>
  proof !== undefined &&
  since > addSeconds(proof.at, SKEW_SECONDS) &&
  proof.permissionSetArns.includes(permissionSetArn) &&
  !proof.withoutAccounts.includes(accountId);

export interface SightingChanges {
  readonly put: readonly Sighting[];
  readonly drop: readonly Sighting[];
  /** Those of `put` that nobody knew of. */
  readonly fresh: readonly Sighting[];
}

export const isSameSighting = (one: Sighting, other: Sighting): boolean =>
  one.kind === other.kind &&
  one.accountId === other.accountId &&
  one.permissionSetArn === other.permissionSetArn &&
  one.principalType === other.principalType &&
  one.principalId === other.principalId;

/** What becomes of the sightings of one place after a look at it. @param seen with `since` the time of the look */
export const sightingChanges = (
  known: readonly Sighting[],
  seen: readonly Sighting[],
  baseline: Baseline | undefined,
  now: Instant,
): SightingChanges => {
  const knownOf = (one: Sighting): Sighting | undefined => known.find((other) => isSameSighting(one, other));
  const returned = seen.flatMap((one) => {
    const before = knownOf(one);
    if (before?.goneAt === undefined || !isInBaseline(before, baseline)) return [];
    const { goneAt: _gone, ...back } = before;
    return [back];
  });
  const fresh = seen.filter((one) => {
    const before = knownOf(one);
    return before === undefined || (before.goneAt !== undefined && !isInBaseline(before, baseline));
  });
  const absent = known.filter((one) => !seen.some((other) => isSameSighting(one, other)));
  const left = absent.filter((one) => one.goneAt === undefined && isInBaseline(one, baseline));
  return {
    put: [...fresh, ...returned, ...left.map((one) => ({ ...one, goneAt: now }))],
    drop: absent.filter((one) => !isInBaseline(one, baseline)),
    fresh,
  };
};
