/** Asking: the plan is shown, the request is made, waited for if wished, and put into an AWS profile if wished. */
import type { RequestDetail, SubmitBody } from '../lambda/contract/api.ts';
import type { Client } from './client.ts';
import type { Context } from './context.ts';
import { EXIT_OF_INTERRUPT, EXIT_OF_STATUS, type ExitCode } from './exit-codes.ts';
import { usage } from './failure.ts';
import { progressOn } from './progress.ts';
import { type Plan, planLines } from './render/plan.ts';
import { nextCommands, requestLines } from './render/request.ts';
import { type Waited, waitFor } from './wait.ts';
import { deadlineFrom } from './wish.ts';
import { type ProfilePlan, planProfile, writeProfile } from './write-profile.ts';

export interface FollowFlags {
  readonly wait?: boolean;
  readonly timeout?: string;
  /** Name of the profile to write; empty for that of the target; absent for none. */
  readonly writeProfile?: string;
}

/** What is asked for, with what is known of it. */
export interface Ask extends Plan {
  /** Name of the account, or its id where that is all that was given. */
  readonly account: string;
}

export const askFor = (
  body: SubmitBody,
  known: { readonly entry?: Plan['entry']; readonly accountName?: string },
): Ask => ({
  body,
  account: known.entry?.accountName ?? known.accountName ?? body.target.accountId,
  ...(known.entry ? { entry: known.entry } : {}),
});

/** How a request is followed, once it is made. */
export interface Following {
  /** Epoch milliseconds until when to wait; absent: not at all. */
  readonly deadline?: number;
  readonly profileName?: string;
}

/** @throws Failure when the options do not fit together. */
export const followingFrom = ({ wait, timeout, writeProfile }: FollowFlags, now: number): Following => {
  const isWaited = wait === true || writeProfile !== undefined;
  if (timeout !== undefined && !isWaited) throw usage('--timeout says how long to wait, and there is no --wait.');
  return {
    ...(isWaited ? { deadline: deadlineFrom(timeout, now) } : {}),
    ...(writeProfile === undefined ? {} : { profileName: writeProfile }),
  };
};

const goesOn = (request: RequestDetail, context: Context): string => {
  const commands = nextCommands(request, context.terminal.err.columns).filter((text) => / (cancel|end) /.test(text));
  const stop = commands.length > 0 ? ` Take it back with: ${commands.join(', ')}.` : '';
  return `the request stays ${request.status} without anyone waiting for it.${stop} See it with: brevet show ${request.id}`;
};

/** Waits, and says what becomes of the request when waiting ends before it is settled. */
export const follow = async (
  asked: RequestDetail,
  client: Client,
  deadline: number,
  context: Context,
): Promise<Waited> => {
  const { terminal, output } = context;
  try {
    const waited = await waitFor(asked, { client, terminal, progress: progressOn(terminal.err), deadline });
    if (waited.why !== 'settled') output.note(goesOn(waited.request, context));
    return waited;
  } catch (error) {
    output.note(goesOn(asked, context));
    throw error;
  }
};

/** With a profile, stdout is the line to evaluate, and nothing while there is nothing to use. */
const showSettled = async (
  request: RequestDetail,
  plan: ProfilePlan | undefined,
  client: Client,
  context: Context,
): Promise<void> => {
  const { output } = context;
  if (!plan) output.answer(request, requestLines);
  else if (request.status === 'active') await writeProfile(plan, request, client, context);
  else if (output.isJson) output.answer(request, requestLines);
  else output.aside(request, requestLines);
};

/** Everything behind the parsing of the command line, for `request` and `again`. */
export const ask = async (
  wished: Ask,
  { deadline, profileName }: Following,
  client: Client,
  context: Context,
): Promise<ExitCode> => {
  const { output } = context;
  const plan = profileName === undefined ? undefined : await planProfile(profileName, wished, context);
  output.aside(wished, planLines);
  const asked = await client.submit(wished.body);
  if (deadline === undefined) {
    output.answer(asked, requestLines);
    return EXIT_OF_STATUS[asked.status];
  }
  output.note(`request ${asked.id} is made; waiting until it is usable (Ctrl-C stops the waiting only)`);
  const waited = await follow(asked, client, deadline, context);
  if (waited.why !== 'interrupted' || output.isJson) await showSettled(waited.request, plan, client, context);
  return waited.why === 'interrupted' ? EXIT_OF_INTERRUPT[waited.signal] : EXIT_OF_STATUS[waited.request.status];
};
