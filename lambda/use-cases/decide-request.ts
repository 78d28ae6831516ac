/** Decide: one approver's vote on a pending request, or on the extension that an active one asks for. */
import type { AccessRequest, ApprovalRule, Vote } from '../domain/access-request.ts';
import { isPrintable } from '../domain/asking.ts';
import { totalSeconds } from '../domain/extension.ts';
import type { Person } from '../domain/policy/facts.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { addSeconds, type DurationSeconds } from '../domain/time.ts';
import type { RequestEvent } from '../domain/transition.ts';
import { judgeAsk, windowAhead } from './judge-ask.ts';
import { moveRequest } from './move-request.ts';
import { isApprover, refTo } from './people.ts';
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
}

type Deciders = Needs<
  | 'ledger'
  | 'policies'
  | 'directory'
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
  const { caller, choice, comment, durationSeconds } = input;
  if (caller.id === request.requester.id) {
    return refuse('self_approval', 'Nobody decides on their own request. Ask one of the approvers to decide.');
  }
  const rule = ruleInQuestion(request);
  if (!(await isApprover(world, caller.id, rule))) {
    const groups = rule.groups.map(({ name }) => name).join(', ');
    return refuse(
      'not_an_approver',
      `You are not (or no longer) in a group that approves this request: ${groups || 'none'}.`,
    );
  }
  const denied = choice === 'approve' ? await refuseNow(world, request) : undefined;
  if (denied) return denied;
  const vote: Vote = {
    approver: refTo(caller),
    choice,
    at: world.clock.now(),
    ...(comment === undefined ? {} : { comment }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
  };
  return { kind: 'vote', vote };
};

const ruleInQuestion = (request: AccessRequest): ApprovalRule =>
  request.status === 'active' && request.extension ? request.extension.approval : request.approval;

/** Policy is checked again on deciding (law 7): what the requester may no longer have cannot be approved. */
const refuseNow = async (world: Deciders, request: AccessRequest): Promise<Refusal | undefined> => {
  const extending = request.status === 'active' && request.extension;
  if (request.status !== 'pending' && !extending) return undefined;
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
  const judged = await judgeAsk(world, requester, asked, { ...request, durationSeconds, window });
  return isRefusal(judged) ? judged : undefined;
};
