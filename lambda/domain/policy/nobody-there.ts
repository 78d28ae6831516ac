/** Refusals of what the policy lets through and nobody is there for: to approve it, to be told of it, or to have it. */
import type { TooFew } from '../enough-approvers.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { ApprovalDemand } from './approval-demand.ts';
import type { Person } from './facts.ts';
import type { Permit } from './judge.ts';
import type { Delegated, Entitlement } from './policy.ts';
import { demandText } from './rule-text.ts';

const whereText = (stages: readonly number[], count: number): string => {
  if (count === 1) return '';
  const numbers = stages.map((stage) => stage + 1).join(' and ');
  return stages.length === 1 ? ` in stage ${numbers}` : ` in stages ${numbers}, in which nobody counts twice,`;
};

export const refuseTooFew = (
  { entitlement, approval }: Pick<Permit, 'entitlement' | 'approval'>,
  { stages, required, available }: TooFew,
): Refusal => {
  const asked: ApprovalDemand = stages.flatMap((stage) => approval[stage] ?? []);
  return refuse(
    'no_approver',
    `The rule "${entitlement.name}" needs ${required} approval(s)${whereText(stages, approval.length)} from ` +
      `${asked.map(demandText).join('; and ')}, where only ${available} enabled person(s) other than you could give one. ` +
      'Tell whoever keeps the policy.',
    { required, available, groups: asked.flatMap(({ groups }) => groups) },
  );
};

export const refuseRequestersAlone = ({ name }: Entitlement, delegation: Delegated): Refusal =>
  refuse(
    'no_approver',
    `The rule "${name}" was written under the delegation "${delegation.name}", by which somebody must be able to approve ` +
      'who may not ask by it; today everybody who approves may. Tell whoever keeps the policy.',
    { delegation: delegation.name },
  );

export const refuseUntold = ({ name }: Entitlement): Refusal =>
  refuse(
    'nobody_to_tell',
    `Of those whom the rule "${name}" tells, or has review it, nobody but you is there. Ask without break-glass.`,
  );

/** Who is disabled asks for nothing. */
export const refuseDisabled = ({ enabled, userName }: Person): Refusal | undefined =>
  enabled ? undefined : refuse('caller_disabled', `The user "${userName}" is disabled.`);
