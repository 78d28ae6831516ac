/** When a lease is over: nothing is there any more, or what Identity Center will not remove opens nothing any more. */
import {
  asClosed,
  asReopened,
  isIdle,
  isRefusedForGood,
  type Lease,
  unsettledUntil,
  type Vanished,
  vacated,
} from '../domain/lease.ts';
import { latest } from '../domain/time.ts';
import { forgetCall, readAtCall } from './lease-calls.ts';
import { type Converging, commitLease, commitWithHolders, holdersIn, type Sight } from './lease-commit.ts';

type Progress = 'moved' | 'settled' | 'leave';

/**
 * Nothing is there; but while a call of unknown outcome can still change that, it is not believed. Whoever waited for it to
 * be gone is told in the same transaction.
 */
export const becomeVacant = async (
  world: Converging,
  sight: Sight,
  vanished?: Vanished,
): Promise<'moved' | 'settled'> => {
  const { lease } = sight;
  if (unsettledUntil(lease) !== undefined) {
    await forgetCall(world, lease);
    return 'moved';
  }
  const how = vanished === undefined ? {} : { vanished };
  const holders = await holdersIn(world, sight);
  const stored = await commitWithHolders(world, vacated(lease, vanished), holders, (request) =>
    request.status === 'ending' ? { kind: 'gone', at: latest(world.clock.now(), request.endsAt), ...how } : undefined,
  );
  return stored && isIdle(stored) ? 'settled' : 'moved';
};

/** Identity Center knows no such assignment to remove. NB. Where it lists it nevertheless, it is not gone. */
export const targetGone = async (world: Converging, lease: Lease): Promise<Progress> => {
  if (!(await world.assignments.isAssigned(lease.principalId, lease.target))) {
    return becomeVacantNow(world, lease, 'target');
  }
  return cannotRemove(world, lease, 'Identity Center lists the assignment, and does not find it to remove it');
};

/**
 * NB. An assignment whose user or account is not there any more opens nothing, and Identity Center may refuse for ever to
 * remove it: it counts as gone. Ids are never given out again, so nobody can come into it later.
 */
export const cannotRemove = async (world: Converging, lease: Lease, reason: string): Promise<Progress> => {
  const vanished = await whatVanished(world, lease);
  if (vanished === undefined || vanished === 'closed') warnEnding(world, lease, reason);
  if (vanished === undefined) return 'leave';
  return vanished === 'closed' ? leaveClosed(world, lease) : becomeVacantNow(world, lease, vanished);
};

const whatVanished = async (world: Converging, { principalId, target }: Lease): Promise<Vanished | undefined> => {
  if (!(await world.directory.findById(principalId))) return 'user';
  const account = await world.organization.findAccount(target.accountId);
  if (!account) return 'account';
  return account.active ? undefined : 'closed';
};

/**
 * NB. A closed account opens nothing, but it can be reinstated, with what is assigned in it: so whoever waits for the
 * assignment to go need not wait, and the lease goes on. What Identity Center refuses for a moment is no such thing.
 */
const leaveClosed = async (world: Converging, tried: Lease): Promise<'moved' | 'leave'> => {
  const lease = await readAtCall(world, tried);
  if (lease?.state.kind !== 'deleting' || lease.state.operation.id !== undefined) return 'moved';
  if (!isRefusedForGood(lease.state.operation)) return 'leave';
  await commitLease(world, asClosed(lease, world.clock.now()), []);
  return 'moved';
};

/** Nothing is asked of Identity Center while the account is closed still. NB. Once it is not, that is stored first: then it is late. */
export const lookIntoClosed = async (world: Converging, lease: Lease): Promise<'moved' | 'leave'> => {
  const account = await world.organization.findAccount(lease.target.accountId);
  const isClosedStill = account !== undefined && !account.active;
  if (isClosedStill) warnEnding(world, lease, 'its account is closed');
  await commitLease(world, (isClosedStill ? asClosed : asReopened)(lease, world.clock.now()), []);
  return isClosedStill ? 'leave' : 'moved';
};

/** After a call that has changed the lease: as it is now. */
const becomeVacantNow = async (world: Converging, tried: Lease, vanished: Vanished): Promise<'moved' | 'settled'> => {
  const lease = await readAtCall(world, tried);
  if (lease?.state.kind !== 'deleting' || lease.state.operation.id !== undefined) return 'moved';
  return becomeVacant(world, { lease }, vanished);
};

export const warnEnding = (world: Converging, lease: Lease, reason: string): void =>
  world.reporter.warn('an assignment could not be removed yet', { leaseId: lease.id, reason });
