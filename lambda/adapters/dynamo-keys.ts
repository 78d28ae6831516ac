/** Keys of the request table, and the attributes by which its sparse indexes find an item. */
import { createHash } from 'node:crypto';
import {
  CATALOGUE_PARTITION,
  DUE_SHARDS,
  REQUEST_PARTITIONS,
  TABLE_INDEXES,
  TABLE_KEY,
  TELLING,
  TELLING_PARTITIONS,
} from '../contract/table.ts';
import { type AccessRequest, isOpen } from '../domain/access-request.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import type { BrokenGlass } from '../domain/break-glass.ts';
import type { Sighting } from '../domain/drift.ts';
import { dueAt } from '../domain/due.ts';
import { type Lease, leaseDueAt } from '../domain/lease.ts';
import { URGENCIES, type Work, workOf } from '../domain/lease-work.ts';
import { isUrgent, type Telling } from '../domain/telling.ts';
import { type Instant, instant, toIso } from '../domain/time.ts';
import type { Due, Waiting } from '../ports/ledger.ts';
import type { PlaceName } from '../ports/places.ts';
import { eventKeyOf } from './event-cursor.ts';
import { listKeyOf } from './list-cursor.ts';
import { sightingKeyOf } from './sighting-cursor.ts';

export type ItemKey = Readonly<Record<(typeof TABLE_KEY)[keyof typeof TABLE_KEY], string>>;

const key = (partition: string, sort: string): ItemKey => ({
  [TABLE_KEY.partition]: partition,
  [TABLE_KEY.sort]: sort,
});

/** What people choose (keys, tokens) is hashed: a sort key holds at most 1024 bytes. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const requestPartition = (requestId: string): string => `${REQUEST_PARTITIONS}${requestId}`;

/** Beginnings of the sort keys of what lies beside a request. */
export const BESIDE_REQUEST = { events: 'EVENT#', waiting: 'WAIT#' } as const;

/** Beginning of the sort keys of what lies beside the pump's lock. */
export const BESIDE_LOCK = { hints: 'HINT#' } as const;

const PUMP = 'PUMP';

const sixDigits = (sequence: number): string => String(sequence).padStart(6, '0');

const personPartition = (personId: string): string => `PERSON#${personId}`;
/** Beginning of the sort keys of what a person broke; alone, of how often that was, which sorts before it. */
const GLASS = 'GLASS';

export const KEYS = {
  requestPartition,
  request: (requestId: string) => key(requestPartition(requestId), 'REQUEST'),
  /** Six digits, so that events sort as they happened. */
  event: (requestId: string, sequence: number) =>
    key(requestPartition(requestId), `${BESIDE_REQUEST.events}${sixDigits(sequence)}`),
  telling: ({ requestId, sequence }: Pick<Telling, 'requestId' | 'sequence'>) =>
    key(`${TELLING_PARTITIONS}${requestId}`, sixDigits(sequence)),
  waiting: ({ requestId, step, taskToken }: Waiting) =>
    key(requestPartition(requestId), `${BESIDE_REQUEST.waiting}${step}#${digest(taskToken)}`),
  lease: (leaseId: string) => key(`LEASE#${leaseId}`, 'LEASE'),
  idempotency: (personId: string, idempotencyKey: string) =>
    key(`IDEMPOTENCY#${personId}#${digest(idempotencyKey)}`, 'IDEMPOTENCY'),
  driftState: () => key('DRIFT', 'STATE'),
  sightings: 'DRIFT#SIGHTINGS',
  sighting: (sighting: Sighting) => key('DRIFT#SIGHTINGS', sightingKeyOf(sighting)),
  driftLook: (accountId: string) => key('DRIFT#LOOKS', accountId),
  /** The catalogue lies in one partition: its state, and its pieces, which are read one by one. */
  catalogueState: key(CATALOGUE_PARTITION, 'STATE'),
  /** Beside it, and not in it: older code refuses a state that has more in it than it knows. */
  censusState: key(CATALOGUE_PARTITION, 'CENSUS'),
  cataloguePieces: 'PIECE#',
  cataloguePiece: (version: string, number: number) =>
    key(CATALOGUE_PARTITION, `PIECE#${version}#${String(number).padStart(3, '0')}`),
  personPartition,
  openCount: (personId: string) => key(personPartition(personId), 'OPEN'),
  glass: GLASS,
  glassCount: (personId: string) => key(personPartition(personId), GLASS),
  brokenGlass: ({ personId, requestId }: Pick<BrokenGlass, 'personId' | 'requestId'>) =>
    key(personPartition(personId), `${GLASS}#${requestId}`),
  place: (name: PlaceName) => key(`PLACE#${name}`, 'PLACE'),
  pumpLock: key(PUMP, 'LOCK'),
  pumpHint: (leaseId: string) => key(PUMP, `${BESIDE_LOCK.hints}${leaseId}`),
} as const;

// ---------- lists ----------

/** The one partition of every request's age, and of every open request's. */
export const LISTED = 'requests';
export const OPEN = 'open';
/** The one partition of every workflow that waits, in the index of what is open. */
export const WAITING = 'waiting';

/** The one partition of every broken glass that nobody has reviewed, in the index of what is open. */
export const UNREVIEWED = 'unreviewed';

/** Attributes that are undefined are not stored, which is what keeps an index sparse. */
export const requestIndexAttributes = (request: AccessRequest): RawAttributes => ({
  [TABLE_INDEXES.byRequester.partition]: request.requester.id,
  [TABLE_INDEXES.byAge.partition]: LISTED,
  [TABLE_INDEXES.byAge.sort]: listKeyOf(request),
  [TABLE_INDEXES.open.partition]: isOpen(request) ? OPEN : undefined,
  ...dueAttributes({ kind: 'request', id: request.id }, dueAt(request)),
});

/** The id is that of the request. */
export const glassIndexAttributes = ({ requestId, brokenAt, isReviewed, alarmAt }: BrokenGlass): RawAttributes => ({
  ...(isReviewed
    ? {}
    : {
        [TABLE_INDEXES.open.partition]: UNREVIEWED,
        [TABLE_INDEXES.open.sort]: listKeyOf({ askedAt: brokenAt, id: requestId }),
      }),
  ...dueAttributes({ kind: 'glass', id: requestId }, alarmAt),
});

/** Sorts by urgency, then by when it is to be told. */
export const tellingIndexAttributes = (telling: Telling): RawAttributes => ({
  [TABLE_INDEXES.open.partition]: TELLING,
  [TABLE_INDEXES.open.sort]:
    `${isUrgent(telling) ? 0 : 1}#${toIso(telling.nextAt)}#${telling.requestId}#${telling.sequence}`,
});

/** Sorts by request, and request ids sort by time. */
export const waitingIndexAttributes = ({ requestId, step, taskToken }: Waiting): RawAttributes => ({
  [TABLE_INDEXES.open.partition]: WAITING,
  [TABLE_INDEXES.open.sort]: `${requestId}#${step}#${digest(taskToken)}`,
});

/** The item's key, from its place among those that wait. */
export const waitingKeyIn = (place: string): ItemKey | undefined => {
  const [requestId = '', ...rest] = place.split('#');
  return rest.length === 2 ? key(requestPartition(requestId), `${BESIDE_REQUEST.waiting}${rest.join('#')}`) : undefined;
};

export const leaseIndexAttributes = (lease: Lease): RawAttributes => ({
  ...dueAttributes({ kind: 'lease', id: lease.id }, leaseDueAt(lease)),
  ...workAttributes(workOf(lease)),
});

type RawAttributes = Readonly<Record<string, string | undefined>>;

// ---------- events in time ----------

/** The day of a moment, UTC. */
export const dayOf = (moment: Instant): string => toIso(moment).slice(0, 10);

/**
 * A partition a day: read one after the other they are in the order of time by themselves, where shards would have to be
 * merged, and none grows for ever. All events of a moment meet in one partition, which bears 1,000 writes a second, while
 * the API lets 50 calls a second in and each change writes one event; so it never holds up the change that it is part of.
 */
export const eventIndexAttributes = (event: Pick<AuditEvent, 'at' | 'requestId' | 'sequence'>): RawAttributes => ({
  [TABLE_INDEXES.events.partition]: event.at.slice(0, 10),
  [TABLE_INDEXES.events.sort]: eventKeyOf(event),
});

// ---------- what is due ----------

const shard = (number: number): string => `DUE#${number}`;

export const DUE_PARTITIONS: readonly string[] = Array.from({ length: DUE_SHARDS }, (_, number) => shard(number));

const shardOf = (id: string): string => shard(Number.parseInt(digest(id).slice(0, 8), 16) % DUE_SHARDS);

const dueAttributes = (due: Due, at: Instant | undefined): RawAttributes =>
  at === undefined
    ? {}
    : {
        [TABLE_INDEXES.due.partition]: shardOf(due.id),
        [TABLE_INDEXES.due.sort]: `${toIso(at)}#${due.kind}#${due.id}`,
      };

/** Every due key up to and including the moment sorts before this text. */
export const dueKeysEnd = (by: Instant): string => toIso(instant(by + 1));

const DUE_KEY = /^[^#]{24}#(request|lease|glass)#(.+)$/;

export const dueIn = (dueKey: string): Due => {
  const [, kind, id] = DUE_KEY.exec(dueKey) ?? [];
  return id === undefined ? { kind: 'unknown', id: dueKey } : { kind: kind as Due['kind'], id };
};

// ---------- what is to be done now ----------

/**
 * One partition, so that a query is in the order of urgency: it bears 1,000 writes a second, and Identity Center fifteen
 * writes at a time.
 */
export const WORK = 'leases';

/** Sorts by urgency, then by how long it has waited. */
const workKeyOf = ({ urgency, since, leaseId }: Work): string =>
  `${URGENCIES.indexOf(urgency)}#${toIso(since)}#${leaseId}`;

const workAttributes = (work: Work | undefined): RawAttributes =>
  work ? { [TABLE_INDEXES.work.partition]: WORK, [TABLE_INDEXES.work.sort]: workKeyOf(work) } : {};

const WORK_KEY = /^(\d)#([^#]{24})#(.+)$/;

export const workIn = (workKey: string): Work | undefined => {
  const [, rank, since = '', leaseId] = WORK_KEY.exec(workKey) ?? [];
  if (leaseId === undefined) return undefined;
  return { leaseId, urgency: URGENCIES[Number(rank)] ?? 'settle', since: instant(Date.parse(since) || 0) };
};
