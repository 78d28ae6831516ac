/** `brevet credential-process`: credentials in the form that AWS's tools take from `credential_process`, and nothing else on stdout. */
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { isoDurationFrom } from '../arguments.ts';
import { follow } from '../asking.ts';
import type { Context } from '../context.ts';
import { EXIT, EXIT_OF_INTERRUPT, EXIT_OF_STATUS, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import { joinOrAsk } from '../join.ts';
import { clockworkOf } from '../render/moment.ts';
import { statusLine } from '../render/words.ts';
import { credentialsInTime, openPortal, type RoleCredentials } from '../role-credentials.ts';
import { parseTarget, resolveTarget } from '../target.ts';
import { deadlineFrom, type Wish, type WishFlags } from '../wish.ts';

export interface CredentialProcessFlags extends Omit<WishFlags, 'start' | 'json'> {
  readonly for: string;
  readonly timeout: string;
}

/** Set for everything that is started from here. */
const GUARD = 'BREVET_CREDENTIAL_PROCESS';

/** NB. A profile that asks this command, which asks that profile, would start processes until the machine is full. */
const refuseCircle = async ({ terminal, caller }: Context): Promise<void> => {
  const { credentialProcess = '' } = (await caller()).profile;
  if (terminal.env[GUARD] || / credential-process( |$)/.test(credentialProcess)) {
    throw usage(
      'The AWS profile with which Brevet is to be called asks this very command for its credentials.',
      'Name the profile that you sign in with: brevet credential-process … --profile NAME',
    );
  }
  // Whatever else the profile may start, which may start this again.
  process.env[GUARD] = '1';
};

const wishFrom = ({ for: length, reason, ticket }: CredentialProcessFlags): Wish | undefined => {
  const duration = isoDurationFrom(length, '--for');
  if (reason === undefined) return undefined;
  return { duration, justification: reason, ...(ticket === undefined ? {} : { ticket }) };
};

/** Tools come back when they run out, which is when the access ends: they are to stop then, though the keys may work longer. */
const expiration = ({ standing, endsAt }: RequestDetail, { expiresAt }: RoleCredentials): string => {
  const end = standing || endsAt === undefined ? expiresAt : Math.min(expiresAt, Date.parse(endsAt));
  return new Date(end).toISOString();
};

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
const documentOf = (request: RequestDetail, credentials: RoleCredentials): string =>
  JSON.stringify({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: expiration(request, credentials),
  });

export const credentialProcess = async (
  context: Context,
  typed: string,
  flags: CredentialProcessFlags,
): Promise<ExitCode> => {
  const { terminal, output } = context;
  await refuseCircle(context);
  const typedTarget = parseTarget(typed);
  const wish = wishFrom(flags);
  const deadline = deadlineFrom(flags.timeout, terminal.now());
  const client = await context.connect();
  const portal = await openPortal(await context.caller(), terminal);
  const { target } = await resolveTarget(client, typedTarget);
  const waited = await follow(await joinOrAsk(client, target, wish, context), client, deadline, context);
  const { request } = waited;
  if (waited.why === 'interrupted') return EXIT_OF_INTERRUPT[waited.signal];
  if (request.status !== 'active') {
    output.note(`no credentials: ${statusLine(request, clockworkOf(terminal))}`);
    return EXIT_OF_STATUS[request.status];
  }
  const credentials = await credentialsInTime(portal, request.target, { terminal, note: output.note, deadline });
  terminal.out.write(`${documentOf(request, credentials)}\n`);
  return EXIT.usable;
};
