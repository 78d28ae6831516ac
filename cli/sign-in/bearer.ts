/** The proof for the OIDC door: the token that was kept, renewed in time, by one command at a time. */
import * as oauth from 'oauth4webapi';
import { Failure, failure } from '../failure.ts';
import type { Sign } from '../signing.ts';
import type { Terminal } from '../terminal.ts';
import { findIssuer, signInFailure } from './issuer.ts';
import type { KeptSignIns, SignIn } from './kept-sign-ins.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { tokensFrom } from './tokens.ts';

export interface BearerOptions {
  readonly endpoint: URL;
  readonly kept: KeptSignIns;
  readonly terminal: Pick<Terminal, 'now'>;
}

/** A token that ends so soon may have ended when it arrives. */
const MARGIN_MS = 30_000;

const signInAgain = (detail: string, endpoint: URL, cause?: unknown): Failure =>
  failure('not_signed_in', detail, {
    cause,
    next: `Sign in again: brevet login --endpoint ${endpoint.href.replace(/\/+$/, '')}. Or use AWS credentials: --auth sigv4`,
  });

const read = async ({ endpoint, kept }: BearerOptions): Promise<SignIn> => {
  const found = await kept.read(endpoint);
  if (found === 'unreadable') {
    throw signInAgain(
      `What was kept of your sign-in in ${kept.path} cannot be read: its key is not to be had.`,
      endpoint,
    );
  }
  if (found === undefined) throw signInAgain(`You are not signed in at ${endpoint.host}.`, endpoint);
  return found;
};

/** The issuer refuses a refresh token that it no longer knows; anything else may pass. */
const isRefused = (error: unknown): boolean =>
  error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant';

const renew = async (options: BearerOptions, signIn: SignIn, refresh: string): Promise<SignIn> => {
  const { server, client, options: http } = await findIssuer(signIn.issuer, signIn.clientId);
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refresh, http);
  const answer = await oauth.processRefreshTokenResponse(server, client, response);
  const tokens = tokensFrom(answer, signIn.audience, options.terminal.now());
  // Issuers that do not rotate refresh tokens send none: the one in hand goes on.
  return { ...signIn, tokens: { refresh, ...tokens } };
};

const isFresh = ({ tokens }: SignIn, now: number): boolean => tokens.expiresAt - MARGIN_MS > now;

/** NB. A refresh token works once, and trying it twice ends the sign-in: so others wait, and then look again. */
const renewed = (options: BearerOptions): Promise<SignIn> =>
  oneAtATime(`${options.kept.path}.renewing`, async () => {
    const signIn = await read(options);
    const { tokens } = signIn;
    if (isFresh(signIn, options.terminal.now())) return signIn;
    const ended = `Your sign-in at ${options.endpoint.host} ended at ${new Date(tokens.expiresAt).toISOString()}`;
    if (tokens.refresh === undefined) throw signInAgain(`${ended}, and cannot be renewed.`, options.endpoint);
    const fresh = await renew(options, signIn, tokens.refresh).catch((error: unknown) => {
      if (isRefused(error)) throw signInAgain(`${ended}, and the issuer does not renew it.`, options.endpoint, error);
      if (error instanceof Failure) throw error;
      throw signInFailure(
        `${ended}, and could not be renewed`,
        error,
        'Try again in a minute; else sign in: brevet login',
      );
    });
    await options.kept.keep(options.endpoint, fresh);
    return fresh;
  });

/** Puts the token on a call. @throws Failure `not_signed_in` when it has ended and cannot be renewed. */
export const bearerOf = (options: BearerOptions): Sign => {
  let current: SignIn | undefined;
  return async ({ headers }) => {
    current ??= await read(options);
    if (!isFresh(current, options.terminal.now())) current = await renewed(options);
    return { ...headers, authorization: `Bearer ${current.tokens.bearer}` };
  };
};
