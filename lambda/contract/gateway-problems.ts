/** What API Gateway answers by itself at the OIDC door, before any function sees the call; the local gateway says the same. */
import { PROBLEMS, type Problem, type ProblemCode } from './problem.ts';

export interface GatewayProblem {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Besides the content type; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** By API Gateway's own names for its answers. */
export const GATEWAY_PROBLEMS = {
  /** No token, something that is none, or one that the authorizer does not believe. NB. Which of them is not told. */
  UNAUTHORIZED: {
    code: 'not_signed_in',
    detail: 'There is no token, or it has expired, or it is not one that this service believes. Sign in: brevet login.',
    headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' },
  },
  /** The authorizer failed: most likely, the issuer's keys could not be had. */
  AUTHORIZER_FAILURE: {
    code: 'unavailable',
    detail: 'Whether the token is good cannot be told now: its issuer does not answer. Nothing was done; try again.',
    headers: { 'retry-after': '5', 'cache-control': 'no-store' },
  },
} as const satisfies Record<string, GatewayProblem>;

export type GatewayProblemName = keyof typeof GATEWAY_PROBLEMS;

export const PROBLEM_TYPE = 'application/problem+json';

/** @param traceId the id of the call, or what API Gateway puts it in the place of */
export const gatewayProblem = (name: GatewayProblemName, traceId: string): Problem => {
  const { code, detail } = GATEWAY_PROBLEMS[name];
  const [status, title] = PROBLEMS[code];
  return { type: `urn:brevet:problem:${code}`, title, status, code, detail, traceId };
};
