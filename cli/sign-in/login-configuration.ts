/** Asks the service how one signs in there: public, without any proof. */
import {
  LOGIN_CONFIGURATION_PATH,
  type LoginConfiguration,
  loginConfiguration,
} from '../../lambda/contract/sign-in.ts';
import { isOnThisMachine } from '../endpoint.ts';
import { type Failure, failure } from '../failure.ts';

const PATIENCE_MS = 10_000;

const noSuchDoor = (endpoint: URL, why: string): Failure =>
  failure('sign_in_unavailable', `${endpoint.host} does not say how to sign in: ${why}.`, {
    next: 'Use AWS credentials (aws sso login); or ask whoever runs Brevet for the setting oidc.',
  });

const ask = async (endpoint: URL): Promise<Response> => {
  const url = new URL(endpoint);
  url.pathname = `${endpoint.pathname.replace(/\/+$/, '')}${LOGIN_CONFIGURATION_PATH}`;
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (cause) {
    throw failure('unreachable', `${endpoint.host} does not answer.`, {
      cause,
      next: 'Is the endpoint right, is the network up, and, on this machine, has the service been started (npm start)?',
    });
  }
};

/** @throws Failure when the service has no such door, or names an issuer that nobody should sign in at. */
export const readLoginConfiguration = async (endpoint: URL): Promise<LoginConfiguration> => {
  const response = await ask(endpoint);
  const text = await response.text();
  if (response.status !== 200) throw noSuchDoor(endpoint, `HTTP ${response.status}`);
  const parsed = loginConfiguration.safeParse(jsonIn(text));
  if (!parsed.success) throw noSuchDoor(endpoint, 'its answer is something else');
  // NB. Only a service on this machine may have its people sign in without TLS, on this machine.
  if (isOnThisMachine(new URL(parsed.data.issuer)) && !isOnThisMachine(endpoint)) {
    throw noSuchDoor(endpoint, 'it names an issuer on this machine');
  }
  return parsed.data;
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
