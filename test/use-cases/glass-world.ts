/** The small world under a policy with break-glass, and what people do there about a broken glass. */
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { acknowledgeRequest } from '../../lambda/use-cases/acknowledge-request.ts';
import { reviewRequest } from '../../lambda/use-cases/review-request.ts';
import { GLASS_POLICY_TEXT, type Name, PEOPLE, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { type Asked, granted, submit } from './story.ts';

export const glassWorld = (): SmallWorld => {
  const small = smallWorld();
  small.published.publish(policyOf(GLASS_POLICY_TEXT));
  return small;
};

export const INCIDENT = { wish: { incident: 'INC-1' } } as const;
export const breaking = (small: SmallWorld, asked: Asked = {}) => submit(small, { ...INCIDENT, ...asked });
export const broken = async (small: SmallWorld): Promise<AccessRequest> => granted(await breaking(small));
export const codeOf = (answer: AccessRequest | Refusal): string => (isRefusal(answer) ? answer.refused : answer.status);

export const acknowledging = (small: SmallWorld, { id: requestId }: AccessRequest, by: Name) =>
  acknowledgeRequest(small.world, { caller: PEOPLE[by], requestId });
export const reviewing = (small: SmallWorld, { id: requestId }: AccessRequest, by: Name) =>
  reviewRequest(small.world, { caller: PEOPLE[by], requestId, outcome: 'justified', comment: 'The ledger was down' });
