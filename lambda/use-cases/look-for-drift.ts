/** Look for drift at one place: compare what is assigned there with the leases, remember what differs, and do what follows from it. */
import type { AccountTarget } from '../domain/access-request.ts';
import {
  type Assigned,
  type Comparison,
  compare,
  confirmed,
  isFinding,
  isRemovalLate,
  isSameSighting,
  leaseIdAt,
  type Sighting,
  sightingChanges,
  stillLeaving,
} from '../domain/drift.ts';
import type { Lease } from '../domain/lease.ts';
import type { Instant } from '../domain/time.ts';
import { markLost } from './mark-changed-outside.ts';
import { removeUnexplained } from './remove-unexplained.ts';
import type { Needs } from './world.ts';

export type Lookers = Needs<
  'ledger' | 'assignmentLists' | 'driftStore' | 'driftRules' | 'driftNews' | 'converger' | 'clock' | 'ids' | 'reporter'
>;

export interface PlaceToLookAt {
  readonly target: AccountTarget;
  /**
   * Whether people can be elevated to the permission set; otherwise only leases that lost their assignment count. While that
   * is not known, what was seen before is left as it is.
   */
  readonly isElevatable: boolean | 'unknown';
  /** Users who may hold a lease there, though they be not assigned. */
  readonly holders: readonly string[];
  /** Sightings of the place, or of more. */
  readonly known: readonly Sighting[];
  /** A user for whom others are known to have asked for it while a lease held it, and when. */
  readonly made?: { readonly userId: string; readonly at: Instant };
}

export interface LookReport {
  /** New findings against the baseline; without one, only leases that lost their assignment. */
  readonly findings: number;
  readonly removals: number;
  /** Assignments that are still there, though their removal began minutes ago. */
  readonly overdue: number;
  readonly isLimitReached: boolean;
}

/** What differs is looked at twice: in between, a list that lags and a write under way come to their end. */
const SECOND_LOOK_MS = 2000;
const READS_AT_ONCE = 10;

export const lookForDrift = async (world: Lookers, place: PlaceToLookAt): Promise<LookReport> => {
  const { comparison, known } = await compareTwice(world, place);
  const now = world.clock.now();
  const baseline = (await world.driftStore.readState())?.baseline;
  const seen = [...sightingsOf(comparison, place, now), ...stillLeaving(known, comparison, baseline, now)];
  const { put, drop, fresh } = sightingChanges(known, seen, baseline, now);
  const news = fresh.filter((one) => isFinding(one, baseline) && (baseline !== undefined || one.kind === 'missing'));
  if (news.length > 0) world.driftNews.found(news.length);
  await world.driftStore.saveSightings({ put, drop });
  for (const lease of comparison.missing) await markLost(world, lease);
  const kept = known.filter((one) => !drop.includes(one) && !put.some((other) => isSameSighting(one, other)));
  const findings = [...put, ...kept].filter((one) => isFinding(one, baseline));
  const removals = await removeAll(world, findings, place.target);
  return { findings: news.length, overdue: findings.filter((one) => isRemovalLate(one, now)).length, ...removals };
};

const removeAll = async (
  world: Lookers,
  findings: readonly Sighting[],
  target: AccountTarget,
): Promise<Pick<LookReport, 'removals' | 'isLimitReached'>> => {
  let removals = 0;
  for (const finding of findings.filter(({ removingSince }) => removingSince === undefined)) {
    const removal = await removeUnexplained(world, finding, target);
    if (removal === 'limit') return { removals, isLimitReached: true };
    if (removal !== 'begun') continue;
    removals += 1;
    // From here on it is a lease's, and told of until it is gone.
    await world.driftStore.saveSightings({ put: [{ ...finding, removingSince: world.clock.now() }], drop: [] });
  }
  return { removals, isLimitReached: false };
};

interface Compared {
  readonly comparison: Comparison;
  readonly known: readonly Sighting[];
}

/** Whether what was seen before is judged by this look: not what is unexplained, while nobody knows whether it counts. */
const isJudged = (place: PlaceToLookAt, { accountId, permissionSetArn, kind }: Sighting): boolean =>
  accountId === place.target.accountId &&
  permissionSetArn === place.target.permissionSetArn &&
  (place.isElevatable !== 'unknown' || kind === 'missing');

/** One look is enough while it shows nothing new. */
const compareTwice = async (world: Lookers, place: PlaceToLookAt): Promise<Compared> => {
  const known = place.known.filter((one) => isJudged(place, one));
  if (hasNothingToShow(place, known)) return { comparison: NOTHING_SEEN, known };
  const first = await compareOnce(world, place, known);
  const isNews = (one: Sighting): boolean =>
    !known.some((other) => isSameSighting(one, other) && !other.removingSince && !other.goneAt);
  if (!sightingsOf(first, place, world.clock.now()).some(isNews)) return { comparison: first, known };
  await world.clock.sleep(SECOND_LOOK_MS);
  const comparison = confirmed(first, await compareOnce(world, place, known));
  // NB. Others may have seen it meanwhile, and it must not become younger by that.
  const knownNow = await world.driftStore.sightingsIn(place.target.accountId);
  return { comparison, known: knownNow.filter((one) => isJudged(place, one)) };
};

const NOTHING_SEEN: Comparison = { unexplained: [], missing: [], leaving: [] };

/** Nobody can be elevated to it, nobody holds anything, and nothing is being removed. */
const hasNothingToShow = ({ isElevatable, holders }: PlaceToLookAt, known: readonly Sighting[]): boolean =>
  isElevatable !== true &&
  holders.length === 0 &&
  known.every(({ kind, removingSince }) => kind === 'unexplained' && removingSince === undefined);

const compareOnce = async (
  world: Lookers,
  { target, isElevatable, holders }: PlaceToLookAt,
  known: readonly Sighting[],
): Promise<Comparison> => {
  const assigned = await world.assignmentLists.assignedAt(target);
  const users = assigned.flatMap((one) => (one.principalType === 'USER' ? [one.principalId] : []));
  // Whoever lost theirs before may be no holder that this look was told of: they have lost it still, unless their lease says otherwise.
  const lost = known.flatMap(({ kind, principalId }) => (kind === 'missing' ? [principalId] : []));
  const leases = await readLeases(world, target, [...new Set([...users, ...holders, ...lost])]);
  const compared = compare(target, assigned, leases, world.clock.now());
  return isElevatable === true ? compared : { ...compared, unexplained: [] };
};

const readLeases = async (
  world: Lookers,
  target: AccountTarget,
  users: readonly string[],
): Promise<ReadonlyMap<string, Lease>> => {
  const leases = new Map<string, Lease>();
  for (let start = 0; start < users.length; start += READS_AT_ONCE) {
    const ids = users.slice(start, start + READS_AT_ONCE).map((user) => leaseIdAt(target, user));
    const read = await Promise.all(ids.map((id) => world.ledger.readLease(id)));
    for (const lease of read) if (lease) leases.set(lease.id, lease);
  }
  return leases;
};

const sightingsOf = (
  { unexplained, missing }: Comparison,
  { target, made }: PlaceToLookAt,
  since: Instant,
): Sighting[] => {
  const { accountId, accountName, permissionSetArn, permissionSetName } = target;
  const at = { accountId, accountName, permissionSetArn, permissionSetName, since };
  const user = ({ principalId }: Lease): Assigned => ({ principalType: 'USER', principalId });
  return [
    ...unexplained.map((one) => ({
      ...{ ...at, ...one, kind: 'unexplained' as const },
      ...(one.principalType === 'USER' && one.principalId === made?.userId && { madeAt: made.at }),
    })),
    ...missing.map((lease) => ({ ...at, ...user(lease), kind: 'missing' as const })),
  ];
};
