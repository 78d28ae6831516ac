/** For programs that want access again and again: uses what the caller holds or waits for already, and asks only otherwise. */
import { createHash } from 'node:crypto';
import type { RequestDetail, RequestView, SubmitBody } from '../lambda/contract/api.ts';
import { type Client, firstPages } from './client.ts';
import type { Context } from './context.ts';
import { Failure, failure } from './failure.ts';
import { clockworkOf, moment, toRoughDuration } from './render/moment.ts';
import type { Wish } from './wish.ts';

type Target = SubmitBody['target'];

/** How far back one's own requests are looked through. */
const PAGES_SEARCHED = 10;

/** Newest first. */
const ownRequestsFor = async (client: Client, target: Target): Promise<readonly RequestView[]> => {
  const { items } = await firstPages(
    (cursor) => client.list({ view: 'mine', ...(cursor === undefined ? {} : { cursor }) }),
    PAGES_SEARCHED,
  );
  return items.filter(
    ({ target: other }) => other.accountId === target.accountId && other.permissionSet === target.permissionSet,
  );
};

/** Access that ends sooner is not worth beginning with. */
const ENOUGH_LEFT_MS = 30_000;

/** Later is better: what is usable now, then what will be soonest. */
const RANKS: Partial<Record<RequestView['status'], number>> = { pending: 1, scheduled: 2, granting: 3, active: 4 };

/** A window of its own later on is something else. */
const isForNow = ({ status, start, startsAt, endsAt }: RequestView, now: number): boolean => {
  if (status === 'active') return endsAt !== undefined && Date.parse(endsAt) - now > ENOUGH_LEFT_MS;
  const begins = startsAt ?? start;
  return begins === undefined || Date.parse(begins) <= now + ENOUGH_LEFT_MS;
};

/** The own request that serves now, of several the one that is usable, and longest. */
export const joinable = (own: readonly RequestView[], now: number): RequestView | undefined => {
  const serving = own.filter((request) => RANKS[request.status] !== undefined && isForNow(request, now));
  const order = ({ status, endsAt = '' }: RequestView): string => `${RANKS[status]} ${endsAt}`;
  return serving.sort((one, other) => (order(one) < order(other) ? 1 : -1))[0];
};

/** How long a machine leaves alone what a person said no to. */
const COOL_DOWN_MS = 15 * 60_000;

const SAID_NO: ReadonlySet<RequestView['status']> = new Set(['rejected', 'cancelled', 'failed']);

const wasEndedByPerson = async (client: Client, { id, status }: RequestView): Promise<boolean> => {
  if (status !== 'ending' && status !== 'ended') return false;
  const { history } = await client.show(id);
  return history.some(({ kind, actor }) => kind === 'end-begun' && actor.kind === 'person');
};

/** @throws Failure `left_alone`: a tool that tries again and again must not overrule people, nor wear them out. */
const refuseSoSoon = async (client: Client, newest: RequestView | undefined, context: Context): Promise<void> => {
  const over = newest?.endedAt ?? newest?.endsAt;
  if (!newest || over === undefined) return;
  const age = context.terminal.now() - Date.parse(over);
  if (age >= COOL_DOWN_MS || !(SAID_NO.has(newest.status) || (await wasEndedByPerson(client, newest)))) return;
  const what = `${newest.id} was over ${moment(over, clockworkOf(context.terminal))} (${newest.reason ?? newest.status})`;
  throw failure(
    'left_alone',
    `${what}; it is not asked for again by itself within ${toRoughDuration(COOL_DOWN_MS / 1000)}.`,
    {
      next: `To ask again yourself: brevet again ${newest.id}`,
    },
  );
};

/**
 * The same for everybody who sees the same newest request, whenever they look: calls at the same moment are one request,
 * also across a second or a minute, and the next one after that is over has another key.
 */
const keyAfter = (newest: RequestView | undefined, { accountId, permissionSet }: Target): string =>
  createHash('sha256')
    .update(`credential-process ${accountId} ${permissionSet} ${newest?.id ?? ''}`)
    .digest('hex');

const nothingToJoin = ({ accountId, permissionSet }: Target): Failure =>
  failure('nothing_to_join', `You hold no access to ${permissionSet} in ${accountId}, and none is asked for.`, {
    next: `Ask for it: brevet request ${accountId}/${permissionSet} --for 1h --reason "…" (or give --reason here)`,
  });

const isOtherBody = (error: unknown): boolean =>
  error instanceof Failure && error.problem.code === 'idempotency_key_reused';

/** The list may lag behind by a moment. */
const LOOKS = 5;
const PAUSE_MS = 500;

/** The request that somebody else's call made at the same moment, with other words. */
const theirs = async (client: Client, target: Target, { terminal }: Context): Promise<RequestView | undefined> => {
  for (let look = 1; look <= LOOKS; look += 1) {
    const found = joinable(await ownRequestsFor(client, target), terminal.now());
    if (found) return found;
    await terminal.sleep(PAUSE_MS);
  }
  return undefined;
};

const askOnce = async (
  client: Client,
  body: SubmitBody,
  newest: RequestView | undefined,
  context: Context,
): Promise<RequestDetail> => {
  try {
    return await client.submit(body, keyAfter(newest, body.target));
  } catch (error) {
    const found = isOtherBody(error) ? await theirs(client, body.target, context) : undefined;
    if (!found) throw error;
    return await client.show(found.id);
  }
};

/** Without a wish it never asks. @throws Failure when there is nothing to join, or it may not be asked for now. */
export const joinOrAsk = async (
  client: Client,
  target: Target,
  wish: Wish | undefined,
  context: Context,
): Promise<RequestDetail> => {
  const own = await ownRequestsFor(client, target);
  const found = joinable(own, context.terminal.now());
  if (found) return await client.show(found.id);
  if (!wish) throw nothingToJoin(target);
  const [newest] = own;
  await refuseSoSoon(client, newest, context);
  return await askOnce(client, { target, ...wish }, newest, context);
};
