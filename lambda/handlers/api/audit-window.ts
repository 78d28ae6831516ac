/** The window of time that an auditor asks for: the last day, unless they say otherwise. */
import type * as z from 'zod';
import type { auditParameters } from '../../contract/audit.ts';
import { toReadableDuration } from '../../contract/duration.ts';
import { addSeconds, type Instant, parseInstant, secondsBetween, toIso } from '../../domain/time.ts';
import type { Read } from './body.ts';
import { problem, type Reply } from './reply.ts';

export interface AuditWindow {
  readonly from: Instant;
  readonly to: Instant;
}

const LAST_DAY_SECONDS = 24 * 60 * 60;

/** Events are found by moments as text, which sort as moments only while years have four digits. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

const momentIn = (text: string): Instant | undefined => {
  const moment = parseInstant(text);
  return moment !== undefined && moment >= 0 && moment <= LATEST ? moment : undefined;
};

const NO_MOMENT = 'no moment in whole milliseconds between 1970 and 9999';

const unfit = (path: string, message: string): Reply =>
  problem('query_invalid', `${path}: ${message}`, { issues: [{ path, message }] });

export const windowFrom = (
  query: z.output<typeof auditParameters>,
  now: Instant,
  mostSeconds: number,
): Read<AuditWindow> => {
  if (query.cursor !== undefined && (query.from === undefined || query.to === undefined)) {
    // The defaults move with the clock: events between the old beginning and the new one would be left out in silence.
    return { reply: unfit('cursor', 'give it with the from and to that the page before names') };
  }
  const to = query.to === undefined ? now : momentIn(query.to);
  if (to === undefined) return { reply: unfit('to', NO_MOMENT) };
  const from = query.from === undefined ? addSeconds(to, -LAST_DAY_SECONDS) : momentIn(query.from);
  if (from === undefined) return { reply: unfit('from', NO_MOMENT) };
  if (from >= to) return { reply: unfit('from', `${toIso(from)} is not before the end of the window, ${toIso(to)}`) };
  const seconds = secondsBetween(from, to);
  if (seconds <= mostSeconds) return { value: { from, to } };
  const most = toReadableDuration(mostSeconds);
  const detail = `The window is ${Math.ceil(seconds)} s long; at most ${mostSeconds} s (${most}). List it in parts.`;
  return { reply: problem('window_too_long', detail, { facts: { maximumSeconds: mostSeconds } }) };
};
