/** Converge: compare what the ledger wants with what Identity Center has, and take the one step that is missing, until none is. */

import {
  isClaimedByOther,
  isPutOff,
  type Lease,
  type LeaseStep,
  nextStep,
  type Operation,
  takeOverAt,
} from '../domain/lease.ts';
import { onlyAwaits, writeUrgency } from '../domain/lease-work.ts';
import { isRefusal } from '../domain/refusal.ts';
import { eventDue } from '../domain/settlement.ts';
import type { Instant } from '../domain/time.ts';
import { ServiceFault } from '../ports/faults.ts';
import { type Converging, commitLease, type Holder, readHolders, type Sight, wakeAll } from './lease-commit.ts';
import type { Run, StepProgress } from './lease-run.ts';
import { takeStep } from './lease-steps.ts';
import { advance } from './move-request.ts';
import { alone, type Turn } from './turn.ts';

/** `settled`: nothing is left to do now. `unfinished`: time ran out, or somebody else is at it; the sweep comes back. */
export type Convergence = 'settled' | 'unfinished';

/** What one look at the lease came to. */
interface Look {
  readonly progress: StepProgress;
  /** The step that was taken, if it came to that. */
  readonly step?: LeaseStep;
}

/** For so long the outcome of a call is asked for before the ledger is read again, where a deadline may have passed. */
const READ_AGAIN_MS = 8_000;

/**
 * Works on one lease until it is settled or the deadline has come. Safe to run twice at the same moment, to kill
 * anywhere and to run again: every call to Identity Center is preceded by a claim stored under the lease's version.
 */
export const convergeLease = async (
  world: Converging,
  leaseId: string,
  deadline: Instant,
  turn: Turn = alone(world),
): Promise<Convergence> => {
  const run: Run = { turn, judged: new Map(), deadline };
  let pauses = 0;
  let underWay: Lease | undefined;
  let readAt = world.clock.now();
  while (world.clock.now() < deadline) {
    if (world.clock.now() >= readAt + READ_AGAIN_MS) underWay = undefined;
    if (!underWay) readAt = world.clock.now();
    const { progress, step } = await lookOnce(world, leaseId, run, underWay);
    if (progress === 'settled') return 'settled';
    if (progress === 'leave') return 'unfinished';
    underWay = isUnderWay(progress) ? progress.underWay : undefined;
    if (needsPause(progress, turn)) await turn.pause(step, pauses);
    pauses = progress === 'moved' ? 0 : pauses + 1;
  }
  return 'unfinished';
};

const needsPause = (progress: StepProgress, { waitsForOutcomes }: Turn): boolean =>
  progress !== 'moved' && !(waitsForOutcomes && isUnderWay(progress));

const isUnderWay = (progress: StepProgress): progress is Exclude<StepProgress, string> => typeof progress === 'object';

/**
 * A fault while ending is waited out (law 9: keep trying, loudly); while granting it means "not yet". How a call stands
 * is asked again without reading the ledger: if that has changed, storing the outcome meets another version, and it is read.
 */
const lookOnce = async (world: Converging, leaseId: string, run: Run, underWay?: Lease): Promise<Look> => {
  let lease = underWay;
  try {
    if (lease) return await takeNextStep(world, { lease }, run, world.clock.now());
    lease = await world.ledger.readLease(leaseId);
    if (!lease) return { progress: 'settled' };
    const holders = await readHolders(world, lease);
    const now = timeFor(world, holders);
    if (await settleHolders(world, lease, holders, now)) return { progress: 'moved' };
    return await takeNextStep(world, { lease, holders }, run, now);
  } catch (fault) {
    world.reporter.warn('converging met a fault and goes on', { leaseId, fault });
    const leaves = isOthers(fault) || (lease && onlyAwaits(lease, world.clock.now()) && run.turn.givesWay(lease));
    return { progress: leaves ? 'leave' : 'wait' };
  }
};

/** NB. What only some rules need, and others keep: nobody who has to end access waits for a place that is held for it. */
const isOthers = (fault: unknown): boolean => fault instanceof ServiceFault && fault.source === 'on-call';

/** One time for the whole look. What is ending has ended, though this clock be behind the one by which it was ended. */
const timeFor = (world: Converging, holders: readonly Holder[]): Instant =>
  holders.reduce(
    (now, { request }) => (request?.status === 'ending' && request.endsAt > now ? request.endsAt : now),
    world.clock.now(),
  );

/** Moves the requests for which the time or the state of the lease has consequences. True when any moved. */
const settleHolders = async (
  world: Converging,
  lease: Lease,
  holders: readonly Holder[],
  now: Instant,
): Promise<boolean> => {
  const changes = holders.flatMap(({ request }) => {
    const event = request && eventDue(request, lease, now);
    const change = event && advance(request, event, world.ids);
    return change && !isRefusal(change) ? [change] : [];
  });
  const strays = holders.filter(({ stray }) => stray).map(({ hold }) => hold.requestId);
  if (changes.length === 0 && strays.length === 0) return false;
  const kept = { ...lease, holds: lease.holds.filter(({ requestId }) => !strays.includes(requestId)) };
  if (await commitLease(world, kept, changes)) await wakeAll(world, changes);
  return true;
};

const takeNextStep = async (world: Converging, sight: Sight, run: Run, now: Instant): Promise<Look> => {
  const { lease } = sight;
  const { state } = lease;
  const underWay = state.kind === 'creating' || state.kind === 'deleting';
  if (underWay && isClaimedByOther(state.operation, run.turn.claim, world.clock.now())) {
    return waitForOther(world, state.operation, run);
  }
  if (underWay && isPutOff(state.operation, world.clock.now())) return { progress: 'leave' };
  if (writeUrgency(lease, now) !== undefined && !run.turn.admits(lease)) return { progress: 'leave' };
  const step = nextStep(lease, now);
  return { progress: await takeStep(world, sight, step, run), step };
};

/**
 * A first call is answered within seconds, or whoever was to make it has died: then to wait for that is half a minute, and
 * to leave it to the sweep up to a minute more. Whoever has called before is alive, and kept waiting by Identity Center.
 */
const waitForOther = async (world: Converging, operation: Operation, { deadline }: Run): Promise<Look> => {
  const until = takeOverAt(operation);
  if (operation.attempts > 0 || until >= deadline) return { progress: 'leave' };
  await world.clock.sleep(until - world.clock.now());
  return { progress: 'moved' };
};
