/**
 * Items of the request table: keys and index attributes on top, the document as it is under `data`.
 * So no field of a document can meet the name of an index attribute, and writing back what was read changes nothing.
 * Moments in a document are epoch milliseconds, as the domain has them; those in index keys are ISO, for people.
 */
import { FORGET_AT } from '../contract/table.ts';
import type { AccessRequest } from '../domain/access-request.ts';
import { type AuditEvent, DRIFT_TRAIL, type DriftEvent } from '../domain/audit-event.ts';
import { type BrokenGlass, DAY_SECONDS } from '../domain/break-glass.ts';
import type { Sighting } from '../domain/drift.ts';
import type { DriftState } from '../domain/drift-state.ts';
import type { Lease } from '../domain/lease.ts';
import type { Telling } from '../domain/telling.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { IdempotencyRecord, Waiting } from '../ports/ledger.ts';
import type { RawItem } from './dynamo-document-client.ts';
import { moment } from './dynamo-document-parts.ts';
import {
  brokenGlassDocument,
  driftEventDocument,
  driftStateDocument,
  eventDocument,
  idempotencyDocument,
  leaseDocument,
  readDocument,
  requestDocument,
  sightingDocument,
  waitingDocument,
} from './dynamo-documents.ts';
import { forgetAt } from './dynamo-forgetting.ts';
import {
  eventIndexAttributes,
  glassIndexAttributes,
  KEYS,
  leaseIndexAttributes,
  requestIndexAttributes,
  tellingIndexAttributes,
  waitingIndexAttributes,
} from './dynamo-keys.ts';

/** Top-level attributes that conditions and filters name. */
export const ATTRIBUTES = {
  version: 'version',
  status: 'status',
  data: 'data',
  openCount: 'count',
  glassCount: 'count',
  fence: 'fence',
} as const;

const DAY = 24 * 60 * 60;
/** No token outlives its execution, and a Standard execution lives for at most a year. */
const WAITING_SECONDS = 366 * DAY;

export const requestItem = (request: AccessRequest): RawItem => ({
  ...KEYS.request(request.id),
  ...requestIndexAttributes(request),
  [ATTRIBUTES.version]: request.version,
  [ATTRIBUTES.status]: request.status,
  [ATTRIBUTES.data]: request,
});

export const readRequestItem = (item: RawItem): AccessRequest => readDocument(requestDocument, item[ATTRIBUTES.data]);

export const eventItem = (event: AuditEvent | DriftEvent): RawItem => ({
  ...KEYS.event(event.requestId, event.sequence),
  ...eventIndexAttributes(event),
  [ATTRIBUTES.data]: event,
});

export const readEventItem = (item: RawItem): AuditEvent => readDocument(eventDocument, item[ATTRIBUTES.data]);

export const readDriftEventItem = (item: RawItem): DriftEvent =>
  readDocument(driftEventDocument, item[ATTRIBUTES.data]);

/** For lists that hold the events of requests and those of drift. */
export const readAnyEventItem = (item: RawItem): AuditEvent | DriftEvent => {
  const data = item[ATTRIBUTES.data];
  const isOfDrift = typeof data === 'object' && data !== null && Reflect.get(data, 'requestId') === DRIFT_TRAIL;
  return isOfDrift ? readDriftEventItem(item) : readEventItem(item);
};

export const driftStateItem = (state: DriftState): RawItem => ({
  ...KEYS.driftState(),
  [ATTRIBUTES.version]: state.version,
  [ATTRIBUTES.data]: state,
});

export const readDriftStateItem = (item: RawItem): DriftState =>
  readDocument(driftStateDocument, item[ATTRIBUTES.data]);

export const sightingItem = (sighting: Sighting): RawItem => ({
  ...KEYS.sighting(sighting),
  [ATTRIBUTES.data]: sighting,
});

export const readSightingItem = (item: RawItem): Sighting => readDocument(sightingDocument, item[ATTRIBUTES.data]);

/** When the round began that looked at the account. */
export const driftLookItem = (accountId: string, round: Instant): RawItem => ({
  ...KEYS.driftLook(accountId),
  [ATTRIBUTES.data]: round,
});

export const readDriftLookItem = (item: RawItem): Instant => readDocument(moment, item[ATTRIBUTES.data]);

export const leaseItem = (lease: Lease): RawItem => ({
  ...KEYS.lease(lease.id),
  ...leaseIndexAttributes(lease),
  [ATTRIBUTES.version]: lease.version,
  [ATTRIBUTES.data]: lease,
});

export const readLeaseItem = (item: RawItem): Lease => readDocument(leaseDocument, item[ATTRIBUTES.data]);

/** Kept as long as it is counted and not reviewed; DynamoDB forgets late, never early. */
export const brokenGlassItem = (glass: BrokenGlass): RawItem => ({
  ...KEYS.brokenGlass(glass),
  ...glassIndexAttributes(glass),
  ...(glass.isReviewed ? { [FORGET_AT]: forgetAt(addSeconds(glass.brokenAt, DAY_SECONDS)) } : {}),
  [ATTRIBUTES.data]: glass,
});

export const readBrokenGlassItem = (item: RawItem): BrokenGlass =>
  readDocument(brokenGlassDocument, item[ATTRIBUTES.data]);

export const idempotencyItem = ({ personId, key, ...remembered }: IdempotencyRecord): RawItem => ({
  ...KEYS.idempotency(personId, key),
  [FORGET_AT]: forgetAt(remembered.forgetAt),
  [ATTRIBUTES.data]: remembered,
});

export const readIdempotencyItem = (item: RawItem, personId: string, key: string): IdempotencyRecord => ({
  personId,
  key,
  ...readDocument(idempotencyDocument, item[ATTRIBUTES.data]),
});

/** Given up long before it is forgotten; where nobody is mailed, forgetting is all that becomes of it. */
const UNTOLD_SECONDS = 2 * DAY;

export const tellingItem = (telling: Telling): RawItem => ({
  ...KEYS.telling(telling),
  ...tellingIndexAttributes(telling),
  [FORGET_AT]: forgetAt(addSeconds(telling.at, UNTOLD_SECONDS)),
  [ATTRIBUTES.version]: telling.version,
  [ATTRIBUTES.data]: telling,
});

export const waitingItem = (waiting: Waiting, now: Instant): RawItem => ({
  ...KEYS.waiting(waiting),
  ...waitingIndexAttributes(waiting),
  [FORGET_AT]: forgetAt(addSeconds(now, WAITING_SECONDS)),
  [ATTRIBUTES.data]: { step: waiting.step, taskToken: waiting.taskToken },
});

export const readWaitingItem = (item: RawItem, requestId: string): Waiting => ({
  requestId,
  ...readDocument(waitingDocument, item[ATTRIBUTES.data]),
});
