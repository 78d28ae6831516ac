/** Answers of the API: plain JSON, or problem+json with a stable code. */
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { OperationSpec } from '../../contract/operation-spec.ts';
import { PROBLEMS, type Problem, type ProblemCode } from '../../contract/problem.ts';
import type { Refusal, RefusalCode } from '../../domain/refusal.ts';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

// Every refusal of the domain has its place in the table of problems; a missing one does not compile.
const codeOf = (code: RefusalCode): ProblemCode => code;

/** What may be over when it is asked again in some seconds. */
const SOON_OVER: ReadonlySet<ProblemCode> = new Set(['unavailable', 'catalogue_not_read', 'people_being_counted']);

export const problem = (
  code: ProblemCode,
  detail: string,
  more: Partial<Pick<Problem, 'facts' | 'issues' | 'traceId'>> = {},
): Reply => {
  const [status, title] = PROBLEMS[code];
  const body = { type: `urn:brevet:problem:${code}`, title, status, code, detail, ...more } satisfies Problem;
  const retryAfter: Reply['headers'] = SOON_OVER.has(code) ? { 'retry-after': '5' } : {};
  return { status, body, headers: { 'content-type': 'application/problem+json', ...retryAfter } };
};

export const ok = ({ answer }: OperationSpec, body: unknown): Reply => ({ status: answer.status, body });

export const refusalReply = ({ refused, detail, facts }: Refusal): Reply =>
  problem(codeOf(refused), detail, facts ? { facts: facts as Problem['facts'] } : {});

const SAFE_HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

export const toResult = ({ status, body, headers }: Reply): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { ...SAFE_HEADERS, ...headers },
  body: JSON.stringify(body),
});
