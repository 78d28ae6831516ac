/** What a waiting workflow may be told about a request: pure, so that a wake-up never needs to be believed. */
import type { AccessRequest } from './access-request.ts';
import { isOpen } from './access-request.ts';
import type { Instant } from './time.ts';

/** The steps of the workflow that wait for the ledger. */
export type WaitingStep = 'await-decision' | 'grant' | 'end';

export type StepOutcome =
  | { readonly kind: 'decided'; readonly approved: true; readonly startsAt: Instant }
  | { readonly kind: 'decided'; readonly approved: false }
  | { readonly kind: 'hold'; readonly until: Instant }
  | { readonly kind: 'over' };

const decision = (request: AccessRequest, now: Instant): StepOutcome | undefined => {
  if (request.status === 'pending') return undefined;
  if (!isOpen(request)) return { kind: 'decided', approved: false };
  return { kind: 'decided', approved: true, startsAt: request.status === 'scheduled' ? request.startsAt : now };
};

/** A grant that came to nothing answers with now, so that the workflow goes on to confirm that nothing is left. */
const grant = (request: AccessRequest, now: Instant): StepOutcome | undefined => {
  if (request.status === 'scheduled' || request.status === 'granting') return undefined;
  return { kind: 'hold', until: request.status === 'active' ? request.endsAt : now };
};

const end = (request: AccessRequest, now: Instant): StepOutcome | undefined => {
  if (!isOpen(request)) return { kind: 'over' };
  const goesOn = request.status === 'active' && request.endsAt > now;
  return goesOn ? { kind: 'hold', until: request.endsAt } : undefined;
};

/** The answer for a workflow that waits at this step, or undefined while it must go on waiting. */
export const stepOutcome = (step: WaitingStep, request: AccessRequest, now: Instant): StepOutcome | undefined => {
  switch (step) {
    case 'await-decision':
      return decision(request, now);
    case 'grant':
      return grant(request, now);
    case 'end':
      return end(request, now);
  }
};
