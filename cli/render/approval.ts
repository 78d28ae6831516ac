/** Approval in words: who is asked, stage by stage, and how it stands. */
import type { CatalogEntryView, RequestView } from '../../lambda/contract/api.ts';
import type { StageView } from '../../lambda/contract/approval-view.ts';
import type { ExplanationView } from '../../lambda/contract/explain.ts';
import type { Field } from './fields.ts';
import { type Clockwork, clockTime, length } from './moment.ts';

type Approval = RequestView['approval'];
type Asks = Pick<StageView, 'groups' | 'users' | 'attributes' | 'among'>;

const either = (names: readonly string[]): string => names.join(' or ');

/** `payments-leads or ann with department payments, who belong to security too` */
export const askedText = ({ groups, users, attributes, among }: Asks): string => {
  const tests = Object.entries(attributes).map(([name, values]) => `${name.replaceAll('_', ' ')} ${either(values)}`);
  const narrowed = tests.length === 0 ? '' : ` with ${tests.join(' and ')}`;
  const too = among.map((names) => `, who belong to ${either(names)} too`).join('');
  return `${either([...groups, ...users]) || 'nobody'}${narrowed}${too}`;
};

export const approvalsNeeded = (entry: CatalogEntryView): string => {
  if (entry.breakGlass?.isOnlyWay) return 'break-glass only';
  const { approvalsRequired: required, approvalStages: stages, approverGroups, approverUsers } = entry;
  if (required === 0) return 'no approval needed';
  const inStages = stages > 1 ? ` in ${stages} stages` : '';
  const whom = either([...approverGroups, ...approverUsers]) || 'whom the account names';
  return `${required} ${required === 1 ? 'approval' : 'approvals'}${inStages} from ${whom}`;
};

const stageState = ({ approvals, required, ...asks }: StageView): string =>
  `${approvals} of ${required} approvals from ${askedText(asks)}`;

/** Of several stages the one that counts now: the open one, or else the last. */
export const approvalState = ({ required, votes, stages }: Approval): string => {
  if (required === 0) return 'no approval needed';
  const [only, another] = stages;
  if (only && !another) return stageState(only);
  const open = stages.findIndex(({ state }) => state === 'open');
  const stage = stages[open];
  if (stage) return `stage ${open + 1} of ${stages.length}: ${stageState(stage)}`;
  const given = votes.filter(({ choice }) => choice === 'approve').length;
  return `${given} of ${required} approvals in ${stages.length} stages`;
};

/** For lists: which of several stages is open. */
export const openStageText = ({ stages }: Approval): string => {
  const open = stages.findIndex(({ state }) => state === 'open');
  return stages.length > 1 && open >= 0 ? `stage ${open + 1}/${stages.length}, ` : '';
};

const noticeTexts = (stage: StageView, { timeZone }: Clockwork): readonly string[] => {
  const { remindsAt, remindedAt, escalatesAt, escalatedAt, escalatesTo } = stage;
  const at = (iso: string): string => clockTime(Date.parse(iso), timeZone);
  const others = escalatesTo ? either([...escalatesTo.groups, ...escalatesTo.users]) || 'nobody' : '';
  return [
    ...(remindedAt === undefined ? [] : [`reminded at ${at(remindedAt)}`]),
    ...(remindsAt === undefined ? [] : [`reminds at ${at(remindsAt)}`]),
    ...(escalatedAt === undefined ? [] : [`escalated to ${others} at ${at(escalatedAt)}`]),
    ...(escalatesAt === undefined ? [] : [`escalates to ${others} at ${at(escalatesAt)}`]),
  ];
};

/** Each of several stages, and what has come or will come in one. */
export const stageFields = ({ stages }: Approval, clockwork: Clockwork): readonly Field[] =>
  stages.flatMap((stage, index): Field[] => {
    const notices = noticeTexts(stage, clockwork);
    if (stages.length === 1) return notices.length === 0 ? [] : [['approvers', notices.join('; ')]];
    return [[`stage ${index + 1}`, [`${stage.state}: ${stageState(stage)}`, ...notices].join('; ')]];
  });

type StageAsked = NonNullable<ExplanationView['approval']>['stages'][number];

const explainedStage = ({ required, silentTag, remindAfter, escalateAfter, escalateTo, ...asks }: StageAsked): string =>
  [
    `${required} of ${askedText(asks)}`,
    ...(silentTag === undefined ? [] : [`the account's tag "${silentTag}" names nobody`]),
    ...(remindAfter === undefined ? [] : [`reminded after ${length(remindAfter)}`]),
    ...(escalateAfter === undefined || !escalateTo
      ? []
      : [`after ${length(escalateAfter)} ${either([...escalateTo.groups, ...escalateTo.users])}, too`]),
  ].join('; ');

/** What a request would ask, and who could approve it now, stage by stage. */
export const explainedApproval = (
  approval: ExplanationView['approval'],
  namesOf: (people: StageAsked['approvers']) => string,
): readonly Field[] => {
  if (!approval || approval.required === 0) return [['approval', 'nobody needs to approve']];
  const isOne = approval.stages.length === 1;
  return approval.stages.flatMap((stage, index): Field[] => [
    [isOne ? 'approval' : `stage ${index + 1}`, explainedStage(stage)],
    ['could approve', namesOf(stage.approvers) || 'nobody at the moment'],
  ]);
};
