/** The OpenID Connect issuer as the command uses it: found by discovery, spoken to as a public client. */
import * as oauth from 'oauth4webapi';
import { isOnThisMachine } from '../endpoint.ts';
import { type Failure, failure } from '../failure.ts';

export interface Issuer {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  /** To be handed to every request. */
  readonly options: { readonly [oauth.allowInsecureRequests]: boolean; readonly signal: () => AbortSignal };
}

const PATIENCE_MS = 15_000;

const reasonOf = (error: unknown): string => {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    return [error.error, error.error_description].filter(Boolean).join(': ');
  }
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.message;
};

/** Whatever the issuer, or the way to it, brings up against signing in. */
export const signInFailure = (what: string, error: unknown, next: string): Failure =>
  failure('sign_in_failed', `${what}: ${reasonOf(error)}.`, { cause: error, next });

const LOOK = 'Is the network up? Does the issuer work in a browser? Ask whoever runs Brevet if it stays.';

/** NB. What is opened in a browser or sent a token must not be a file, nor go in the clear over a network. */
export const safeAddress = (text: string | undefined): URL | undefined => {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isOnThisMachine(url)) ? url : undefined;
};

/** @throws Failure */
export const findIssuer = async (issuer: string, clientId: string): Promise<Issuer> => {
  const identifier = new URL(issuer);
  const options = {
    [oauth.allowInsecureRequests]: isOnThisMachine(identifier),
    signal: () => AbortSignal.timeout(PATIENCE_MS),
  };
  try {
    const response = await oauth.discoveryRequest(identifier, { algorithm: 'oidc', ...options });
    const server = await oauth.processDiscoveryResponse(identifier, response);
    return { server, client: { client_id: clientId }, options };
  } catch (error) {
    throw signInFailure(`The issuer ${issuer} cannot be asked`, error, LOOK);
  }
};
