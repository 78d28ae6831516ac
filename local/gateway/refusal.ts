/** What API Gateway answers when it turns a call away before any function sees it. */
import { randomUUID } from 'node:crypto';
import {
  GATEWAY_PROBLEMS,
  type GatewayProblemName,
  gatewayProblem,
  PROBLEM_TYPE,
} from '../../lambda/contract/gateway-problems.ts';

export interface DoorRefusal {
  readonly status: number;
  /** The `x-amzn-errortype` header. */
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const isDoorRefusal = (value: object): value is DoorRefusal => 'status' in value && 'type' in value;

const refuse = (status: number, type: string, message: string): DoorRefusal => ({
  status,
  type,
  body: JSON.stringify({ message }),
});

export const missingToken = refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
export const unknownKey = refuse(
  403,
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);
export const wrongSignature = refuse(
  403,
  'InvalidSignatureException',
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
);
export const invalidSignature = (message: string): DoorRefusal => refuse(403, 'InvalidSignatureException', message);
export const incompleteSignature = (message: string): DoorRefusal =>
  refuse(403, 'IncompleteSignatureException', message);

/** An access denied by policy has its message under a capital letter, unlike all others. */
export const accessDenied = (userArn: string, resource: string, explicitly: boolean): DoorRefusal => {
  const masked = resource.replace(/:\d{8}(?=\d{4}:)/, ':********');
  const how = explicitly ? ' with an explicit deny' : '';
  const Message = `User: ${userArn} is not authorized to perform: execute-api:Invoke on resource: ${masked}${how}`;
  return { status: 403, type: 'AccessDeniedException', body: JSON.stringify({ Message }) };
};

/** What the stack makes API Gateway say in words of ours. */
const withProblem = (name: GatewayProblemName, type: string): DoorRefusal => {
  const problem = gatewayProblem(name, randomUUID());
  const headers = { 'content-type': PROBLEM_TYPE, ...GATEWAY_PROBLEMS[name].headers };
  return { status: problem.status, type, body: JSON.stringify(problem), headers };
};

export const unauthorized = (): DoorRefusal => withProblem('UNAUTHORIZED', 'UnauthorizedException');
export const authorizerFailed = (): DoorRefusal =>
  withProblem('AUTHORIZER_FAILURE', 'AuthorizerConfigurationException');

/** The policy of an authorizer does not let the call through. */
export const notAuthorized = (explicitly: boolean): DoorRefusal => {
  const Message = `User is not authorized to access this resource${explicitly ? ' with an explicit deny' : ''}`;
  return { status: 403, type: 'AccessDeniedException', body: JSON.stringify({ Message }) };
};

export const tooLarge = refuse(413, 'RequestTooLargeException', 'Request Too Long');
export const malformed = refuse(400, 'BadRequestException', 'Bad Request');
export const badIntegration = refuse(502, 'InternalServerErrorException', 'Internal server error');
export const integrationTimeout = refuse(504, 'InternalServerErrorException', 'Endpoint request timed out');
