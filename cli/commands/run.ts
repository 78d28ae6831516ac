/** `brevet run`: ask, wait, run a command with the access in its environment, and end the access when the command ends. */
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { askFor } from '../asking.ts';
import { type Caller, usesEnvironmentKeys } from '../aws-profile.ts';
import { requireCommand, startChild } from '../child.ts';
import type { Client } from '../client.ts';
import type { Context } from '../context.ts';
import { EXIT_OF_INTERRUPT, EXIT_OF_STATUS } from '../exit-codes.ts';
import { holdInterrupts, type Interrupts } from '../interrupts.ts';
import { progressOn } from '../progress.ts';
import { release } from '../release.ts';
import { clockworkOf } from '../render/moment.ts';
import { planLines } from '../render/plan.ts';
import { releasedText, stillHeldLines } from '../render/released.ts';
import { statusLine } from '../render/words.ts';
import { credentialsInTime, openPortal, type Portal, type RoleCredentials } from '../role-credentials.ts';
import { parseTarget, resolveTarget } from '../target.ts';
import type { Environment } from '../terminal.ts';
import { waitFor } from '../wait.ts';
import { deadlineFrom, type WishFlags, wishFrom } from '../wish.ts';

export interface RunFlags extends Omit<WishFlags, 'start' | 'json'> {
  readonly timeout?: string;
}

/** Everything that would make AWS's tools look elsewhere than at the keys. */
const GOING_BEFORE = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SECURITY_TOKEN'];

const environmentWith = (
  { accessKeyId, secretAccessKey, sessionToken, expiresAt }: RoleCredentials,
  caller: Caller,
  client: Client,
  env: Environment,
): Environment => {
  const { name, region, endpointUrl } = caller.profile;
  const isPlaced = Boolean(env.AWS_REGION || env.AWS_DEFAULT_REGION) || region === undefined;
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !GOING_BEFORE.includes(name))),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: new Date(expiresAt).toISOString(),
    ...(isPlaced ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
    ...(endpointUrl === undefined || env.AWS_ENDPOINT_URL ? {} : { AWS_ENDPOINT_URL: endpointUrl }),
    // As whom Brevet itself is called from within, so that the access can be extended there.
    ...(usesEnvironmentKeys(caller, env) ? {} : { BREVET_PROFILE: name }),
    BREVET_ENDPOINT: client.endpoint.href,
  };
};

interface Errand {
  readonly words: readonly string[];
  readonly deadline: number;
  readonly client: Client;
  readonly portal: Portal;
  readonly context: Context;
  readonly interrupts: Interrupts;
}

/** From the request to the end of the command, with its exit code, or with why it never ran. */
const useAccess = async (asked: RequestDetail, errand: Errand): Promise<number> => {
  const { client, context, interrupts, deadline } = errand;
  const { terminal, output } = context;
  if (interrupts.first) return EXIT_OF_INTERRUPT[interrupts.first];
  const waited = await waitFor(asked, { client, terminal, progress: progressOn(terminal.err), deadline });
  const { request } = waited;
  if (waited.why === 'interrupted') return EXIT_OF_INTERRUPT[waited.signal];
  if (request.status === 'active') return await runWith(request, errand);
  if (waited.why === 'settled') output.note(statusLine(request, clockworkOf(terminal)));
  return EXIT_OF_STATUS[waited.why === 'timeout' ? 'cancelled' : request.status];
};

const runWith = async ({ target }: RequestDetail, errand: Errand): Promise<number> => {
  const { words, client, portal, context, interrupts } = errand;
  const { terminal, output, caller } = context;
  const givenUp = interrupts.nextOrEarlier();
  const patience = { terminal, note: output.note, givenUp, deadline: Number.POSITIVE_INFINITY };
  const credentials = await credentialsInTime(portal, target, patience);
  if (interrupts.first) return EXIT_OF_INTERRUPT[interrupts.first];
  const child = startChild(words, environmentWith(credentials, await caller(), client, terminal.env));
  interrupts.goTo(child.handOn);
  return await child.code;
};

/** Says so, loudly, when it cannot be ended. */
const giveBack = async (asked: RequestDetail, { client, context, interrupts }: Errand): Promise<void> => {
  const { terminal, output } = context;
  try {
    const released = await release(asked.id, client, terminal, interrupts.next());
    const text = releasedText(released, clockworkOf(terminal));
    if (text !== undefined) output.note(text);
  } catch (error) {
    const last = await client.look(asked.id).catch(() => asked);
    output.complain({ request: last, why: error instanceof Error ? error.message : String(error) }, stillHeldLines);
  }
};

/** The command's exit code; where it never ran, as `brevet request` has it. */
export const run = async (
  context: Context,
  typed: string,
  words: readonly string[],
  flags: RunFlags,
): Promise<number> => {
  const { terminal, output } = context;
  const typedTarget = parseTarget(typed);
  const deadline = deadlineFrom(flags.timeout, terminal.now());
  requireCommand(words[0] ?? '', terminal.env);
  const wish = await wishFrom('run', typed, flags, terminal);
  const client = await context.connect();
  const { target, entry } = await resolveTarget(client, typedTarget);
  const portal = await openPortal(await context.caller(), terminal);
  const wished = askFor({ target, ...wish }, entry ? { entry } : {});
  output.aside(wished, planLines);
  const interrupts = holdInterrupts(terminal);
  const asked = await client.submit(wished.body);
  output.note(`request ${asked.id} is made; the command runs when it is usable (Ctrl-C takes the request back)`);
  const errand = { words, deadline, client, portal, context, interrupts };
  try {
    return await useAccess(asked, errand);
  } finally {
    await giveBack(asked, errand);
  }
};
