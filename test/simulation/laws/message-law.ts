/** Law 11, each message that goes out: to somebody whom it concerns now, once, and with nothing in it that is worth stealing (law 12). */
import type { AccessRequest, BreakGlass } from '../../../lambda/domain/access-request.ts';
import type { ApprovalNews } from '../../../lambda/domain/news.ts';
import { instant } from '../../../lambda/domain/time.ts';
import { addressOf, type Message, type Sender } from '../mail.ts';
import type { Facts } from './facts.ts';
import type { PeopleFacts } from './people-facts.ts';
import type { Turn, Turns } from './turns.ts';
import type { Accuse } from './violation.ts';

interface Parts {
  readonly now: () => number;
  readonly accuse: Accuse;
  readonly facts: Facts;
  readonly people: PeopleFacts;
  readonly turns: Turns;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
  /** How far clocks may differ, milliseconds. */
  readonly skewMs: number;
  readonly note: (what: string) => void;
}

export interface MessageLaw {
  sent(message: Message): void;
  /** Whether somebody was told that. */
  wasTold(what: string, personId: string): boolean;
}

export const GLASS = (requestId: string): string => `${requestId}: the glass was broken`;
export const TURN = (kind: ApprovalNews['kind'], requestId: string, askedAt: number, stage: number): string =>
  `${requestId} asked at ${askedAt}, stage ${stage}: ${kind}`;

/** What a message is about: the same again for the same person is a repetition. */
const whatOf = ({ news }: Message): string => {
  const { request, kind } = news;
  if (kind === 'glass-broken') return GLASS(request.id);
  return TURN(kind, request.id, askedAtIn(news), news.open.number);
};
const askedAtIn = ({ request }: ApprovalNews): number =>
  request.status === 'active' ? (request.extension?.askedAt ?? request.askedAt) : request.askedAt;

/** Salts, which begin with zeros in this world, hashes, and task tokens. */
const SECRET = /[0-9a-f]{64}|0{20}[0-9]{12}(?![0-9])|token-(\d|forged)/;

export const messageLaw = ({ now, accuse, facts, people, turns, requests, skewMs, note }: Parts): MessageLaw => {
  const senders = new Map<string, Sender>();

  const concerned = ({ sender, recipient }: Message, what: string, { told, reviewers }: BreakGlass): void => {
    const { id } = recipient.person;
    const groups = [...told.groups, ...reviewers.groups].map(({ name }) => name);
    if (people.hasChanged(sender.startedAt, id, groups)) return;
    const [isTold, isReviewer] = [told, reviewers].map((audience) => people.everybodyIn(audience).has(id));
    if (!isTold && !isReviewer) accuse(11, `${what}; ${id} is told, and is not named there`);
    if (recipient.isTold !== isTold) accuse(11, `${what}; ${id} is told wrongly whether they may acknowledge it`);
    if (recipient.isReviewer !== isReviewer) accuse(11, `${what}; ${id} is told wrongly whether they may review it`);
  };

  const mayVote = (message: Message, turn: Turn): boolean => {
    const { asked, stage } = turn;
    const approver = message.recipient.person;
    const rule = facts.ruleOf(asked.entitled);
    const vote = { approver, stage, choice: 'approve', at: instant(now() + Math.ceil(2 * skewMs)) } as const;
    // What changed after the run began changed just now.
    return rule !== undefined && facts.mayVote(vote, rule, asked, message.sender.startedAt);
  };
  /** Told when the stage opened, and since then in the groups that were asked first. */
  const wasAsked = ({ requestId, askedAt, stage, asked, openedAt }: Turn, id: string): boolean => {
    const { groups = [], users = [] } = facts.ruleOf(asked.entitled)?.approval[stage] ?? {};
    const isTold = senders.has(`${TURN('asked', requestId, askedAt, stage)} ${id}`);
    return isTold && people.everybodyBy(groups, users).has(id) && !people.hasChanged(openedAt, id, groups);
  };
  /** Why somebody should not have been asked to decide in that turn, if anything. */
  const whyNot = (message: Message, kind: ApprovalNews['kind'], turn: Turn): string | undefined => {
    const { id } = message.recipient.person;
    const since = message.sender.startedAt;
    if (Math.min(turn.closedAt ?? now(), turn.until + 2 * skewMs) < since) return 'and nobody waits for that any more';
    if (kind !== 'asked' && !turn.given.has(kind)) return 'and that never came';
    if ((turn.votedAt.get(id) ?? now()) < since) return 'and has voted';
    if (kind === 'escalated' && wasAsked(turn, id)) return 'besides, and was asked first';
    return mayVote(message, turn) ? undefined : 'and may not decide';
  };
  const decides = (message: Message, what: string, news: ApprovalNews): void => {
    const turn = turns.find(news.request.id, askedAtIn(news), news.open.number);
    const why = turn ? whyNot(message, news.kind, turn) : 'and that never waited';
    if (why) accuse(11, `${what}; ${message.recipient.person.id} is asked, ${why}`);
  };

  const isAbout = (message: Message, what: string, request: AccessRequest): void => {
    const { sender, recipient, news } = message;
    const { id } = recipient.person;
    if (id === request.requester.id) accuse(11, `${what}; whoever asked is told of it, or asked to decide on it`);
    if (recipient.address !== addressOf(id)) accuse(11, `${what}; ${id} is told at ${recipient.address}`);
    if (!people.isEnabled(id) && !people.hasChanged(sender.startedAt, id, []))
      accuse(11, `${what}; ${id} is told, and is disabled`);
    if (news.kind !== 'glass-broken') decides(message, what, news);
    else if (request.breakGlass) concerned(message, what, request.breakGlass);
    else accuse(11, `${what}; no, it was not`);
  };

  const once = ({ sender, recipient: { person } }: Message, what: string): void => {
    const key = `${what} ${person.id}`;
    const former = senders.get(key);
    if (former) note('told again');
    if (former === sender) accuse(11, `${what}; ${person.id} is told twice by one run`);
    // What was said to have failed may come later, when somebody else has told them.
    else if (former && !former.isTroubled() && !sender.isTroubled())
      accuse(11, `${what}; ${person.id} is told again, and all had gone well with ${former.name}`);
    senders.set(key, sender);
  };

  const carries = ({ text }: Message, { id, salt, trail }: AccessRequest): void => {
    const secret = SECRET.exec(text);
    if (secret) accuse(12, `a mail carries what nobody may know: ${secret[0]}`);
    if ([salt, trail.hash].some((own) => text.includes(own))) accuse(12, `a mail carries a salt or a hash of ${id}`);
  };

  return {
    wasTold: (what, personId) => senders.has(`${what} ${personId}`),
    sent: (message) => {
      const what = whatOf(message);
      const request = requests().get(message.news.request.id);
      if (!request) accuse(11, `${what}; nobody asked for that`);
      if (!request) return;
      isAbout(message, what, request);
      once(message, what);
      carries(message, request);
    },
  };
};
