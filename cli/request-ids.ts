/** Which request a person means: by its whole id, by a part of it, or by being the only one that it can be. */
import { type RequestView, requestId } from '../lambda/contract/api.ts';
import { type Action, type Client, firstPages, type View } from './client.ts';
import { Failure, failure, usage } from './failure.ts';
import type { Output } from './output.ts';

const PART = /^[0-9A-HJKMNP-TV-Z]{4,25}$/;
/** How far back a part of an id is looked for. */
const PAGES_SEARCHED = 10;

const listed = async (client: Client, view: View): Promise<readonly RequestView[]> => {
  const { items } = await firstPages(
    (cursor) => client.list({ view, ...(cursor === undefined ? {} : { cursor }) }),
    PAGES_SEARCHED,
  );
  return items;
};

/** Not everybody may list everything: then there is nothing more to look through. */
const listedIfPermitted = async (client: Client, view: View): Promise<readonly RequestView[]> => {
  try {
    return await listed(client, view);
  } catch (error) {
    if (error instanceof Failure && error.problem.code === 'not_permitted') return [];
    throw error;
  }
};

const line = ({ id, status, target, requester }: RequestView): string =>
  `${id} (${requester.userName}, ${target.accountName}/${target.permissionSet}, ${status})`;

/** Named in a message; there may be many more. */
const MOST_NAMED = 5;

const named = (found: readonly RequestView[]): string => {
  const more = found.length - MOST_NAMED;
  return found.slice(0, MOST_NAMED).map(line).join('; ') + (more > 0 ? `; and ${more} more` : '');
};

/** Each once: pages may overlap while requests are made. */
const distinct = (requests: readonly RequestView[]): readonly RequestView[] => [
  ...new Map(requests.map((request) => [request.id, request])).values(),
];

const several = (what: string, found: readonly RequestView[]): Failure =>
  failure('ambiguous', `${what}: ${named(found)}.`, {
    next: 'Give the whole id, or more of it.',
    facts: { candidates: found.map(({ id }) => id) },
  });

const findByPart = async (client: Client, part: string): Promise<string> => {
  const isIt = ({ id }: RequestView): boolean => id.startsWith(part) || id.endsWith(part);
  const concerning = [...(await listed(client, 'mine')), ...(await listed(client, 'to-review'))].filter(isIt);
  const others = async () => [
    ...(await listed(client, 'active')),
    ...(await listed(client, 'break-glass')),
    ...(await listedIfPermitted(client, 'all')),
  ];
  const found = concerning.length > 0 ? concerning : (await others()).filter(isIt);
  const different = distinct(found);
  const [only, another] = different;
  if (another) throw several(`${different.length} requests begin or end with "${part}"`, different);
  if (only) return only.id;
  throw failure('nothing_fits', `None of the requests that you can list begins or ends with "${part}".`, {
    next: 'See them with brevet ls, or give the whole id.',
  });
};

/** @throws Failure when no request is meant, or more than one. */
const resolveRequestId = async (client: Client, typed: string): Promise<string> => {
  const text = typed.trim().toUpperCase();
  if (requestId.safeParse(text).success) return text;
  if (PART.test(text)) return await findByPart(client, text);
  throw usage(`"${typed}" is no request id.`, 'It has 26 letters and digits; the first or last 4 or more are enough.');
};

/** The one request of the caller's own on which the action is possible now, when none was named; says which. */
const onlyCandidate = async (client: Client, action: Action, output: Output): Promise<string> => {
  const candidates = distinct(await listed(client, 'mine')).filter(({ youMay }) => youMay.includes(action));
  const [only, another] = candidates;
  if (another) throw several(`There are ${candidates.length} requests that you could ${action}`, candidates);
  if (!only) {
    throw failure('nothing_fits', `None of your requests is one that you can ${action} now.`, {
      next: "See them with brevet ls; for somebody else's, give its id.",
    });
  }
  output.note(`the only one to ${action} is ${line(only)}`);
  return only.id;
};

/** The request named, or the caller's newest when none was named; says which. @throws Failure when there is none. */
export const requestIdToShow = async (typedId: string | undefined, client: Client, output: Output): Promise<string> => {
  if (typedId !== undefined) return await resolveRequestId(client, typedId);
  const { items } = await client.list({ view: 'mine' });
  const [newest] = items;
  if (!newest)
    throw failure('nothing_fits', 'You have asked for nothing so far.', { next: 'Give the id of a request.' });
  output.note(`your newest request is ${line(newest)}`);
  return newest.id;
};

/** Where those are listed that wait for somebody's word, and what they wait for. */
const WAITING = {
  approve: { view: 'to-review', what: 'your vote' },
  reject: { view: 'to-review', what: 'your vote' },
  acknowledge: { view: 'break-glass', what: 'somebody to acknowledge it' },
  review: { view: 'break-glass', what: 'your review' },
} as const;

/**
 * The request named. NB. Such a word always names its request, even where only one waits: another may have taken the place
 * of the one that was looked at. @throws Failure that offers those that wait, when none was named.
 */
const requestIdNamed = async (
  action: keyof typeof WAITING,
  typedId: string | undefined,
  client: Client,
): Promise<string> => {
  if (typedId !== undefined) return await resolveRequestId(client, typedId);
  const { view, what } = WAITING[action];
  const waiting = distinct(await listed(client, view)).filter(({ youMay }) => youMay.includes(action));
  const [first] = waiting;
  if (!first) throw usage(`No request is named, and none waits for ${what}.`, `brevet ${action} ID`);
  const offered = `Waiting for ${what}: ${named(waiting)}.`;
  throw usage(`No request is named. ${offered}`, `Look at it, then name it: brevet ${action} ${first.id}`);
};

export const requestIdToDecide = (
  action: 'approve' | 'reject',
  typedId: string | undefined,
  client: Client,
): Promise<string> => requestIdNamed(action, typedId, client);

export const requestIdToAttend = (
  action: 'acknowledge' | 'review',
  typedId: string | undefined,
  client: Client,
): Promise<string> => requestIdNamed(action, typedId, client);

/** The request named, or the only one of the caller's own that fits when none was named. @throws Failure */
export const requestIdFor = async (
  action: Action,
  typedId: string | undefined,
  client: Client,
  output: Output,
): Promise<string> =>
  typedId === undefined ? await onlyCandidate(client, action, output) : await resolveRequestId(client, typedId);
