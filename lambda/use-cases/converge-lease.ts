/** Converge: compare what the ledger wants with what Identity Center has, and take the one step that is missing, until none is. */

import { isClaimedByOther, type Lease, nextStep } from '../domain/lease.ts';
import { isRefusal } from '../domain/refusal.ts';
import { eventDue } from '../domain/settlement.ts';
import type { Instant } from '../domain/time.ts';
import { type Converging, commitLease, readHolders, wakeAll } from './lease-commit.ts';
import { takeStep } from './lease-steps.ts';
import { advance } from './move-request.ts';

/** `settled`: nothing is left to do now. `unfinished`: time ran out, or somebody else is at it; the sweep comes back. */
export type Convergence = 'settled' | 'unfinished';

/** What one look at the lease came to. */
type Progress = 'settled' | 'moved' | 'wait' | 'leave';

const SHORTEST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/**
 * Works on one lease until it is settled or the deadline has come. Safe to run twice at the same moment, to kill
 * anywhere and to run again: every call to Identity Center is preceded by a claim stored under the lease's version.
 */
export const convergeLease = async (world: Converging, leaseId: string, deadline: Instant): Promise<Convergence> => {
  const claim = world.ids.salt();
  let wait = SHORTEST_WAIT_MS;
  while (world.clock.now() < deadline) {
    const progress = await lookOnce(world, leaseId, claim);
    if (progress === 'settled') return 'settled';
    if (progress === 'leave') return 'unfinished';
    if (progress === 'wait') await world.clock.sleep(wait);
    wait = progress === 'wait' ? Math.min(wait * 1.5, LONGEST_WAIT_MS) : SHORTEST_WAIT_MS;
  }
  return 'unfinished';
};

/** A fault while ending is waited out (law 9: keep trying, loudly); while granting it means "not yet". */
const lookOnce = async (world: Converging, leaseId: string, claim: string): Promise<Progress> => {
  try {
    const lease = await world.ledger.readLease(leaseId);
    if (!lease) return 'settled';
    if (await settleHolders(world, lease)) return 'moved';
    return await takeNextStep(world, lease, claim);
  } catch (fault) {
    world.reporter.warn('converging met a fault and goes on', { leaseId, fault });
    return 'wait';
  }
};

/** Moves the requests for which the time or the state of the lease has consequences. True when any moved. */
const settleHolders = async (world: Converging, lease: Lease): Promise<boolean> => {
  const now = world.clock.now();
  const holders = await readHolders(world, lease);
  const changes = holders.flatMap(({ request }) => {
    const event = request && eventDue(request, lease, now);
    const change = event && advance(request, event, world.ids);
    return change && !isRefusal(change) ? [change] : [];
  });
  const strays = holders.filter(({ stray }) => stray).map(({ hold }) => hold.requestId);
  if (changes.length === 0 && strays.length === 0) return false;
  const kept = { ...lease, holds: lease.holds.filter(({ requestId }) => !strays.includes(requestId)) };
  const stored = await commitLease(world, kept, changes);
  if (stored) await wakeAll(world, changes);
  return true;
};

const takeNextStep = async (world: Converging, lease: Lease, claim: string): Promise<Progress> => {
  const { state } = lease;
  const underWay = state.kind === 'creating' || state.kind === 'deleting';
  if (underWay && isClaimedByOther(state.operation, claim, world.clock.now())) return 'leave';
  const step = nextStep(lease, world.clock.now());
  return takeStep(world, lease, step, claim);
};
