/** Drift: what Identity Center shows, compared with the leases: assignments that none explains, and leases that lost theirs. */
import type { AccountTarget } from './access-request.ts';
import { isWanted, type Lease, leaseIdOf, unsettledUntil } from './lease.ts';
import { addSeconds, earliest, type Instant } from './time.ts';

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
  /** When it was asked for, by Identity Center, where an event told of that: a lease of ours may have hidden it until it was seen. */
  readonly madeAt?: Instant;
  /** Since when it is not seen any more, or not looked for: kept while its age counts, should it be seen again. */
  readonly goneAt?: Instant;
  /** Since when Brevet is removing it: told of until it is gone. */
  readonly removingSince?: Instant;
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

/** What a full round that began after the baseline has shown: whatever it looked for and did not see was not there when the baseline was taken. */
export interface BaselineProof {
  readonly at: Instant;
  /** When that round began: each account that it looked at is remembered with this. Absent in what older code stored: it proves nothing. */
  readonly round?: Instant;
  /** ARNs of the permission sets that it looked for. Those that became elevatable later may have been assigned before. */
  readonly permissionSetArns: readonly string[];
}

export const leaseIdAt = ({ accountId, permissionSetArn }: Place, principalId: string): string =>
  leaseIdOf(principalId, { kind: 'account', accountId, permissionSetArn });

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
  /** Assigned, and ours to take away: nobody holds the lease. */
  readonly leaving: readonly Assigned[];
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
  const leaseOf = ({ principalType, principalId }: Assigned): Lease | undefined =>
    principalType === 'USER' ? leases.get(leaseIdAt(place, principalId)) : undefined;
  return {
    unexplained: assigned.filter((one) => !isExplainedBy(leaseOf(one))),
    missing: [...leases.values()].filter((lease) => !users.has(lease.principalId) && isLost(lease, now)),
    leaving: assigned.filter((one) => isExplainedBy(leaseOf(one)) && leaseOf(one)?.holds.length === 0),
  };
};

const isSamePrincipal = (one: Assigned, other: Assigned): boolean =>
  one.principalType === other.principalType && one.principalId === other.principalId;

/** NB. In another state, or made by another creation, it may be an assignment that nobody has taken away. */
export const isOfTheSame = ({ state }: Lease, { state: other }: Lease): boolean =>
  state.kind === 'held' && other.kind === 'held' ? state.creationId === other.creationId : state.kind === other.kind;

/**
 * Two comparisons of one place: what both say. In between, what was under way has come to its end; and somebody may have got
 * more time, or the lease one holder less, which brings nothing back.
 */
export const confirmed = (first: Comparison, second: Comparison): Comparison => ({
  unexplained: second.unexplained.filter((one) => first.unexplained.some((other) => isSamePrincipal(one, other))),
  missing: second.missing.filter((one) =>
    first.missing.some((other) => other.id === one.id && isOfTheSame(other, one)),
  ),
  leaving: second.leaving,
});

// ---------- against the baseline ----------

const isGoneBefore = ({ goneAt }: Sighting, { takenAt }: Baseline): boolean =>
  goneAt !== undefined && goneAt <= takenAt;

/** NB. What stood when the baseline was taken belongs to it for good, though it go and come again: it is never removed. */
export const isInBaseline = (sighting: Sighting, baseline: Baseline | undefined): boolean =>
  sighting.kind === 'unexplained' &&
  // An order to remove it was given before: that it was still there does not put it in order.
  sighting.removingSince === undefined &&
  baseline !== undefined &&
  sighting.since <= baseline.takenAt &&
  !isGoneBefore(sighting, baseline);

/** What is to be told: it is there (or lost) now, and the baseline does not have it. */
export const isFinding = (sighting: Sighting, baseline: Baseline | undefined): boolean =>
  sighting.goneAt === undefined && !isInBaseline(sighting, baseline);

/** Clocks of functions may differ by so much. */
const SKEW_SECONDS = 10;

/**
 * First seen after the round behind the baseline had come to its end, and not made before. NB. Where a lease was held, that round
 * saw an assignment and took it for ours: that it was seen later proves nothing then.
 */
const isYoungerThanProof = ({ since, madeAt = since }: Sighting, { proof }: Baseline): boolean =>
  proof !== undefined && earliest(since, madeAt) > addSeconds(proof.at, SKEW_SECONDS);

/**
 * Whether it certainly came after the baseline: it was not there when the round behind the baseline looked. NB. Only that is
 * removed; whatever may have stood, though nobody had seen it yet, is reported and left alone.
 * @param lookedAt the latest round that looked at its account to prove a baseline
 */
export const isProvenLater = (sighting: Sighting, baseline: Baseline, lookedAt: Instant | undefined): boolean => {
  const { proof } = baseline;
  return (
    proof?.round !== undefined &&
    proof.round === lookedAt &&
    isYoungerThanProof(sighting, baseline) &&
    proof.permissionSetArns.includes(sighting.permissionSetArn)
  );
};

/**
 * Whether its age counts when it is not seen: should it be seen again, it is as old as it was. NB. Else what stood when the
 * baseline was taken would pass for new as soon as it is seen again, because people could not be elevated to it meanwhile.
 */
const keepsItsAge = (sighting: Sighting, baseline: Baseline | undefined): boolean =>
  sighting.kind === 'unexplained' &&
  sighting.removingSince === undefined &&
  baseline !== undefined &&
  !isGoneBefore(sighting, baseline) &&
  !isYoungerThanProof(sighting, baseline);

export const isSameSighting = (one: Sighting, other: Sighting): boolean =>
  one.kind === other.kind &&
  one.accountId === other.accountId &&
  one.permissionSetArn === other.permissionSetArn &&
  isSamePrincipal(one, other);

/** Those of one place that are being removed, and are still there. */
export const stillLeaving = (
  known: readonly Sighting[],
  { leaving }: Comparison,
  baseline: Baseline | undefined,
  now: Instant,
): readonly Sighting[] =>
  known
    .filter((one) => isFinding(one, baseline) && !keepsItsAge(one, baseline))
    .filter((one) => one.kind === 'unexplained' && leaving.some((other) => isSamePrincipal(one, other)))
    .map((one) => ({ ...one, removingSince: one.removingSince ?? now }));

/** A removal takes seconds; after so many somebody is to know that it does not happen. */
const REMOVAL_LATE_SECONDS = 300;

export const isRemovalLate = ({ removingSince }: Sighting, now: Instant): boolean =>
  removingSince !== undefined && addSeconds(removingSince, REMOVAL_LATE_SECONDS) <= now;

export interface SightingChanges {
  readonly put: readonly Sighting[];
  readonly drop: readonly Sighting[];
  /** Those of `put` that nobody knew of, or that came again. */
  readonly fresh: readonly Sighting[];
}

/** Nothing is as old as it is seen, where it is known to be older. */
const asOldAs = (sighting: Sighting, madeAt: Instant | undefined): Sighting =>
  madeAt !== undefined && madeAt < (sighting.madeAt ?? sighting.since) ? { ...sighting, madeAt } : sighting;

type Seen = { readonly put: Sighting; readonly isFresh: boolean } | undefined;

/** What is to be stored of what was seen, by what was known of it; undefined when nothing is. */
const afterSeeing = (one: Sighting, before: Sighting | undefined, baseline: Baseline | undefined): Seen => {
  if (one.removingSince !== undefined) {
    return before?.removingSince === undefined ? { put: one, isFresh: false } : undefined;
  }
  if (before === undefined || before.removingSince !== undefined) return { put: one, isFresh: true };
  const known = asOldAs(before, one.madeAt);
  if (before.goneAt === undefined) return known === before ? undefined : { put: known, isFresh: false };
  if (!keepsItsAge(before, baseline)) return { put: one, isFresh: true };
  const { goneAt: _gone, ...back } = known;
  return { put: back, isFresh: !isInBaseline(back, baseline) };
};

/** What becomes of the sightings of one place after a look at it. @param seen with `since` the time of the look */
export const sightingChanges = (
  known: readonly Sighting[],
  seen: readonly Sighting[],
  baseline: Baseline | undefined,
  now: Instant,
): SightingChanges => {
  const stored = seen
    .map((one) =>
      afterSeeing(
        one,
        known.find((other) => isSameSighting(one, other)),
        baseline,
      ),
    )
    .filter((change) => change !== undefined);
  const absent = known.filter((one) => !seen.some((other) => isSameSighting(one, other)));
  const left = absent.filter((one) => one.goneAt === undefined && keepsItsAge(one, baseline));
  return {
    put: [...stored.map(({ put }) => put), ...left.map((one) => ({ ...one, goneAt: now }))],
    drop: absent.filter((one) => !keepsItsAge(one, baseline)),
    fresh: stored.filter(({ isFresh }) => isFresh).map(({ put }) => put),
  };
};
