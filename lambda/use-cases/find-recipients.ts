/** Whom some news concerns: enabled people, as they are now, and never whoever asked. */
import type { PersonRef } from '../domain/access-request.ts';
import type { ApprovalStage } from '../domain/approval.ts';
import type { ApprovalNews, GlassNews, News } from '../domain/news.ts';
import { candidatesFor, findApprovers } from './approvers.ts';
import { refTo } from './people.ts';
import type { Needs } from './world.ts';

export interface Concerned {
  readonly person: PersonRef;
  readonly isTold: boolean;
  readonly isReviewer: boolean;
}

export interface RecipientsFound {
  readonly people: readonly Concerned[];
  /** False where there may be more. */
  readonly isAll: boolean;
}

/** Approvers that are written to at most, and people who are told of one broken glass: who was is noted in one item. */
const MOST_APPROVERS_TOLD = 100;
const MOST_TOLD = 1000;

const audienceOf = ({ breakGlass: { told, reviewers } }: GlassNews) =>
  [told, reviewers].map(({ groups, people }) => ({ groups, users: people }));

const findAudience = async (world: Needs<'directory'>, news: GlassNews): Promise<RecipientsFound> => {
  const [told, reviewers] = await Promise.all(audienceOf(news).map((named) => candidatesFor(world, named)));
  const people: Concerned[] = [];
  const ids = [...new Set([...(told ?? []), ...(reviewers ?? [])])].filter((id) => id !== news.request.requester.id);
  for (const id of ids.slice(0, MOST_TOLD)) {
    const person = await world.directory.recall(id);
    if (!person?.enabled) continue;
    people.push({ person: refTo(person), isTold: told?.has(id) ?? false, isReviewer: reviewers?.has(id) ?? false });
  }
  return { people, isAll: ids.length <= MOST_TOLD };
};

/** Of a stage that was escalated just now, those alone who may decide besides. */
const askedBy = ({ kind, open: { stage } }: ApprovalNews): ApprovalStage => {
  if (kind !== 'escalated' || !stage.escalation) return stage;
  const { groups, users } = stage.escalation;
  return {
    required: stage.required,
    groups,
    ...(users && { users }),
    ...(stage.among && { among: stage.among }),
  };
};

/** Ids of those who were asked before it was escalated: they know of it. */
const askedFirst = async (
  world: Needs<'directory'>,
  { kind, open: { stage } }: ApprovalNews,
): Promise<readonly string[]> => {
  if (kind !== 'escalated') return [];
  const { escalation: _later, ...first } = stage;
  const { people } = await findApprovers(world, first, [], MOST_APPROVERS_TOLD);
  return people.map(({ id }) => id);
};

const findDeciders = async (world: Needs<'directory'>, news: ApprovalNews): Promise<RecipientsFound> => {
  const { request, ballot } = news;
  const voted = ballot.votes.map(({ approver }) => approver.id);
  const without = [request.requester.id, ...voted, ...(await askedFirst(world, news))];
  const { people, isAll } = await findApprovers(world, askedBy(news), without, MOST_APPROVERS_TOLD);
  return { people: people.map((person) => ({ person, isTold: false, isReviewer: false })), isAll };
};

export const findRecipients = (world: Needs<'directory'>, news: News): Promise<RecipientsFound> =>
  news.kind === 'glass-broken' ? findAudience(world, news) : findDeciders(world, news);
