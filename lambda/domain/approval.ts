/** Approval in stages: who must say yes, one stage after the other. Without a stage nobody needs to approve. */
import type { GroupRef, PersonRef } from './access-request.ts';
import { canonicalJson } from './audit-event.ts';
import type { PersonAttributes } from './policy/facts.ts';
import { hasAttributes, isOneWith } from './policy/fit.ts';
import type { AttributeTest } from './policy/policy.ts';
import type { Instant } from './time.ts';

/** When the approvers of a stage are reminded, counted from when it opened; and when they were. */
export interface Reminder {
  readonly afterSeconds: number;
  readonly remindedAt?: Instant;
}

/** Who may decide a stage, too, once it has been open for so long; and since when they may. */
export interface Escalation {
  readonly afterSeconds: number;
  readonly groups: readonly GroupRef[];
  readonly users?: readonly PersonRef[];
  readonly escalatedAt?: Instant;
}

/** `required` people out of the groups and users, or out of everybody with certain attributes, must say yes. */
export interface ApprovalStage {
  readonly required: number;
  readonly groups: readonly GroupRef[];
  readonly users?: readonly PersonRef[];
  /** The people of groups and users must have all of these, too. */
  readonly attributes?: readonly AttributeTest[];
  /**
   * Whoever has all of these is asked. NB. Present where the policy was written so, and never made of groups and users that
   * came to nothing: those leave nobody (law 9).
   */
  readonly everybodyWith?: readonly AttributeTest[];
  /** Everybody must belong to one group of every list here too; of an empty list nobody does. */
  readonly among?: readonly (readonly GroupRef[])[];
  readonly reminder?: Reminder;
  readonly escalation?: Escalation;
}

export type Approval = readonly ApprovalStage[];

/** Everybody who has the attributes, and belongs to one group of every list. */
export type Everybody = Required<Pick<ApprovalStage, 'everybodyWith'>> & Pick<ApprovalStage, 'among'>;

/** How many people must say yes in all. */
export const requiredIn = (stages: readonly { readonly required: number }[]): number =>
  stages.reduce((sum, { required }) => sum + required, 0);

/** Somebody who would decide: as they are now. */
export interface Voter {
  readonly id: string;
  /** Absent: not read, and then no attribute is theirs. */
  readonly attributes?: PersonAttributes;
  /** Ids of those of the stage's groups to which they belong. */
  readonly groupIds: ReadonlySet<string>;
}

type Named = Pick<ApprovalStage, 'groups' | 'users'>;

const isNamed = ({ groups, users = [] }: Named, { id, groupIds }: Voter): boolean =>
  groups.some((group) => groupIds.has(group.id)) || users.some((user) => user.id === id);

/** Those to whom the stage was escalated; nobody before that. */
export const escalatedTo = ({ escalation }: ApprovalStage): Named | undefined =>
  escalation?.escalatedAt === undefined ? undefined : escalation;

const isAmong = ({ among = [] }: Pick<ApprovalStage, 'among'>, { groupIds }: Voter): boolean =>
  among.every((groups) => groups.some(({ id }) => groupIds.has(id)));

/** Whether somebody is one of these. */
export const isOneOf = (everybody: Everybody, voter: Voter): boolean =>
  isAmong(everybody, voter) && isOneWith(everybody.everybodyWith, voter.attributes);

/** Whether somebody may decide in the stage. NB. What guardrails ask of approvers they ask of those it was escalated to as well. */
export const decidesIn = (stage: ApprovalStage, voter: Voter): boolean => {
  const { attributes = [], everybodyWith = [] } = stage;
  const others = escalatedTo(stage);
  const isOne = isNamed(stage, voter) && hasAttributes(attributes, voter.attributes) === 'yes';
  const isOther = others !== undefined && isNamed(others, voter);
  return isAmong(stage, voter) && (isOne || isOther || isOneWith(everybodyWith, voter.attributes));
};

/** The groups of those who approve in any of the stages, those to whom one was escalated included; each once. */
export const approverGroupsIn = (approval: Approval): readonly GroupRef[] =>
  distinct(approval.flatMap((stage) => [...stage.groups, ...(escalatedTo(stage)?.groups ?? [])]));

/** The same of the people who are named. */
export const approversNamedIn = (approval: Approval): readonly PersonRef[] =>
  distinct(approval.flatMap((stage) => [...(stage.users ?? []), ...(escalatedTo(stage)?.users ?? [])]));

/** Those of all stages who are asked by attributes alone. */
export const everybodyIn = (approval: Approval): readonly Everybody[] =>
  approval.flatMap(({ everybodyWith, among }) => (everybodyWith ? [{ everybodyWith, ...(among && { among }) }] : []));

/** For the chain: each such stage as JSON, `{"department":["security"]}`, the same for the same attributes in whichever order. */
export const approverAttributesIn = (approval: readonly Pick<ApprovalStage, 'everybodyWith'>[]): readonly string[] => {
  const written = approval.flatMap(({ everybodyWith }) =>
    everybodyWith
      ? [
          canonicalJson(
            Object.fromEntries(everybodyWith.map(({ attribute, values }) => [attribute, [...values].sort()])),
          ),
        ]
      : [],
  );
  return [...new Set(written)];
};

/** Every group on which it depends who decides in a stage. */
export const groupsDeciding = (stage: ApprovalStage): readonly GroupRef[] => [
  ...approverGroupsIn([stage]),
  ...(stage.among ?? []).flat(),
];

const distinct = <One extends { readonly id: string }>(all: readonly One[]): readonly One[] => [
  ...new Map(all.map((one) => [one.id, one])).values(),
];
