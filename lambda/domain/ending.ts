/** The moves that end access: ending never needs permission to have been right (law 7). */
import { type AccessRequest, type ActiveRequest, type Actor, baseOf, isOpen } from './access-request.ts';
import type { Vanished } from './lease.ts';
import { BREVET, CLOCK, moved, type Transition } from './move.ts';
import { howItStands } from './outcome.ts';
import { type Refusal, refuse } from './refusal.ts';
import { earliest, type Instant, toIso } from './time.ts';

export const end = (request: AccessRequest, at: Instant, by: Actor): Transition | Refusal => {
  if (!isOpen(request)) {
    return refuse('request_already_over', `This request is already ${request.status}: ${howItStands(request)}.`);
  }
  if (request.status === 'pending') {
    return refuse(
      'request_not_started',
      'This request has not started. Its requester can cancel it, an approver reject it.',
    );
  }
  if (request.status === 'ending') return refuse('request_already_over', 'This request is already ending.');
  if (by.kind === 'clock') return request.status === 'active' ? closeWindow(request, at) : notDue(request);
  const cause = { kind: 'ended-early', by } as const;
  const fact = { kind: 'end-begun', at, actor: by, data: { cause: cause.kind } } as const;
  if (request.status === 'scheduled') {
    return moved(request, { ...baseOf(request), status: 'ended', endedAt: at, cause, standing: false }, fact);
  }
  const lived = request.status === 'active' ? { activeSince: request.activeSince } : {};
  const standing = request.status === 'active' && request.standing;
  const endsAt = earliest(at, request.status === 'active' ? request.endsAt : request.latestEnd);
  return moved(request, { ...baseOf(request), ...lived, status: 'ending', endsAt, cause, standing }, fact);
};

const notDue = (request: AccessRequest): Refusal => refuse('request_not_due', `This request is ${request.status}.`);

const closeWindow = (request: ActiveRequest, at: Instant): Transition | Refusal => {
  if (at < request.endsAt) return refuse('request_not_due', `It ends at ${toIso(request.endsAt)}.`);
  const { activeSince, endsAt, standing } = request;
  const cause = { kind: 'window-closed' } as const;
  const next: AccessRequest = { ...baseOf(request), status: 'ending', activeSince, endsAt, cause, standing };
  return moved(request, next, { kind: 'end-begun', at, actor: CLOCK, data: { cause: cause.kind } });
};

export const becomeGone = (request: AccessRequest, at: Instant, vanished?: Vanished): Transition | Refusal => {
  if (request.status !== 'ending') return notDue(request);
  const { cause, standing } = request;
  const lived = request.activeSince === undefined ? {} : { activeSince: request.activeSince };
  const why: { vanished?: Vanished } = vanished === undefined ? {} : { vanished };
  const next: AccessRequest =
    cause.kind === 'grant-failed'
      ? { ...baseOf(request), status: 'failed', failedAt: at, reason: cause.reason }
      : { ...baseOf(request), ...lived, status: 'ended', endedAt: at, cause, standing, ...why };
  return moved(request, next, { kind: 'gone', at, actor: BREVET, data: { standing, ...(vanished && { vanished }) } });
};
