/** A broken glass: told of, acknowledged, reviewed by somebody else, and counted, so that nobody does it again and again. */
import type { AccessRequest, Audience, BreakGlass, PersonRef, Review } from './access-request.ts';
import type { AuditFact, AuditKind } from './audit-event.ts';
import { moved, person, type Transition } from './move.ts';
import { type Refusal, type RefusalCode, refuse } from './refusal.ts';
import { addSeconds, type Instant, toIso } from './time.ts';

const idsOf = (things: readonly { readonly id: string }[]): readonly string[] => things.map(({ id }) => id);

/** The event that names everybody who is told. The alarm is made of it: it is stored with the event, or neither is. */
export const glassBroken = (request: AccessRequest, breakGlass: BreakGlass): AuditFact =>
  moved(request, request, {
    kind: 'glass-broken',
    at: request.askedAt,
    actor: person(request.requester),
    data: {
      toldGroupIds: idsOf(breakGlass.told.groups),
      toldUserIds: idsOf(breakGlass.told.people),
      reviewerGroupIds: idsOf(breakGlass.reviewers.groups),
      reviewerUserIds: idsOf(breakGlass.reviewers.people),
      reviewBy: toIso(breakGlass.reviewBy),
    },
    texts: { incident: breakGlass.incident },
  }).fact;

// ---------- moves ----------

export interface AcknowledgeEvent {
  readonly kind: 'acknowledge';
  readonly at: Instant;
  readonly by: PersonRef;
}

export interface ReviewEvent extends Review {
  readonly kind: 'review';
}

type Attended = Transition | Refusal;

/** Whatever the status: it has to be looked at, also when access is long over. */
const attend = (request: AccessRequest, by: PersonRef, move: (glass: BreakGlass) => Attended): Attended => {
  const { breakGlass } = request;
  if (!breakGlass) return refuse('not_break_glass', 'The glass was not broken for this request.');
  if (by.id !== request.requester.id) return move(breakGlass);
  return refuse('self_approval', 'Whoever broke the glass neither acknowledges nor reviews it. Somebody else has to.');
};

const doneBefore = (code: RefusalCode, { by, at }: Pick<Review, 'by' | 'at'>): Refusal =>
  refuse(code, `${by.userName} did so at ${toIso(at)} already.`);

export const acknowledge = (request: AccessRequest, { at, by }: AcknowledgeEvent): Attended =>
  attend(request, by, (breakGlass) => {
    if (breakGlass.acknowledged) return doneBefore('already_acknowledged', breakGlass.acknowledged);
    const next = { ...request, breakGlass: { ...breakGlass, acknowledged: { by, at } } };
    return moved(request, next, { kind: 'acknowledged', at, actor: person(by) });
  });

/** Whoever reviews it knows of it. */
export const review = (request: AccessRequest, { kind: _, ...given }: ReviewEvent): Attended =>
  attend(request, given.by, (breakGlass) => {
    if (breakGlass.review) return doneBefore('already_reviewed', breakGlass.review);
    const { by, at, outcome, comment } = given;
    const acknowledged = breakGlass.acknowledged ?? { by, at };
    const next = { ...request, breakGlass: { ...breakGlass, acknowledged, review: given } };
    const texts: Record<string, string> = comment === undefined ? {} : { comment };
    return moved(request, next, { kind: 'reviewed', at, actor: person(by), data: { outcome }, texts });
  });

// ---------- what is kept of it ----------

/** Beside the request: by whom and when, what is still to be done about it, and when the alarm rings next. */
export interface BrokenGlass {
  readonly requestId: string;
  readonly personId: string;
  readonly brokenAt: Instant;
  readonly reviewBy: Instant;
  readonly isReviewed: boolean;
  /** Absent once nobody has to hear of it any more. */
  readonly alarmAt?: Instant;
}

const alarmAtOf = ({ askedAt, breakGlass }: AccessRequest): Instant | undefined => {
  if (!breakGlass || breakGlass.review) return undefined;
  return breakGlass.acknowledged ? breakGlass.reviewBy : askedAt;
};

const CHANGING: ReadonlySet<AuditKind> = new Set(['glass-broken', 'acknowledged', 'reviewed']);

/** Whether what is kept changes with these events. */
export const changesGlass = (events: readonly { readonly kind: AuditKind }[]): boolean =>
  events.some(({ kind }) => CHANGING.has(kind));

export const brokenGlassOf = (request: AccessRequest): BrokenGlass | undefined => {
  const { id: requestId, requester, askedAt: brokenAt, breakGlass } = request;
  if (!breakGlass) return undefined;
  const alarmAt = alarmAtOf(request);
  return {
    ...{ requestId, personId: requester.id, brokenAt, reviewBy: breakGlass.reviewBy },
    isReviewed: breakGlass.review !== undefined,
    ...(alarmAt === undefined ? {} : { alarmAt }),
  };
};

// ---------- how often ----------

/** What one person broke: all that is not reviewed, and all of the last day. */
export interface GlassRecord {
  /** How often ever: storing one more compares it. */
  readonly count: number;
  readonly broken: readonly BrokenGlass[];
}

export const DAY_SECONDS = 86_400;

const refuseOverdue = ({ broken }: GlassRecord, now: Instant): Refusal | undefined => {
  const overdue = broken.filter(({ isReviewed, reviewBy }) => !isReviewed && reviewBy <= now);
  const [first] = overdue;
  if (!first) return undefined;
  return refuse(
    'review_overdue',
    `Request ${first.requestId} was to be reviewed by ${toIso(first.reviewBy)}. Until somebody else does that, you break no ` +
      'other glass: ask without it.',
    { requests: overdue.map(({ requestId }) => requestId) },
  );
};

const refuseTooOften = ({ broken }: GlassRecord, most: number, now: Instant): Refusal | undefined => {
  const lately = broken.map(({ brokenAt }) => brokenAt).filter((at) => addSeconds(at, DAY_SECONDS) > now);
  if (lately.length < most) return undefined;
  const oldestThatCounts = [...lately].sort((one, other) => one - other)[lately.length - most] ?? now;
  const again = toIso(addSeconds(oldestThatCounts, DAY_SECONDS));
  return refuse(
    'break_glass_limit',
    `You broke the glass ${lately.length} time(s) in 24 h, and may ${most} time(s). You may again from ${again}; ask without it.`,
    { maximum: most, from: again },
  );
};

/** Why the person breaks no further glass now. */
export const refuseFurther = (record: GlassRecord, maxUses: number, now: Instant): Refusal | undefined =>
  refuseOverdue(record, now) ?? refuseTooOften(record, maxUses, now);

/** Everybody of the audience by id, groups and people. */
export const isAmong = ({ groups, people }: Audience, personId: string, groupIds: ReadonlySet<string>): boolean =>
  people.some(({ id }) => id === personId) || groups.some(({ id }) => groupIds.has(id));
