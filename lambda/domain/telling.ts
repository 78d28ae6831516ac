/** What people are still to be told: stored with the event that it is about, and there until everybody has been (law 11). */
import type { AccessRequest } from './access-request.ts';
import type { AuditEvent, AuditKind } from './audit-event.ts';
import { type Instant, instant } from './time.ts';

export const TELLING_KINDS = [
  'glass-broken',
  'asked',
  'voted',
  'extension-asked',
  'extension-voted',
  'reminded',
  'escalated',
] as const satisfies readonly AuditKind[];
export type TellingKind = (typeof TELLING_KINDS)[number];

/** One event of which people are told. What exactly, and whom, is found out when they are. */
export interface Telling {
  readonly requestId: string;
  /** Of the event. */
  readonly sequence: number;
  readonly kind: TellingKind;
  /** When it happened. */
  readonly at: Instant;
  /** Not before then: somebody is at it, or it just failed. */
  readonly nextAt: Instant;
  /** How often it was begun. */
  readonly attempts: number;
  /** Ids of those who need not be told any more. */
  readonly doneIds: readonly string[];
  /** Counts stored changes; conditional writes compare it. */
  readonly version: number;
}

/** A vote is news to others only where the next stage may be open with it. */
const concerns = (event: AuditEvent, after: AccessRequest): boolean => {
  if (event.kind === 'asked') return after.status === 'pending';
  if (event.kind === 'voted' || event.kind === 'extension-voted') return event.data.outcome === 'open';
  return (TELLING_KINDS as readonly AuditKind[]).includes(event.kind);
};

/** Of the events with which a request became what it is, those of which people are told. */
export const tellingsOf = (after: AccessRequest, events: readonly AuditEvent[]): readonly Telling[] =>
  events
    .filter((event) => concerns(event, after))
    .map(({ requestId, sequence, kind, at }) => ({
      ...{ requestId, sequence, kind: kind as TellingKind },
      ...{ at: instant(Date.parse(at)), nextAt: instant(Date.parse(at)), attempts: 0, doneIds: [], version: 0 },
    }));

/** A broken glass first. */
export const isUrgent = ({ kind }: Pick<Telling, 'kind'>): boolean => kind === 'glass-broken';
