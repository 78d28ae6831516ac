/** The steps by which a lease converges: each looks or calls once, stores what it learned, and says how to go on. */
import type { AccessRequest } from '../domain/access-request.ts';
import type { Lease, LeaseState, LeaseStep, Operation } from '../domain/lease.ts';
import { isRefusal } from '../domain/refusal.ts';
import type { RequestEvent } from '../domain/transition.ts';
import type { OperationStatus, WriteStarted } from '../ports/assignments.ts';
import type { RequestChange } from '../ports/ledger.ts';
import { type Converging, commitLease, commitWithGranting, readHolders, wakeAll } from './lease-commit.ts';
import { advance } from './move-request.ts';
import { whyNotGrant } from './rejudge-grant.ts';

/** `leave`: it will not go through now; whoever comes next, comes later. */
export type StepProgress = 'settled' | 'moved' | 'wait' | 'leave';

export const takeStep = (world: Converging, lease: Lease, step: LeaseStep, claim: string): Promise<StepProgress> => {
  switch (step) {
    case 'observe':
      return observe(world, lease, claim);
    case 'create':
      return resumeCreate(world, lease, claim);
    case 'await-created':
      return awaitCreated(world, lease);
    case 'release':
      return release(world, lease, claim);
    case 'delete':
      return resumeDelete(world, lease, claim);
    case 'await-deleted':
      return awaitDeleted(world, lease);
    case 'none':
      return joinHolders(world, lease);
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

/** Fails the granting requests that may not be granted now. True when there were any. */
const failForbidden = async (world: Converging, lease: Lease): Promise<boolean> => {
  const holders = await readHolders(world, lease);
  const granting = holders.flatMap(({ request }) => (request?.status === 'granting' ? [request] : []));
  const judged = await Promise.all(granting.map((request) => failedChange(world, request)));
  const changes = judged.filter((change) => change !== undefined);
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
const observe = async (world: Converging, lease: Lease, claim: string): Promise<StepProgress> => {
  if (await failForbidden(world, lease)) return 'moved';
  const stood = await world.assignments.isAssigned(lease.principalId, lease.target);
  if (stood) {
    await commitWithGranting(world, { ...lease, state: { kind: 'standing' } }, usable(world, true));
    return 'moved';
  }
  return create(world, lease, claim, 0);
};

/** Somebody stored the intent and may or may not have called. What is there now is ours. */
const resumeCreate = async (world: Converging, lease: Lease, claim: string): Promise<StepProgress> => {
  if (await failForbidden(world, lease)) return 'moved';
  const made = await world.assignments.isAssigned(lease.principalId, lease.target);
  if (made) return becomeHeld(world, lease);
  return create(world, lease, claim, attemptsOf(lease) + 1);
};

const attemptsOf = ({ state }: Lease): number =>
  state.kind === 'creating' || state.kind === 'deleting' ? state.operation.attempts : 0;

const create = async (world: Converging, lease: Lease, claim: string, attempts: number): Promise<StepProgress> => {
  const operation = { claim, since: world.clock.now(), attempts };
  const claimed = await claimLease(world, { ...lease, state: { kind: 'creating', operation } });
  if (!claimed) return 'moved';
  const started = await world.assignments.create(lease.principalId, lease.target);
  if (started.kind === 'busy') return 'wait';
  if (started.kind === 'started') return recordCall(world, lease.id, operation, started);
  const reason = started.kind === 'refused' ? `${started.code}: ${started.reason}` : 'the account or user is not there';
  return giveUpCreating(world, lease.id, reason);
};

const awaitCreated = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  const status = await statusOf(world, lease);
  switch (status.kind) {
    case 'in-progress':
      return 'wait';
    case 'succeeded':
      return becomeHeld(world, lease);
    case 'failed':
      return giveUpCreating(world, lease.id, status.reason);
    case 'unknown':
      return forgetCall(world, lease);
  }
};

const becomeHeld = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  await commitWithGranting(world, { ...lease, state: { kind: 'held' } }, usable(world, false));
  return 'moved';
};

/** The grant fails with Identity Center's reason; the lease is then made sure to be gone. */
const giveUpCreating = async (world: Converging, leaseId: string, reason: string): Promise<StepProgress> => {
  const lease = await world.ledger.readLease(leaseId);
  if (lease?.state.kind !== 'creating') return 'moved';
  const { id: _given, ...operation } = lease.state.operation;
  const state: LeaseState = { kind: 'deleting', operation, mayStillAppear: true };
  await commitWithGranting(world, { ...lease, state }, failing(world, reason));
  return 'moved';
};

/** Requests that joined what is there already: confirm that it is there, then they are usable too. */
const joinHolders = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  if (lease.state.kind !== 'held' && lease.state.kind !== 'standing') return 'settled';
  const holders = await readHolders(world, lease);
  if (!holders.some(({ request }) => request?.status === 'granting')) return 'settled';
  if (await failForbidden(world, lease)) return 'moved';
  if (await world.assignments.isAssigned(lease.principalId, lease.target)) {
    await commitWithGranting(world, lease, usable(world, lease.state.kind === 'standing'));
    return 'moved';
  }
  // Somebody took it away behind our back: decide anew.
  await commitLease(world, { ...lease, state: { kind: 'vacant' } }, []);
  return 'moved';
};

// ---------- towards gone ----------

/** Nobody wants it any more. What stood before stays; what is ours goes. */
const release = async (world: Converging, lease: Lease, claim: string): Promise<StepProgress> => {
  if (lease.state.kind === 'standing') {
    await commitLease(world, { ...lease, state: { kind: 'vacant' } }, []);
    return 'moved';
  }
  return remove(world, lease, claim, 0, lease.state.kind === 'creating');
};

const resumeDelete = async (world: Converging, lease: Lease, claim: string): Promise<StepProgress> => {
  const mayStillAppear = lease.state.kind === 'deleting' && lease.state.mayStillAppear;
  const present = mayStillAppear || (await world.assignments.isAssigned(lease.principalId, lease.target));
  if (!present) return becomeVacant(world, lease);
  return remove(world, lease, claim, attemptsOf(lease) + 1, mayStillAppear);
};

const remove = async (
  world: Converging,
  lease: Lease,
  claim: string,
  attempts: number,
  mayStillAppear: boolean,
): Promise<StepProgress> => {
  const operation = { claim, since: world.clock.now(), attempts };
  const claimed = await claimLease(world, { ...lease, state: { kind: 'deleting', operation, mayStillAppear } });
  if (!claimed) return 'moved';
  const started = await world.assignments.delete(lease.principalId, lease.target);
  if (started.kind === 'started') return recordCall(world, lease.id, operation, started);
  if (started.kind === 'busy') return 'wait';
  if (started.kind === 'not-there') return becomeVacant(world, { ...lease, version: lease.version + 1 });
  warnEnding(world, lease, `${started.code}: ${started.reason}`);
  return 'leave';
};

const awaitDeleted = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  const status = await statusOf(world, lease);
  switch (status.kind) {
    case 'in-progress':
      return 'wait';
    case 'succeeded':
      return becomeVacant(world, lease);
    case 'failed':
      return deleteFailed(world, lease, status.reason);
    case 'unknown':
      return forgetCall(world, lease);
  }
};

/** A delete that failed because nothing was there is as good as one that succeeded. */
const deleteFailed = async (world: Converging, lease: Lease, reason: string): Promise<StepProgress> => {
  if (!(await world.assignments.isAssigned(lease.principalId, lease.target))) return becomeVacant(world, lease);
  warnEnding(world, lease, reason);
  await forgetCall(world, lease);
  return 'wait';
};

const becomeVacant = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  await commitLease(world, { ...lease, state: { kind: 'vacant' } }, []);
  return 'moved';
};

const warnEnding = (world: Converging, lease: Lease, reason: string): void =>
  world.reporter.warn('an assignment could not be removed yet', { leaseId: lease.id, reason });

// ---------- calls under way ----------

/** Stores who is about to call. Only who has stored it may call (single flight by version). */
const claimLease = (world: Converging, lease: Lease): Promise<boolean> => commitLease(world, lease, []);

const statusOf = (world: Converging, { state }: Lease): Promise<OperationStatus> => {
  if (state.kind === 'creating' && state.operation.id) return world.assignments.creationStatus(state.operation.id);
  if (state.kind === 'deleting' && state.operation.id) return world.assignments.deletionStatus(state.operation.id);
  throw new Error('asked for the status of a call that was not recorded');
};

const withOperation = (lease: Lease, operation: Operation): Lease =>
  lease.state.kind === 'creating' || lease.state.kind === 'deleting'
    ? { ...lease, state: { ...lease.state, operation } }
    : lease;

/** Identity Center does not know the call (any more): look at the assignment instead. */
const forgetCall = async (world: Converging, lease: Lease): Promise<StepProgress> => {
  if (lease.state.kind !== 'creating' && lease.state.kind !== 'deleting') return 'moved';
  const { id: _unknown, ...operation } = lease.state.operation;
  await commitLease(world, withOperation(lease, operation), []);
  return 'moved';
};

const RECORD_ATTEMPTS = 5;

/** Writes down what Identity Center calls the operation, though holds may have come or gone meanwhile. */
const recordCall = async (
  world: Converging,
  leaseId: string,
  operation: Operation,
  started: Extract<WriteStarted, { kind: 'started' }>,
): Promise<StepProgress> => {
  for (let attempt = 0; attempt < RECORD_ATTEMPTS; attempt += 1) {
    const lease = await world.ledger.readLease(leaseId);
    if (!lease || !isOurCall(lease, operation)) break;
    const recorded = withOperation(lease, { ...operation, id: started.operationId });
    if (await commitLease(world, recorded, [])) return 'wait';
  }
  // Whoever took the lease over looks at the assignment itself before deciding anything.
  world.reporter.warn('a call was made whose record was overtaken', { leaseId, operationId: started.operationId });
  return 'moved';
};

const isOurCall = ({ state }: Lease, { claim, since }: Operation): boolean =>
  (state.kind === 'creating' || state.kind === 'deleting') &&
  state.operation.claim === claim &&
  state.operation.since === since;
