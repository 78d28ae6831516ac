/** Counting votes: one per person in all stages together, any rejection final, enough approvals in every stage decide (law 5). */
import type { PersonRef, Vote, VoteGiven } from './access-request.ts';
import { type Approval, type ApprovalStage, requiredIn } from './approval.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type DurationSeconds, toIso } from './time.ts';

export interface Ballot {
  readonly approval: Approval;
  readonly votes: readonly Vote[];
}

export type Standing = 'open' | 'approved' | 'rejected';

/** The approvals that a stage has. */
export const approvalsIn = (stage: number, votes: readonly Vote[]): readonly Vote[] =>
  votes.filter((vote) => vote.stage === stage && vote.choice === 'approve');

const isRejected = (votes: readonly Vote[]): boolean => votes.some(({ choice }) => choice === 'reject');

export interface OpenStage {
  /** From 0. */
  readonly number: number;
  readonly stage: ApprovalStage;
}

/** The first stage that is not complete: votes are cast in that one alone. Undefined once it is decided. */
export const openStage = ({ approval, votes }: Ballot): OpenStage | undefined => {
  if (isRejected(votes)) return undefined;
  const number = approval.findIndex(({ required }, index) => approvalsIn(index, votes).length < required);
  const stage = approval[number];
  return stage && { number, stage };
};

export const standingOf = (ballot: Ballot): Standing => {
  if (isRejected(ballot.votes)) return 'rejected';
  return openStage(ballot) ? 'open' : 'approved';
};

/** Adds a vote to the stage that is open, or says why it does not count. Whether the voter decides in it today is checked before (law 6). */
export const cast = (ballot: Ballot, requester: PersonRef, vote: VoteGiven): Ballot | Refusal => {
  if (vote.approver.id === requester.id) {
    return refuse('self_approval', 'Nobody decides on their own request. Ask one of the approvers to decide.');
  }
  const earlier = ballot.votes.find(({ approver }) => approver.id === vote.approver.id);
  if (earlier) return alreadyVoted(earlier, ballot.approval.length);
  const open = openStage(ballot);
  // Whoever comes when it is decided is told so before it comes to this.
  const stage = open?.number ?? Math.max(0, ballot.approval.length - 1);
  return { ...ballot, votes: [...ballot.votes, { ...vote, stage }] };
};

const alreadyVoted = ({ choice, at, stage }: Vote, stages: number): Refusal => {
  const where = stages > 1 ? ` in stage ${stage + 1}` : '';
  const why = stages > 1 ? 'a vote stands, and nobody counts in two stages' : 'a vote stands';
  return refuse('already_voted', `You already voted to ${choice} at ${toIso(at)}${where}; ${why}.`);
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
  if (requiredIn(approval) === 0) return 'approved by policy';
  const approvers = votes.map(({ approver }) => approver.userName).join(', ');
  const last = votes.at(-1);
  return `approved by ${approvers}${last ? ` at ${toIso(last.at)}` : ''}`;
};
