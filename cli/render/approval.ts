/** Approval in words: who is asked, stage by stage, and how it stands. */
import type { CatalogEntryView, RequestDetail, RequestView } from '../../lambda/contract/api.ts';
import type { StageView } from '../../lambda/contract/approval-view.ts';
import type { ExplanationView } from '../../lambda/contract/explain.ts';
import type { Field } from './fields.ts';
import { type Clockwork, clockTime, length } from './moment.ts';

type Approval = RequestView['approval'];
type Asks = Pick<StageView, 'groups' | 'users' | 'attributes' | 'everybodyWith' | 'among'>;

const either = (names: readonly string[]): string => names.join(' or ');

type Attributes = StageView['attributes'];

/** ` with department payments and cost center 1 or 2` */
const withText = (attributes: Attributes): string => {
  const tests = Object.entries(attributes).map(([name, values]) => `${name.replaceAll('_', ' ')} ${either(values)}`);
  return tests.length === 0 ? '' : ` with ${tests.join(' and ')}`;
};

const everybodyText = (attributes: Attributes): string => `everybody${withText(attributes)}`;

/** `payments-leads or ann with department payments, who belong to security too` */
export const askedText = ({ groups, users, attributes, everybodyWith, among }: Asks): string => {
  const named = `${either([...groups, ...users]) || 'nobody'}${withText(attributes)}`;
  const too = among.map((names) => `, who belong to ${either(names)} too`).join('');
  return `${everybodyWith ? everybodyText(everybodyWith) : named}${too}`;
};

/** Who can decide it as far as they cannot be listed by name; nobody where they can. */
const unlisted = (stage: Pick<Asks, 'everybodyWith' | 'among'> | undefined): readonly string[] =>
  stage?.everybodyWith && stage.among.length === 0 ? [everybodyText(stage.everybodyWith)] : [];

/** Who can decide now, in the stage that is open: in words first, then by name; empty where nobody can. */
export const decidersText = (
  request: RequestDetail,
  namesOf: (people: RequestDetail['approvers']) => string,
): string => {
  const { stages } = (request.extension ?? request).approval;
  const open = stages.find(({ state }) => state === 'open');
  return [...unlisted(open), namesOf(request.approvers)].filter((text) => text !== '').join(', ');
};

export const approvalsNeeded = (entry: CatalogEntryView): string => {
  if (entry.breakGlass?.isOnlyWay) return 'break-glass only';
  const { approvalsRequired: required, approvalStages: stages, approverGroups, approverUsers } = entry;
  const { approverAttributes = [] } = entry;
  if (required === 0) return 'no approval needed';
  const inStages = stages > 1 ? ` in ${stages} stages` : '';
  const everybody = approverAttributes.map(everybodyText);
  const whom = either([...approverGroups, ...approverUsers, ...everybody]);
  const approvals = `${required} ${required === 1 ? 'approval' : 'approvals'}${inStages}`;
  return whom === '' ? `${approvals}, and nobody who could give any` : `${approvals} from ${whom}`;
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
    [
      'could approve',
      [...unlisted(stage), namesOf(stage.approvers)].filter(Boolean).join(', ') || 'nobody at the moment',
    ],
  ]);
};
