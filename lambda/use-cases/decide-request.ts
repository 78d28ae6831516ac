/** Decide: one approver's vote on a pending request, or on the extension that an active one asks for. */
import type { AccessRequest, Extension, Vote, VoteGiven } from '../domain/access-request.ts';
import { type ApprovalStage, approverGroupsIn, approversNamedIn, everybodyIn, requiredIn } from '../domain/approval.ts';
import { isPrintable } from '../domain/asking.ts';
import { type Ballot, decidedHow, openStage } from '../domain/ballot.ts';
import { refuseUnseen, totalSeconds } from '../domain/extension.ts';
import type { Person } from '../domain/policy/facts.ts';
import { everybodyText } from '../domain/policy/rule-text.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { addSeconds, type DurationSeconds } from '../domain/time.ts';
import type { RequestEvent } from '../domain/transition.ts';
import { stagesDecidedBy } from './approvers.ts';
import { type Asked, type Judged, judgeAsk, sessionNow, windowAhead } from './judge-ask.ts';
import { judgeByRule } from './judge-by-rule.ts';
import { moveRequest } from './move-request.ts';
import { refTo } from './people.ts';
import type { Told } from './told.ts';
import { wakeAndRecall } from './wake-workflow.ts';
import type { Needs } from './world.ts';

export interface DecideInput {
  readonly caller: Person;
  readonly requestId: string;
  readonly choice: Vote['choice'];
  readonly comment?: string;
  /** An approver may shorten the window. */
  readonly durationSeconds?: DurationSeconds;
  /** Of an extension: to how much in all, as the approver saw it. Without it, an approval is for the request itself. */
  readonly extendTo?: DurationSeconds;
}

type Deciders = Needs<
  | 'ledger'
  | 'policies'
  | 'directory'
  | 'onCall'
  | 'organization'
  | 'catalogue'
  | 'workflow'
  | 'clock'
  | 'ids'
  | 'reporter'
  | 'limits'
>;

export const decideRequest = async (world: Deciders, input: DecideInput): Promise<Told | Refusal> => {
  const refusal = refuseComment(input.comment, world.limits.textLength);
  if (refusal) return refusal;
  const moved = await moveRequest(world, input.requestId, (request) => voteOn(world, input, request));
  if (isRefusal(moved)) return moved;
  const history = await wakeAndRecall(world, moved);
  return { request: moved, ...(history ? { history } : {}) };
};

export const refuseComment = (comment: string | undefined, maximum: number): Refusal | undefined => {
  if (comment === undefined) return undefined;
  if (comment.length > maximum) {
    return refuse('comment_too_long', `The comment has ${comment.length} characters; at most ${maximum}.`, { maximum });
  }
  return isPrintable(comment) ? undefined : refuse('comment_unprintable', 'The comment contains control characters.');
};

const voteOn = async (world: Deciders, input: DecideInput, request: AccessRequest): Promise<RequestEvent | Refusal> => {
  const { caller, choice, comment, durationSeconds, extendTo } = input;
  if (caller.id === request.requester.id) {
    return refuse('self_approval', 'Nobody decides on their own request. Ask one of the approvers to decide.');
  }
  const stranger = await refuseStranger(world, caller, ballotInQuestion(request));
  if (stranger) return stranger;
  const unseen = refuseUnseen(request, choice, extendTo);
  if (unseen) return unseen;
  const found = choice === 'approve' ? await judgeNow(world, request) : {};
  if (isRefusal(found)) return found;
  const vote: VoteGiven = {
    approver: refTo(caller),
    choice,
    at: world.clock.now(),
    ...(comment === undefined ? {} : { comment }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
  };
  return { kind: 'vote', vote, ...(extendTo === undefined ? {} : { extendTo }), ...found };
};

const ballotInQuestion = (request: AccessRequest): Ballot =>
  request.status === 'active' && request.extension ? request.extension : request;

/** Whoever has voted is told that; once it is decided, whoever was asked in any stage is told how. */
const refuseStranger = async (world: Deciders, caller: Person, ballot: Ballot): Promise<Refusal | undefined> => {
  if (ballot.votes.some(({ approver }) => approver.id === caller.id)) return undefined;
  const open = openStage(ballot);
  const mine = await stagesDecidedBy(world, caller, ballot.approval);
  if (open ? mine.includes(open.stage) : mine.length > 0) return undefined;
  return open && mine.length > 0 ? refuseStage(ballot, open.number, mine) : refuseNoApprover(ballot.approval);
};

/** Whose stage is complete is told who was faster; whose stage comes later, that it does. */
const refuseStage = (ballot: Ballot, open: number, mine: readonly ApprovalStage[]): Refusal => {
  const { approval, votes } = ballot;
  const numbers = mine.map((stage) => approval.indexOf(stage));
  const later = numbers.find((number) => number > open);
  const complete = votes.filter(({ stage }) => numbers.includes(stage));
  const yours =
    later === undefined
      ? `you approve in stage ${(numbers[0] ?? 0) + 1}, which is complete: ${decidedHow({ approval, votes: complete })}.`
      : `you approve in stage ${later + 1}. Decide when the stages before are complete.`;
  return refuse('stage_not_open', `Stage ${open + 1} of ${approval.length} is open, and ${yours}`, { open: open + 1 });
};

const refuseNoApprover = (approval: readonly ApprovalStage[]): Refusal => {
  const groups = approverGroupsIn(approval).map(({ name }) => name);
  const users = approversNamedIn(approval).map(({ userName }) => userName);
  const others = everybodyIn(approval).map(({ everybodyWith }) => everybodyText(everybodyWith));
  const whom = [...groups, ...users, ...new Set(others)].join(', ') || 'none';
  return refuse('not_an_approver', `You are not (or no longer) among those who approve this request: ${whom}.`);
};

/** What an event of a vote tells besides. */
type FoundNow = Pick<Extract<RequestEvent, { kind: 'vote' }>, 'session'>;

/** Policy is checked again on deciding (law 7): what the requester may no longer have cannot be approved. */
const judgeNow = async (world: Deciders, request: AccessRequest): Promise<Refusal | FoundNow> => {
  const extending = request.status === 'active' && request.extension;
  if (request.status !== 'pending' && !extending) return {};
  const requester = await world.directory.findById(request.requester.id);
  if (!requester?.enabled) {
    return refuse('not_eligible', `${request.requester.userName} is no longer an enabled user of IAM Identity Center.`);
  }
  const asked = { accountId: request.target.accountId, permissionSet: request.target.permissionSetArn };
  const durationSeconds = extending ? totalSeconds(request, extending.durationSeconds) : request.durationSeconds;
  const now = world.clock.now();
  const window = extending
    ? { from: now, until: addSeconds(request.endsAt, extending.durationSeconds) }
    : windowAhead(now, request);
  const terms = { ...request, durationSeconds, window };
  const judged = await judgeAsk(world, requester, asked, terms);
  if (isRefusal(judged)) return judged;
  if (!extending) return {};
  const refusal = await refuseOtherwise(world, extending, requester, judged, terms);
  return refusal ?? { session: await sessionNow(world, judged) };
};

/**
 * NB. Another rule that lets it through may ask others, or more of them, than were asked. Of a request, assigning finds that
 * out; more time is given with the last vote.
 */
const refuseOtherwise = async (
  world: Deciders,
  { entitled, approval }: Extension,
  requester: Person,
  judged: Judged,
  terms: Asked,
): Promise<Refusal | undefined> => {
  const permit = await judgeByRule(world, entitled, requester, judged, terms);
  if (isRefusal(permit)) return { ...permit, detail: `What was asked for must hold as it was asked: ${permit.detail}` };
  const isEnough = permit.approval.every(({ required }, stage) => required <= (approval[stage]?.required ?? 0));
  if (isEnough) return undefined;
  return refuse(
    'not_eligible',
    `The rule "${entitled.name}" needs ${requiredIn(permit.approval)} approval(s) for this by now, and ` +
      `${requiredIn(approval)} were asked for. Reject it; whoever needs more time asks anew.`,
  );
};
