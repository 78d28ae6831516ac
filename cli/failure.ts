/** What makes a command stop: a problem document, from the API or made here in the same form. */
import { PROBLEMS, type Problem, type ProblemCode } from '../lambda/contract/problem.ts';

/** Problems that only the command knows, with the nearest HTTP status and a title. */
export const LOCAL_PROBLEMS = {
  usage: [400, 'The command line does not fit'],
  endpoint_missing: [400, 'No endpoint is set'],
  endpoint_unusable: [400, 'The endpoint cannot be used'],
  region_missing: [400, 'No Region is set'],
  ambiguous: [400, 'More than one fits'],
  nothing_fits: [404, 'Nothing fits'],
  local_service_missing: [409, 'The local service has not been started'],
  profile_taken: [409, 'The AWS profile cannot be written'],
  config_unwritable: [409, 'The AWS config file cannot be written'],
  nothing_to_join: [404, 'There is no access to use'],
  left_alone: [409, 'It is not asked for again so soon'],
  credentials_unavailable: [502, 'There are no credentials'],
  command_missing: [404, 'The command cannot be run'],
  sign_in_failed: [401, 'Nobody was signed in'],
  sign_in_unavailable: [404, 'There is no signing in at this service'],
  unreachable: [503, 'The service does not answer'],
  answer_unreadable: [502, 'The answer cannot be read'],
  cli_fault: [500, 'Something went wrong in this command'],
} as const satisfies Record<string, readonly [number, string]>;
export type LocalProblemCode = keyof typeof LOCAL_PROBLEMS;

const TITLES = { ...PROBLEMS, ...LOCAL_PROBLEMS };

/** Ends the command: shown as what happened, the code and what to do next; the code decides the exit code. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problem: Problem;
  /** What to do next, where this is known better here than from the code alone. */
  readonly next: string | undefined;
  /** When to ask again, where the service says so. */
  readonly retryAfterSeconds: number | undefined;
  constructor(problem: Problem, next?: string, cause?: unknown, retryAfterSeconds?: number) {
    super(`${problem.code}: ${problem.detail}`, { cause });
    this.problem = problem;
    this.next = next;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface FailureExtras {
  readonly next?: string;
  readonly facts?: Problem['facts'];
  readonly cause?: unknown;
}

/** A failure that the command itself found. */
export const failure = (
  code: LocalProblemCode | ProblemCode,
  detail: string,
  { next, facts, cause }: FailureExtras = {},
): Failure => {
  const [status, title] = TITLES[code];
  return new Failure(
    { type: `urn:brevet:problem:${code}`, title, status, code, detail, ...(facts ? { facts } : {}) },
    next,
    cause,
  );
};

export const usage = (detail: string, next?: string): Failure =>
  failure('usage', detail, next === undefined ? {} : { next });
