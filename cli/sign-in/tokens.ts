/** Which of the issuer's tokens is for the service, and until when. */
import type * as oauth from 'oauth4webapi';
import { failure } from '../failure.ts';

/** What is kept of somebody who signed in. */
export interface Tokens {
  /** What calls carry. */
  readonly bearer: string;
  /** When it ends, epoch milliseconds. */
  readonly expiresAt: number;
  /** Gets the next one; absent where the issuer gives none. */
  readonly refresh?: string;
}

interface Payload {
  readonly aud?: unknown;
  readonly exp?: unknown;
}

/** NB. Read only to choose: whether it is genuine, the service judges. */
const payloadOf = (token: string): Payload => {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Payload;
  } catch {
    return {};
  }
};

const isFor = (token: string, audience: readonly string[]): boolean =>
  [payloadOf(token).aud].flat().some((one) => typeof one === 'string' && audience.includes(one));

/** The access token is made for this; an ID token does where the deployment lists the client among its audiences. */
const chosen = ({ access_token, id_token }: oauth.TokenEndpointResponse, audience: readonly string[]) =>
  [access_token, id_token].find((token) => token !== undefined && isFor(token, audience));

/** @throws Failure when none of the tokens is for the service. */
export const tokensFrom = (response: oauth.TokenEndpointResponse, audience: readonly string[], now: number): Tokens => {
  const bearer = chosen(response, audience);
  if (bearer === undefined) {
    throw failure('sign_in_failed', `The issuer gave no token for ${audience.join(' or ')}.`, {
      next: 'Whoever runs Brevet has to make the settings audience and scopes fit what the issuer gives.',
    });
  }
  const { exp } = payloadOf(bearer);
  const expiresAt = typeof exp === 'number' ? exp * 1000 : now + (response.expires_in ?? 0) * 1000;
  return { bearer, expiresAt, ...(response.refresh_token ? { refresh: response.refresh_token } : {}) };
};
