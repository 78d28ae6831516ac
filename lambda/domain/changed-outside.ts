/** The move by which a request learns that somebody else changed its assignment in Identity Center. */
import type { AccessRequest, ExternalChange } from './access-request.ts';
import { BREVET, moved, type Transition } from './move.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Only access that people hold can be changed behind their back. What others have assigned meanwhile is standing from now
 * on: it stays when the request ends (law 4). What they have removed stands no longer, though it stood before. Hearing of
 * the same change again is no news.
 */
export const changeOutside = (
  request: AccessRequest,
  at: ExternalChange['at'],
  change: ExternalChange['change'],
): Transition | Refusal => {
  if (request.status !== 'active') return refuse('request_not_due', `This request is ${request.status}, not active.`);
  if (request.externallyModified?.change === change) {
    return refuse('request_not_due', 'That its assignment was changed outside is known.');
  }
  const next: AccessRequest = {
    ...request,
    standing: change === 'assigned',
    externallyModified: { change, at },
  };
  return moved(request, next, { kind: 'changed-outside', at, actor: BREVET, data: { change } });
};
