/** The steps by which a lease converges: each looks or calls once, stores what it learned, and says how to go on. */
import type { AccessRequest } from '../domain/access-request.ts';
import {
  isAwaited,
  isWanted,
  type Lease,
  type LeaseState,
  type LeaseStep,
  unsettledUntil,
  withHoldsLost,
} from '../domain/lease.ts';
import { workOf } from '../domain/lease-work.ts';
import { isRefusal } from '../domain/refusal.ts';
import { givenNow, toldOfLease } from '../domain/session.ts';
import type { Instant } from '../domain/time.ts';
import type { RequestEvent } from '../domain/transition.ts';
import type { RequestChange } from '../ports/ledger.ts';
import { claimCall, forgetCall, readAtCall, recordAnswer, recordCreation, statusOf } from './lease-calls.ts';
import {
  areAll,
  type Converging,
  commitLease,
  commitWithHolders,
  type Holder,
  holdersIn,
  readHolders,
  type Sight,
  wakeAll,
} from './lease-commit.ts';
import { awaitDeleted, release, resumeDelete } from './lease-ending.ts';
import { attemptsOf, type Run, type StepProgress } from './lease-run.ts';
import { markChangedOutside } from './mark-changed-outside.ts';
import { advance } from './move-request.ts';
import { rejudge } from './rejudge-grant.ts';

export const takeStep = (world: Converging, sight: Sight, step: LeaseStep, run: Run): Promise<StepProgress> => {
  switch (step) {
    case 'observe':
      return observe(world, sight, run);
    case 'create':
      return resumeCreate(world, sight, run);
    case 'await-created':
      return awaitCreated(world, sight, run);
    case 'release':
      return release(world, sight.lease, run);
    case 'delete':
      return resumeDelete(world, sight, run);
    case 'await-deleted':
      return awaitDeleted(world, sight);
    case 'none':
      return joinHolders(world, sight, run);
  }
};

/** An event for whoever waits for access. */
const granting =
  (event: () => RequestEvent) =>
  (request: AccessRequest): RequestEvent | undefined =>
    request.status === 'granting' ? event() : undefined;

const usable = (world: Converging, { target: { sessionSeconds } }: Lease, standing: boolean) =>
  granting(() => ({ kind: 'usable', at: world.clock.now(), standing, session: { sessionSeconds } }));

const failure = (world: Converging, reason: string): RequestEvent => ({
  kind: 'fail-grant',
  at: world.clock.now(),
  reason,
});

/**
 * Fails the granting requests that may not be granted now. True when there were any. Whatever makes requests usable comes
 * after it, since they may have joined what others asked for, or waited long (law 7).
 */
const failForbidden = async (
  world: Converging,
  lease: Lease,
  holders: readonly Holder[],
  { judged }: Run,
): Promise<boolean> => {
  const waiting = holders.flatMap(({ request }) => (request?.status === 'granting' ? [request] : []));
  const unjudged = waiting.filter(({ id }) => !judged.has(id));
  const changes = (await Promise.all(unjudged.map((request) => failedChange(world, lease, request, judged)))).filter(
    (change) => change !== undefined,
  );
  if (changes.length === 0) return false;
  if (await commitLease(world, lease, changes)) await wakeAll(world, changes);
  return true;
};

const failedChange = async (
  world: Converging,
  lease: Lease,
  request: AccessRequest,
  judged: Run['judged'],
): Promise<RequestChange | undefined> => {
  const judgement = await rejudge(world, request);
  if ('sessionSeconds' in judgement) {
    judged.set(request.id, judgement.sessionSeconds);
    return undefined;
  }
  const change = advance(request, toldOfLease(failure(world, judgement.whyNot), lease), world.ids);
  return isRefusal(change) ? undefined : change;
};

/** The lease with the session of now, for those who were just judged. */
const given = (lease: Lease, holders: readonly Holder[], { judged }: Run): Lease =>
  givenNow(
    lease,
    holders.flatMap(({ hold }) => judged.get(hold.requestId) ?? []),
  );

/** Decides once who owns the assignment: it stood before, or its absence is observed and the intent stored (law 4). */
const observe = async (world: Converging, sight: Sight, run: Run): Promise<StepProgress> => {
  const holders = await holdersIn(world, sight);
  if (await failForbidden(world, sight.lease, holders, run)) return 'moved';
  const lease = given(sight.lease, holders, run);
  const stood = await world.assignments.isAssigned(lease.principalId, lease.target);
  if (stood) {
    await commitWithHolders(world, { ...lease, state: { kind: 'standing' } }, holders, usable(world, lease, true));
    return 'moved';
  }
  return create(world, lease, run, 0);
};

/** Somebody stored the intent and may or may not have called. What is there now is ours. */
const resumeCreate = async (world: Converging, sight: Sight, run: Run): Promise<StepProgress> => {
  const holders = await holdersIn(world, sight);
  if (await failForbidden(world, sight.lease, holders, run)) return 'moved';
  const lease = given(sight.lease, holders, run);
  const made = await world.assignments.isAssigned(lease.principalId, lease.target);
  if (made) return becomeHeld(world, lease, holders);
  return create(world, lease, run, attemptsOf(lease) + 1);
};

/** NB. Judging and looking may have taken long: what nobody wants any more by now is not created. */
const create = async (world: Converging, lease: Lease, { turn }: Run, attempts: number): Promise<StepProgress> => {
  const operation = { claim: turn.claim, since: world.clock.now(), attempts };
  if (!isAwaited(lease, operation.since)) return 'moved';
  const claimed = await claimCall(world, lease, 'creating', operation, turn);
  if (!claimed) return 'moved';
  const started = await world.assignments.create(lease.principalId, lease.target);
  const before = unsettledUntil(lease);
  if (started.kind === 'busy') {
    await recordAnswer(world, claimed, operation, before);
    return 'wait';
  }
  if (started.kind === 'started') return recordCreation(world, claimed, operation, started, before);
  const reason = started.kind === 'refused' ? `${started.code}: ${started.reason}` : 'the account or user is not there';
  return giveUpCreating(world, claimed, reason, before);
};

const awaitCreated = async (world: Converging, sight: Sight, run: Run): Promise<StepProgress> => {
  const { lease } = sight;
  const status = await statusOf(world, lease);
  switch (status.kind) {
    case 'in-progress':
      return { underWay: lease };
    case 'succeeded':
      return succeed(world, lease, run);
    case 'failed':
      return giveUpCreating(world, lease, status.reason, unsettledUntil(lease));
    case 'unknown':
      await forgetCall(world, lease);
      return 'moved';
  }
};

/** Who holds it is read after its outcome is known: others may have joined, or left, while it was waited for. */
const succeed = async (world: Converging, lease: Lease, run: Run): Promise<StepProgress> => {
  const holders = await readHolders(world, lease);
  return (await failForbidden(world, lease, holders, run))
    ? 'moved'
    : becomeHeld(world, given(lease, holders, run), holders);
};

/** What is stored then is all that there is to do, when somebody still wants it and nobody was left out. */
const becomeHeld = async (world: Converging, lease: Lease, holders: readonly Holder[]): Promise<StepProgress> => {
  const creationId = lease.state.kind === 'creating' ? lease.state.operation.id : undefined;
  const state: LeaseState = { kind: 'held', creationId, unsettledUntil: unsettledUntil(lease) };
  const stored = await commitWithHolders(world, { ...lease, state }, holders, usable(world, lease, false));
  const isDone =
    stored && areAll(holders, lease) && workOf(stored) === undefined && isWanted(stored, world.clock.now());
  return isDone ? 'settled' : 'moved';
};

/** The grant fails with Identity Center's reason; the lease is then made sure to be gone. */
const giveUpCreating = async (
  world: Converging,
  tried: Lease,
  reason: string,
  before: Instant | undefined,
): Promise<StepProgress> => {
  const lease = await readAtCall(world, tried);
  if (lease?.state.kind !== 'creating') return 'moved';
  const { id: _given, ...operation } = lease.state.operation;
  const state: LeaseState = { kind: 'deleting', operation, unsettledUntil: before };
  const holders = await readHolders(world, lease);
  // Nothing came of this call. Of one before it that may not be known.
  const without: Lease = { ...lease, state: { ...state, kind: 'creating' } };
  await commitWithHolders(
    world,
    { ...lease, state },
    holders,
    granting(() => toldOfLease(failure(world, reason), without)),
  );
  return 'moved';
};

/** Requests that joined what is there already: confirm that it is there, then they are usable too. */
const joinHolders = async (world: Converging, sight: Sight, run: Run): Promise<StepProgress> => {
  if (sight.lease.state.kind !== 'held' && sight.lease.state.kind !== 'standing') return 'settled';
  const holders = await holdersIn(world, sight);
  if (!holders.some(({ request }) => request?.status === 'granting')) return 'settled';
  if (await failForbidden(world, sight.lease, holders, run)) return 'moved';
  const lease = given(sight.lease, holders, run);
  if (await world.assignments.isAssigned(lease.principalId, lease.target)) {
    await commitWithHolders(world, lease, holders, usable(world, lease, lease.state.kind === 'standing'));
    return 'moved';
  }
  // Somebody took it away behind our back: decide anew, once nothing can come of our own calls any more. Whoever used it has
  // lost it, for good, and is told so in the same transaction.
  const operation = { claim: run.turn.claim, since: world.clock.now(), attempts: 0 };
  const until = unsettledUntil(lease);
  const unsettled: LeaseState = { kind: 'deleting', operation, unsettledUntil: until };
  const state: LeaseState = until === undefined ? { kind: 'vacant' } : unsettled;
  await markChangedOutside(world, withHoldsLost(lease), 'removed', state);
  return 'moved';
};
