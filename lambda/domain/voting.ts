/** The moves while a request waits for its approvers: a vote, a cancellation, the expiry. */
import {
  type AccessRequest,
  baseOf,
  isOpen,
  type PendingRequest,
  type PersonRef,
  type VoteGiven,
} from './access-request.ts';
import { type Ballot, cast, type Standing, shortened, standingOf } from './ballot.ts';
import { CLOCK, type MoveFact, moved, person, type Transition } from './move.ts';
import { notPending } from './outcome.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import { type DurationSeconds, type Instant, toIso } from './time.ts';

/** Refuses a vote that would lengthen the window: an approver may only shorten. */
export const refuseLonger = (asked: DurationSeconds, vote: VoteGiven): Refusal | undefined =>
  vote.durationSeconds !== undefined && vote.durationSeconds > asked
    ? refuse('duration_not_shorter', 'An approver may shorten the window, not lengthen it.', { maximumSeconds: asked })
    : undefined;

/** How the last vote of a ballot is reported in the chain. Stages are counted from 1 there. */
export const voteFact = (kind: 'voted' | 'extension-voted', { votes }: Ballot, outcome: Standing): MoveFact => {
  const vote = votes.at(-1);
  if (!vote) throw new Error('a ballot without a vote has none to report');
  const { choice, stage, durationSeconds, comment } = vote;
  return {
    kind,
    at: vote.at,
    actor: person(vote.approver),
    data: { choice, outcome, stage: stage + 1, ...(durationSeconds ? { durationSeconds } : {}) },
    texts: comment === undefined ? {} : { comment },
  };
};

/** A window that starts in the future starts then; any other at the decision. */
const startOf = (request: PendingRequest, decidedAt: Instant): Instant =>
  request.start !== undefined && request.start > decidedAt ? request.start : decidedAt;

const afterVote = (request: PendingRequest, vote: VoteGiven, outcome: Standing): AccessRequest => {
  if (outcome === 'open') return request;
  if (outcome === 'rejected') return { ...baseOf(request), status: 'rejected', rejectedAt: vote.at };
  return { ...baseOf(request), status: 'scheduled', startsAt: startOf(request, vote.at) };
};

export const voteOnPending = (request: PendingRequest, vote: VoteGiven): Transition | Refusal => {
  if (vote.at >= request.expiresAt) {
    return refuse('request_not_pending', `Nobody decided before ${toIso(request.expiresAt)}; the request has expired.`);
  }
  const longer = refuseLonger(request.durationSeconds, vote);
  if (longer) return longer;
  const ballot = cast(request, request.requester, vote);
  if (isRefusal(ballot)) return ballot;
  const outcome = standingOf(ballot);
  const voted = { ...request, votes: ballot.votes, durationSeconds: shortened(request.durationSeconds, ballot.votes) };
  return moved(request, afterVote(voted, vote, outcome), voteFact('voted', ballot, outcome));
};

export const cancel = (request: AccessRequest, at: Instant, by: PersonRef): Transition | Refusal => {
  if (by.id !== request.requester.id) {
    return refuse('not_permitted', 'Only the requester can cancel a request; an approver can reject it.');
  }
  if (request.status !== 'pending' && request.status !== 'scheduled') {
    const advice = isOpen(request) ? ' End it instead.' : '';
    return refuse('request_not_cancellable', `This request is ${request.status} and cannot be cancelled.${advice}`);
  }
  const next: AccessRequest = { ...baseOf(request), status: 'cancelled', cancelledAt: at };
  return moved(request, next, { kind: 'cancelled', at, actor: person(by) });
};

export const expire = (request: AccessRequest, at: Instant): Transition | Refusal => {
  if (request.status !== 'pending') return notPending(request);
  if (at < request.expiresAt) return refuse('request_not_due', `It waits until ${toIso(request.expiresAt)}.`);
  const next: AccessRequest = { ...baseOf(request), status: 'expired', expiredAt: at };
  return moved(request, next, { kind: 'expired', at, actor: CLOCK });
};
