/** The phrases in which requests are spoken of, shared by the result, the progress and the lists. */
import type { RequestDetail, RequestView } from '../../lambda/contract/api.ts';
import { parseDuration } from '../../lambda/contract/duration.ts';
import type { PersonView } from '../../lambda/contract/view-parts.ts';
import { approvalState, decidersText, openStageText } from './approval.ts';
import { type Clockwork, clockTime, fromNow, length, moment } from './moment.ts';

type Vote = RequestView['approval']['votes'][number];

export const personName = ({ displayName, userName }: PersonView): string => `${displayName} (${userName})`;

export const peopleNames = (people: readonly PersonView[]): string => people.map(personName).join(', ');

export const targetName = ({ accountName, accountId, permissionSet }: RequestView['target']): string =>
  `${accountName} (${accountId}) / ${permissionSet}`;

export const voteText = ({ approver, choice, duration, comment, at }: Vote, clockwork: Clockwork): string => {
  const done = choice === 'approve' ? 'approved' : 'rejected';
  const shortened = duration === undefined ? '' : `, shortened to ${length(duration)}`;
  const said = comment === undefined || comment === '' ? '' : `: ${comment}`;
  return `${done} by ${personName(approver)} at ${clockTime(Date.parse(at), clockwork.timeZone)}${shortened}${said}`;
};

/** The last characters of an id, random: enough to tell it from others, and taken by every command. */
export const shortId = (id: string): string => id.slice(-8);

/** Law 14: what has been handed out cannot be recalled. */
export const credentialsText = (until: string, clockwork: Clockwork): string =>
  `those issued before the end may still work until ${moment(until, clockwork)}; they cannot be recalled`;

/** The same of credentials of which no end is fixed yet. */
export const outliving = (sessionDuration: string): string =>
  `those issued before the end may work up to ${length(sessionDuration)} longer; they cannot be recalled`;

/** The same in passing, wherever an end is spoken of. */
export const afterEndText = ({ target, standing }: Pick<RequestView, 'target' | 'standing'>): string =>
  standing ? 'the assignment stays' : `credentials may work up to ${length(target.sessionDuration)} longer`;

/** When access ends, as far as that is known at this point. */
export const endText = (request: RequestView, clockwork: Clockwork): string | undefined => {
  const { status, endsAt, endedAt, start, duration } = request;
  if (endedAt !== undefined) return undefined;
  if (endsAt !== undefined) return `${status === 'granting' ? 'at the latest ' : ''}${moment(endsAt, clockwork)}`;
  if (status !== 'pending' && status !== 'scheduled') return undefined;
  return plannedEnd(duration, start, clockwork);
};

/** The clock of an immediate request starts when access is usable; a scheduled window is absolute. */
export const plannedEnd = (isoDuration: string, start: string | undefined, clockwork: Clockwork): string => {
  const seconds = parseDuration(isoDuration) ?? 0;
  const end = (start === undefined ? clockwork.now : Date.parse(start)) + seconds * 1000;
  const at = clockTime(end, clockwork.timeZone);
  return start === undefined ? `${length(isoDuration)} after it becomes usable; if that were now: ${at}` : at;
};

/** Empty where nobody can at the moment. */
export const decidersNow = (request: RequestDetail): string => decidersText(request, peopleNames);

const deciders = (request: RequestDetail): string => {
  const names = decidersNow(request);
  return names === '' ? '; nobody can decide it at the moment' : `; can decide: ${names}`;
};

const outlives = (request: RequestView): string =>
  request.credentialsMayWorkUntil === undefined ? '' : `; ${afterEndText(request)}`;

const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);

/** The service's reasons partly begin with the status themselves. */
const over = ({ status, reason }: RequestView): string =>
  reason?.startsWith(status) ? reason : `${status}${because(reason)}`;

/** One line that says how the request stands, beginning with its status. */
export const statusLine = (request: RequestDetail, clockwork: Clockwork): string => {
  const { status, approval, startsAt, endsAt, reason } = request;
  const last = approval.votes.at(-1);
  switch (status) {
    case 'pending':
      return `pending: ${approvalState(approval)}${deciders(request)}`;
    case 'scheduled':
      return startsAt !== undefined && Date.parse(startsAt) > clockwork.now
        ? `scheduled: starts ${moment(startsAt, clockwork)}`
        : 'scheduled: about to begin';
    case 'granting':
      return 'granting: the access is being made';
    case 'active':
      return `active: usable${endsAt === undefined ? '' : ` until ${moment(endsAt, clockwork)}`}; ${afterEndText(request)}`;
    case 'ending':
      return `ending: the access is being taken away${because(reason)}${outlives(request)}`;
    case 'rejected':
      return last ? voteText(last, clockwork) : over(request);
    case 'expired':
      return 'expired: nobody decided in time';
    default:
      return over(request);
  }
};

/** What comes next for the request, and how far away it is: for lists. */
export const whatNext = (
  { status, approval, expiresAt, startsAt, endsAt, endedAt, askedAt }: RequestView,
  now: number,
): string => {
  const away = (iso: string): string => fromNow(Date.parse(iso), now);
  if (status === 'pending' && expiresAt !== undefined) return `${openStageText(approval)}expires ${away(expiresAt)}`;
  if (status === 'scheduled' && startsAt !== undefined) return `starts ${away(startsAt)}`;
  if (status === 'active' && endsAt !== undefined) return `ends ${away(endsAt)}`;
  if (endedAt !== undefined) return `over ${away(endedAt)}`;
  return `asked ${away(askedAt)}`;
};
