/** Recomputes a chain of events independently of the code that makes it: what an auditor would do with an export. */
import type { AuditEvent, TrailHead } from '../lambda/domain/audit-event.ts';

/** JSON with sorted keys, written anew so that a fault of the code under test does not hide itself. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_key, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([left], [right]) => (left < right ? -1 : 1)))
      : held,
  );

const faultOf = (event: AuditEvent, before: AuditEvent | undefined, sha256: (text: string) => string): string => {
  const { hash, ...content } = event;
  const place = `event ${event.sequence}`;
  if (event.sequence !== (before?.sequence ?? 0) + 1) return `${place} is out of place`;
  if (before && event.requestId !== before.requestId) return `${place} is of another request`;
  if (event.previousHash !== (before?.hash ?? '')) return `${place} does not follow the one before it`;
  if (event.from !== before?.to) return `${place} does not go on from ${before?.to}`;
  return hash === sha256(sortedJson(content)) ? '' : `${place} was changed`;
};

/** The first thing wrong with the chain, or `nothing`. */
export const whatIsWrongWith = (
  events: readonly AuditEvent[],
  head: TrailHead,
  sha256: (text: string) => string,
): string => {
  const faults = events.map((event, index) => faultOf(event, events[index - 1], sha256));
  const first = faults.find((fault) => fault !== '');
  if (first) return first;
  const last = events.at(-1);
  return last?.hash === head.hash && last.sequence === head.count ? 'nothing' : 'the end of the chain is missing';
};
