/** Counting votes: one per person, any rejection final, enough approvals decide (law 5). */
import type { ApprovalRule, PersonRef, Vote } from './access-request.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type DurationSeconds, toIso } from './time.ts';

export interface Ballot {
  readonly approval: ApprovalRule;
  readonly votes: readonly Vote[];
}

export type Standing = 'open' | 'approved' | 'rejected';

export const standingOf = ({ approval, votes }: Ballot): Standing => {
  if (votes.some((vote) => vote.choice === 'reject')) return 'rejected';
  return votes.length >= approval.required ? 'approved' : 'open';
};

/** Adds a vote, or says why it does not count. Whether the voter is an approver today is checked before (law 6). */
export const cast = (ballot: Ballot, requester: PersonRef, vote: Vote): Ballot | Refusal => {
  if (vote.approver.id === requester.id) {
    return refuse('self_approval', 'Nobody decides on their own request. Ask one of the approvers to decide.');
  }
  const earlier = ballot.votes.find(({ approver }) => approver.id === vote.approver.id);
  if (earlier) {
    return refuse('already_voted', `You already voted to ${earlier.choice} at ${toIso(earlier.at)}; a vote stands.`);
  }
  return { ...ballot, votes: [...ballot.votes, vote] };
};

/** The window left after approvers shortened it: the shortest anyone allowed. */
export const shortened = (asked: DurationSeconds, votes: readonly Vote[]): DurationSeconds =>
  votes.reduce(
    (left, vote) => (vote.durationSeconds && vote.durationSeconds < left ? vote.durationSeconds : left),
    asked,
  );

/** Who decided and how, for whoever comes late. */
export const decidedHow = ({ approval, votes }: Ballot): string => {
  const rejection = votes.find((vote) => vote.choice === 'reject');
  if (rejection) return `rejected by ${rejection.approver.userName} at ${toIso(rejection.at)}`;
  if (approval.required === 0) return 'approved by policy';
  const approvers = votes.map(({ approver }) => approver.userName).join(', ');
  const last = votes.at(-1);
  return `approved by ${approvers}${last ? ` at ${toIso(last.at)}` : ''}`;
};
