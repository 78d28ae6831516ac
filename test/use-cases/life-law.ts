/** The law, looked at from outside after every step of a life: what is stored, and what is there in Identity Center. */
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { type AccessRequest, isOpen } from '../../lambda/domain/access-request.ts';
import type { Hold, Lease } from '../../lambda/domain/lease.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { whatIsWrongWith } from '../verify-chain.ts';
import { count, type Life, leaseOfTuple, TUPLES, tupleOf } from './life.ts';
import { ACCOUNTS } from './small-policy.ts';

const { sha256 } = createSequentialIds();
const HOUR_MS = 3_600_000;

/** Everything at one moment, read once, past all faults. */
export interface Sight {
  readonly now: Instant;
  readonly requests: readonly AccessRequest[];
  readonly leases: ReadonlyMap<string, Lease>;
  readonly there: ReadonlySet<string>;
  readonly standing: ReadonlySet<string>;
  readonly tampered: ReadonlySet<string>;
}

export const look = async (life: Life): Promise<Sight> => {
  const requests = await Promise.all(life.asked.map((id) => life.small.truth.readRequest(id)));
  const leases = await Promise.all(
    TUPLES.map(async (tuple) => [tupleOf(tuple.principalId, tuple.target), await leaseOfTuple(life, tuple)] as const),
  );
  return {
    now: life.small.clock.now(),
    requests: requests.filter((request) => request !== undefined),
    leases: new Map(leases),
    there: new Set(life.small.identityCenter.list()),
    standing: life.standing,
    tampered: life.tampered,
  };
};

// ---------- what the policy says, written down again ----------

const isSandbox = ({ target }: AccessRequest): boolean => target.accountId === ACCOUNTS.sandbox.id;
const isDatabase = ({ target }: AccessRequest): boolean => target.permissionSetName === 'Database';
const requiredBy = (request: AccessRequest): number => (isSandbox(request) ? 0 : isDatabase(request) ? 2 : 1);
const longestOf = (request: AccessRequest): number => (isSandbox(request) ? 8 : isDatabase(request) ? 2 : 4) * HOUR_MS;

// ---------- the law for one request ----------

const nameOf = ({ requester, target }: AccessRequest): string => tupleOf(requester.id, target);

const endOf = (request: AccessRequest): Instant | undefined => {
  if (request.status === 'granting') return request.latestEnd;
  return request.status === 'active' || request.status === 'ending' ? request.endsAt : undefined;
};

const whatIsWrongWithVotes = (request: AccessRequest): string | undefined => {
  const voters = request.votes.map(({ approver }) => approver.id);
  if (voters.includes(request.requester.id)) return 'law 6: the requester voted';
  if (new Set(voters).size < voters.length) return 'law 5: a person counts twice';
  if (['pending', 'rejected', 'cancelled', 'expired'].includes(request.status)) return undefined;
  if (request.votes.some(({ choice }) => choice === 'reject')) return 'law 5: it goes on though it was rejected';
  return voters.length >= requiredBy(request) ? undefined : 'law 1: it goes on without enough approvals';
};

const whatIsWrongWithTime = (request: AccessRequest): string | undefined => {
  if (request.status !== 'active') return undefined;
  const length = request.endsAt - (request.start ?? request.activeSince);
  return length <= longestOf(request) ? undefined : `law 7: it lasts ${length} ms in all`;
};

const whatIsWrongWithMove = async (
  life: Life,
  before: AccessRequest,
  request: AccessRequest,
): Promise<string | undefined> => {
  if (!isOpen(before) && request.version !== before.version) return 'law 5: it was over and changed';
  const [was, is] = [endOf(before), endOf(request)];
  if (was === undefined || is === undefined || is <= was) return undefined;
  const events = (await life.small.truth.readEvents(request.id)).slice(before.trail.count);
  const extended = events.some(({ kind }) => kind === 'extended' || kind === 'extension-voted');
  return extended ? undefined : 'law 2: the latest end moved away';
};

const whatIsWrongWithAccess = (sight: Sight, before: AccessRequest | undefined, request: AccessRequest) => {
  const name = nameOf(request);
  const isThere = sight.there.has(name);
  const isStanding = sight.standing.has(name);
  if (request.status === 'active' && before?.status !== 'active') {
    if (!isThere && !sight.tampered.has(name)) return 'law 10: it is called usable and is not';
    if (request.standing !== isStanding) return `law 4: it says standing: ${request.standing}, which is not so`;
  }
  const justOver = !isOpen(request) && before !== undefined && isOpen(before);
  if (!justOver || !isThere || isStanding) return undefined;
  return sight.leases.get(name)?.holds.length ? undefined : `it is called ${request.status} and its access is there`;
};

const whatIsWrongWithRequest = async (
  life: Life,
  sight: Sight,
  request: AccessRequest,
): Promise<string | undefined> => {
  const before = life.known.get(request.id);
  if (before?.version === request.version) return undefined;
  const events = await life.small.truth.readEvents(request.id);
  const chain = whatIsWrongWith(events, request.trail, sha256);
  if (chain !== 'nothing') return `law 8: ${chain}`;
  return (
    whatIsWrongWithVotes(request) ??
    whatIsWrongWithTime(request) ??
    whatIsWrongWithAccess(sight, before, request) ??
    (before && whatIsWrongWithMove(life, before, request))
  );
};

// ---------- the law for one lease ----------

const isHoldOf = (request: AccessRequest, { requestId, endsAt }: Hold): boolean =>
  request.id === requestId && endOf(request) === endsAt;

const whatIsWrongWithLease = (sight: Sight, name: string, lease: Lease): string | undefined => {
  const holders = sight.requests.filter((request) => nameOf(request) === name && endOf(request) !== undefined);
  if (lease.holds.length !== holders.length) return 'holds and requests that hold are not the same';
  if (!holders.every((request) => lease.holds.some((hold) => isHoldOf(request, hold)))) {
    return 'a hold has another end than its request';
  }
  const isBrevets = sight.there.has(name) && !sight.standing.has(name);
  const isLive = lease.state.kind === 'creating' || lease.state.kind === 'held' || lease.state.kind === 'deleting';
  return isBrevets && !isLive ? `law 1: an assignment without a live lease (${lease.state.kind})` : undefined;
};

// ---------- all of it ----------

const situationOf = (request: AccessRequest): string =>
  'standing' in request && request.standing ? `${request.status}, standing` : request.status;

/** The first thing that goes against the law now; `nothing` when all is well. Remembers what it saw. */
export const firstWrong = async (life: Life): Promise<string> => {
  const sight = await look(life);
  const faults: (string | undefined)[] = [...life.violations];
  for (const name of sight.standing) {
    if (!sight.there.has(name)) faults.push(`law 4: ${name} stood before and is gone`);
  }
  for (const [name, lease] of sight.leases) {
    const wrong = whatIsWrongWithLease(sight, name, lease);
    if (wrong) faults.push(`${name}: ${wrong}`);
    if (lease.holds.length > 1) count(life, `${lease.state.kind} for several`);
  }
  for (const request of sight.requests) {
    const wrong = await whatIsWrongWithRequest(life, sight, request);
    if (wrong) faults.push(`${request.id} (${request.status}): ${wrong}`);
    if (life.known.get(request.id)?.status !== request.status) count(life, `became ${situationOf(request)}`);
    life.known.set(request.id, request);
  }
  return faults.find((fault) => fault !== undefined) ?? 'nothing';
};

/** After sweeps that nothing disturbed: nothing is used or there for longer than the sweep's period after its end. */
export const firstOverdue = async (life: Life): Promise<string> => {
  const sight = await look(life);
  const past = sight.now - 125_000;
  const isLate = (request: AccessRequest): boolean =>
    (request.status === 'active' || request.status === 'ending') && request.endsAt < past;
  const late = sight.requests.find(isLate);
  if (late) return `law 3: ${late.id} is ${late.status} long after its end`;
  for (const [name, { holds }] of sight.leases) {
    const isBrevets = sight.there.has(name) && !sight.standing.has(name);
    if (isBrevets && !holds.some(({ endsAt }) => endsAt >= past)) return `law 3: ${name} is there long after its end`;
  }
  return 'nothing';
};

/** At the end of all time: every request is over, nothing of Brevet's is left, and what stood before stands. */
export const firstLeftOver = async (life: Life): Promise<string> => {
  const sight = await look(life);
  const open = sight.requests.find(isOpen);
  if (open) return `${open.id} is still ${open.status}`;
  for (const [name, { state, holds }] of sight.leases) {
    if (state.kind !== 'vacant' || holds.length > 0)
      return `the lease ${name} is ${state.kind} with ${holds.length} holds`;
  }
  const [there, stood] = [[...sight.there].sort().join(', '), [...sight.standing].sort().join(', ')];
  return there === stood ? 'nothing' : `there is ${there}, where ${stood} stood`;
};
