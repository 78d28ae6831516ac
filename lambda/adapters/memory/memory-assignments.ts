/** Account assignments in memory: writes that take their time, conflict, fail late, and accept duplicates. */
import type { Target } from '../../domain/access-request.ts';
import type { Assignments, OperationStatus, WriteStarted } from '../../ports/assignments.ts';

export interface MemoryAssignmentsOptions {
  /** A write settles at its n-th status poll; with Infinity only when `settle` is called. */
  readonly settleAfterPolls?: number;
}

export interface MemoryAssignments extends Assignments {
  /** Makes an assignment as somebody else would: at once, unknown to Brevet. */
  assign(principalId: string, target: Target): void;
  unassign(principalId: string, target: Target): void;
  /** Settles every write under way. */
  settle(): void;
  /** The next write is started and then fails with that reason. */
  failNextWrite(reason: string): void;
  /** The next call to start a write is refused or put off like this. */
  answerNextWrite(answer: Exclude<WriteStarted, { kind: 'started' }>): void;
  /** What was planned for the next write is not to be. */
  forgetPlans(): void;
  /** Every assignment that is there, as `principal account permission-set`, sorted. */
  readonly list: () => readonly string[];
  /** Every write that was started, in order. */
  readonly writes: () => readonly MemoryWrite[];
}

export interface MemoryWrite {
  readonly operationId: string;
  readonly write: 'create' | 'delete';
  readonly principalId: string;
  readonly target: Target;
  readonly status: OperationStatus;
}

type Write = 'create' | 'delete';

interface Operation {
  readonly write: Write;
  readonly principalId: string;
  readonly target: Target;
  readonly tuple: string;
  readonly failure?: string;
  polls: number;
  status: OperationStatus;
}

const OUTSTANDING_WRITES = 15;
const CONFLICT: WriteStarted = { kind: 'busy', code: 'ConflictException' };
const THROTTLED: WriteStarted = { kind: 'busy', code: 'ThrottlingException' };

const tupleOf = (principalId: string, target: Target): string =>
  `${principalId} ${target.accountId} ${target.permissionSetName}`;

export const createMemoryAssignments = ({ settleAfterPolls = 1 }: MemoryAssignmentsOptions = {}): MemoryAssignments => {
  const present = new Set<string>();
  const operations = new Map<string, Operation>();
  let nextFailure: string | undefined;
  let nextAnswer: WriteStarted | undefined;

  const underWay = (): readonly Operation[] =>
    [...operations.values()].filter(({ status }) => status.kind === 'in-progress');

  const settleOne = (operation: Operation): void => {
    if (operation.failure !== undefined) {
      operation.status = { kind: 'failed', reason: operation.failure };
      return;
    }
    operation.status = { kind: 'succeeded' };
    if (operation.write === 'create') present.add(operation.tuple);
    else present.delete(operation.tuple);
  };

  const started = (write: Write, principalId: string, target: Target): WriteStarted => {
    const operationId = `${write}-${operations.size + 1}`;
    const failure = nextFailure === undefined ? {} : { failure: nextFailure };
    nextFailure = undefined;
    const status: OperationStatus = { kind: 'in-progress' };
    const tuple = tupleOf(principalId, target);
    operations.set(operationId, { write, principalId, target, tuple, ...failure, polls: 0, status });
    return { kind: 'started', operationId, status };
  };

  const start = (write: Write, principalId: string, target: Target): WriteStarted => {
    const answer = nextAnswer;
    nextAnswer = undefined;
    if (answer) return answer;
    const tuple = tupleOf(principalId, target);
    const before = underWay();
    if (before.some((operation) => operation.tuple === tuple)) return CONFLICT;
    return before.length < OUTSTANDING_WRITES ? started(write, principalId, target) : THROTTLED;
  };

  const poll = (write: Write, operationId: string): OperationStatus => {
    const operation = operations.get(operationId);
    if (operation?.write !== write) return { kind: 'unknown' };
    operation.polls += 1;
    if (operation.status.kind === 'in-progress' && operation.polls >= settleAfterPolls) settleOne(operation);
    return operation.status;
  };

  const inProgress = (write: Write): ReadonlySet<string> =>
    new Set(
      [...operations].filter(([, one]) => one.write === write && one.status.kind === 'in-progress').map(([id]) => id),
    );

  return {
    isAssigned: async (principalId, target) => present.has(tupleOf(principalId, target)),
    create: async (principalId, target) => start('create', principalId, target),
    delete: async (principalId, target) => start('delete', principalId, target),
    creationStatus: async (operationId) => poll('create', operationId),
    deletionStatus: async (operationId) => poll('delete', operationId),
    creationsInProgress: async () => inProgress('create'),
    deletionsInProgress: async () => inProgress('delete'),

    assign: (principalId, target) => void present.add(tupleOf(principalId, target)),
    unassign: (principalId, target) => void present.delete(tupleOf(principalId, target)),
    settle: () => underWay().forEach(settleOne),
    failNextWrite: (reason) => {
      nextFailure = reason;
    },
    answerNextWrite: (answer) => {
      nextAnswer = answer;
    },
    forgetPlans: () => {
      nextFailure = undefined;
      nextAnswer = undefined;
    },
    list: () => [...present].sort(),
    writes: () =>
      [...operations].map(([operationId, { write, principalId, target, status }]) => ({
        operationId,
        write,
        principalId,
        target,
        status,
      })),
  };
};
