/** Signs somebody in who has a browser elsewhere: they type a code there (RFC 8628). */
import * as oauth from 'oauth4webapi';
import { Failure, failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { type Issuer, safeAddress, signInFailure } from './issuer.ts';

export interface DeviceFlowOptions {
  readonly issuer: Issuer;
  readonly scopes: readonly string[];
  readonly terminal: Pick<Terminal, 'now' | 'sleep'>;
  /** Tells the person where to go, and which code to type. */
  readonly show: (url: URL, code: string) => void;
}

const AGAIN = 'Try again: brevet login --device';
/** RFC 8628, section 3.5: five seconds where the issuer names none, and five more each time that it wants. */
const INTERVAL_SECONDS = 5;

const begin = async ({ issuer: { server, client, options }, scopes }: DeviceFlowOptions) => {
  if (server.device_authorization_endpoint === undefined) {
    throw failure('sign_in_failed', 'The issuer has no device flow.', {
      next: 'Use a browser on this machine: brevet login',
    });
  }
  const parameters = { scope: scopes.join(' ') };
  const response = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, options);
  return oauth.processDeviceAuthorizationResponse(server, client, response);
};

/** `fetch` says so when nothing came back; meanwhile the code may have been typed (RFC 8628, section 3.5). */
const isWayDown = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');

type Polled = oauth.TokenEndpointResponse | 'pending' | 'slower';

const poll = async ({ server, client, options }: Issuer, code: string): Promise<Polled> => {
  try {
    const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), code, options);
    return await oauth.processDeviceCodeResponse(server, client, response);
  } catch (error) {
    if (isWayDown(error)) return 'slower';
    if (!(error instanceof oauth.ResponseBodyError)) throw error;
    if (error.error === 'authorization_pending') return 'pending';
    if (error.error === 'slow_down') return 'slower';
    throw error;
  }
};

const untilDecided = async (
  { issuer, terminal }: DeviceFlowOptions,
  { device_code: code, interval = INTERVAL_SECONDS, expires_in: expiresIn }: oauth.DeviceAuthorizationResponse,
): Promise<oauth.TokenEndpointResponse> => {
  const end = terminal.now() + expiresIn * 1000;
  let pauseSeconds = interval;
  while (terminal.now() < end) {
    await terminal.sleep(pauseSeconds * 1000);
    const polled = await poll(issuer, code);
    if (typeof polled === 'object') return polled;
    if (polled === 'slower') pauseSeconds += INTERVAL_SECONDS;
  }
  throw failure('sign_in_failed', 'Nobody typed the code in time.', { next: AGAIN });
};

/** @throws Failure */
export const signInByDevice = async (options: DeviceFlowOptions): Promise<oauth.TokenEndpointResponse> => {
  try {
    const begun = await begin(options);
    const url = safeAddress(begun.verification_uri_complete) ?? safeAddress(begun.verification_uri);
    if (!url) throw failure('sign_in_failed', 'The issuer names no safe address to type the code at.', { next: AGAIN });
    options.show(url, begun.user_code);
    return await untilDecided(options, begun);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw signInFailure('The issuer let nobody in', error, AGAIN);
  }
};
