/** Resolves whom an entitlement asks, and refuses where nobody but the requester could say yes. */
import type { ApprovalRule } from '../domain/access-request.ts';
import type { Entitlement } from '../domain/policy/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { approversNow, resolveGroups } from './people.ts';
import type { Needs } from './world.ts';

export const findApproval = async (
  world: Needs<'directory'>,
  entitlement: Entitlement,
  requesterId: string,
): Promise<ApprovalRule | Refusal> => {
  const { required, groups: names } = entitlement.approval;
  const groups = await resolveGroups(world, names);
  if (required === 0) return { required, groups };
  const approvers = await approversNow(world, { required, groups }, [requesterId]);
  if (approvers.length >= required) return { required, groups };
  return refuse(
    'no_approver',
    `The rule "${entitlement.name}" needs ${required} approval(s) from ${names.join(', ')}, where only ${approvers.length} ` +
      'enabled person(s) other than you could give one. Tell whoever keeps the policy.',
    { required, available: approvers.length, groups: names },
  );
};
