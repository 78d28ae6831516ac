/** Where the service is and for which Region calls are signed: from flags, the environment, the AWS profile, the host's name. */
import { DOOR_PREFIXES } from '../lambda/contract/doors.ts';
import { type AwsProfile, ENDPOINT_KEY } from './aws-profile.ts';
import { type Failure, failure } from './failure.ts';
import type { Environment } from './terminal.ts';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** Whether what is sent there stays on this machine. */
export const isOnThisMachine = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);

const EXECUTE_API = /\.execute-api\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

const unusable = (text: string, why: string): Failure =>
  failure('endpoint_unusable', `"${text}" ${why}.`, {
    next: 'Give the address of the API with its stage, such as https://a1b2c3.execute-api.eu-central-1.amazonaws.com/live',
  });

/** @throws Failure when it is no address that signed calls may be sent to. */
export const parseEndpoint = (text: string): URL => {
  if (!URL.canParse(text)) throw unusable(text, 'is no address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw unusable(text, 'is neither https nor http');
  // NB. A signed call carries the session token: in the clear it may go no further than this machine.
  if (url.protocol === 'http:' && !isOnThisMachine(url)) throw unusable(text, 'is not https');
  if (url.username || url.password) throw unusable(text, 'contains a user name or password');
  if (url.search || url.hash) throw unusable(text, 'has more than a host and a path');
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
};

/** The address of an operation: the endpoint, its stage if it has one, the door, the path. */
export const addressOf = (endpoint: URL, door: keyof typeof DOOR_PREFIXES, path: string): URL => {
  const url = new URL(endpoint);
  url.pathname = `${endpoint.pathname.replace(/\/+$/, '')}${DOOR_PREFIXES[door]}${path}`;
  return url;
};

const missingEndpoint = ({ name, withEndpoint }: AwsProfile): Failure =>
  failure('endpoint_missing', `Neither --endpoint nor BREVET_ENDPOINT nor the AWS profile "${name}" names one.`, {
    next:
      withEndpoint.length > 0
        ? `Choose a profile that has one (AWS_PROFILE=${withEndpoint[0]}): ${withEndpoint.join(', ')}.`
        : `Set BREVET_ENDPOINT, or ${ENDPOINT_KEY} = https://… in your profile in the AWS config file. ` +
          'For a service on this machine: eval "$(npx brevet local profile)"',
  });

/** Without a slash at the end; the stage of a deployed API is part of it. @throws Failure when nothing names it */
export const findEndpoint = (flag: string | undefined, env: Environment, profile: AwsProfile): URL => {
  const text = flag ?? (env.BREVET_ENDPOINT || profile.endpoint);
  if (text === undefined) throw missingEndpoint(profile);
  return parseEndpoint(text);
};

/** The host's own Region comes first: a deployed API accepts no other, whatever the environment says. @throws Failure */
export const findRegion = (
  endpoint: URL,
  flag: string | undefined,
  env: Environment,
  profile: Pick<AwsProfile, 'region'>,
): string => {
  const ofHost = EXECUTE_API.exec(endpoint.hostname)?.groups?.region;
  const region = flag ?? (ofHost || env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region);
  if (region !== undefined) return region;
  throw failure('region_missing', `${endpoint.host} does not tell its Region, and neither does the environment.`, {
    next: 'Set AWS_REGION, or region in your AWS profile, or pass --region.',
  });
};
