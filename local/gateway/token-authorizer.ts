/** A stand-in for API Gateway's token authorizer: asks the function, and lets in whom the policy in its answer lets in. */
import * as z from 'zod';
import { BEARER_PATTERN } from '../../lambda/contract/sign-in.ts';
import type { FunctionOutcome } from '../functions/function-host.ts';
import { authorizerFailed, type DoorRefusal, notAuthorized, unauthorized } from './refusal.ts';
import { matches } from './resource-policy.ts';

export interface TokenAuthorizerOptions {
  /** Calls the authorizer. */
  readonly invoke: (payload: string) => Promise<FunctionOutcome>;
  /** Name and value in turn, as Node reads them off the wire. */
  readonly rawHeaders: readonly string[];
  readonly methodArn: string;
}

/** What becomes `requestContext.authorizer`: every value a text, but for what API Gateway adds. */
export type AuthorizerValues = Readonly<Record<string, string | number>>;

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** What API Gateway takes from an authorizer; anything else makes it answer 500. */
const authorizerResult = z.object({
  principalId: z.string().min(1),
  policyDocument: z.object({
    Version: z.literal('2012-10-17'),
    Statement: z
      .array(z.strictObject({ Effect: z.enum(['Allow', 'Deny']), Action: oneOrMore, Resource: oneOrMore }))
      .min(1),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
});

/** NB. API Gateway's choice among several is not documented; here, more than one is none. */
const authorizationIn = (rawHeaders: readonly string[]): string | undefined => {
  const values = rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'authorization' && index % 2);
  return values.length === 1 ? values[0] : undefined;
};

const verdictOf = (
  { Statement }: z.output<typeof authorizerResult>['policyDocument'],
  methodArn: string,
): 'Allow' | 'Deny' | undefined => {
  const effects = Statement.filter(
    ({ Action, Resource }) =>
      Action.some((pattern) => matches(pattern, 'execute-api:Invoke')) &&
      Resource.some((pattern) => matches(pattern, methodArn)),
  ).map(({ Effect }) => Effect);
  return effects.includes('Deny') ? 'Deny' : effects[0];
};

const BEARER = new RegExp(BEARER_PATTERN);

const read = (outcome: FunctionOutcome, methodArn: string, latency: number): AuthorizerValues | DoorRefusal => {
  if (!outcome.ok) return outcome.error.errorMessage === 'Unauthorized' ? unauthorized() : authorizerFailed();
  const answer = authorizerResult.safeParse(JSON.parse(outcome.payload));
  if (!answer.success) return authorizerFailed();
  const { principalId, policyDocument, context } = answer.data;
  const verdict = verdictOf(policyDocument, methodArn);
  if (verdict !== 'Allow') return notAuthorized(verdict === 'Deny');
  return { ...context, principalId, integrationLatency: latency };
};

export const authorizeByToken = async (options: TokenAuthorizerOptions): Promise<AuthorizerValues | DoorRefusal> => {
  const { invoke, rawHeaders, methodArn } = options;
  const authorizationToken = authorizationIn(rawHeaders);
  if (authorizationToken === undefined || !BEARER.test(authorizationToken)) return unauthorized();
  const begun = Date.now();
  const outcome = await invoke(JSON.stringify({ type: 'TOKEN', authorizationToken, methodArn }));
  return read(outcome, methodArn, Date.now() - begun);
};
