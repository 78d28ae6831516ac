/** Places in the list of all events: where an event stands in time, and the opaque cursor that says so to callers. */
import type { AuditEvent } from '../domain/audit-event.ts';
import { type Instant, parseInstant, toIso } from '../domain/time.ts';
import type { EventQuery } from '../ports/ledger.ts';

/** Sorts by moment, then request, then sequence: `2026-11-23T08:00:00.000Z#01KAQ…#000002`. */
export const eventKeyOf = ({ at, requestId, sequence }: Pick<AuditEvent, 'at' | 'requestId' | 'sequence'>): string =>
  `${at}#${requestId}#${String(sequence).padStart(6, '0')}`;

export const toEventCursor = (eventKey: string): string => Buffer.from(eventKey).toString('base64url');

const EVENT_KEY = /^(?<at>[^#]{24})#(?<requestId>[\w-]{1,64})#(?<sequence>\d{6,9})$/;

export interface EventPlace {
  readonly at: Instant;
  readonly requestId: string;
  readonly sequence: number;
}

const placeIn = (eventKey: string): EventPlace | undefined => {
  const { at = '', requestId = '', sequence = '' } = EVENT_KEY.exec(eventKey)?.groups ?? {};
  const moment = parseInstant(at);
  if (moment === undefined || toIso(moment) !== at) return undefined;
  return { at: moment, requestId, sequence: Number(sequence) };
};

/**
 * Where the page before ended; undefined for a text that `toEventCursor` cannot have made for this window.
 * A cursor carries no authority: whether events may be listed is decided before it is looked at.
 */
export const placeAt = (cursor: string, { from, to }: Pick<EventQuery, 'from' | 'to'>): EventPlace | undefined => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = placeIn(text);
  if (!place || toEventCursor(text) !== cursor || place.at < from || place.at >= to) return undefined;
  return eventKeyOf({ ...place, at: toIso(place.at) }) === text ? place : undefined;
};
