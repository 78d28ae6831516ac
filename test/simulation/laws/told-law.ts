/** Law 11, everybody: whoever is named where the glass was broken is told, or Brevet says who is not; on calm days all are told at once. */
import type { Telling } from '../../../lambda/domain/telling.ts';
import { instant } from '../../../lambda/domain/time.ts';
import type { Stored } from '../book.ts';
import type { Mail } from '../mail.ts';
import { isMailDead, type Weather } from '../weather.ts';
import type { Facts } from './facts.ts';
import { GLASS, type MessageLaw, TURN } from './message-law.ts';
import type { PeopleFacts } from './people-facts.ts';
import type { Turn, Turns } from './turns.ts';
import type { Accuse } from './violation.ts';

interface Parts {
  readonly now: () => number;
  readonly after: (milliseconds: number, act: () => void) => void;
  readonly accuse: Accuse;
  readonly facts: Facts;
  readonly people: PeopleFacts;
  readonly turns: Turns;
  readonly messages: MessageLaw;
  readonly mail: () => Pick<Mail, 'hasAddress' | 'refuses'>;
  readonly day: Weather;
  readonly note: (what: string) => void;
}

export interface ToldLaw {
  stored(stored: Stored): void;
  /** What operators are told. */
  warned(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Nobody is going to be told of it any more. */
  closed(telling: Telling): void;
  atTheEnd(left: number): void;
}

/** Those who are to be told of a broken glass, as it is broken. */
interface Broken {
  readonly requestId: string;
  readonly at: number;
  /** By the clock of the run that stored it, which took its time. */
  readonly askedAt: number;
  readonly ids: readonly string[];
  readonly groupNames: readonly string[];
}

/** A run that was at something else when the news came does not look again; the next does, within the minute. */
const PROMPT_MS = 60_000;
/** What mayVote takes for just now. */
const JUST_NOW_MS = 200_000;
const DAY_MS = 86_400_000;

export const toldLaw = (parts: Parts): ToldLaw => {
  const { now, after, accuse, facts, people, turns, messages, mail, day, note } = parts;
  const isPrompt = day.calm && !isMailDead(day) && !day.tellIsBroken;
  const open = new Map<string, Broken>();
  const excused = new Set<string>();

  /** On a calm day, whoever can be reached, and is what they were. */
  const promptly = (ids: Iterable<string>, groupNames: readonly string[], untold: (id: string) => boolean): void => {
    const since = now() - JUST_NOW_MS;
    note('to be told promptly');
    const reached = [...ids].filter((id) => people.isEnabled(id) && mail().hasAddress(id) && !mail().refuses(id));
    after(PROMPT_MS, () => {
      const late = reached.find((id) => !people.hasChanged(since, id, groupNames) && untold(id));
      if (late) accuse(11, `${late} is not told for ${PROMPT_MS / 1000} s, and nothing stands in the way`);
    });
  };

  const broke = ({ after: request }: Stored): void => {
    if (!request.breakGlass) return;
    const { told, reviewers } = request.breakGlass;
    const ids = [...new Set([...people.everybodyIn(told), ...people.everybodyIn(reviewers)])].filter(
      (id) => id !== request.requester.id && people.isEnabled(id),
    );
    const groupNames = [...told.groups, ...reviewers.groups].map(({ name }) => name);
    open.set(request.id, { requestId: request.id, at: now(), askedAt: request.askedAt, ids, groupNames });
    if (isPrompt) promptly(ids, groupNames, (id) => !messages.wasTold(GLASS(request.id), id));
  };

  const waits = (turn: Turn, kind: 'asked' | 'reminded' | 'escalated', requesterId: string): void => {
    const stage = facts.ruleOf(turn.asked.entitled)?.approval[turn.stage];
    if (!isPrompt || !stage) return;
    const first = people.everybodyBy(stage.groups, stage.users);
    const { groups, users } = kind === 'escalated' ? (stage.escalation ?? stage) : stage;
    const others = [...people.everybodyBy(groups, users)].filter(
      (id) => id !== requesterId && (kind !== 'escalated' || !first.has(id)),
    );
    const what = TURN(kind, turn.requestId, turn.askedAt, turn.stage);
    promptly(others, groups, (id) => stillWaits(turn) && mayDecide(turn, id) && !messages.wasTold(what, id));
  };
  const stillWaits = ({ closedAt, until }: Turn): boolean => closedAt === undefined && now() < until - 2 * day.skewMs;
  const mayDecide = ({ asked, stage }: Turn, id: string): boolean => {
    const rule = facts.ruleOf(asked.entitled);
    const approver = { id, userName: '', displayName: '' };
    const vote = { approver, stage, choice: 'approve', at: instant(now()) } as const;
    return (
      rule !== undefined &&
      asked.votes.every((one) => one.approver.id !== id) &&
      facts.mayVote(vote, rule, asked, now())
    );
  };

  const unreachable = (requestId: string, personId: string): void => {
    if (mail().hasAddress(personId)) accuse(11, `${personId} is said to have no address`);
    excused.add(`${requestId} ${personId}`);
  };
  const givenUp = (requestId: string, personIds: unknown): void => {
    const glass = open.get(requestId);
    if (!glass) return;
    note('telling given up');
    if (now() - glass.askedAt < DAY_MS - 2 * day.skewMs) accuse(11, `${GLASS(requestId)}; it is given up within a day`);
    for (const id of Array.isArray(personIds) ? personIds : glass.ids) excused.add(`${requestId} ${id}`);
  };

  return {
    stored: (stored) => {
      const { id, requester } = stored.after;
      const before = turns.open(id);
      turns.stored(stored);
      const turn = turns.open(id);
      if (turn && turn !== before) waits(turn, 'asked', requester.id);
      for (const { kind } of stored.events) {
        if (kind === 'glass-broken') broke(stored);
        if (turn && (kind === 'reminded' || kind === 'escalated')) waits(turn, kind, requester.id);
      }
    },
    warned: (message, { requestId, kind, personId, personIds }) => {
      if (message === 'somebody cannot be told, having no address') unreachable(String(requestId), String(personId));
      if (message === 'people were not told, for good' && kind === 'glass-broken')
        givenUp(String(requestId), personIds);
    },
    closed: ({ requestId, kind }) => {
      const glass = kind === 'glass-broken' ? open.get(requestId) : undefined;
      if (!glass) return;
      open.delete(requestId);
      const forgotten = glass.ids.find(
        (id) =>
          !people.hasChanged(glass.at, id, glass.groupNames) &&
          !messages.wasTold(GLASS(requestId), id) &&
          !excused.has(`${requestId} ${id}`),
      );
      if (forgotten) accuse(11, `${GLASS(requestId)}; ${forgotten} is never told, and nobody says so`);
    },
    atTheEnd: (left) => {
      if (day.tellIsBroken) return;
      for (const [id] of open) accuse(11, `${GLASS(id)}; nobody is told of it at the end of time`);
      if (left > 0) accuse(11, `${left} things are still to be told at the end of time`);
    },
  };
};
