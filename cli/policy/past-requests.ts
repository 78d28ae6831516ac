/** Past requests out of the audit trail: what was asked and when, what became of it, and when it was over. */
import * as z from 'zod';
import { auditEvent } from '../../lambda/contract/audit.ts';
import type { ChainLink } from '../../lambda/contract/audit-chain.ts';
import { type Instant, parseInstant } from '../../lambda/domain/time.ts';

/** One ask: for access, or for more time on it. */
export interface PastAsk {
  readonly kind: 'request' | 'extension';
  /** The glass was broken for it. */
  readonly isBreakGlass?: true;
  readonly at: Instant;
  /** In all, from the first use on; seconds. */
  readonly durationSeconds: number;
  readonly from: Instant;
  readonly until: Instant;
  /** The rule that let it through. */
  readonly entitlement: string;
  /** Approvals that it needed; absent where the trail says no more than that it needed some. */
  readonly approvals?: number;
  /** Ids of the groups that were to approve, where the trail says so. */
  readonly approverGroupIds?: readonly string[];
  /** Ids of the people who were named to approve. */
  readonly approverIds?: readonly string[];
  /** What everybody had who was to approve by attributes alone, a stage each, as the trail writes it. */
  readonly approverAttributes?: readonly string[];
}

export interface PastRequest {
  readonly id: string;
  readonly personId: string;
  readonly userName: string;
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly hasTicket: boolean;
  /** Its last status in the trail. */
  readonly cameTo: string;
  /** From then on it was open no more. */
  readonly overAt?: Instant;
  /** The ask for access first. */
  readonly asks: readonly PastAsk[];
}

export interface PastRequests {
  readonly requests: readonly PastRequest[];
  /** Requests that begin before what was exported: they are neither judged nor counted as open. */
  readonly begunBefore: number;
}

const moment = z.string().transform((text, context) => {
  const found = parseInstant(text);
  if (found === undefined) context.addIssue('no moment');
  return found ?? z.NEVER;
});
const event = auditEvent.extend({ at: moment });
type Event = z.output<typeof event>;

const asked = z.looseObject({
  accountId: z.string(),
  permissionSetArn: z.string(),
  durationSeconds: z.int(),
  start: moment.optional(),
  entitlement: z.string(),
  approvalsRequired: z.int().optional(),
  approverGroupIds: z.array(z.string()).optional(),
  approverIds: z.array(z.string()).optional(),
  approverAttributes: z.array(z.string()).optional(),
  breakGlass: z.boolean().optional(),
});
const extension = z.looseObject({ durationSeconds: z.int(), entitlement: z.string() });
const usable = z.looseObject({ endsAt: moment });

/** What happens to no request. */
const DRIFT_TRAIL = 'drift';
const OVER: ReadonlySet<string> = new Set(['ended', 'cancelled', 'expired', 'rejected', 'failed']);

const after = (from: Instant, seconds: number): Instant => (from + seconds * 1000) as Instant;

const firstAsk = ({ at }: Event, data: z.output<typeof asked>): PastAsk => {
  const { durationSeconds, entitlement, approvalsRequired, approverGroupIds, approverIds, approverAttributes } = data;
  const from = data.start ?? at;
  return {
    kind: 'request',
    ...{ at, durationSeconds, entitlement },
    from: Math.max(at, from) as Instant,
    until: after(from, durationSeconds),
    ...(approvalsRequired === undefined ? {} : { approvals: approvalsRequired }),
    ...(approverGroupIds && { approverGroupIds }),
    ...(approverIds && { approverIds }),
    ...(approverAttributes && { approverAttributes }),
    ...(data.breakGlass && { isBreakGlass: true }),
  };
};

/** Asks for more time, by when the use had begun and was to end at that moment. */
const extensionsIn = (events: readonly Event[], start: Instant | undefined): readonly PastAsk[] => {
  let since: Instant | undefined;
  let endsAt: Instant | undefined;
  return events.flatMap((one): readonly PastAsk[] => {
    const told = usable.safeParse(one.data);
    const [begun, end] = [since, endsAt];
    if (told.success) endsAt = told.data.endsAt;
    if (one.kind === 'became-usable') since = start ?? one.at;
    const wanted = extension.safeParse(one.data);
    const isAsk = one.kind === 'extension-asked' || one.kind === 'extended';
    if (!isAsk || !wanted.success || begun === undefined || end === undefined) return [];
    const { durationSeconds, entitlement } = wanted.data;
    const until = after(end, durationSeconds);
    const inAll = Math.ceil((until - begun) / 1000);
    const needed = one.kind === 'extended' ? { approvals: 0 } : {};
    return [{ kind: 'extension', at: one.at, durationSeconds: inAll, from: one.at, until, entitlement, ...needed }];
  });
};

const requestFrom = (events: readonly Event[]): PastRequest | undefined => {
  const [first] = events;
  const data = asked.safeParse(first?.data);
  if (first?.kind !== 'asked' || first.sequence !== 1 || !data.success) return undefined;
  const over = events.find(({ to }) => OVER.has(to));
  const { accountId, permissionSetArn, start } = data.data;
  return {
    id: first.requestId,
    personId: first.actor.id ?? '',
    userName: first.actor.userName ?? '',
    ...{ accountId, permissionSetArn },
    hasTicket: 'ticket' in first.textHashes,
    cameTo: events.at(-1)?.to ?? first.to,
    ...(over && { overAt: over.at }),
    asks: [firstAsk(first, data.data), ...extensionsIn(events, start)],
  };
};

/** @throws ZodError for what is no event. Events of several exports may overlap. */
export const pastRequestsIn = (links: readonly ChainLink[]): PastRequests => {
  const chains = new Map<string, Map<number, Event>>();
  for (const one of links) {
    if (one.requestId === DRIFT_TRAIL) continue;
    const chain = chains.get(one.requestId) ?? new Map<number, Event>();
    chain.set(one.sequence, event.parse(one));
    chains.set(one.requestId, chain);
  }
  const found = [...chains.values()].map((chain) =>
    requestFrom([...chain.values()].sort((left, right) => left.sequence - right.sequence)),
  );
  const requests = found.filter((one) => one !== undefined);
  return { requests, begunBefore: found.length - requests.length };
};
