/** Review: somebody else says afterwards whether it was right to break the glass. */
import type { AccessRequest, Review } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';
import type { Refusal } from '../domain/refusal.ts';
import { refuseOutsider } from './acknowledge-request.ts';
import { refuseComment } from './decide-request.ts';
import { moveRequest } from './move-request.ts';
import { refTo } from './people.ts';
import type { Needs } from './world.ts';

export interface ReviewInput extends Pick<Review, 'outcome' | 'comment'> {
  readonly caller: Person;
  readonly requestId: string;
}

export const reviewRequest = async (
  world: Needs<'ledger' | 'directory' | 'roleGroups' | 'clock' | 'ids' | 'limits'>,
  { caller, requestId, outcome, comment }: ReviewInput,
): Promise<AccessRequest | Refusal> => {
  const refusal = refuseComment(comment, world.limits.textLength);
  if (refusal) return refusal;
  return moveRequest(world, requestId, async (request) => {
    const audience = caller.id === request.requester.id ? undefined : request.breakGlass?.reviewers;
    const outsider = await refuseOutsider(world, caller, audience, 'those who review it');
    const given = { by: refTo(caller), at: world.clock.now(), outcome };
    return outsider ?? { kind: 'review', ...given, ...(comment === undefined ? {} : { comment }) };
  });
};
