/** The laws that each stored move of a request must keep. */
import type { AccessRequest, ActiveRequest, RequestStatus, Vote } from '../../../lambda/domain/access-request.ts';
import type { Stored } from '../book.ts';
import type { Facts } from './facts.ts';
import { stageLaw } from './stage-law.ts';
import type { Accuse } from './violation.ts';

export interface RequestLaws {
  check(stored: Stored): void;
}

interface Parts {
  readonly now: () => number;
  readonly facts: Facts;
  readonly accuse: Accuse;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
  readonly openLimit: number;
  readonly timeToGrantSeconds: number;
}

/** Where a request may go from where it is; those that are not here are over. */
const GOES_TO: Partial<Record<RequestStatus, readonly RequestStatus[]>> = {
  pending: ['pending', 'scheduled', 'rejected', 'cancelled', 'expired'],
  scheduled: ['granting', 'cancelled', 'ended', 'failed'],
  granting: ['active', 'ending'],
  active: ['active', 'ending'],
  ending: ['ended', 'failed'],
};

const votesOf = (request: AccessRequest | undefined): readonly Vote[] => [
  ...(request?.votes ?? []),
  ...(request?.status === 'active' ? (request.extension?.votes ?? []) : []),
];

export const requestLaws = ({ now, facts, accuse, requests, openLimit, timeToGrantSeconds }: Parts): RequestLaws => {
  const outcome = ({ before, after, events }: Stored): void => {
    // Somebody acknowledged or reviewed it, which leaves it as it is.
    if (before?.status === after.status && events.every(({ kind }) => kind === 'acknowledged' || kind === 'reviewed'))
      return;
    if (!before) {
      if (after.status !== 'pending' && after.status !== 'scheduled') accuse(5, `${after.id} began as ${after.status}`);
      return;
    }
    const allowed = GOES_TO[before.status];
    if (!allowed) accuse(5, `${after.id} was over (${before.status}) and became ${after.status}`);
    else if (!allowed.includes(after.status)) accuse(5, `${after.id} went from ${before.status} to ${after.status}`);
    if (after.version !== before.version + 1) accuse(5, `${after.id} went to version ${after.version}`);
  };

  const decision = ({ before, after }: Stored): void => {
    if (after.status !== 'scheduled' || before?.status === 'scheduled') return;
    if (!facts.isApproved(after)) accuse(1, `${after.id} was let through without enough approvals`);
    if (after.votes.some(({ choice }) => choice === 'reject')) accuse(5, `${after.id} was let through though rejected`);
  };

  const votes = ({ before, after }: Stored): void => {
    const ids = after.votes.map(({ approver }) => approver.id);
    if (new Set(ids).size !== ids.length) accuse(5, `somebody voted twice on ${after.id}`);
    const isKnown = ({ approver, at }: Vote): boolean =>
      votesOf(before).some((known) => known.approver.id === approver.id && known.at === at);
    for (const vote of votesOf(after).filter((one) => !isKnown(one))) newVote(after, vote);
  };
  const newVote = (request: AccessRequest, vote: Vote): void => {
    if (vote.approver.id === request.requester.id) accuse(6, `${request.id}: the requester voted`);
    const asked = request.status === 'active' && request.extension ? request.extension : request;
    const rule = facts.ruleOf(asked.entitled);
    if (!rule || !facts.mayVote(vote, rule, asked, now()))
      accuse(6, `${request.id}: ${vote.approver.id} is no approver`);
  };

  const window = ({ before, after }: Stored): void => {
    if (after.status === 'granting') begun(after);
    if (after.status !== 'active') return;
    if (before?.status === 'active') extension(before, after);
    else becameUsable(before, after);
  };
  const begun = (request: AccessRequest & { readonly status: 'granting' }): void => {
    const latest = (request.start ?? request.begunAt + timeToGrantSeconds * 1000) + request.durationSeconds * 1000;
    if (request.latestEnd > latest) accuse(2, `${request.id}: its latest end is ${request.latestEnd}, not ${latest}`);
  };
  const becameUsable = (before: AccessRequest | undefined, after: ActiveRequest): void => {
    const latest = before?.status === 'granting' ? before.latestEnd : Number.NEGATIVE_INFINITY;
    if (after.endsAt > latest) accuse(2, `${after.id} ends after the latest end that was stored first`);
    const end = (after.start ?? after.activeSince) + after.durationSeconds * 1000;
    if (after.endsAt > end) accuse(10, `${after.id} lasts longer than was approved`);
    // Timers know whole seconds only; by less than one of them it may end early.
    if (after.endsAt <= Math.min(end, latest) - 1000) accuse(10, `${after.id} ends before its time`);
  };

  const extension = (before: ActiveRequest, after: ActiveRequest): void => {
    if (after.endsAt <= before.endsAt) return;
    const rule = facts.ruleOf(after.entitled);
    const approvals = before.extension ? before.extension.votes.length + 1 : 0;
    const required = rule?.approval.reduce((sum, stage) => sum + stage.required, 0) ?? 0;
    if (!rule || approvals < required) accuse(7, `${after.id} was extended without enough approvals`);
    const total = (after.endsAt - (after.start ?? after.activeSince)) / 1000;
    if (!rule || total > rule.maxDurationSeconds) accuse(7, `${after.id} lasts ${total} s with its extension`);
  };

  const openOnes = ({ before, after }: Stored): void => {
    if (before) return;
    const mine = [...requests().values()].filter(
      ({ requester, status }) => requester.id === after.requester.id && GOES_TO[status],
    );
    if (mine.length > openLimit) accuse(13, `${after.requester.id} has ${mine.length} open requests`);
  };

  const laws = [outcome, decision, votes, stageLaw(facts, accuse), window, openOnes];
  return {
    check: (stored) => {
      for (const law of laws) law(stored);
    },
  };
};
