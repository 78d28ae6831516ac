/** The moves from approved to usable: begin, usable, failed. */
import { type AccessRequest, baseOf } from './access-request.ts';
import { BREVET, CLOCK, moved, type Transition } from './move.ts';
import { type Refusal, refuse } from './refusal.ts';
import { addSeconds, earliest, type Instant, toIso, wholeSecond } from './time.ts';

const latestEndOf = (request: AccessRequest, grantBy: Instant): Instant =>
  addSeconds(request.start ?? grantBy, request.durationSeconds);

export const beginGrant = (request: AccessRequest, at: Instant, grantBy: Instant): Transition | Refusal => {
  if (request.status !== 'scheduled') {
    return refuse('request_not_due', `This request is ${request.status}; only a scheduled one can begin.`);
  }
  if (at < request.startsAt) return refuse('request_not_due', `It starts at ${toIso(request.startsAt)}.`);
  const latestEnd = latestEndOf(request, grantBy);
  const next: AccessRequest = {
    ...baseOf(request),
    status: 'granting',
    begunAt: at,
    grantBy: earliest(grantBy, latestEnd),
    latestEnd,
  };
  return moved(request, next, { kind: 'grant-begun', at, actor: CLOCK, data: { latestEnd: toIso(latestEnd) } });
};

/**
 * Access ends on a whole second, the last one within its window: the timers of the workflow know no fractions, and would
 * end it up to a second late.
 */
export const becomeUsable = (request: AccessRequest, at: Instant, standing: boolean): Transition | Refusal => {
  if (request.status !== 'granting') {
    return refuse('request_not_due', `This request is ${request.status}, not granting.`);
  }
  const window = addSeconds(request.start ?? at, request.durationSeconds);
  const endsAt = wholeSecond(earliest(window, request.latestEnd));
  const next: AccessRequest = { ...baseOf(request), status: 'active', activeSince: at, endsAt, standing };
  return moved(request, next, { kind: 'became-usable', at, actor: BREVET, data: { endsAt: toIso(endsAt), standing } });
};

/** A scheduled request that never touched a lease fails at once; a granting one only once the lease is gone. */
export const failGrant = (request: AccessRequest, at: Instant, reason: string): Transition | Refusal => {
  const fact = { kind: 'grant-failed', at, actor: BREVET, texts: { reason } } as const;
  if (request.status === 'scheduled') {
    return moved(request, { ...baseOf(request), status: 'failed', failedAt: at, reason }, fact);
  }
  if (request.status !== 'granting') {
    return refuse('request_not_due', `This request is ${request.status}, not granting.`);
  }
  const cause = { kind: 'grant-failed', reason } as const;
  const endsAt = earliest(at, request.latestEnd);
  return moved(request, { ...baseOf(request), status: 'ending', endsAt, cause, standing: false }, fact);
};
