/** What there is to say about an event by the time that people are told of it: nothing, where it has been overtaken. */
import type { AccessRequest, BreakGlass } from './access-request.ts';
import { type Ballot, type OpenStage, openStage } from './ballot.ts';
import { openedAt, waitingIn, waitsUntil } from './notices.ts';
import type { Telling } from './telling.ts';
import type { Instant } from './time.ts';

export interface GlassNews {
  readonly kind: 'glass-broken';
  readonly request: AccessRequest;
  readonly breakGlass: BreakGlass;
}

/** Somebody is to decide: asked just now, reminded, or asked besides since nobody did. */
export interface ApprovalNews {
  readonly kind: 'asked' | 'reminded' | 'escalated';
  readonly request: AccessRequest;
  /** What waits: the request itself, or its extension. */
  readonly ballot: Ballot;
  readonly open: OpenStage;
  /** When waiting is over. */
  readonly until: Instant;
}

export type News = GlassNews | ApprovalNews;

const glassNews = (request: AccessRequest): GlassNews | undefined =>
  request.breakGlass && { kind: 'glass-broken', request, breakGlass: request.breakGlass };

/** Whether the event is the one by which what is open now came to be so: another stage, or another wish, has its own. */
const isOf = ({ kind, at }: Telling, opened: Instant, { number, stage }: OpenStage): boolean => {
  switch (kind) {
    case 'asked':
    case 'extension-asked':
      return number === 0 && opened === at;
    case 'voted':
    case 'extension-voted':
      return number > 0 && opened === at;
    case 'reminded':
      return stage.reminder?.remindedAt === at;
    case 'escalated':
      return stage.escalation?.escalatedAt === at;
    default:
      return false;
  }
};

const newsKind = ({ kind }: Telling): ApprovalNews['kind'] =>
  kind === 'reminded' || kind === 'escalated' ? kind : 'asked';

const approvalNews = (telling: Telling, request: AccessRequest, now: Instant): ApprovalNews | undefined => {
  const ballot = waitingIn(request);
  const open = ballot && openStage(ballot);
  if (!open || !isOf(telling, openedAt(ballot, open.number), open)) return undefined;
  const until = waitsUntil(request);
  return now < until ? { kind: newsKind(telling), request, ballot, open, until } : undefined;
};

/** Of a broken glass everybody is told, however late; who decides, only while they still can. */
export const newsOf = (telling: Telling, request: AccessRequest, now: Instant): News | undefined =>
  telling.kind === 'glass-broken' ? glassNews(request) : approvalNews(telling, request, now);
