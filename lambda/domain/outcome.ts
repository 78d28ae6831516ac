/** What became of a request, in words, for whoever comes late (law 5). */
import type { AccessRequest } from './access-request.ts';
import { decidedHow } from './ballot.ts';
import { type Refusal, refuse } from './refusal.ts';
import { toIso } from './time.ts';

export const notPending = (request: AccessRequest): Refusal =>
  refuse('request_not_pending', `This request is ${request.status}: ${howItStands(request)}.`, {
    status: request.status,
  });

export const howItStands = (request: AccessRequest): string => {
  switch (request.status) {
    case 'pending':
      return `it waits for approval until ${toIso(request.expiresAt)}`;
    case 'cancelled':
      return `cancelled by ${request.requester.userName} at ${toIso(request.cancelledAt)}`;
    case 'expired':
      return `nobody decided before ${toIso(request.expiredAt)}`;
    case 'failed':
      return `${decidedHow(request)}, then failed: ${request.reason}`;
    default:
      return decidedHow(request);
  }
};
