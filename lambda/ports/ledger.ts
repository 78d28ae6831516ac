/** The state of Brevet: requests, their events, leases, waiting workflows. A change and its events are one transaction (law 8). */
import type { AccessRequest, RequestStatus } from '../domain/access-request.ts';
import type { AuditEvent, DriftEvent } from '../domain/audit-event.ts';
import type { GlassRecord } from '../domain/break-glass.ts';
import type { DriftState } from '../domain/drift-state.ts';
import type { Lease } from '../domain/lease.ts';
import type { Work } from '../domain/lease-work.ts';
import type { Instant } from '../domain/time.ts';
import type { WaitingStep } from '../domain/workflow-step.ts';

/** A request that moved. Stored only if the stored version is `before`'s; `before` is absent for a new request. */
export interface RequestChange {
  readonly before?: AccessRequest;
  /** With `before`'s version: the store counts it up. */
  readonly after: AccessRequest;
  readonly events: readonly AuditEvent[];
}

/** Remembers what an Idempotency-Key stood for. */
export interface IdempotencyRecord {
  readonly personId: string;
  readonly key: string;
  /** SHA-256 of the canonical body. */
  readonly bodyHash: string;
  readonly requestId: string;
  readonly forgetAt: Instant;
}

/** The state of drift, with the events of its own trail. Stored only if the stored version is still this one's version. */
export interface DriftChange {
  readonly state: DriftState;
  readonly events: readonly DriftEvent[];
}

/**
 * All of it or nothing. What is kept of a broken glass, its alarm among that, follows from the events of the requests:
 * it cannot be left out.
 */
export interface Commit {
  readonly requests?: readonly RequestChange[];
  /** Stored only if the stored version is still this one's version. */
  readonly leases?: readonly Lease[];
  readonly drift?: DriftChange;
  readonly idempotency?: IdempotencyRecord;
  /** Refuses a new open request beyond so many for its requester. */
  readonly openLimit?: number;
  /** For a request that breaks a glass: stored only if its requester's count (`GlassRecord`) is still that; 0 when left out. */
  readonly glassCount?: number;
  /** Stored only while the pump's lock carries this number (`ports/pump-lock.ts`). */
  readonly fence?: number;
}

/** `conflict`: somebody changed one of the items since it was read; read again. `too-many-open`: the open limit. */
export type CommitResult = 'committed' | 'conflict' | 'too-many-open';

/** A workflow that waits for an answer. */
export interface Waiting {
  readonly requestId: string;
  readonly step: WaitingStep;
  readonly taskToken: string;
}

/** What lies beside a request: its events, oldest first, and who waits on it. */
export interface BesideRequest {
  readonly events: readonly AuditEvent[];
  readonly waiting: readonly Waiting[];
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; absent on the last page. */
  readonly cursor?: string;
}

export interface ListQuery {
  readonly statuses?: readonly RequestStatus[];
  readonly cursor?: string;
  readonly limit: number;
}

/** Events of all requests, from a moment until just before another. */
export interface EventQuery {
  readonly from: Instant;
  readonly to: Instant;
  /** The other way round. */
  readonly newestFirst?: true;
  readonly cursor?: string;
  readonly limit: number;
}

/** `glass`: an alarm is to be raised; the id is that of the request for which the glass was broken. */
export interface Due {
  /** `unknown`: of a kind that this version does not know; its id is what stands in the index. */
  readonly kind: 'request' | 'lease' | 'glass' | 'unknown';
  readonly id: string;
}

/** What happened, for those who look at nothing else. */
export type Trail = Pick<Ledger, 'listEvents'>;

/** Every method @throws ServiceFault when the database fails. Reads of one item are strongly consistent; lists may lag. */
export interface Ledger {
  readRequest(requestId: string): Promise<AccessRequest | undefined>;
  /** Oldest first. */
  readEvents(requestId: string): Promise<readonly AuditEvent[]>;
  readLease(leaseId: string): Promise<Lease | undefined>;
  readIdempotency(personId: string, key: string): Promise<IdempotencyRecord | undefined>;
  commit(commit: Commit): Promise<CommitResult>;

  /** Newest first. @returns 'invalid-cursor' for a cursor that this ledger did not make. */
  listByRequester(personId: string, query: ListQuery): Promise<Page<AccessRequest> | 'invalid-cursor'>;
  listAll(query: ListQuery): Promise<Page<AccessRequest> | 'invalid-cursor'>;
  listOpen(query: ListQuery): Promise<Page<AccessRequest> | 'invalid-cursor'>;
  /**
   * Those of requests and of drift alike. Oldest first; those of the same moment by request, and those of one request at
   * one moment by sequence. Newest first, all of that backwards; a cursor is good for its own direction.
   * @returns 'invalid-cursor' also for a cursor that lies outside the window.
   */
  listEvents(query: EventQuery): Promise<Page<AuditEvent | DriftEvent> | 'invalid-cursor'>;
  /**
   * What was due by then, page by page: whatever stays due is on one of the pages. Each shard gives `limit` at most,
   * its earliest first. The cursor is good for another `by`, too; one that does not fit begins anew.
   */
  listDue(by: Instant, limit: number, cursor?: string): Promise<Page<Due>>;
  /** What the person broke, strongly consistent. */
  readGlass(personId: string): Promise<GlassRecord>;
  /** Requests for which the glass was broken, and that nobody has reviewed; as the other lists of requests. */
  listGlass(query: Omit<ListQuery, 'statuses'>): Promise<Page<AccessRequest> | 'invalid-cursor'>;
  /** Has the alarm raised again then, if it is still due now. */
  putOffAlarm(request: Pick<AccessRequest, 'id' | 'requester'>, until: Instant, now: Instant): Promise<void>;
  /**
   * Leases with something to do now, the most urgent first, at most so many. An urgency that this version does not know is
   * `settle`: whoever looks at the lease finds out. What names no lease is left out.
   */
  listWork(limit: number): Promise<readonly Work[]>;

  addWaiting(waiting: Waiting): Promise<void>;
  listWaiting(requestId: string): Promise<readonly Waiting[]>;
  /** Of every request, page by page; the list may lag. A cursor that does not fit begins anew. */
  listAllWaiting(limit: number, cursor?: string): Promise<Page<Waiting>>;
  removeWaiting(waiting: Waiting): Promise<void>;
  /** `readEvents` and `listWaiting` in one reading. */
  readBeside(requestId: string): Promise<BesideRequest>;
}
