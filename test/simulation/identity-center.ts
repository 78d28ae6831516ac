/** IAM Identity Center as it truly is in this world: who is assigned, by whose hand, and which writes are under way. */
import type { Target } from '../../lambda/domain/access-request.ts';
import { leaseIdOf } from '../../lambda/domain/lease.ts';
import type { Assignments, OperationStatus, WriteStarted } from '../../lambda/ports/assignments.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';
import { afflictionAt, type Weather } from './weather.ts';

/** `both`: others made it while a lease was at work there, so that nobody can tell whose it is. */
export type Maker = 'brevet' | 'outside' | 'both';
export interface Assignment {
  /** Of the lease that would explain it. */
  readonly leaseId: string;
  readonly principalId: string;
  readonly target: Target;
  readonly maker: Maker;
  /** Since when it belongs to its maker. */
  readonly since: number;
}
export interface Operation {
  readonly id: string;
  readonly write: 'create' | 'delete';
  readonly by: 'brevet' | 'outside';
  readonly key: string;
  readonly principalId: string;
  readonly target: Target;
  readonly askedAt: number;
  status: OperationStatus;
  settledAt: number;
}

/** Told of everything that changes, as it changes. */
export interface AssignmentWatch {
  /** A call to create was accepted. */
  creating(key: string, principalId: string, target: Target): void;
  made(assignment: Assignment): void;
  removed(assignment: Assignment, by: Operation['by']): void;
}

export interface IdentityCenter extends Assignments {
  readonly present: ReadonlyMap<string, Assignment>;
  /** Every write that was ever asked for, by id. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** For the calls that are not made here: throws where too many are made. */
  refuseWhenThrottled(): void;
  /** Whether it is too long since it came to its end. */
  isForgotten(operation: Operation): boolean;
  /** Whether a write of this assignment is under way. */
  isBusy(key: string): boolean;
  /** From the beginning. */
  stand(principalId: string, target: Target): void;
  /** As somebody does in the console; undefined when it is refused. */
  assign(principalId: string, target: Target): Operation | undefined;
  unassign(key: string): Operation | undefined;
  /** From now on it is whose it was found to be. */
  belong(key: string, maker: Maker): void;
  /** The account or the permission set is gone, with every assignment of it. */
  vanish(accountIdOrPermissionSetArn: string): void;
}

export const assignmentKey = (principalId: string, target: Target): string =>
  `${principalId} ${target.accountId} ${target.permissionSetArn}`;

const OUTSTANDING_WRITES = 15;
const CALLS_A_SECOND = 20;
const CONFLICT: WriteStarted = { kind: 'busy', code: 'ConflictException' };
const THROTTLED: WriteStarted = { kind: 'busy', code: 'ThrottlingException' };
const NOT_THERE: WriteStarted = { kind: 'not-there' };
const DENIED: WriteStarted = { kind: 'refused', code: 'AccessDeniedException', reason: 'not now' };
const GONE: WriteStarted = {
  kind: 'refused',
  code: 'ResourceNotFoundException',
  reason: 'no such account or permission set',
};

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly weather: () => Weather;
  readonly watch: AssignmentWatch;
  /** Somebody has asked for a write. */
  readonly onAsked: (operation: Operation) => void;
  /** Whether a lease is at work there. */
  readonly isOurs: (leaseId: string) => boolean;
}

export const createIdentityCenter = ({ timeline, chance, weather, watch, onAsked, isOurs }: Parts): IdentityCenter => {
  const outside = chance.stream('outside');
  const refusals = chance.stream('refusals');
  const present = new Map<string, Assignment>();
  const operations = new Map<string, Operation>();
  const busy = new Set<string>();
  const vanished = new Set<string>();
  let second = 0;
  let calls = 0;

  const isThrottled = (): boolean => {
    const now = Math.floor(timeline.now() / 1000);
    calls = now === second ? calls + 1 : 1;
    second = now;
    return (
      afflictionAt(weather(), 'identity-center', timeline.now()) === 'throttled' ||
      (weather().limitsRate && calls > CALLS_A_SECOND)
    );
  };
  const refuseWhenThrottled = (): void => {
    if (isThrottled()) throw new ServiceFault('identity-center', 'ThrottlingException', undefined);
  };
  const isGone = ({ accountId, permissionSetArn }: Target): boolean =>
    vanished.has(accountId) || vanished.has(permissionSetArn);

  const put = (key: string, principalId: string, target: Target, by: Operation['by']): void => {
    const leaseId = leaseIdOf(principalId, target);
    const maker: Maker = by === 'outside' && isOurs(leaseId) ? 'both' : by;
    const assignment = { leaseId, principalId, target, maker, since: timeline.now() };
    present.set(key, assignment);
    watch.made(assignment);
  };
  const take = (key: string, by: Operation['by']): void => {
    const there = present.get(key);
    present.delete(key);
    if (there) watch.removed(there, by);
  };
  const effect = ({ write, key, principalId, target, by }: Operation): void => {
    if (write === 'delete') take(key, by);
    // What is there already is not made again, and it is not told who else has asked for it.
    else if (!present.has(key)) put(key, principalId, target, by);
  };
  const outcomeOf = ({ write, key, target, by }: Operation): OperationStatus => {
    if (isGone(target)) return { kind: 'failed', reason: 'the account or the permission set is gone' };
    if (write === 'delete' && !present.has(key) && weather().deletingNothing === 'fails') {
      return { kind: 'failed', reason: 'there is no such assignment' };
    }
    const whose = by === 'outside' ? outside : chance;
    return whose.happens(weather().writeFails) ? { kind: 'failed', reason: 'it did not work' } : { kind: 'succeeded' };
  };
  const settle = (operation: Operation): void => {
    if (afflictionAt(weather(), 'identity-center', timeline.now()) === 'stuck') {
      timeline.after(60_000, () => settle(operation));
      return;
    }
    operation.status = outcomeOf(operation);
    operation.settledAt = timeline.now();
    busy.delete(operation.key);
    if (operation.status.kind === 'succeeded') effect(operation);
  };

  const denial = (): WriteStarted | undefined => (refusals.happens(weather().creationRefused) ? DENIED : undefined);
  /** What a call to write is answered when it starts nothing. */
  const refusal = (write: Operation['write'], key: string, target: Target): WriteStarted | undefined => {
    if (isThrottled()) return THROTTLED;
    if (isGone(target)) return write === 'delete' ? NOT_THERE : GONE;
    if (busy.has(key)) return CONFLICT;
    if (busy.size >= OUTSTANDING_WRITES) return THROTTLED;
    const isNothing = write === 'delete' && !present.has(key);
    return isNothing && weather().deletingNothing === 'not-there' ? NOT_THERE : undefined;
  };
  const begin = (write: Operation['write'], principalId: string, target: Target, by: Operation['by']): Operation => {
    const key = assignmentKey(principalId, target);
    const operation: Operation = {
      ...{ id: `${write}-${operations.size + 1}`, write, by, key, principalId, target, askedAt: timeline.now() },
      status: { kind: 'in-progress' },
      settledAt: Number.POSITIVE_INFINITY,
    };
    operations.set(operation.id, operation);
    busy.add(key);
    const ms = by === 'outside' ? weather().writeMs * outside.between(0.1, 1.5) : duration();
    timeline.after(ms, () => settle(operation));
    onAsked(operation);
    return operation;
  };
  const duration = (): number => {
    const isLong = !weather().calm && chance.happens(0.01);
    return weather().writeMs * chance.between(0.5, 1.5) * (isLong ? 50 : 1);
  };
  const start = async (write: Operation['write'], principalId: string, target: Target): Promise<WriteStarted> => {
    const key = assignmentKey(principalId, target);
    const refused = refusal(write, key, target) ?? (write === 'create' ? denial() : undefined);
    if (refused) return refused;
    if (write === 'create') watch.creating(key, principalId, target);
    const { id, status } = begin(write, principalId, target, 'brevet');
    return { kind: 'started', operationId: id, status };
  };
  const byHand = (write: Operation['write'], principalId: string, target: Target): Operation | undefined => {
    const isBusy = busy.has(assignmentKey(principalId, target)) || busy.size >= OUTSTANDING_WRITES;
    return isBusy || isGone(target) ? undefined : begin(write, principalId, target, 'outside');
  };
  const isForgotten = ({ settledAt }: Operation): boolean =>
    timeline.now() > settledAt + weather().forgetsOperationsAfterMs;
  const statusOf = async (write: Operation['write'], operationId: string): Promise<OperationStatus> => {
    refuseWhenThrottled();
    const operation = operations.get(operationId);
    const isKnown = operation?.write === write && !isForgotten(operation);
    return isKnown ? operation.status : { kind: 'unknown' };
  };

  const inProgress = (write: Operation['write']): ReadonlySet<string> => {
    refuseWhenThrottled();
    const found = [...operations].filter(([, one]) => one.write === write && one.status.kind === 'in-progress');
    return new Set(found.map(([id]) => id));
  };

  return {
    isAssigned: async (principalId, target) => {
      refuseWhenThrottled();
      return present.has(assignmentKey(principalId, target));
    },
    create: (principalId, target) => start('create', principalId, target),
    delete: (principalId, target) => start('delete', principalId, target),
    creationStatus: (operationId) => statusOf('create', operationId),
    deletionStatus: (operationId) => statusOf('delete', operationId),
    creationsInProgress: async () => inProgress('create'),
    deletionsInProgress: async () => inProgress('delete'),

    present,
    operations,
    refuseWhenThrottled,
    isForgotten,
    isBusy: (key) => busy.has(key),
    stand: (principalId, target) => put(assignmentKey(principalId, target), principalId, target, 'outside'),
    assign: (principalId, target) => byHand('create', principalId, target),
    unassign: (key) => {
      const there = present.get(key);
      return there && byHand('delete', there.principalId, there.target);
    },
    belong: (key, maker) => {
      const there = present.get(key);
      if (there) present.set(key, { ...there, maker, since: timeline.now() });
    },
    vanish: (id) => {
      vanished.add(id);
      for (const [key, { target }] of [...present]) if (isGone(target)) take(key, 'outside');
    },
  };
};
