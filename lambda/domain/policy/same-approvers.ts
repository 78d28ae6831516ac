/** Whether those whom a policy would ask for approval now are those who were asked then, as far as the trail says so. */
import { approverAttributesIn } from '../approval.ts';
import type { ApprovalDemand, StageDemand } from './approval-demand.ts';
import { type AskedStage, askedKey } from './asked-stages.ts';
import type { PastAsk } from './past-requests.ts';
import type { NamedPeople } from './policy.ts';

/** Who bears the names of a policy. */
export interface Bearers {
  groupIdOf(name: string): string | undefined;
  /** Without an id where nobody for certain bears the name; undefined where that was not looked up. */
  userNamed(userName: string): { readonly id?: string } | undefined;
}

export type Likeness = 'same' | 'other' | 'unknown';

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

const isSame = (now: readonly string[], then: readonly string[]): boolean =>
  now.length === then.length && now.every((id) => then.includes(id));

const groupIds = ({ groupIdOf }: Bearers, names: readonly string[]): readonly string[] =>
  distinct(names).flatMap((name) => groupIdOf(name) ?? []);
const userIds = ({ userNamed }: Bearers, names: readonly string[]): readonly string[] =>
  distinct(names).flatMap((name) => userNamed(name)?.id ?? []);

const usersIn = ({ users, escalation }: StageDemand): readonly string[] => [...users, ...(escalation?.users ?? [])];

const isLookedUp = ({ userNamed }: Bearers, approval: ApprovalDemand): boolean =>
  approval.flatMap(usersIn).every((name) => userNamed(name) !== undefined);

const askedNow = (bearers: Bearers, { required, attributes, everybodyWith, ...stage }: StageDemand): AskedStage => {
  const idsOf = ({ groups, users }: NamedPeople) => ({
    groups: groupIds(bearers, groups),
    users: userIds(bearers, users),
  });
  return {
    ...{ required, ...idsOf(stage), attributes, among: stage.among.map((names) => groupIds(bearers, names)) },
    ...(everybodyWith && { everybodyWith }),
    ...(stage.escalation && { escalation: idsOf(stage.escalation) }),
  };
};

const withoutUsers = ({ escalation, ...stage }: AskedStage): AskedStage => ({
  ...stage,
  users: [],
  ...(escalation && { escalation: { groups: escalation.groups, users: [] } }),
});

const isEvery = (now: readonly AskedStage[], then: readonly AskedStage[]): boolean =>
  now.map(askedKey).join() === then.map(askedKey).join();

const byStages = (bearers: Bearers, approval: ApprovalDemand, then: readonly AskedStage[]): Likeness => {
  const now = approval.map((stage) => askedNow(bearers, stage));
  if (isLookedUp(bearers, approval)) return isEvery(now, then) ? 'same' : 'other';
  return isEvery(now.map(withoutUsers), then.map(withoutUsers)) ? 'unknown' : 'other';
};

/** Of what earlier events say no word. */
const saysMore = (approval: ApprovalDemand): boolean =>
  approval.length > 1 ||
  approval.some(({ among, attributes, escalation }) => among.length + attributes.length > 0 || escalation);

const sizesOf = (approval: ApprovalDemand): readonly string[] => approval.map(({ required }) => String(required));

/** Events as they were before they told of each stage: who was asked in all stages together. */
const byNames = (bearers: Bearers, approval: ApprovalDemand, then: PastAsk): Likeness => {
  const { approvalsByStage = [String(then.approvals)], approverGroupIds } = then;
  const { approverIds = [], approverAttributes = [] } = then;
  if (approverGroupIds === undefined) return 'unknown';
  if (sizesOf(approval).join() !== approvalsByStage.join()) return 'other';
  const named = (kind: 'groups' | 'users'): readonly string[] => approval.flatMap((stage) => stage[kind]);
  if (!isSame(groupIds(bearers, named('groups')), approverGroupIds)) return 'other';
  if (!isSame(approverAttributesIn(approval), approverAttributes)) return 'other';
  if (named('users').some((name) => bearers.userNamed(name) === undefined)) return 'unknown';
  if (!isSame(userIds(bearers, named('users')), approverIds)) return 'other';
  return saysMore(approval) ? 'unknown' : 'same';
};

export const likenessOf = (bearers: Bearers, approval: ApprovalDemand, then: PastAsk): Likeness => {
  if (approval.length === 0) return 'same';
  return then.stages ? byStages(bearers, approval, then.stages) : byNames(bearers, approval, then);
};
