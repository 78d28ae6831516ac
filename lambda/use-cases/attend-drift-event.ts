/**
 * Somebody changed an assignment, an event says: look at that place afresh. The event is only a wake-up (law 12): what it
 * says is asked of Identity Center, and only who is said to have asked cannot be.
 */
import type { AccountTarget } from '../domain/access-request.ts';
import { leaseIdAt, type Place } from '../domain/drift.ts';
import { FIRST_DRIFT_STATE } from '../domain/drift-state.ts';
import { isWanted, type Lease } from '../domain/lease.ts';
import type { AskedWrite } from '../ports/assignment-lists.ts';
import { changeState, type Searchers } from './drift-progress.ts';
import { knownOrganization } from './known-organization.ts';
import { type LookReport, lookForDrift, type PlaceToLookAt } from './look-for-drift.ts';
import { markChangedOutside } from './mark-changed-outside.ts';

/** What an event says. Without a place, nobody knows where to look. */
export interface DriftWakeUp {
  readonly change: 'assigned' | 'removed';
  readonly place?: Place;
  /** The user whose assignment it was, if it was a user's. */
  readonly userId?: string;
  /** By what Identity Center knows the write. */
  readonly operationId?: string;
}

const NOTHING: LookReport = { findings: 0, removals: 0, overdue: 0, isLimitReached: false };

export const attendDriftEvent = async (world: Searchers, wakeUp: DriftWakeUp): Promise<LookReport> => {
  const { place, userId } = wakeUp;
  if (!place) {
    await wantRound(world);
    return NOTHING;
  }
  const write = await settledWrite(world, wakeUp);
  const isStanding = write !== undefined && wakeUp.change === 'assigned' && (await recogniseStanding(world, write));
  const found = await findTarget(world, place, userId);
  if (!found) return NOTHING;
  return lookForDrift(world, {
    ...found,
    holders: userId === undefined ? [] : [userId],
    known: await world.driftStore.sightingsIn(place.accountId),
    ...(isStanding && isAt(place, write) && { made: { userId: write.principalId, at: write.askedAt } }),
  });
};

const isAt = (place: Place, write: AskedWrite): boolean =>
  write.accountId === place.accountId && write.permissionSetArn === place.permissionSetArn;

/** The next run looks at everything. */
const wantRound = async (world: Searchers): Promise<void> => {
  const isNew = (await world.driftStore.readState()) === undefined;
  if (isNew) await world.ledger.commit({ drift: { state: { ...FIRST_DRIFT_STATE, isRoundWanted: true }, events: [] } });
  else await changeState(world, (state) => (state.isRoundWanted ? undefined : { ...state, isRoundWanted: true }));
};

/**
 * Where people can be elevated to, or where the user's lease is. What the catalogue does not have (yet), or is too old to say,
 * is left to the rounds.
 */
const findTarget = async (
  world: Searchers,
  place: Place,
  userId: string | undefined,
): Promise<Pick<PlaceToLookAt, 'target' | 'isElevatable'> | undefined> => {
  const found = await findElevatable(world, place);
  if (found && found !== 'unknown') return { target: found, isElevatable: true };
  const lease = userId && (await world.ledger.readLease(leaseIdAt(place, userId)));
  return lease ? { target: lease.target, isElevatable: found === undefined ? false : found } : undefined;
};

/** Undefined where nobody can be elevated to the permission set. */
const findElevatable = async (
  world: Searchers,
  { accountId, permissionSetArn }: Place,
): Promise<AccountTarget | 'unknown' | undefined> => {
  const known = await knownOrganization(world);
  if ('waitsFor' in known) return 'unknown';
  const permissionSet = known.elevatable.get(permissionSetArn);
  if (!permissionSet) return undefined;
  const account = known.accounts.find(({ id }) => id === accountId);
  if (!account || account.forbidden) return 'unknown';
  const { name: permissionSetName, sessionSeconds } = permissionSet;
  const place = { accountId, accountName: account.name, permissionSetArn, permissionSetName };
  return { kind: 'account', ...place, sessionSeconds };
};

// ---------- what was asked of Identity Center ----------

const LOOKS = 40;
const BETWEEN_LOOKS_MS = 1000;

/** The write that the event names, once it has come to its end; undefined when Identity Center knows of none. */
const settledWrite = async (
  world: Searchers,
  { change, operationId }: DriftWakeUp,
): Promise<AskedWrite | undefined> => {
  if (operationId === undefined) return undefined;
  const kind = change === 'assigned' ? 'creation' : 'deletion';
  for (let look = 1; look <= LOOKS; look += 1) {
    const write = await world.assignmentLists.findWrite(kind, operationId);
    if (!write) return undefined;
    if (write.status.kind !== 'in-progress') return write;
    await world.clock.sleep(BETWEEN_LOOKS_MS);
  }
  return undefined;
};

// ---------- assigned by others while a lease holds it ----------

const ATTEMPTS = 20;

/**
 * Others asked for an assignment that a lease of ours holds: from now on it is standing, and stays when the lease ends (law
 * 4). NB. Since that takes an end away, it must be certain: Identity Center knows the other creation, it succeeded, it is
 * younger than our own, which is known too, and than any of our own whose outcome is not, and the assignment is there. Whose
 * and where is what Identity Center says. Else the lease goes on as the maker of all of it.
 * @returns whether it is standing now, by that or before
 */
const recogniseStanding = async (world: Searchers, write: AskedWrite): Promise<boolean> => {
  if (write.principalType !== 'USER' || write.status.kind !== 'succeeded') return false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const lease = await world.ledger.readLease(leaseIdAt(write, write.principalId));
    if (lease?.state.kind === 'creating') {
      await world.clock.sleep(BETWEEN_LOOKS_MS);
      continue;
    }
    // An event may come twice, and a run of its own may have died before it looked.
    if (lease?.state.kind === 'standing') return true;
    if (!lease || !(await isAssignedByOthers(world, lease, write))) return false;
    if (await markChangedOutside(world, lease, 'assigned', { kind: 'standing' })) return true;
  }
  return false;
};

const isAssignedByOthers = async (
  world: Searchers,
  { state, holds, ...lease }: Lease,
  write: AskedWrite,
): Promise<boolean> => {
  if (state.kind !== 'held' || state.creationId === undefined) return false;
  // NB. A call of our own of which nobody learned what came may be this very one.
  if (state.unsettledUntil !== undefined && write.askedAt < state.unsettledUntil) return false;
  if (!isWanted({ ...lease, state, holds }, world.clock.now())) return false;
  const ours = await world.assignmentLists.findWrite('creation', state.creationId);
  if (!ours || write.askedAt <= ours.askedAt) return false;
  const assigned = await world.assignmentLists.assignedAt(lease.target);
  return assigned.some((one) => one.principalType === 'USER' && one.principalId === lease.principalId);
};
