/** What the authorizer answers to API Gateway: a policy for this door alone, and who was proven. */
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { DOOR_PREFIXES } from '../../contract/doors.ts';
import type { ProvenIdentity } from '../../domain/proven-identity.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';

/** What kinds of value the context may carry to the function behind the door. */
export const CONTEXT_KINDS = {
  userName: 'user-name',
  email: 'email',
  /** The value says, for people, why a genuine token proves nobody. */
  unproven: 'unproven',
} as const;

/** Arrives as `requestContext.authorizer`, every value a text. */
export interface AuthorizerContext {
  readonly kind: (typeof CONTEXT_KINDS)[keyof typeof CONTEXT_KINDS];
  readonly value: string;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * Every method and path behind this door, since what may be done is the function's to say, and since a policy that fitted one
 * call only would refuse the next one if API Gateway kept it.
 * NB. The methods are written out: a star in their place would match `GET/iam` as well, which is another door.
 */
const behindThisDoor = (methodArn: string): string[] => {
  const [api, stage] = methodArn.split('/');
  return METHODS.map((method) => `${api}/${stage}/${method}${DOOR_PREFIXES.oidc}/*`);
};

const contextOf = (identity: ProvenIdentity | Refusal): AuthorizerContext =>
  isRefusal(identity)
    ? { kind: CONTEXT_KINDS.unproven, value: identity.detail }
    : { kind: identity.kind, value: identity.value };

/** For the access log alone. What API Gateway does with other letters here is not documented. */
const principalOf = (identity: ProvenIdentity | Refusal): string =>
  isRefusal(identity) ? 'nobody' : identity.value.replace(/[^\x21-\x7e]/g, '?');

/** @param methodArn `arn:aws:execute-api:<Region>:<account>:<API>/<stage>/<method>/<path>` */
export const allowBehindThisDoor = (
  methodArn: string,
  identity: ProvenIdentity | Refusal,
): APIGatewayAuthorizerResult => ({
  principalId: principalOf(identity),
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: behindThisDoor(methodArn) }],
  },
  context: { ...contextOf(identity) },
});
