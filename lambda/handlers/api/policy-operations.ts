/**
 * The operations of the policy, which have a function of their own: only it carries what lint and comparing take, and what it takes
 * to describe the API.
 */
import { OPERATIONS } from '../../contract/operations.ts';
import { POLICY_OPERATIONS, type PolicyOperationId } from '../../contract/policy-operations.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { checkPolicy } from '../../use-cases/check-policy.ts';
import { showPolicy } from '../../use-cases/show-policy.ts';
import type { CheckLimits, Needs, UseCaseLimits } from '../../use-cases/world.ts';
import type { BodyLimits } from './body.ts';
import { policyCheckView, policyView } from './policy-view.ts';
import { ok, refusalReply } from './reply.ts';
import type { Operations } from './routing.ts';

export type PolicyWorld = Needs<
  | 'policies'
  | 'policyReader'
  | 'directory'
  | 'catalogue'
  | 'trail'
  | 'census'
  | 'censusTaker'
  | 'roleGroups'
  | 'clock'
  | 'reporter'
> & { readonly limits: UseCaseLimits & CheckLimits & BodyLimits };

export const POLICY_HANDLERS: Operations<PolicyWorld, PolicyOperationId | 'describeApi'> = {
  showPolicy: async (world, { caller }) => {
    const shown = await showPolicy(world, { caller });
    return isRefusal(shown) ? refusalReply(shown) : ok(POLICY_OPERATIONS.showPolicy, policyView(shown));
  },
  checkPolicy: async (world, { caller, body: { policy: content, ...asked } }) => {
    const checked = await checkPolicy(world, { caller, content, ...asked });
    return isRefusal(checked) ? refusalReply(checked) : ok(POLICY_OPERATIONS.checkPolicy, policyCheckView(checked));
  },
  // Written only when somebody asks for it: making it costs more than most calls, and a cold start none of it.
  describeApi: async () => {
    const { openApiDocument } = await import('../../contract/openapi.ts');
    return ok(OPERATIONS.describeApi, openApiDocument());
  },
};
