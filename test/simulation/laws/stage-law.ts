/** Law 5, stage by stage: one after the other, none more than full; and what falls due in one comes once, and not before its time. */
import type { AccessRequest, Vote } from '../../../lambda/domain/access-request.ts';
import type { Approval, ApprovalStage } from '../../../lambda/domain/approval.ts';
import type { Stage } from '../../../lambda/domain/policy/policy.ts';
import type { Stored } from '../book.ts';
import type { Facts } from './facts.ts';
import type { Accuse } from './violation.ts';

/** What waits for votes, or has waited. */
interface Waiting {
  readonly approval: Approval;
  readonly votes: readonly Vote[];
  readonly askedAt: number;
  readonly entitled: AccessRequest['entitled'];
}

/** NB. Once more time was given, a request names another rule than the one by which it was approved. */
const waitingIn = (request: AccessRequest | undefined): Waiting | undefined => {
  if (!request) return undefined;
  if (request.status === 'active') return request.extension;
  return ['pending', 'scheduled', 'rejected'].includes(request.status) ? request : undefined;
};

type Notice = readonly [what: string, is: number | undefined, afterSeconds: number | undefined];

/** Beside what the rule says of the same stage. */
const noticesOf = (stage: ApprovalStage | undefined, rule: Stage): readonly Notice[] => [
  ['reminded', stage?.reminder?.remindedAt, rule.remindAfterSeconds],
  ['escalated', stage?.escalation?.escalatedAt, rule.escalation?.afterSeconds],
];

const openedIn = ({ askedAt, votes }: Waiting, number: number): number =>
  Math.max(askedAt, ...votes.filter(({ stage }) => stage === number - 1).map(({ at }) => at));

export const stageLaw = (facts: Facts, accuse: Accuse) => {
  const inOrder = ({ id, target }: AccessRequest, { votes, entitled }: Waiting): void => {
    const rule = facts.ruleOf(entitled);
    const has = new Map<number, number>();
    for (const { stage, choice } of votes) {
      const full = (number: number): boolean =>
        rule !== undefined && (has.get(number) ?? 0) >= facts.requiredIn(rule, number, target);
      const former = Array.from({ length: stage }, (_, number) => number);
      if (!former.every(full)) accuse(5, `${id}: a vote in stage ${stage}, though one before it is not complete`);
      if (full(stage)) accuse(5, `${id}: a vote in stage ${stage}, which is complete`);
      if (choice === 'approve') has.set(stage, (has.get(stage) ?? 0) + 1);
    }
  };

  const onTime = (what: string, opened: number, known: Notice | undefined, [, is, afterSeconds]: Notice): void => {
    if (known?.[1] !== undefined && known[1] !== is) accuse(5, `${what} twice`);
    const dueAt = opened + (afterSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    if (is !== undefined && is < dueAt) accuse(5, `${what} before its time`);
  };
  const allOnTime = (id: string, before: Waiting | undefined, after: Waiting): void => {
    for (const [number, asks] of (facts.ruleOf(after.entitled)?.approval ?? []).entries()) {
      const earlier = noticesOf(before?.approval[number], asks);
      for (const [index, notice] of noticesOf(after.approval[number], asks).entries()) {
        onTime(`${id}: stage ${number} was ${notice[0]}`, openedIn(after, number), earlier[index], notice);
      }
    }
  };

  const given = new Set<string>();
  const once = ({ after, events }: Stored): void => {
    for (const { kind, data } of events) {
      if (kind !== 'reminded' && kind !== 'escalated') continue;
      const asked = after.status === 'active' && after.extension ? after.extension : after;
      const notice = `${after.id} asked at ${asked.askedAt}: stage ${data.stage} ${kind}`;
      if (given.has(notice)) accuse(5, `${notice} twice`);
      given.add(notice);
    }
  };

  return (stored: Stored): void => {
    const { before, after } = stored;
    once(stored);
    const [was, is] = [waitingIn(before), waitingIn(after)];
    if (!is) return;
    inOrder(after, is);
    allOnTime(after.id, was?.askedAt === is.askedAt ? was : undefined, is);
  };
};
