/** `brevet request`: ask for access, say what was asked and who can decide and, if wished, wait until it is usable. */
import { ask, askFor, type FollowFlags, followingFrom } from '../asking.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { parseTarget, resolveTarget } from '../target.ts';
import { type WishFlags, wishFrom } from '../wish.ts';

export interface RequestFlags extends WishFlags, FollowFlags {}

export const request = async (context: Context, typed: string, flags: RequestFlags): Promise<ExitCode> => {
  const typedTarget = parseTarget(typed);
  const following = followingFrom(flags, context.terminal.now());
  const wish = await wishFrom('request', typed, flags, context.terminal);
  const client = await context.connect();
  const { target, entry } = await resolveTarget(client, typedTarget);
  return await ask(askFor({ target, ...wish }, entry ? { entry } : {}), following, client, context);
};
