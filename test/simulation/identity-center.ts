/** IAM Identity Center as it truly is in this world: who is assigned, by whose hand, and which writes are under way. */
import type { Target } from '../../lambda/domain/access-request.ts';
import { leaseIdOf } from '../../lambda/domain/lease.ts';
import type { Assignments, OperationStatus, WriteStarted } from '../../lambda/ports/assignments.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';
import { afflictionAt, type Weather } from './weather.ts';

export type Maker = 'brevet' | 'outside';
export interface Assignment {
  /** Of the lease that would explain it. */
  readonly leaseId: string;
  readonly principalId: string;
  readonly target: Target;
  readonly maker: Maker;
}
interface Operation {
  readonly write: 'create' | 'delete';
  readonly key: string;
  status: OperationStatus;
  settledAt: number;
}

/** Told of everything that changes, as it changes. */
export interface AssignmentWatch {
  /** A call to create was accepted. */
  creating(key: string, principalId: string, target: Target): void;
  made(assignment: Assignment): void;
  removed(assignment: Assignment, by: Maker): void;
}

export interface IdentityCenter extends Assignments {
  readonly present: ReadonlyMap<string, Assignment>;
  /** Whether a write of this assignment is under way. */
  isBusy(key: string): boolean;
  /** As somebody does in the console, at once. */
  assign(principalId: string, target: Target): void;
  unassign(key: string): void;
  /** The account or the permission set is gone, with every assignment of it. */
  vanish(accountIdOrPermissionSetArn: string): void;
}

export const assignmentKey = (principalId: string, target: Target): string =>
  `${principalId} ${target.accountId} ${target.permissionSetArn}`;

const assignmentOf = (principalId: string, target: Target, maker: Maker): Assignment => ({
  leaseId: leaseIdOf(principalId, target),
  principalId,
  target,
  maker,
});

const OUTSTANDING_WRITES = 15;
const CALLS_A_SECOND = 20;
const CONFLICT: WriteStarted = { kind: 'busy', code: 'ConflictException' };
const THROTTLED: WriteStarted = { kind: 'busy', code: 'ThrottlingException' };
const NOT_THERE: WriteStarted = { kind: 'not-there' };
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
}

export const createIdentityCenter = ({ timeline, chance, weather, watch }: Parts): IdentityCenter => {
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

  const effect = (write: Operation['write'], key: string, assignment: Assignment): void => {
    const there = present.get(key);
    if (write === 'create' && !there) {
      present.set(key, assignment);
      watch.made(assignment);
    }
    if (write === 'delete' && there) {
      present.delete(key);
      watch.removed(there, 'brevet');
    }
  };
  const outcomeOf = (write: Operation['write'], key: string, target: Target): OperationStatus => {
    if (isGone(target)) return { kind: 'failed', reason: 'the account or the permission set is gone' };
    if (write === 'delete' && !present.has(key) && weather().deletingNothing === 'fails') {
      return { kind: 'failed', reason: 'there is no such assignment' };
    }
    return chance.happens(weather().writeFails) ? { kind: 'failed', reason: 'it did not work' } : { kind: 'succeeded' };
  };
  const settle = (operation: Operation, assignment: Assignment): void => {
    if (afflictionAt(weather(), 'identity-center', timeline.now()) === 'stuck') {
      timeline.after(60_000, () => settle(operation, assignment));
      return;
    }
    operation.status = outcomeOf(operation.write, operation.key, assignment.target);
    operation.settledAt = timeline.now();
    busy.delete(operation.key);
    if (operation.status.kind === 'succeeded') effect(operation.write, operation.key, assignment);
  };

  /** What a call to write is answered when it starts nothing. */
  const refusal = (write: Operation['write'], key: string, target: Target): WriteStarted | undefined => {
    if (isThrottled()) return THROTTLED;
    if (isGone(target)) return write === 'delete' ? NOT_THERE : GONE;
    if (busy.has(key)) return CONFLICT;
    if (busy.size >= OUTSTANDING_WRITES) return THROTTLED;
    const isNothing = write === 'delete' && !present.has(key);
    return isNothing && weather().deletingNothing === 'not-there' ? NOT_THERE : undefined;
  };
  const duration = (): number => {
    const isLong = !weather().calm && chance.happens(0.01);
    return weather().writeMs * chance.between(0.5, 1.5) * (isLong ? 50 : 1);
  };
  const start = async (write: Operation['write'], principalId: string, target: Target): Promise<WriteStarted> => {
    const key = assignmentKey(principalId, target);
    const refused = refusal(write, key, target);
    if (refused) return refused;
    if (write === 'create') watch.creating(key, principalId, target);
    const operationId = `${write}-${operations.size + 1}`;
    const operation: Operation = { write, key, status: { kind: 'in-progress' }, settledAt: Number.POSITIVE_INFINITY };
    operations.set(operationId, operation);
    busy.add(key);
    timeline.after(duration(), () => settle(operation, assignmentOf(principalId, target, 'brevet')));
    return { kind: 'started', operationId, status: operation.status };
  };
  const statusOf = async (write: Operation['write'], operationId: string): Promise<OperationStatus> => {
    refuseWhenThrottled();
    const operation = operations.get(operationId);
    const isForgotten = operation && timeline.now() > operation.settledAt + weather().forgetsOperationsAfterMs;
    return !operation || operation.write !== write || isForgotten ? { kind: 'unknown' } : operation.status;
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
    isBusy: (key) => busy.has(key),
    assign: (principalId, target) => {
      const assignment = assignmentOf(principalId, target, 'outside');
      present.set(assignmentKey(principalId, target), assignment);
      watch.made(assignment);
    },
    unassign: (key) => {
      const there = present.get(key);
      present.delete(key);
      if (there) watch.removed(there, 'outside');
    },
    vanish: (id) => {
      vanished.add(id);
      for (const [key, { target }] of [...present]) {
        if (!isGone(target)) continue;
        const there = present.get(key);
        present.delete(key);
        if (there) watch.removed(there, 'outside');
      }
    },
  };
};
