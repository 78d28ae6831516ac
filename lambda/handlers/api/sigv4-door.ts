/** The SigV4 door: reads who calls from what API Gateway's IAM authorization left in the context, and from nothing else. */
import { DOOR_PREFIXES } from '../../contract/doors.ts';
import type { Door } from './door.ts';

// NB. userArn omits the role's path, so anybody who may name a role could name it like this. The API's resource policy,
// which sees the path, admits only roles that Identity Center made; this check is the second lock, not the first.
const SSO_SESSION =
  /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/AWSReservedSSO_[\w+=,.@-]{1,64}_[0-9a-f]{16}\/(?<session>[\w+=,.@-]{1,64})$/;

/** The session name of an Identity Center role is the user name; any other caller proves nothing here. */
export const sigv4Door: Door = {
  prefix: DOOR_PREFIXES.sigv4,
  identityBehind: (event) => {
    const value = SSO_SESSION.exec(event.requestContext?.identity?.userArn ?? '')?.groups?.session;
    return value === undefined ? undefined : { kind: 'user-name', value };
  },
  howToSignIn: 'Call with the credentials of a session from the AWS access portal (SSO).',
};
