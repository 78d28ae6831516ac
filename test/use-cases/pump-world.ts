/** A world for the pump on virtual time: Identity Center takes its time and bears only so much, and notes when what was begun. */
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryPumpLock } from '../../lambda/adapters/memory/memory-pump-lock.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import type { AccessRequest, AccountTarget, BreakGlass } from '../../lambda/domain/access-request.ts';
import { sealEvent, trailAfter } from '../../lambda/domain/audit-event.ts';
import { glassBroken } from '../../lambda/domain/break-glass.ts';
import { emptyLease, type LeaseState, leaseIdOf, withHoldOf } from '../../lambda/domain/lease.ts';
import { addSeconds, type Instant, instant } from '../../lambda/domain/time.ts';
import type { Assignments, OperationStatus, WriteStarted } from '../../lambda/ports/assignments.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import type { RequestChange } from '../../lambda/ports/ledger.ts';
import { runPump } from '../../lambda/use-cases/pump/pump.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import { chanceOf } from '../simulation/chance.ts';
import { createTimeline, type Timeline } from '../simulation/timeline.ts';
import { ACCOUNTS, PEOPLE, PERMISSION_SETS, POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, smallWorld } from './small-world.ts';

export const START = at('09:00');
const THROTTLED: WriteStarted = { kind: 'busy', code: 'ThrottlingException' };

export interface Begun {
  readonly write: 'create' | 'delete';
  readonly accountId: string;
  readonly at: number;
  readonly takesMs: number;
}

interface UnderWay extends Begun {
  status: OperationStatus;
}

/** Writes take two to eight seconds; 20 requests a second and 15 writes at once are borne. */
const limitedAssignments = (timeline: Timeline) => {
  const chance = chanceOf('pump');
  const present = new Set<string>();
  const operations = new Map<string, UnderWay>();
  const began: Begun[] = [];
  let throttled = 0;
  let requests = 0;
  let recent: number[] = [];
  let most = 0;

  const isTooMuch = (): boolean => {
    requests += 1;
    recent = recent.filter((moment) => moment > timeline.now() - 1_000);
    if (recent.length >= 20) {
      throttled += 1;
      return true;
    }
    recent.push(timeline.now());
    return false;
  };
  const answerAfter = async <Answer>(milliseconds: number, answer: () => Answer): Promise<Answer> => {
    await timeline.sleep(milliseconds);
    if (isTooMuch()) throw new ServiceFault('identity-center', 'ThrottlingException', undefined);
    return answer();
  };
  const keyOf = (principalId: string, { accountId }: AccountTarget): string => `${principalId} ${accountId}`;
  const start = async (write: Begun['write'], principalId: string, target: AccountTarget): Promise<WriteStarted> => {
    await timeline.sleep(15);
    const open = [...operations.values()].filter(({ status }) => status.kind === 'in-progress').length;
    if (isTooMuch()) return THROTTLED;
    if (open >= 15) {
      throttled += 1;
      return THROTTLED;
    }
    most = Math.max(most, open + 1);
    const takesMs = chance.between(2_000, 8_000);
    const begun: UnderWay = {
      write,
      accountId: target.accountId,
      at: timeline.now(),
      takesMs,
      status: { kind: 'in-progress' },
    };
    const operationId = `${write}-${operations.size}`;
    operations.set(operationId, begun);
    began.push(begun);
    timeline.after(takesMs, () => {
      begun.status = { kind: 'succeeded' };
      if (write === 'create') present.add(keyOf(principalId, target));
      else present.delete(keyOf(principalId, target));
    });
    return { kind: 'started', operationId, status: begun.status };
  };
  const statusOf = (id: string): Promise<OperationStatus> =>
    answerAfter(15, () => operations.get(id)?.status ?? { kind: 'unknown' });
  const inProgress = (write: Begun['write']): Promise<ReadonlySet<string>> =>
    answerAfter(
      15,
      () =>
        new Set(
          [...operations].flatMap(([id, one]) =>
            one.write === write && one.status.kind === 'in-progress' ? [id] : [],
          ),
        ),
    );
  const assignments: Assignments = {
    isAssigned: (principalId, target) => answerAfter(15, () => present.has(keyOf(principalId, target))),
    create: (principalId, target) => start('create', principalId, target),
    delete: (principalId, target) => start('delete', principalId, target),
    creationStatus: statusOf,
    deletionStatus: statusOf,
    creationsInProgress: () => inProgress('create'),
    deletionsInProgress: () => inProgress('delete'),
  };
  return { assignments, present, began, keyOf, throttled: () => throttled, requests: () => requests, most: () => most };
};

/** Everything that the pump awaits takes some milliseconds of virtual time. */
const slowly = <Port extends object>(timeline: Timeline, port: Port, milliseconds: number): Port =>
  Object.fromEntries(
    Object.entries(port).map(([name, member]) => [
      name,
      typeof member === 'function'
        ? async (...given: readonly unknown[]) => {
            await timeline.sleep(milliseconds);
            return (member as (...all: readonly unknown[]) => unknown)(...given);
          }
        : member,
    ]),
  ) as Port;

const GLASS = 'break_glass: { tell: { groups: [leads] }, max_uses: 20 }';

/** What is stored with whoever breaks the glass. */
export const BROKEN: BreakGlass = {
  incident: 'INC-42',
  told: { groups: [{ id: 'group-leads', name: 'leads' }], people: [] },
  reviewers: { groups: [{ id: 'group-leads', name: 'leads' }], people: [] },
  reviewBy: addSeconds(instant(START), 86_400),
};

const stored = (request: AccessRequest): RequestChange => {
  if (!request.breakGlass) return { after: request, events: [] };
  const { sha256 } = createSequentialIds();
  const fact = glassBroken(request, request.breakGlass);
  const event = sealEvent(request.id, request.trail, request.salt, fact, sha256);
  return { after: { ...request, trail: trailAfter(event) }, events: [event] };
};

export const pumpWorld = (portMs = 5) => {
  const timeline = createTimeline(START);
  const small = smallWorld();
  small.published.publish(policyOf(POLICY_TEXT.replace('max_duration: 8h\n', `max_duration: 8h\n    ${GLASS}\n`)));
  const lock = createMemoryPumpLock();
  const ledger = createMemoryLedger(lock.fenceNow);
  const center = limitedAssignments(timeline);
  const ids = createSequentialIds();
  const woken: string[] = [];
  const warnings: string[] = [];
  const world: World = {
    ...small.world,
    ledger: slowly(timeline, ledger, portMs),
    lock: slowly(timeline, lock, portMs),
    assignments: center.assignments,
    converger: { wake: async (leaseIds) => void woken.push(...leaseIds) },
    clock: { now: () => instant(timeline.now()), sleep: timeline.sleep },
    reporter: { warn: (message) => void warnings.push(message) },
    ids,
    // Each request is for an account of its own, and all may be asked for.
    organization: { ...small.accounts, findAccount: async (id) => ({ ...ACCOUNTS.sandbox, id }) },
  };
  let number = 0;
  /** One request that the ledger knows, of Ann's, for an account of its own. */
  const put = async (status: 'granting' | 'ending' | 'active', more: Partial<AccessRequest> = {}): Promise<string> => {
    number += 1;
    const now = instant(timeline.now());
    const { version } = await small.published.current();
    const id = ids.requestId();
    const accountId = String(410_000_000_000 + number);
    const target: AccountTarget = {
      kind: 'account',
      accountId,
      accountName: `account-${number}`,
      permissionSetArn: PERMISSION_SETS.Admin.arn,
      permissionSetName: PERMISSION_SETS.Admin.name,
      sessionSeconds: 3600,
    };
    const base = {
      id,
      requester: { id: PEOPLE.ann.id, userName: 'ann', displayName: 'Ann' },
      target,
      durationSeconds: 3600,
      justification: 'Deploy the fix',
      salt: ids.salt(),
      entitled: { name: 'sandbox', policyVersion: version, maxDurationSeconds: 3600 },
      approval: [],
      votes: [],
      askedAt: now,
      trail: { count: 0, hash: '' },
      version: 0,
      ...more,
    };
    const fields = {
      granting: { begunAt: now, grantBy: addSeconds(now, 900), latestEnd: addSeconds(now, 4500) },
      ending: { endsAt: now, activeSince: now, standing: false, cause: { kind: 'window-closed' } },
      active: { endsAt: addSeconds(now, 3600), activeSince: now, standing: false },
    }[status];
    const request = { ...base, ...fields, status } as AccessRequest;
    const state: LeaseState = status === 'granting' ? { kind: 'vacant' } : { kind: 'held' };
    const lease = { ...withHoldOf(emptyLease(PEOPLE.ann.id, target), request), state };
    if (status !== 'granting') center.present.add(center.keyOf(PEOPLE.ann.id, target));
    const { count: glassCount } = await ledger.readGlass(PEOPLE.ann.id);
    await ledger.commit({ requests: [stored(request)], leases: [lease], glassCount });
    return id;
  };
  /** Lets so much time pass. */
  const pass = (seconds: number): Promise<void> => timeline.runUntil(timeline.now() + seconds * 1000, () => {});
  const pump = (leaseIds: readonly string[] = [], seconds = 870, standBy = false) =>
    runPump(world, { leaseIds, standBy, deadline: addSeconds(instant(timeline.now()), seconds) as Instant });
  const leaseOf = async (requestId: string): Promise<string> => {
    const request = await ledger.readRequest(requestId);
    if (!request) throw new Error(`there is no request ${requestId}`);
    return leaseIdOf(request.requester.id, request.target);
  };
  const statuses = async (): Promise<Record<string, number>> => {
    const listed = await ledger.listAll({ limit: 5_000 });
    const counts: Record<string, number> = {};
    for (const { status } of listed === 'invalid-cursor' ? [] : listed.items) {
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };
  return { world, timeline, ledger, lock, center, put, pump, pass, leaseOf, statuses, woken, warnings };
};
