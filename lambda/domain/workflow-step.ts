/** What a waiting workflow may be told about a request: pure, so that a wake-up never needs to be believed. */
import type { AccessRequest } from './access-request.ts';
import { isOpen } from './access-request.ts';
import { type Instant, wholeSecond } from './time.ts';

/** The steps of the workflow that wait for the ledger. */
export type WaitingStep = 'await-decision' | 'grant' | 'end';

export type StepOutcome =
  | { readonly kind: 'decided'; readonly approved: true; readonly startsAt: Instant }
  | { readonly kind: 'decided'; readonly approved: false }
  | { readonly kind: 'hold'; readonly until: Instant }
  | { readonly kind: 'over' };

/**
 * As the workflow's timers are told a moment: they know whole seconds only, and would wait out the rest of the second in
 * which a moment has come already.
 */
const forTimer = (moment: Instant, now: Instant): Instant => (moment > now ? moment : wholeSecond(moment));

const decision = (request: AccessRequest, now: Instant): StepOutcome | undefined => {
  if (request.status === 'pending') return undefined;
  if (!isOpen(request)) return { kind: 'decided', approved: false };
  const startsAt = request.status === 'scheduled' ? request.startsAt : now;
  return { kind: 'decided', approved: true, startsAt: forTimer(startsAt, now) };
};

/** A grant that came to nothing answers with now, so that the workflow goes on to confirm that nothing is left. */
const grant = (request: AccessRequest, now: Instant): StepOutcome | undefined => {
  if (request.status === 'scheduled' || request.status === 'granting') return undefined;
  return { kind: 'hold', until: forTimer(request.status === 'active' ? request.endsAt : now, now) };
};

/** Active access is held until its end, though that has come: whoever asks then comes back at once, and ends it. */
const end = (request: AccessRequest): StepOutcome | undefined => {
  if (!isOpen(request)) return { kind: 'over' };
  return request.status === 'active' ? { kind: 'hold', until: request.endsAt } : undefined;
};

/** The answer for a workflow that waits at this step, or undefined while it must go on waiting. */
export const stepOutcome = (step: WaitingStep, request: AccessRequest, now: Instant): StepOutcome | undefined => {
  switch (step) {
    case 'await-decision':
      return decision(request, now);
    case 'grant':
      return grant(request, now);
    case 'end':
      return end(request);
  }
};
