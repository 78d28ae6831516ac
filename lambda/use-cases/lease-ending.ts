/** The steps by which what nobody wants any more goes: what stood before stays, what is ours is removed, however long it takes. */
import { isClosed, type Lease, type Operation, refusedAt, unsettledUntil, vacated } from '../domain/lease.ts';
import { claimCall, forgetCall, recordAnswer, recordCall, statusOf, stillUnsettled } from './lease-calls.ts';
import { type Converging, commitLease, type Sight } from './lease-commit.ts';
import { becomeVacant, cannotRemove, lookIntoClosed, targetGone, warnEnding } from './lease-gone.ts';
import { attemptsOf, type Run, type StepProgress } from './lease-run.ts';

/** Nobody wants it any more. What stood before stays; what is ours goes. */
export const release = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  if (lease.state.kind === 'standing') {
    await commitLease(world, vacated(lease), []);
    return 'moved';
  }
  return remove(world, lease, run, 0);
};

/**
 * NB. Absence is believed only when no call of unknown outcome can change it any more. Past that time one more call to
 * delete tells whether anything is under way: Identity Center would answer that it is busy.
 */
export const resumeDelete = async (world: Converging, sight: Sight, run: Run): Promise<StepProgress> => {
  const { lease } = sight;
  if (isClosed(lease)) return lookIntoClosed(world, lease);
  if (!(await world.assignments.isAssigned(lease.principalId, lease.target))) {
    const until = unsettledUntil(lease);
    if (until === undefined) return becomeVacant(world, sight);
    if (world.clock.now() < until) return 'leave';
  }
  return remove(world, lease, run, attemptsOf(lease) + 1);
};

const remove = async (world: Converging, lease: Lease, { turn }: Run, attempts: number): Promise<StepProgress> => {
  const operation: Operation = { claim: turn.claim, since: world.clock.now(), attempts, ...refusalSoFar(lease) };
  const claimed = await claimCall(world, lease, 'deleting', operation, turn);
  if (!claimed) return 'moved';
  const started = await world.assignments.delete(lease.principalId, lease.target);
  const before = unsettledUntil(lease);
  if (started.kind === 'started') return recordCall(world, claimed, operation, started, before);
  if (started.kind === 'busy') {
    await recordAnswer(world, claimed, operation, before);
    return 'wait';
  }
  const until = started.kind === 'not-there' ? stillUnsettled(before, operation) : before;
  await recordAnswer(world, claimed, operation, until, refusedAt(operation, world.clock.now()));
  if (started.kind === 'not-there') return targetGone(world, claimed);
  return cannotRemove(world, claimed, `${started.code}: ${started.reason}`);
};

/** However often it was refused before: a new claim does not forget that. */
const refusalSoFar = ({ state }: Lease): Pick<Operation, 'refusal'> =>
  state.kind === 'deleting' && state.operation.refusal ? { refusal: state.operation.refusal } : {};

export const awaitDeleted = async (world: Converging, { lease }: Sight): Promise<StepProgress> => {
  const status = await statusOf(world, lease);
  switch (status.kind) {
    case 'in-progress':
      return { underWay: lease };
    case 'succeeded':
      return becomeVacant(world, { lease });
    case 'failed':
      return deleteFailed(world, lease, status.reason);
    case 'unknown':
      await forgetCall(world, lease);
      return 'moved';
  }
};

/** A delete that failed because nothing was there is as good as one that succeeded. */
const deleteFailed = async (world: Converging, lease: Lease, reason: string): Promise<StepProgress> => {
  if (!(await world.assignments.isAssigned(lease.principalId, lease.target))) return becomeVacant(world, { lease });
  if (attemptsOf(lease) === 0) {
    warnEnding(world, lease, reason);
    await forgetCall(world, lease);
    return 'wait';
  }
  await forgetCall(world, lease, (operation) => refusedAt(operation, world.clock.now()));
  return cannotRemove(world, lease, reason);
};
