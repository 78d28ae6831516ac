/** Making a request: what people wrote is checked here, once, and the first link of the chain is forged. */
import type {
  AccessRequest,
  BreakGlass,
  Entitled,
  PendingRequest,
  PersonRef,
  ScheduledRequest,
  Target,
} from './access-request.ts';
import { type Approval, requiredIn } from './approval.ts';
import { approvalData } from './approval-trail.ts';
import { type AuditFact, EMPTY_TRAIL } from './audit-event.ts';
import { person } from './move.ts';
import { type Refusal, refuse } from './refusal.ts';
import {
  addSeconds,
  type DurationSeconds,
  durationText,
  earliest,
  type Instant,
  secondsBetween,
  toIso,
} from './time.ts';

/** The limits that asking knows (a part of the table of limits). */
export interface AskLimits {
  readonly longestDurationSeconds: number;
  readonly pendingExpirySeconds: number;
  readonly startAheadSeconds: number;
  readonly textLength: number;
  readonly ticketLength: number;
}

/** What a person writes down; everything is checked. */
export interface Wish {
  readonly durationSeconds: DurationSeconds;
  readonly start?: Instant;
  readonly justification: string;
  readonly ticket?: string;
  /** The incident for which the glass is to be broken; absent: it is not. */
  readonly incident?: string;
}

// Control characters, line separators, and the invisible marks that reorder or hide text; the two joiners that some
// scripts and emoji need are let through.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/u;
const LINE_BREAKS = /\r\n|[\n\t]/g;
const INVISIBLE = /[\s\u200C\u200D]/gu;

/** Whether nothing of it can be seen. */
export const isBlank = (text: string): boolean => text.replace(INVISIBLE, '') === '';

const isPrintableLine = (text: string): boolean => text.isWellFormed() && !UNPRINTABLE.test(text);

/** Text of one or more lines that shows all that it contains. */
export const isPrintable = (text: string): boolean => isPrintableLine(text.replace(LINE_BREAKS, ' '));

const refuseJustification = (justification: string, limits: AskLimits): Refusal | undefined => {
  if (isBlank(justification)) {
    return refuse('justification_empty', 'Say why you need the access, in a sentence that the approver understands.');
  }
  if (justification.length > limits.textLength) {
    const got = justification.length;
    return refuse('justification_too_long', `The justification has ${got} characters; at most ${limits.textLength}.`, {
      maximum: limits.textLength,
    });
  }
  return isPrintable(justification)
    ? undefined
    : refuse(
        'justification_unprintable',
        'The justification contains control characters or invisible marks. Use plain text.',
      );
};

const refuseTicket = (ticket: string | undefined, limits: AskLimits): Refusal | undefined => {
  if (ticket === undefined) return undefined;
  if (ticket !== '' && ticket.length <= limits.ticketLength && isPrintableLine(ticket)) return undefined;
  return refuse('ticket_invalid', `A ticket is 1 to ${limits.ticketLength} printable characters.`, {
    maximum: limits.ticketLength,
  });
};

const refuseIncident = (incident: string | undefined, limits: AskLimits): Refusal | undefined => {
  if (incident === undefined) return undefined;
  if (!isBlank(incident) && incident.length <= limits.ticketLength && isPrintableLine(incident)) return undefined;
  return refuse('incident_invalid', `An incident is named by 1 to ${limits.ticketLength} printable characters.`, {
    maximum: limits.ticketLength,
  });
};

const refuseLater = ({ incident, start }: Wish): Refusal | undefined =>
  incident === undefined || start === undefined
    ? undefined
    : refuse('start_invalid', 'The glass is broken for access at once. Leave out the start, or ask without it.');

const refuseStart = (start: Instant | undefined, now: Instant, limits: AskLimits): Refusal | undefined => {
  if (start === undefined) return undefined;
  if (start < now) {
    return refuse(
      'start_in_past',
      `The start ${toIso(start)} has passed (now ${toIso(now)}). Leave it out to start at once.`,
    );
  }
  if (secondsBetween(now, start) <= limits.startAheadSeconds) return undefined;
  const latest = toIso(addSeconds(now, limits.startAheadSeconds));
  return refuse('start_too_far', `The start ${toIso(start)} is too far ahead; the latest possible now is ${latest}.`, {
    latest,
  });
};

/** The first thing wrong with what was written, before any rule of the policy is looked at. */
export const refuseWish = (wish: Wish, now: Instant, limits: AskLimits): Refusal | undefined => {
  if (wish.durationSeconds > limits.longestDurationSeconds) {
    return refuse(
      'duration_too_long',
      `${durationText(wish.durationSeconds)} is longer than anything may last here: ${durationText(limits.longestDurationSeconds)}.`,
      { maximumSeconds: limits.longestDurationSeconds },
    );
  }
  return (
    refuseLater(wish) ??
    refuseStart(wish.start, now, limits) ??
    refuseJustification(wish.justification, limits) ??
    refuseTicket(wish.ticket, limits) ??
    refuseIncident(wish.incident, limits)
  );
};

export interface Ask {
  readonly id: string;
  readonly salt: string;
  readonly requester: PersonRef;
  readonly target: Target;
  readonly wish: Wish;
  readonly entitled: Entitled;
  readonly approval: Approval;
  readonly askedAt: Instant;
  readonly breakGlass?: BreakGlass;
}

/** A pending request waits at most the limit, and never beyond the end of its own window. */
const pendingUntil = (ask: Ask, limits: AskLimits): Instant => {
  const patience = addSeconds(ask.askedAt, limits.pendingExpirySeconds);
  const { start, durationSeconds } = ask.wish;
  return start === undefined ? patience : earliest(patience, addSeconds(start, durationSeconds));
};

/** The request as it is first stored: pending, or scheduled where the policy asks for nobody's approval. */
export const ask = (ask: Ask, limits: AskLimits): { readonly next: AccessRequest; readonly fact: AuditFact } => {
  const { wish, askedAt, ...given } = ask;
  const { incident: _kept, ...written } = wish;
  const base = { ...given, ...written, askedAt, votes: [], trail: EMPTY_TRAIL, version: 0 };
  const next: PendingRequest | ScheduledRequest =
    requiredIn(ask.approval) > 0
      ? { ...base, status: 'pending', expiresAt: pendingUntil(ask, limits) }
      : { ...base, status: 'scheduled', startsAt: wish.start ?? askedAt };
  return { next, fact: factOf(ask, next) };
};

const factOf = (ask: Ask, next: AccessRequest): AuditFact => ({
  kind: 'asked',
  at: ask.askedAt,
  actor: person(ask.requester),
  to: next.status,
  data: {
    accountId: ask.target.accountId,
    permissionSetArn: ask.target.permissionSetArn,
    durationSeconds: ask.wish.durationSeconds,
    ...(ask.wish.start === undefined ? {} : { start: toIso(ask.wish.start) }),
    entitlement: ask.entitled.name,
    policyVersion: ask.entitled.policyVersion,
    ...approvalData(ask.approval),
    ...(ask.breakGlass && { breakGlass: true }),
  },
  texts: {
    justification: ask.wish.justification,
    ...(ask.wish.ticket === undefined ? {} : { ticket: ask.wish.ticket }),
  },
});
