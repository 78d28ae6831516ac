/** `brevet again`: asks once more for what an earlier request of one's own asked for. */
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { isoDurationFrom, startFrom } from '../arguments.ts';
import { ask, askFor, type FollowFlags, followingFrom } from '../asking.ts';
import type { Client } from '../client.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import { clockworkOf, length, moment } from '../render/moment.ts';
import { requestIdToShow } from '../request-ids.ts';
import type { Wish, WishFlags } from '../wish.ts';

export interface AgainFlags extends WishFlags, FollowFlags {}

/** A window that was asked for has passed: unless another is named, it is for now. */
const wishLike = (earlier: RequestDetail, { for: length, reason, ticket, start }: AgainFlags, now: number): Wish => {
  const reference = ticket ?? earlier.ticket;
  return {
    duration: length === undefined ? earlier.duration : isoDurationFrom(length, '--for'),
    ...(start === undefined ? {} : { start: startFrom(start, now) }),
    justification: reason ?? earlier.justification,
    ...(reference === undefined ? {} : { ticket: reference }),
  };
};

const ownRequest = async (client: Client, id: string): Promise<RequestDetail> => {
  const [earlier, me] = await Promise.all([client.show(id), client.me()]);
  const { requester } = earlier;
  if (requester.id === me.id) return earlier;
  throw usage(`${id} is a request of ${requester.userName}, not of yours.`, 'Ask for it yourself: brevet request');
};

/** The glass is never broken again by itself. */
const describe = ({ id, target, duration, askedAt, breakGlass }: RequestDetail, { terminal }: Context): string =>
  `as in ${id} of ${moment(askedAt, clockworkOf(terminal))}: ` +
  `${target.accountName}/${target.permissionSet} for ${length(duration)}` +
  (breakGlass ? ', this time without breaking the glass' : '');

export const again = async (context: Context, typedId: string | undefined, flags: AgainFlags): Promise<ExitCode> => {
  const { terminal, output, connect } = context;
  const following = followingFrom(flags, terminal.now());
  if (flags.for !== undefined) isoDurationFrom(flags.for, '--for');
  const client = await connect();
  const earlier = await ownRequest(client, await requestIdToShow(typedId, client, output));
  output.note(`asking again, ${describe(earlier, context)}`);
  if (earlier.youMay.includes('extend'))
    output.note(`it is still ${earlier.status}; for more time: brevet extend ${earlier.id} --for 30m`);
  const { accountId, accountName, permissionSet } = earlier.target;
  const target = { kind: 'account', accountId, permissionSet } as const;
  const body = { target, ...wishLike(earlier, flags, terminal.now()) };
  return await ask(askFor(body, { accountName }), following, client, context);
};
