/** The SigV4 door: reads who calls from API Gateway's own context and from nothing else. */
import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Every path behind this door begins so. */
export const SIGV4_PREFIX = '/iam/v1';

// NB. userArn omits the role's path, so anybody who may name a role could name it like this. The API's resource policy,
// which sees the path, admits only roles that Identity Center made; this check is the second lock, not the first.
const SSO_SESSION =
  /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/AWSReservedSSO_[\w+=,.@-]{1,64}_[0-9a-f]{16}\/(?<session>[\w+=,.@-]{1,64})$/;

/** The user name in IAM Identity Center, which is the session name of its roles; undefined when the caller is no such session. */
export const userNameBehind = (event: APIGatewayProxyEvent): string | undefined =>
  SSO_SESSION.exec(event.requestContext.identity?.userArn ?? '')?.groups?.session;
