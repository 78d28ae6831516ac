/** What approval looks like on the wire, stage by stage. */
import type { RequestView } from '../../contract/api.ts';
import type { StageView } from '../../contract/approval-view.ts';
import { toIsoDuration } from '../../contract/duration.ts';
import type { GroupRef, PersonRef, Vote } from '../../domain/access-request.ts';
import { type ApprovalStage, approverGroupsIn, requiredIn } from '../../domain/approval.ts';
import { approvalsIn, type Ballot, openStage } from '../../domain/ballot.ts';
import { openedAt } from '../../domain/notices.ts';
import type { AttributeTest } from '../../domain/policy/policy.ts';
import { addSeconds, type Instant, toIso } from '../../domain/time.ts';

export const personView = ({ id, userName, displayName }: PersonRef) => ({ id, userName, displayName });

const voteView = ({ approver, choice, stage, at, comment, durationSeconds }: Vote) => ({
  approver: personView(approver),
  choice,
  stage: stage + 1,
  at: toIso(at),
  ...(comment === undefined ? {} : { comment }),
  ...(durationSeconds === undefined ? {} : { duration: toIsoDuration(durationSeconds) }),
});

export const namesOnce = (names: readonly string[]): string[] => [...new Set(names)];

export const attributesView = (tests: readonly AttributeTest[] = []): Record<string, string[]> =>
  Object.fromEntries(tests.map(({ attribute, values }) => [attribute, [...values]]));

export const everybodyView = (everybodyWith: readonly AttributeTest[] | undefined): Pick<StageView, 'everybodyWith'> =>
  everybodyWith ? { everybodyWith: attributesView(everybodyWith) } : {};

const namesOf = ({
  groups,
  users = [],
}: {
  readonly groups: readonly GroupRef[];
  readonly users?: readonly PersonRef[];
}) => ({
  groups: groups.map(({ name }) => name),
  users: users.map(({ userName }) => userName),
});

type Waiting = Ballot & { readonly askedAt: Instant };

const stateOf = (waiting: Waiting, { required }: ApprovalStage, number: number): StageView['state'] => {
  const open = openStage(waiting)?.number;
  if (approvalsIn(number, waiting.votes).length >= required) return 'complete';
  if (open === undefined) return 'closed';
  return number === open ? 'open' : 'waiting';
};

/** What has come in it, and what will while it is open. */
const noticesView = ({ reminder, escalation }: ApprovalStage, opened: Instant | undefined): Partial<StageView> => {
  const due = (seconds: number): string | undefined => opened && toIso(addSeconds(opened, seconds));
  const remindsAt = reminder && reminder.remindedAt === undefined ? due(reminder.afterSeconds) : undefined;
  const escalatesAt = escalation && escalation.escalatedAt === undefined ? due(escalation.afterSeconds) : undefined;
  return {
    ...(opened && { openedAt: toIso(opened) }),
    ...(remindsAt && { remindsAt }),
    ...(reminder?.remindedAt && { remindedAt: toIso(reminder.remindedAt) }),
    ...(escalatesAt && { escalatesAt }),
    ...(escalation?.escalatedAt && { escalatedAt: toIso(escalation.escalatedAt) }),
    ...(escalation && { escalatesTo: namesOf(escalation) }),
  };
};

const stageView = (waiting: Waiting, stage: ApprovalStage, number: number): StageView => {
  const state = stateOf(waiting, stage, number);
  return {
    required: stage.required,
    ...namesOf(stage),
    attributes: attributesView(stage.attributes),
    ...everybodyView(stage.everybodyWith),
    among: (stage.among ?? []).map((groups) => groups.map(({ name }) => name)),
    approvals: approvalsIn(number, waiting.votes).length,
    state,
    ...noticesView(stage, state === 'open' ? openedAt(waiting, number) : undefined),
  };
};

export const approvalView = (waiting: Waiting): RequestView['approval'] => ({
  required: requiredIn(waiting.approval),
  groups: approverGroupsIn(waiting.approval).map(({ name }) => name),
  votes: waiting.votes.map(voteView),
  stages: waiting.approval.map((stage, number) => stageView(waiting, stage, number)),
});
