/** Resolves whom a permit asks, stage by stage, and refuses where there are too few people other than the requester who could say yes. */
import { type Approval, type ApprovalStage, requiredIn } from '../domain/approval.ts';
import { tooFewApprovers } from '../domain/enough-approvers.ts';
import type { StageDemand } from '../domain/policy/approval-demand.ts';
import type { Permit } from '../domain/policy/judge.ts';
import { refuseTooFew } from '../domain/policy/nobody-there.ts';
import type { Refusal } from '../domain/refusal.ts';
import { instant } from '../domain/time.ts';
import { findApprovers } from './approvers.ts';
import { refuseAmongThemselves } from './others-approve.ts';
import { refTo, resolveGroups, resolveUsers } from './people.ts';
import type { Needs } from './world.ts';

const resolveNamed = async (world: Needs<'directory'>, named: Pick<StageDemand, 'groups' | 'users'>) => {
  const [groups, users] = await Promise.all([resolveGroups(world, named.groups), resolveUsers(world, named.users)]);
  return { groups, ...(users.length === 0 ? {} : { users: users.map(refTo) }) };
};

/** A list whose groups are all unknown stays, empty: nobody belongs to it. */
const resolveStage = async (world: Needs<'directory'>, stage: StageDemand): Promise<ApprovalStage> => {
  const { required, attributes, everybodyWith, remindAfterSeconds, escalation } = stage;
  const [named, others, ...among] = await Promise.all([
    resolveNamed(world, stage),
    escalation && resolveNamed(world, escalation),
    ...stage.among.map((names) => resolveGroups(world, names)),
  ]);
  return {
    required,
    ...named,
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(everybodyWith && { everybodyWith }),
    ...(among.length === 0 ? {} : { among }),
    ...(remindAfterSeconds === undefined ? {} : { reminder: { afterSeconds: remindAfterSeconds } }),
    ...(escalation && others && { escalation: { afterSeconds: escalation.afterSeconds, ...others } }),
  };
};

/** A stage with whoever can decide it at some time. */
const asEscalated = (stage: ApprovalStage): ApprovalStage =>
  stage.escalation ? { ...stage, escalation: { ...stage.escalation, escalatedAt: EVER } } : stage;
const EVER = instant(0);

export const findApproval = async (
  world: Needs<'directory'>,
  permit: Permit,
  requesterId: string,
): Promise<Approval | Refusal> => {
  const approval = await Promise.all(permit.approval.map((stage) => resolveStage(world, stage)));
  // A stage with as many people as all take together can always be filled, whoever counts in the others.
  const most = requiredIn(approval);
  const staffing = approval.map(async (stage) => {
    const { people, isAll } = await findApprovers(world, asEscalated(stage), [requesterId], most);
    return { required: stage.required, people: new Set(people.map(({ id }) => id)), isAll };
  });
  const lacking = tooFewApprovers(await Promise.all(staffing));
  if (lacking) return refuseTooFew(permit, lacking);
  return (await refuseAmongThemselves(world, permit.entitlement, approval)) ?? approval;
};
