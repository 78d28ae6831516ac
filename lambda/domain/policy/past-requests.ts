/** Past requests out of the audit trail: what was asked and when, what became of it, and when it was over. */

import { type AuditValue, DRIFT_TRAIL } from '../audit-event.ts';
import { groupedBy } from '../grouped.ts';
import { addSeconds, type Instant, latest, parseInstant, secondsBetween } from '../time.ts';
import { type AskedStage, askedStageIn } from './asked-stages.ts';

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
  /** Who was to approve in each stage, where the trail says so; what follows is what earlier events said instead. */
  readonly stages?: readonly AskedStage[];
  /** How many of each of several stages. */
  readonly approvalsByStage?: readonly string[];
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
  /** Requests that begin before what was read: they are neither judged nor counted as open. */
  readonly begunBefore: number;
}

type Data = Readonly<Record<string, AuditValue>>;

/** An event as it is stored or exported, by whatever version. */
export interface PastEvent {
  readonly requestId: string;
  readonly sequence: number;
  readonly kind: string;
  /** ISO 8601; an event whose moment is none counts for nothing. */
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id?: string | undefined; readonly userName?: string | undefined };
  readonly to: string;
  readonly data: Data;
  readonly textHashes: Readonly<Record<string, string>>;
}

type Event = Omit<PastEvent, 'at'> & { readonly at: Instant };

const OVER: ReadonlySet<string> = new Set(['ended', 'cancelled', 'expired', 'rejected', 'failed']);

const textIn = (data: Data, name: string): string | undefined => {
  const value = data[name];
  return typeof value === 'string' ? value : undefined;
};
const numberIn = (data: Data, name: string): number | undefined => {
  const value = data[name];
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
};
const namesIn = (data: Data, name: string): readonly string[] | undefined => {
  const value = data[name];
  return typeof value === 'object' ? value : undefined;
};
const momentIn = (data: Data, name: string): Instant | undefined => parseInstant(textIn(data, name) ?? '');

/** What every ask says; undefined where it does not. */
const askIn = (data: Data) => {
  const [durationSeconds, entitlement] = [numberIn(data, 'durationSeconds'), textIn(data, 'entitlement')];
  return durationSeconds === undefined || entitlement === undefined ? undefined : { durationSeconds, entitlement };
};

/** Who was to approve, as far as the trail says so. */
const approversIn = (data: Data): Partial<PastAsk> => {
  const approvals = numberIn(data, 'approvalsRequired');
  const lists = ['approverGroupIds', 'approverIds', 'approverAttributes', 'approvalsByStage'] as const;
  const named = lists.flatMap((name) => {
    const found = namesIn(data, name);
    return found ? [[name, found]] : [];
  });
  const written = namesIn(data, 'approvalStages') ?? [];
  const stages = written.map(askedStageIn).filter((stage) => stage !== undefined);
  return {
    ...(approvals === undefined ? {} : { approvals }),
    ...Object.fromEntries(named),
    ...(stages.length > 0 && stages.length === written.length ? { stages } : {}),
  };
};

const firstAsk = ({ at, data }: Event): PastAsk | undefined => {
  const ask = askIn(data);
  const start = momentIn(data, 'start');
  if (!ask || (data.start !== undefined && start === undefined)) return undefined;
  return {
    kind: 'request',
    ...ask,
    at,
    from: latest(at, start ?? at),
    until: addSeconds(start ?? at, ask.durationSeconds),
    ...approversIn(data),
    ...(data.breakGlass === true && { isBreakGlass: true }),
  };
};

/** One ask for more time, by when the use had begun and was to end at that moment. */
const extensionAsk = ({ kind, at, data }: Event, begun: Instant, end: Instant): PastAsk | undefined => {
  const ask = kind === 'extension-asked' || kind === 'extended' ? askIn(data) : undefined;
  if (!ask) return undefined;
  const until = addSeconds(end, ask.durationSeconds);
  const inAll = Math.ceil(secondsBetween(begun, until));
  const needed = kind === 'extended' ? { approvals: 0 } : approversIn(data);
  return { kind: 'extension', ...ask, at, durationSeconds: inAll, from: at, until, ...needed };
};

const extensionsIn = (events: readonly Event[], start: Instant | undefined): readonly PastAsk[] => {
  let since: Instant | undefined;
  let endsAt: Instant | undefined;
  return events.flatMap((one) => {
    const [begun, end] = [since, endsAt];
    endsAt = momentIn(one.data, 'endsAt') ?? endsAt;
    if (one.kind === 'became-usable') since = start ?? one.at;
    return begun === undefined || end === undefined ? [] : (extensionAsk(one, begun, end) ?? []);
  });
};

const requestFrom = (events: readonly Event[]): PastRequest | undefined => {
  const [first] = events;
  if (first?.kind !== 'asked' || first.sequence !== 1) return undefined;
  const ask = firstAsk(first);
  const [accountId, permissionSetArn] = [textIn(first.data, 'accountId'), textIn(first.data, 'permissionSetArn')];
  if (!ask || accountId === undefined || permissionSetArn === undefined) return undefined;
  const over = events.find(({ to }) => OVER.has(to));
  return {
    id: first.requestId,
    personId: first.actor.id ?? '',
    userName: first.actor.userName ?? '',
    ...{ accountId, permissionSetArn },
    hasTicket: 'ticket' in first.textHashes,
    cameTo: events.at(-1)?.to ?? first.to,
    ...(over && { overAt: over.at }),
    asks: [ask, ...extensionsIn(events, momentIn(first.data, 'start'))],
  };
};

/** Events of a request in order, each once: what was read may overlap. */
const chainOf = (events: readonly Event[]): readonly Event[] =>
  [...new Map(events.map((one) => [one.sequence, one])).values()].sort((left, right) => left.sequence - right.sequence);

const dated = (event: PastEvent): readonly Event[] => {
  const at = parseInstant(event.at);
  return at === undefined ? [] : [{ ...event, at }];
};

/** In the order in which the requests come first among the events. What happens to no request is left out. */
export const pastRequestsIn = (events: readonly PastEvent[]): PastRequests => {
  const ofRequests = events.filter(({ requestId }) => requestId !== DRIFT_TRAIL).flatMap(dated);
  const chains = [...groupedBy(ofRequests, ({ requestId }) => requestId).values()];
  const found = chains.map((chain) => requestFrom(chainOf(chain)));
  const requests = found.filter((one) => one !== undefined);
  return { requests, begunBefore: found.length - requests.length };
};
