/** The steps by which a lease converges: each looks or calls once, stores what it learned, and says how to go on. */
import type { AccessRequest } from '../domain/access-request.ts';
import {
  type Lease,
  type LeaseState,
  type LeaseStep,
  type Operation,
  refusedAt,
  unsettledUntil,
} from '../domain/lease.ts';
import { isRefusal } from '../domain/refusal.ts';
import type { Instant } from '../domain/time.ts';
import type { RequestEvent } from '../domain/transition.ts';
import type { RequestChange } from '../ports/ledger.ts';
import {
  claimCall,
  forgetCall,
  recordAnswer,
  recordCall,
  recordCreation,
  statusOf,
  stillUnsettled,
} from './lease-calls.ts';
import { type Converging, commitLease, commitWithGranting, readHolders, wakeAll } from './lease-commit.ts';
import { becomeVacant, cannotRemove, targetGone, warnEnding } from './lease-gone.ts';
import { advance } from './move-request.ts';
import { whyNotGrant } from './rejudge-grant.ts';

/** `under-way`: the call was made, and only its outcome is waited for. `leave`: it will not go through now; whoever comes next, comes later. */
export type StepProgress = 'settled' | 'moved' | 'wait' | 'under-way' | 'leave';

/** One run of converging. */
export interface Run {
  /** Names the run in what it stores before it calls. */
  readonly claim: string;
  /** Requests that it has judged, and that may be granted. */
  readonly judged: Set<string>;
  readonly deadline: Instant;
}

export const takeStep = (world: Converging, lease: Lease, step: LeaseStep, run: Run): Promise<StepProgress> => {
  switch (step) {
    case 'observe':
      return observe(world, lease, run);
    case 'create':
      return resumeCreate(world, lease, run);
    case 'await-created':
      return awaitCreated(world, lease, run);
    case 'release':
      return release(world, lease, run);
    case 'delete':
      return resumeDelete(world, lease, run);
    case 'await-deleted':
      return awaitDeleted(world, lease);
    case 'none':
      return joinHolders(world, lease, run);
  }
};

// ---------- towards usable ----------

const usable = (world: Converging, standing: boolean) => (): RequestEvent => ({
  kind: 'usable',
  at: world.clock.now(),
  standing,
});

const failing = (world: Converging, reason: string) => (): RequestEvent => ({
  kind: 'fail-grant',
  at: world.clock.now(),
  reason,
});

/**
 * Fails the granting requests that may not be granted now. True when there were any. Whatever makes requests usable comes
 * after it, since they may have joined what others asked for, or waited long (law 7).
 */
const failForbidden = async (world: Converging, lease: Lease, { judged }: Run): Promise<boolean> => {
  const holders = await readHolders(world, lease);
  const granting = holders.flatMap(({ request }) => (request?.status === 'granting' ? [request] : []));
  const unjudged = granting.filter(({ id }) => !judged.has(id));
  const changes = (await Promise.all(unjudged.map((request) => failedChange(world, request)))).filter(
    (change) => change !== undefined,
  );
  for (const { id } of unjudged) if (!changes.some(({ after }) => after.id === id)) judged.add(id);
  if (changes.length === 0) return false;
  if (await commitLease(world, lease, changes)) await wakeAll(world, changes);
  return true;
};

const failedChange = async (world: Converging, request: AccessRequest): Promise<RequestChange | undefined> => {
  const reason = await whyNotGrant(world, request);
  if (reason === undefined) return undefined;
  const change = advance(request, failing(world, reason)(), world.ids);
  return isRefusal(change) ? undefined : change;
};

/** Decides once who owns the assignment: it stood before, or its absence is observed and the intent stored (law 4). */
const observe = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  if (await failForbidden(world, lease, run)) return 'moved';
  const stood = await world.assignments.isAssigned(lease.principalId, lease.target);
  if (stood) {
    await commitWithGranting(world, { ...lease, state: { kind: 'standing' } }, usable(world, true));
    return 'moved';
  }
  return create(world, lease, run, 0);
};

/** Somebody stored the intent and may or may not have called. What is there now is ours. */
const resumeCreate = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  if (await failForbidden(world, lease, run)) return 'moved';
  const made = await world.assignments.isAssigned(lease.principalId, lease.target);
  if (made) return becomeHeld(world, lease);
  return create(world, lease, run, attemptsOf(lease) + 1);
};

const attemptsOf = ({ state }: Lease): number =>
  state.kind === 'creating' || state.kind === 'deleting' ? state.operation.attempts : 0;

const create = async (world: Converging, lease: Lease, { claim }: Run, attempts: number): Promise<StepProgress> => {
  const operation = { claim, since: world.clock.now(), attempts };
  if (!(await claimCall(world, lease, 'creating', operation))) return 'moved';
  const started = await world.assignments.create(lease.principalId, lease.target);
  const before = unsettledUntil(lease);
  if (started.kind === 'busy') {
    await recordAnswer(world, lease.id, operation, before);
    return 'wait';
  }
  if (started.kind === 'started') return recordCreation(world, lease.id, operation, started, before);
  const reason = started.kind === 'refused' ? `${started.code}: ${started.reason}` : 'the account or user is not there';
  return giveUpCreating(world, lease.id, reason, before);
};

const awaitCreated = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  const status = await statusOf(world, lease);
  switch (status.kind) {
    case 'in-progress':
      return 'under-way';
    case 'succeeded':
      return (await failForbidden(world, lease, run)) ? 'moved' : becomeHeld(world, lease);
    case 'failed':
      return giveUpCreating(world, lease.id, status.reason, unsettledUntil(lease));
    case 'unknown':
      await forgetCall(world, lease);
      return 'wait';
  }
};

const becomeHeld = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  const state: LeaseState = { kind: 'held', unsettledUntil: unsettledUntil(lease) };
  await commitWithGranting(world, { ...lease, state }, usable(world, false));
  return 'moved';
};

/** The grant fails with Identity Center's reason; the lease is then made sure to be gone. */
const giveUpCreating = async (
  world: Converging,
  leaseId: string,
  reason: string,
  before: Instant | undefined,
): Promise<StepProgress> => {
  const lease = await world.ledger.readLease(leaseId);
  if (lease?.state.kind !== 'creating') return 'moved';
  const { id: _given, ...operation } = lease.state.operation;
  const state: LeaseState = { kind: 'deleting', operation, unsettledUntil: before };
  await commitWithGranting(world, { ...lease, state }, failing(world, reason));
  return 'moved';
};

/** Requests that joined what is there already: confirm that it is there, then they are usable too. */
const joinHolders = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  if (lease.state.kind !== 'held' && lease.state.kind !== 'standing') return 'settled';
  const holders = await readHolders(world, lease);
  if (!holders.some(({ request }) => request?.status === 'granting')) return 'settled';
  if (await failForbidden(world, lease, run)) return 'moved';
  if (await world.assignments.isAssigned(lease.principalId, lease.target)) {
    await commitWithGranting(world, lease, usable(world, lease.state.kind === 'standing'));
    return 'moved';
  }
  // Somebody took it away behind our back: decide anew, once nothing can come of our own calls any more.
  const operation = { claim: run.claim, since: world.clock.now(), attempts: 0 };
  const until = unsettledUntil(lease);
  const unsettled: LeaseState = { kind: 'deleting', operation, unsettledUntil: until };
  await commitLease(world, { ...lease, state: until === undefined ? { kind: 'vacant' } : unsettled }, []);
  return 'moved';
};

// ---------- towards gone ----------

/** Nobody wants it any more. What stood before stays; what is ours goes. */
const release = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  if (lease.state.kind === 'standing') {
    await commitLease(world, { ...lease, state: { kind: 'vacant' } }, []);
    return 'moved';
  }
  return remove(world, lease, run, 0);
};

/**
 * NB. Absence is believed only when no call of unknown outcome can change it any more. Past that time one more call to
 * delete tells whether anything is under way: Identity Center would answer that it is busy.
 */
const resumeDelete = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  if (!(await world.assignments.isAssigned(lease.principalId, lease.target))) {
    const until = unsettledUntil(lease);
    if (until === undefined) return becomeVacant(world, lease);
    if (world.clock.now() < until) return 'leave';
  }
  return remove(world, lease, run, attemptsOf(lease) + 1);
};

const remove = async (world: Converging, lease: Lease, { claim }: Run, attempts: number): Promise<StepProgress> => {
  const operation: Operation = { claim, since: world.clock.now(), attempts, ...refusalSoFar(lease) };
  if (!(await claimCall(world, lease, 'deleting', operation))) return 'moved';
  const started = await world.assignments.delete(lease.principalId, lease.target);
  const before = unsettledUntil(lease);
  if (started.kind === 'started') return recordCall(world, lease.id, operation, started, before);
  if (started.kind === 'busy') {
    await recordAnswer(world, lease.id, operation, before);
    return 'wait';
  }
  const until = started.kind === 'not-there' ? stillUnsettled(before, operation) : before;
  await recordAnswer(world, lease.id, operation, until, refusedAt(operation, world.clock.now()));
  if (started.kind === 'not-there') return targetGone(world, lease);
  return cannotRemove(world, lease, `${started.code}: ${started.reason}`);
};

/** However often it was refused before: a new claim does not forget that. */
const refusalSoFar = ({ state }: Lease): Pick<Operation, 'refusal'> =>
  state.kind === 'deleting' && state.operation.refusal ? { refusal: state.operation.refusal } : {};

const awaitDeleted = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  const status = await statusOf(world, lease);
  switch (status.kind) {
    case 'in-progress':
      return 'under-way';
    case 'succeeded':
      return becomeVacant(world, lease);
    case 'failed':
      return deleteFailed(world, lease, status.reason);
    case 'unknown':
      await forgetCall(world, lease);
      return 'wait';
  }
};

/** A delete that failed because nothing was there is as good as one that succeeded. */
const deleteFailed = async (world: Converging, lease: Lease, reason: string): Promise<StepProgress> => {
  if (!(await world.assignments.isAssigned(lease.principalId, lease.target))) return becomeVacant(world, lease);
  if (attemptsOf(lease) === 0) {
    warnEnding(world, lease, reason);
    await forgetCall(world, lease);
    return 'wait';
  }
  await forgetCall(world, lease, (operation) => refusedAt(operation, world.clock.now()));
  return cannotRemove(world, lease, reason);
};
