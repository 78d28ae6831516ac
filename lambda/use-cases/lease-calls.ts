/** Calls to Identity Center: who may make one, what is stored before it, and what is learned of it afterwards. */
import { claiming, isTooLateToCall, type Lease, type Operation, toGo, unsettledUntil } from '../domain/lease.ts';
import type { Instant } from '../domain/time.ts';
import type { OperationStatus, WriteStarted } from '../ports/assignments.ts';
import { type Converging, commitLease } from './lease-commit.ts';
import type { Turn } from './turn.ts';

type Started = Extract<WriteStarted, { kind: 'started' }>;

/**
 * Stores who is about to call. Only who has stored it, and just now, may call (single flight by version). NB. Whoever waited
 * too long for their turn to store it stores nothing: what they had judged and seen is old.
 */
export const claimCall = async (
  world: Converging,
  lease: Lease,
  kind: 'creating' | 'deleting',
  operation: Operation,
  turn: Turn,
): Promise<Lease | undefined> => {
  const meant = kind === 'deleting' ? toGo(lease, operation.since) : lease;
  const isTooLate = (): boolean => isTooLateToCall(operation, world.clock.now());
  const claimed = await turn.storeClaim(async (fence) =>
    isTooLate() ? undefined : commitLease(world, { ...meant, state: claiming(kind, operation) }, [], fence),
  );
  return claimed && !isTooLate() ? claimed : undefined;
};

export const statusOf = (world: Converging, { state }: Lease): Promise<OperationStatus> => {
  if (state.kind === 'creating' && state.operation.id) return world.assignments.creationStatus(state.operation.id);
  if (state.kind === 'deleting' && state.operation.id) return world.assignments.deletionStatus(state.operation.id);
  throw new Error('asked for the status of a call that was not recorded');
};

const withOperation = (lease: Lease, operation: Operation, until: Instant | undefined): Lease =>
  lease.state.kind === 'creating' || lease.state.kind === 'deleting'
    ? { ...lease, state: { ...lease.state, operation, unsettledUntil: until } }
    : lease;

/** A call that was accepted after that time shows that nothing else is under way. */
export const stillUnsettled = (before: Instant | undefined, { since }: Operation): Instant | undefined =>
  before !== undefined && since < before ? before : undefined;

/** Identity Center does not know the call (any more): look at the assignment instead. */
export const forgetCall = async (
  world: Converging,
  lease: Lease,
  change: (operation: Operation) => Operation = (operation) => operation,
): Promise<void> => {
  if (lease.state.kind !== 'creating' && lease.state.kind !== 'deleting') return;
  const { id, ...operation } = lease.state.operation;
  const forgotten: Operation = id === undefined ? operation : { ...operation, accepted: true };
  await commitLease(world, withOperation(lease, change(forgotten), unsettledUntil(lease)), []);
};

const RECORD_ATTEMPTS = 5;

/** The call is under way, as the lease says that was stored with its id; or the lease is to be looked at anew. */
export type Recorded = { readonly underWay: Lease } | 'moved';

/**
 * NB. Whoever called too late may have made what others have taken away meanwhile, where nobody would look again: it is
 * taken back. What others are creating or hold is theirs to look after.
 */
export const recordCreation = async (
  world: Converging,
  claimed: Lease,
  operation: Operation,
  started: Started,
  before: Instant | undefined,
): Promise<Recorded> => {
  const recorded = await recordCall(world, claimed, operation, started, before);
  if (recorded !== 'moved') return recorded;
  for (let attempt = 0; attempt < RECORD_ATTEMPTS; attempt += 1) {
    const lease = await world.ledger.readLease(claimed.id);
    if (lease?.state.kind !== 'vacant' && lease?.state.kind !== 'deleting') break;
    const late = { ...operation, since: world.clock.now() };
    if (await commitLease(world, { ...toGo(lease, late.since), state: claiming('deleting', late) }, [])) break;
  }
  return 'moved';
};

/** Writes down what Identity Center calls the operation, though holds may have come or gone meanwhile. */
export const recordCall = async (
  world: Converging,
  claimed: Lease,
  operation: Operation,
  { operationId }: Started,
  before: Instant | undefined,
): Promise<Recorded> => {
  const known = { ...operation, id: operationId };
  const underWay = await recordOutcome(world, claimed, operation, known, stillUnsettled(before, operation));
  if (underWay) return { underWay };
  // Whoever took the lease over looks at the assignment itself before deciding anything.
  world.reporter.warn('a call was made whose record was overtaken', { leaseId: claimed.id, operationId });
  return 'moved';
};

/** Writes down that nothing came of the call, so that nobody waits for it; `known` is when to call again, if that was learned. */
export const recordAnswer = async (
  world: Converging,
  claimed: Lease,
  operation: Operation,
  until: Instant | undefined,
  known: Operation = operation,
): Promise<void> => {
  await recordOutcome(world, claimed, operation, known, until);
};

const recordOutcome = async (
  world: Converging,
  claimed: Lease,
  operation: Operation,
  known: Operation,
  until: Instant | undefined,
): Promise<Lease | undefined> => {
  let lease: Lease | undefined = claimed;
  for (let attempt = 0; attempt < RECORD_ATTEMPTS && lease && isAtCall(lease, operation); attempt += 1) {
    const stored = await commitLease(world, withOperation(lease, known, until), []);
    if (stored) return stored;
    lease = await world.ledger.readLease(claimed.id);
  }
  return undefined;
};

const isAtCall = ({ state }: Lease, { claim, since }: Operation): boolean =>
  (state.kind === 'creating' || state.kind === 'deleting') &&
  state.operation.claim === claim &&
  state.operation.since === since;

/**
 * The lease as it is now, while it is still at the call that it was at then. NB. What was learned of one call says nothing about
 * another that others have made since: theirs may be under way, and nobody would look for what comes of it.
 */
export const readAtCall = async (world: Converging, { id, state }: Lease): Promise<Lease | undefined> => {
  const lease = await world.ledger.readLease(id);
  return lease && 'operation' in state && isAtCall(lease, state.operation) ? lease : undefined;
};
