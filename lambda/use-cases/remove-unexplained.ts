/**
 * Removes an assignment that nothing explains, where the settings and the baseline allow it: by a lease that is ours and that
 * nobody holds, so that the one function that changes Identity Center takes it away like any other.
 */
import type { AccountTarget } from '../domain/access-request.ts';
import { DRIFT_TRAIL, type DriftFact, sealEvent, trailAfter } from '../domain/audit-event.ts';
import { isProvenLater, leaseIdAt, type Sighting } from '../domain/drift.ts';
import {
  type DriftState,
  FIRST_DRIFT_STATE,
  recentRemovals,
  type WhyNoRemoval,
  whyNoRemoval,
} from '../domain/drift-state.ts';
import { emptyLease, isIdle, type Lease } from '../domain/lease.ts';
import { BREVET } from '../domain/move.ts';
import type { Instant } from '../domain/time.ts';
import type { Needs } from './world.ts';

type Removers = Needs<
  'ledger' | 'driftStore' | 'driftRules' | 'driftNews' | 'converger' | 'clock' | 'ids' | 'reporter'
>;

/** `kept`: a group's, not certainly later than the baseline, or in use by a lease. `limit`: enough for this hour. */
export type Removal = 'begun' | 'kept' | 'limit' | WhyNoRemoval;

/** Places are looked at together, and each removal is a commit of the one state. */
const ATTEMPTS = 10;

export const removeUnexplained = async (
  world: Removers,
  sighting: Sighting,
  target: AccountTarget,
): Promise<Removal> => {
  if (world.driftRules.mode === 'report') return 'report-only';
  if (sighting.kind !== 'unexplained' || sighting.principalType !== 'USER') return 'kept';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const removal = await tryOnce(world, sighting, target);
    if (removal !== 'conflict') return removal;
  }
  return 'kept';
};

const tryOnce = async (world: Removers, sighting: Sighting, target: AccountTarget): Promise<Removal | 'conflict'> => {
  const state = (await world.driftStore.readState()) ?? FIRST_DRIFT_STATE;
  const { mode, instanceArn, removalsAnHour } = world.driftRules;
  const why = whyNoRemoval(state, { mode, instanceArn, tableId: await world.driftStore.tableId() });
  if (why) return why;
  const lease =
    (await world.ledger.readLease(leaseIdAt(target, sighting.principalId))) ?? emptyLease(sighting.principalId, target);
  const lookedAt = await world.driftStore.lookedAt(sighting.accountId);
  if (!state.baseline || !isProvenLater(sighting, state.baseline, lookedAt) || !isIdle(lease)) return 'kept';
  const now = world.clock.now();
  if (recentRemovals(state, now).length >= removalsAnHour) return 'limit';
  return begin(world, state, { ...lease, target }, now);
};

/** NB. Stored under the versions of both that were judged: whatever changes one of them meanwhile, a new hold too, comes first. */
const begin = async (world: Removers, state: DriftState, lease: Lease, now: Instant): Promise<Removal | 'conflict'> => {
  const event = sealEvent(DRIFT_TRAIL, state.trail, '', factOf(lease, now), world.ids.sha256);
  const removedAt = [...recentRemovals(state, now), now];
  const stored = await world.ledger.commit({
    leases: [{ ...lease, state: { kind: 'held' }, unheldSince: now }],
    drift: { state: { ...state, removedAt, trail: trailAfter(event) }, events: [event] },
  });
  if (stored !== 'committed') return 'conflict';
  world.driftNews.removing();
  await wake(world, lease.id);
  return 'begun';
};

const factOf = ({ principalId, target }: Lease, at: Instant): DriftFact => ({
  kind: 'removal-begun',
  at,
  actor: BREVET,
  to: 'removing',
  data: {
    principalId,
    accountId: target.accountId,
    permissionSetArn: target.permissionSetArn,
    permissionSet: target.permissionSetName,
  },
  texts: {},
});

/** A lost wake-up is repeated by the sweep: a lease that is ours and that nobody holds is always due. */
const wake = async (world: Removers, leaseId: string): Promise<void> => {
  try {
    await world.converger.wake([leaseId]);
  } catch (fault) {
    world.reporter.warn('the converger was not woken', { leaseId, fault });
  }
};
