/** Places in the lists of requests: where a request stands, and the opaque cursor that says so to callers. */
import type { AccessRequest } from '../domain/access-request.ts';
import { parseInstant, toIso } from '../domain/time.ts';

/** Sorts by the moment of asking, then by id: `2026-11-23T08:00:00.000Z#01KAQ…`. */
export const listKeyOf = (request: Pick<AccessRequest, 'askedAt' | 'id'>): string =>
  `${toIso(request.askedAt)}#${request.id}`;

export const requestIdIn = (listKey: string): string => listKey.slice(listKey.indexOf('#') + 1);

export const toCursor = (listKey: string): string => Buffer.from(listKey).toString('base64url');

const LIST_KEY = /^([^#]{24})#[\w-]{1,64}$/;

const isListKey = (text: string): boolean => {
  const moment = parseInstant(LIST_KEY.exec(text)?.[1] ?? '');
  return moment !== undefined && text.startsWith(toIso(moment));
};

/**
 * The list key in a cursor, or undefined for a text that `toCursor` cannot have made.
 * A cursor carries no authority: what may be listed is decided by the query that it comes with.
 */
export const fromCursor = (cursor: string): string | undefined => {
  const text = Buffer.from(cursor, 'base64url').toString();
  return isListKey(text) && toCursor(text) === cursor ? text : undefined;
};
