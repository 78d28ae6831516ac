/** Which stage of what waits for votes, since when and until when: kept by whoever watches what is stored. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import type { Stored } from '../book.ts';
import type { Facts } from './facts.ts';

/** What waits for votes: a request, or a wish for more time. */
export type Asked = Pick<AccessRequest, 'askedAt' | 'votes' | 'entitled'>;

/** One stage of one such wait. */
export interface Turn {
  readonly requestId: string;
  readonly askedAt: Asked['askedAt'];
  /** From 0. */
  readonly stage: number;
  /** As it was last while this was its stage. */
  asked: Asked;
  /** When waiting is over, whatever happens, by the clocks of functions. */
  until: number;
  /** True times. */
  readonly openedAt: number;
  closedAt?: number;
  /** Kinds of events since, `reminded` and `escalated` among them. */
  readonly given: Set<string>;
  /** When the vote of whom was stored, whenever it was cast: true times, by the voter's id. */
  readonly votedAt: Map<string, number>;
}

export interface Turns {
  stored(stored: Stored): void;
  /** What waits now. */
  open(requestId: string): Turn | undefined;
  /** What waits or waited. */
  find(requestId: string, askedAt: number, stage: number): Turn | undefined;
}

const askedIn = (request: AccessRequest): Asked | undefined => {
  if (request.status === 'pending') return request;
  return request.status === 'active' ? request.extension : undefined;
};
const untilOf = (request: AccessRequest): number => {
  if (request.status === 'pending') return request.expiresAt;
  return request.status === 'active' ? request.endsAt : Number.NEGATIVE_INFINITY;
};

const nothingYet = () => ({ given: new Set<string>(), votedAt: new Map<string, number>() });

export const createTurns = (now: () => number, facts: Facts): Turns => {
  const all = new Map<string, Turn[]>();
  const turnsOf = (requestId: string): Turn[] => all.get(requestId) ?? [];

  const stageNow = ({ votes, entitled }: Asked, { target }: AccessRequest): number => {
    const rule = facts.ruleOf(entitled);
    if (!rule || votes.some(({ choice }) => choice === 'reject')) return -1;
    const isComplete = (number: number): boolean =>
      votes.filter(({ stage }) => stage === number).length >= facts.requiredIn(rule, number, target);
    return rule.approval.findIndex((_, number) => !isComplete(number));
  };

  const noteVotes = ({ votedAt, asked }: Turn): void => {
    for (const { approver } of asked.votes) votedAt.set(approver.id, votedAt.get(approver.id) ?? now());
  };
  const openedBy = (request: AccessRequest): Turn | undefined => {
    const asked = askedIn(request);
    const stage = asked ? stageNow(asked, request) : -1;
    if (!asked || stage < 0) return undefined;
    const { askedAt } = asked;
    return { requestId: request.id, askedAt, stage, asked, until: untilOf(request), openedAt: now(), ...nothingYet() };
  };

  return {
    stored: ({ after, events }) => {
      const turns = turnsOf(after.id);
      const last = turns.at(-1);
      const next = openedBy(after);
      if (last && last.askedAt === next?.askedAt && last.stage === next.stage) {
        Object.assign(last, { asked: next.asked, until: next.until });
        for (const { kind } of events) last.given.add(kind);
        noteVotes(last);
        return;
      }
      if (last) last.closedAt ??= now();
      if (!next) return;
      all.set(after.id, [...turns, next]);
      noteVotes(next);
    },
    open: (requestId) => {
      const last = turnsOf(requestId).at(-1);
      return last?.closedAt === undefined ? last : undefined;
    },
    find: (requestId, askedAt, stage) =>
      turnsOf(requestId).find((one) => one.askedAt === askedAt && one.stage === stage),
  };
};
