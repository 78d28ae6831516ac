/** Signs somebody in with their browser: authorization code with PKCE, back to a loopback port (RFC 8252, RFC 7636). */
import * as oauth from 'oauth4webapi';
import { failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { openInBrowser } from './browser.ts';
import { openCallback } from './callback.ts';
import { type Issuer, safeAddress, signInFailure } from './issuer.ts';

export interface CodeFlowOptions {
  readonly issuer: Issuer;
  readonly scopes: readonly string[];
  readonly terminal: Pick<Terminal, 'env' | 'err'>;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly opensBrowser: boolean;
  /** Tells the person where to go. */
  readonly show: (url: URL, isOpened: boolean) => void;
}

const PATIENCE_MS = 5 * 60_000;
const AGAIN = 'Try again: brevet login';

/** What only this sign-in knows, so that nothing of another one fits it. */
const makeSecrets = () => ({
  state: oauth.generateRandomState(),
  nonce: oauth.generateRandomNonce(),
  verifier: oauth.generateRandomCodeVerifier(),
});
type Secrets = ReturnType<typeof makeSecrets>;

const addressFor = async ({ issuer, scopes }: CodeFlowOptions, redirectUri: string, secrets: Secrets): Promise<URL> => {
  const url = safeAddress(issuer.server.authorization_endpoint);
  if (!url) {
    throw failure('sign_in_failed', 'The issuer names no safe address to sign in at.', {
      next: 'Try brevet login --device',
    });
  }
  const parameters = {
    client_id: issuer.client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes.join(' '),
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
};

const exchange = async (
  { issuer: { server, client, options }, scopes }: CodeFlowOptions,
  back: URL,
  redirectUri: string,
  { state, nonce, verifier }: Secrets,
): Promise<oauth.TokenEndpointResponse> => {
  const parameters = oauth.validateAuthResponse(server, client, back, state);
  const request = oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    options,
  );
  const withIdToken = scopes.includes('openid') ? { requireIdToken: true, expectedNonce: nonce } : {};
  return oauth.processAuthorizationCodeResponse(server, client, await request, withIdToken);
};

/** @throws Failure */
export const signInByCode = async (options: CodeFlowOptions): Promise<oauth.TokenEndpointResponse> => {
  const callback = await openCallback(options.port);
  try {
    const secrets = makeSecrets();
    const url = await addressFor(options, callback.redirectUri, secrets);
    options.show(url, options.opensBrowser && openInBrowser(options.terminal, url));
    const back = await callback.next(secrets.state, PATIENCE_MS);
    return await exchange(options, back, callback.redirectUri, secrets).catch((error: unknown) => {
      throw signInFailure('The issuer let nobody in', error, AGAIN);
    });
  } finally {
    callback.close();
  }
};
