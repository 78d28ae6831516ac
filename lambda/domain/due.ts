/** When something is due for a request: what the sweep finds it by. */
import type { AccessRequest } from './access-request.ts';
import { nextNotice } from './notices.ts';
import { earliest, type Instant } from './time.ts';

const earliestOf = (first: Instant, other: Instant | undefined): Instant =>
  other === undefined ? first : earliest(first, other);

/** When the sweep must look at the request next; undefined once it is over. */
export const dueAt = (request: AccessRequest): Instant | undefined => {
  switch (request.status) {
    case 'pending':
      return earliestOf(request.expiresAt, nextNotice(request)?.dueAt);
    case 'scheduled':
      return request.startsAt;
    case 'granting':
      return request.grantBy;
    case 'active':
      return earliestOf(request.endsAt, nextNotice(request)?.dueAt);
    case 'ending':
      return request.endsAt;
    default:
      return undefined;
  }
};
