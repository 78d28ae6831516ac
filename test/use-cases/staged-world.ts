/** The small world under a policy with stages, and who is told what of a request there. */
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { listRequests } from '../../lambda/use-cases/list-requests.ts';
import { showRequest } from '../../lambda/use-cases/show-request.ts';
import { type Name, PEOPLE, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { STAGES, stagedBy } from './staged-policy.ts';
import { granted } from './story.ts';

export const stagedWorld = (approval = STAGES): SmallWorld => {
  const small = smallWorld();
  small.published.publish(policyOf(stagedBy(approval)));
  return small;
};

/** How many requests wait for somebody's vote. */
export const toReview = async (small: SmallWorld, by: Name): Promise<number> => {
  const page = await listRequests(small.world, { caller: PEOPLE[by], view: 'to-review' });
  if (page === 'invalid-cursor' || isRefusal(page)) throw new Error('expected a list');
  return page.items.length;
};
export const shown = async (small: SmallWorld, { id }: AccessRequest, by: Name) =>
  granted(await showRequest(small.world, { caller: PEOPLE[by], requestId: id }));
/** User names of those who can decide now. */
export const deciders = async (small: SmallWorld, request: AccessRequest): Promise<readonly string[]> =>
  (await shown(small, request, 'ann')).approvers.map(({ userName }) => userName).sort();
