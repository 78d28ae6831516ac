/** The ledger in memory, with the same conditions as the table: for tests and simulations. */
import { type AccessRequest, isOpen } from '../../domain/access-request.ts';
import type { AuditEvent, DriftEvent } from '../../domain/audit-event.ts';
import type { BrokenGlass } from '../../domain/break-glass.ts';
import type { DriftState } from '../../domain/drift-state.ts';
import { dueAt } from '../../domain/due.ts';
import { type Lease, leaseDueAt } from '../../domain/lease.ts';
import { byUrgency, workOf } from '../../domain/lease-work.ts';
import { type Telling, tellingsOf } from '../../domain/telling.ts';
import { type Instant, toIso } from '../../domain/time.ts';
import type {
  Commit,
  CommitResult,
  DriftChange,
  Due,
  EventQuery,
  IdempotencyRecord,
  Ledger,
  ListQuery,
  Page,
  RequestChange,
  Waiting,
} from '../../ports/ledger.ts';
import { eventKeyOf, placeAt, toEventCursor } from '../event-cursor.ts';
import { glassChanges } from '../glass-changes.ts';
import { fromCursor, listKeyOf, toCursor } from '../list-cursor.ts';
import { openGrowth } from '../open-growth.ts';
import { frozenCopy } from './frozen.ts';

interface State {
  readonly requests: Map<string, AccessRequest>;
  readonly events: Map<string, readonly AuditEvent[]>;
  readonly leases: Map<string, Lease>;
  readonly idempotency: Map<string, IdempotencyRecord>;
  /** By request. */
  readonly glass: Map<string, BrokenGlass>;
  readonly waiting: Map<string, Waiting>;
  /** By request and sequence. */
  readonly tellings: Map<string, Telling>;
  /** At most one, and the events of its trail. */
  readonly drift: Map<'state', DriftState>;
  readonly driftEvents: Map<string, DriftEvent>;
}

const emptyState = (): State => ({
  requests: new Map(),
  events: new Map(),
  leases: new Map(),
  idempotency: new Map(),
  glass: new Map(),
  waiting: new Map(),
  tellings: new Map(),
  drift: new Map(),
  driftEvents: new Map(),
});

export const tellingKey = ({ requestId, sequence }: Pick<Telling, 'requestId' | 'sequence'>): string =>
  keyOf(requestId, String(sequence));

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

// ---------- commit ----------

const isRequestStale = (state: State, { before, after }: RequestChange): boolean =>
  state.requests.get(after.id)?.version !== before?.version;

const isLeaseStale = (state: State, lease: Lease): boolean =>
  (state.leases.get(lease.id)?.version ?? 0) !== lease.version;

const isEventTaken = (state: State, event: AuditEvent): boolean =>
  (state.events.get(event.requestId) ?? []).some(({ sequence }) => sequence === event.sequence);

/** A key that was forgotten when the new request was asked can stand for that request. */
const isKeyTaken = (state: State, { idempotency, requests = [] }: Commit): boolean => {
  if (!idempotency) return false;
  const taken = state.idempotency.get(keyOf(idempotency.personId, idempotency.key));
  const asked = requests.find(({ after }) => after.id === idempotency.requestId)?.after.askedAt;
  return taken !== undefined && (asked === undefined || taken.forgetAt > asked);
};

const isDriftStale = (state: State, { drift }: Commit): boolean =>
  drift !== undefined &&
  ((state.drift.get('state')?.version ?? 0) !== drift.state.version ||
    drift.events.some(({ sequence }) => state.driftEvents.has(String(sequence))));

const glassOf = (state: State, personId: string): readonly BrokenGlass[] =>
  [...state.glass.values()].filter((glass) => glass.personId === personId);

const isGlassStale = (state: State, { requests = [], glassCount = 0 }: Commit): boolean =>
  glassChanges(requests).some(({ glass, isNew }) => isNew && glassOf(state, glass.personId).length !== glassCount);

const isStale = (state: State, commit: Commit): boolean =>
  (commit.requests ?? []).some(
    (change) => isRequestStale(state, change) || change.events.some((event) => isEventTaken(state, event)),
  ) ||
  (commit.leases ?? []).some((lease) => isLeaseStale(state, lease)) ||
  isDriftStale(state, commit) ||
  isGlassStale(state, commit) ||
  isKeyTaken(state, commit);

const openCount = (state: State, personId: string): number =>
  [...state.requests.values()].filter((request) => request.requester.id === personId && isOpen(request)).length;

const isBeyondLimit = (state: State, { requests = [], openLimit }: Commit): boolean =>
  openLimit !== undefined &&
  [...openGrowth(requests)].some(([personId, growth]) => growth > 0 && openCount(state, personId) + growth > openLimit);

const storeRequest = (state: State, { before, after, events }: RequestChange): void => {
  state.requests.set(after.id, frozenCopy({ ...after, version: (before?.version ?? 0) + 1 }));
  state.events.set(after.id, frozenCopy([...(state.events.get(after.id) ?? []), ...events]));
};

const storeTellings = (state: State, { after, events }: RequestChange): void => {
  for (const telling of tellingsOf(after, events)) {
    state.tellings.set(tellingKey(telling), frozenCopy({ ...telling, version: 1 }));
  }
};

const storeDrift = (state: State, { state: drift, events }: DriftChange): void => {
  state.drift.set('state', frozenCopy({ ...drift, version: drift.version + 1 }));
  for (const event of events) state.driftEvents.set(String(event.sequence), frozenCopy(event));
};

const commitTo = (state: State, commit: Commit): CommitResult => {
  if (isStale(state, commit)) return 'conflict';
  if (isBeyondLimit(state, commit)) return 'too-many-open';
  for (const change of commit.requests ?? []) {
    storeRequest(state, change);
    storeTellings(state, change);
  }
  for (const lease of commit.leases ?? []) {
    state.leases.set(lease.id, frozenCopy({ ...lease, version: lease.version + 1 }));
  }
  for (const { glass } of glassChanges(commit.requests ?? [])) state.glass.set(glass.requestId, frozenCopy(glass));
  const { idempotency, drift } = commit;
  if (drift) storeDrift(state, drift);
  if (idempotency) state.idempotency.set(keyOf(idempotency.personId, idempotency.key), frozenCopy(idempotency));
  return 'committed';
};

// ---------- lists ----------

const newestFirst = (requests: Iterable<AccessRequest>): AccessRequest[] =>
  [...requests].sort((left, right) => (listKeyOf(left) < listKeyOf(right) ? 1 : -1));

const pageOf = (requests: Iterable<AccessRequest>, query: ListQuery): Page<AccessRequest> | 'invalid-cursor' => {
  const after = query.cursor === undefined ? undefined : fromCursor(query.cursor);
  if (query.cursor !== undefined && after === undefined) return 'invalid-cursor';
  const rest = newestFirst(requests).filter(
    (request) =>
      (after === undefined || listKeyOf(request) < after) && (query.statuses?.includes(request.status) ?? true),
  );
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  return rest.length > items.length && last ? { items, cursor: toCursor(listKeyOf(last)) } : { items };
};

const eventsOf = (state: State, query: EventQuery): Page<AuditEvent | DriftEvent> | 'invalid-cursor' => {
  const { from, to, cursor, limit, newestFirst } = query;
  const after = cursor === undefined ? undefined : placeAt(cursor, query);
  if (cursor !== undefined && after === undefined) return 'invalid-cursor';
  const seen = after && eventKeyOf({ ...after, at: toIso(after.at) });
  const isAhead = (key: string): boolean => seen === undefined || (newestFirst ? key < seen : key > seen);
  const inOrder = [...[...state.events.values()].flat(), ...state.driftEvents.values()]
    .map((event) => ({ event, key: eventKeyOf(event) }))
    .filter(({ key }) => key >= toIso(from) && key < toIso(to) && isAhead(key))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  const rest = newestFirst ? inOrder.toReversed() : inOrder;
  const shown = rest.slice(0, limit);
  const items = shown.map(({ event }) => event);
  const last = shown.at(-1);
  return rest.length > limit && last ? { items, cursor: toEventCursor(last.key) } : { items };
};

interface DueAt {
  readonly at: Instant | undefined;
  readonly due: Due;
}

const dueBy = (state: State, by: Instant): readonly { readonly key: string; readonly due: Due }[] => {
  const requests: DueAt[] = [...state.requests.values()].map((request) => ({
    at: dueAt(request),
    due: { kind: 'request', id: request.id },
  }));
  const leases: DueAt[] = [...state.leases.values()].map((lease) => ({
    at: leaseDueAt(lease),
    due: { kind: 'lease', id: lease.id },
  }));
  const alarms: DueAt[] = [...state.glass.values()].map(({ alarmAt, requestId }) => ({
    at: alarmAt,
    due: { kind: 'glass', id: requestId },
  }));
  return [...requests, ...leases, ...alarms]
    .flatMap(({ at, due }) => (at !== undefined && at <= by ? [{ at, due }] : []))
    .map(({ at, due }) => ({ key: `${toIso(at)}#${due.kind}#${due.id}`, due }))
    .sort(byKey);
};

const byKey = (left: { readonly key: string }, right: { readonly key: string }): number =>
  left.key < right.key ? -1 : 1;

/** The part of a sorted list behind the cursor. */
const partOf = <Item extends { readonly key: string }>(
  sorted: readonly Item[],
  limit: number,
  cursor: string | undefined,
): Page<Item> => {
  const rest = sorted.filter(({ key }) => cursor === undefined || key > cursor);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return rest.length > items.length && last ? { items, cursor: last.key } : { items };
};

export interface MemoryLedger extends Ledger {
  /** For the store of drift. */
  driftState(): DriftState | undefined;
  /** For the outbox, by `tellingKey`. */
  readonly tellings: Map<string, Telling>;
  /** Everything that is stored, by kind and key; what has not changed is the very same object the next time. */
  contents(): ReadonlyMap<string, unknown>;
}

const contentsOf = (state: State): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(state).flatMap(([kind, items]: [string, ReadonlyMap<string, unknown>]) =>
      [...items].map(([key, item]) => [`${kind} ${key}`, item] as const),
    ),
  );

/** @param fenceNow What the pump's lock carries; without a lock no fenced commit is stored. */
export const createMemoryLedger = (fenceNow: () => number | undefined = () => undefined): MemoryLedger => {
  const state = emptyState();
  const waitingKey = ({ requestId, step, taskToken }: Waiting): string => keyOf(requestId, step, taskToken);
  return {
    readRequest: async (requestId) => state.requests.get(requestId),
    readEvents: async (requestId) => state.events.get(requestId) ?? [],
    readLease: async (leaseId) => state.leases.get(leaseId),
    readIdempotency: async (personId, key) => state.idempotency.get(keyOf(personId, key)),
    commit: async (commit) =>
      commit.fence === undefined || commit.fence === fenceNow() ? commitTo(state, commit) : 'conflict',

    listByRequester: async (personId, query) =>
      pageOf(
        [...state.requests.values()].filter(({ requester }) => requester.id === personId),
        query,
      ),
    listAll: async (query) => pageOf(state.requests.values(), query),
    listOpen: async (query) => pageOf([...state.requests.values()].filter(isOpen), query),
    listEvents: async (query) => eventsOf(state, query),
    listDue: async (by, limit, cursor) => {
      const page = partOf(dueBy(state, by), limit, cursor);
      return { ...page, items: page.items.map(({ due }) => due) };
    },
    listWork: async (limit) =>
      [...state.leases.values()]
        .flatMap((lease) => workOf(lease) ?? [])
        .sort(byUrgency)
        .slice(0, limit),

    readGlass: async (personId) => {
      const broken = glassOf(state, personId);
      return { count: broken.length, broken };
    },
    listGlass: async (query) => {
      const unreviewed = [...state.glass.values()].filter(({ isReviewed }) => !isReviewed);
      return pageOf(
        unreviewed.flatMap(({ requestId }) => state.requests.get(requestId) ?? []),
        query,
      );
    },
    putOffAlarm: async ({ id }, until, now) => {
      const glass = state.glass.get(id);
      if (glass?.alarmAt === undefined || glass.alarmAt > now) return;
      state.glass.set(id, frozenCopy({ ...glass, alarmAt: until }));
    },

    addWaiting: async (waiting) => {
      state.waiting.set(waitingKey(waiting), frozenCopy(waiting));
    },
    listWaiting: async (requestId) => [...state.waiting.values()].filter((waiting) => waiting.requestId === requestId),
    readBeside: async (requestId) => ({
      events: state.events.get(requestId) ?? [],
      waiting: [...state.waiting.values()].filter((waiting) => waiting.requestId === requestId),
    }),
    listAllWaiting: async (limit, cursor) => {
      const sorted = [...state.waiting].map(([key, waiting]) => ({ key, waiting })).sort(byKey);
      const page = partOf(sorted, limit, cursor);
      return { ...page, items: page.items.map(({ waiting }) => waiting) };
    },
    removeWaiting: async (waiting) => {
      state.waiting.delete(waitingKey(waiting));
    },

    tellings: state.tellings,
    driftState: () => state.drift.get('state'),
    contents: () => contentsOf(state),
  };
};
