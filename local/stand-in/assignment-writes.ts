// The asynchronous writes of Identity Center: accepted at once, in progress for a while, and only then seen.
import { accessDenied, ServiceError } from './errors.ts';
import { randomHex, randomUuid } from './random-ids.ts';
import type { Context } from './service.ts';
import { type Assignment, type AssignmentOperation, assignmentKey, type Change, roleKey } from './tables.ts';
import type { World } from './world.ts';

/**
 * Accepts a write, whether or not its effect is there already.
 * @throws ServiceError AccessDenied for a delegated administrator in the management account's domain, Conflict while an
 * earlier write of the same assignment is in progress, Throttling when as many are in progress as AWS bears.
 */
export const acceptWrite = (
  kind: AssignmentOperation['kind'],
  assignment: Assignment,
  { world, pace, takeDoom }: Context,
): AssignmentOperation => {
  refuseWhatIsTheManagementAccounts(world, kind, assignment);
  refuseWhileInProgress(world, assignment);
  refuseTooManyOutstanding(world, pace.settings.outstandingLimit);
  const createdAtMs = world.nowMs();
  const accepted: AssignmentOperation = {
    requestId: randomUuid(world.random, world.tables.operations),
    kind,
    assignment,
    createdAtMs,
    settlesAtMs: createdAtMs + pace.latencyMs(),
    status: 'IN_PROGRESS',
    failureReason: undefined,
    doom: takeDoom(),
  };
  world.commit([{ table: 'operations', key: accepted.requestId, value: accepted }]);
  return accepted;
};

/** Brings about what has become due by now, in the order in which it became due; also what did so while nobody ran. */
export const settleDue = (world: World): void => {
  const due = [...world.inFlight.values()].filter(({ settlesAtMs }) => settlesAtMs <= world.nowMs());
  for (const operation of due.sort((one, other) => one.settlesAtMs - other.settlesAtMs)) settle(world, operation);
};

const settle = (world: World, operation: AssignmentOperation): void => {
  const failureReason = failure(world, operation);
  const settled: AssignmentOperation = {
    ...operation,
    status: failureReason === undefined ? 'SUCCEEDED' : 'FAILED',
    failureReason,
  };
  const effect = failureReason === undefined ? effectOf(world, operation) : [];
  world.commit([...effect, { table: 'operations', key: operation.requestId, value: settled }]);
};

const failure = ({ seed, tables }: World, { kind, assignment, doom }: AssignmentOperation): string | undefined => {
  const { principalType, principalId, accountId } = assignment;
  const nothingToDelete = kind === 'deletion' && !tables.assignments.has(assignmentKey(assignment));
  if (doom !== undefined && (nothingToDelete || !doom.onlyWhenAbsent)) return doom.reason;
  const known = principalType === 'USER' ? tables.users.has(principalId) : isGroup(seed, principalId);
  // Seen in hashicorp/terraform-provider-aws#19341.
  if (!known) {
    return `Received a 404 status error: the ${principalType} assignee ${principalId} was not found in directory ${seed.identityStoreId}`;
  }
  const suspended = seed.accounts.some(({ id, state }) => id === accountId && state === 'SUSPENDED');
  // Assumed: AWS does not document what it answers for a suspended account.
  if (kind === 'creation' && suspended) return `Received a 403 status error: account ${accountId} is suspended`;
  return undefined;
};

const isGroup = (seed: World['seed'], id: string): boolean => seed.groups.some(({ groupId }) => groupId === id);

const effectOf = (world: World, { kind, assignment }: AssignmentOperation): Change[] =>
  kind === 'creation' ? creation(world, assignment) : deletion(world, assignment);

/** The role of a permission set in an account comes with its first assignment there, with a suffix never seen before. */
const creation = ({ tables, random }: World, assignment: Assignment): Change[] => {
  const role = roleKey(assignment.accountId, assignment.permissionSetArn);
  return [
    { table: 'assignments', key: assignmentKey(assignment), value: assignment },
    { table: 'roles', key: role, value: tables.roles.get(role) ?? randomHex(random, 16) },
  ];
};

/** … and goes with the last. Deleting what is not there changes nothing. */
const deletion = ({ tables }: World, assignment: Assignment): Change[] => {
  const key = assignmentKey(assignment);
  const role = roleKey(assignment.accountId, assignment.permissionSetArn);
  const others = [...tables.assignments].some(
    ([otherKey, other]) => otherKey !== key && roleKey(other.accountId, other.permissionSetArn) === role,
  );
  return [
    { table: 'assignments', key, value: null },
    ...(others ? [] : [{ table: 'roles', key: role, value: null } as const]),
  ];
};

/** A permission set that is provisioned in the management account is out of a delegated administrator's reach everywhere. */
const refuseWhatIsTheManagementAccounts = (
  { seed, tables }: World,
  kind: AssignmentOperation['kind'],
  { accountId, permissionSetArn }: Assignment,
): void => {
  if (seed.callerIs === 'management') return;
  const action = kind === 'creation' ? 'sso:CreateAccountAssignment' : 'sso:DeleteAccountAssignment';
  const caller = `arn:aws:sts::${seed.hostingAccountId}:assumed-role/brevet/stand-in`;
  if (accountId === seed.managementAccountId) {
    throw accessDenied(action, `arn:aws:sso:::account/${accountId}`, caller);
  }
  if (tables.roles.has(roleKey(seed.managementAccountId, permissionSetArn))) {
    throw accessDenied(action, permissionSetArn, caller);
  }
};

const refuseWhileInProgress = ({ inFlight }: World, assignment: Assignment): void => {
  const key = assignmentKey(assignment);
  if ([...inFlight.values()].some((earlier) => assignmentKey(earlier.assignment) === key)) {
    throw new ServiceError('ConflictException', 'An earlier write of this account assignment is still in progress.');
  }
};

/** Throttling, not ServiceQuotaExceeded, as seen in aws-samples/aws-iam-identity-center-extensions#87. */
const refuseTooManyOutstanding = ({ inFlight }: World, limit: number | null): void => {
  if (limit !== null && inFlight.size >= limit) {
    throw new ServiceError('ThrottlingException', 'There are too many requests processing. Please try again later.');
  }
};
