/** Resolves whom a permit asks, and refuses where nobody but the requester could say yes. */
import type { ApprovalRule } from '../domain/access-request.ts';
import type { ApprovalDemand } from '../domain/policy/guardrails.ts';
import type { Permit } from '../domain/policy/judge.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { refuseAmongThemselves } from './others-approve.ts';
import { approversNow, resolveGroups } from './people.ts';
import type { Needs } from './world.ts';

/** A list whose groups are all unknown stays, empty: nobody belongs to it. */
export const approvalRuleFor = async (
  world: Needs<'directory'>,
  { required, groups, among }: ApprovalDemand,
): Promise<ApprovalRule> => {
  const [resolved = [], ...lists] = await Promise.all([groups, ...among].map((names) => resolveGroups(world, names)));
  return { required, groups: resolved, ...(lists.length === 0 ? {} : { among: lists }) };
};

/** `leads, who belong to security too` */
export const demandText = ({ groups, among }: ApprovalDemand): string =>
  [groups.join(', ') || 'nobody', ...among.map((names) => `who belong to ${names.join(' or ')} too`)].join(', ');

export const findApproval = async (
  world: Needs<'directory'>,
  { entitlement, approval }: Permit,
  requesterId: string,
): Promise<ApprovalRule | Refusal> => {
  const rule = await approvalRuleFor(world, approval);
  const { required } = approval;
  if (required === 0) return rule;
  const approvers = await approversNow(world, rule, [requesterId]);
  if (approvers.length >= required) return (await refuseAmongThemselves(world, entitlement, rule)) ?? rule;
  return refuse(
    'no_approver',
    `The rule "${entitlement.name}" needs ${required} approval(s) from ${demandText(approval)}, where only ${approvers.length} ` +
      'enabled person(s) other than you could give one. Tell whoever keeps the policy.',
    { required, available: approvers.length, groups: approval.groups },
  );
};
