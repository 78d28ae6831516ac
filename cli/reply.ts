/** Judges what came back from the network, apart from sending: a document, or a failure and whether asking again may help. */
import { problemSchema } from '../lambda/contract/problem.ts';
import { Failure, failure } from './failure.ts';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  /** Header `x-amzn-errortype`, by which API Gateway names its own refusals. */
  readonly errorType: string;
  /** Header `retry-after`, seconds; absent when there is none. */
  readonly retryAfterSeconds?: number;
  readonly text: string;
}

export type Judged =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly failure: Failure; readonly mayPass: boolean };

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Statuses that say: not now. A limit of the person's own is also a 429, and does not pass by itself. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Though their status says so, these do not pass by themselves, or not so soon: counting people takes minutes, for which whoever asks waits. */
const STAYING: ReadonlySet<string> = new Set([
  ...['too_many_open', 'break_glass_limit', 'catalogue_too_old'],
  ...['people_being_counted', 'people_not_counted'],
]);

const SIGNATURE_REFUSED =
  /^(ExpiredToken|InvalidSignature|SignatureDoesNotMatch|UnrecognizedClient|IncompleteSignature|InvalidClientTokenId|RequestExpired)/;

const gatewayFailure = (reply: Reply, message: string): Failure => {
  if (SIGNATURE_REFUSED.test(reply.errorType)) {
    return failure('not_signed_in', message, {
      next: "Sign in again (aws sso login), and compare this machine's clock: signatures hold for five minutes.",
    });
  }
  if (reply.errorType.startsWith('MissingAuthenticationToken')) {
    return failure('route_unknown', `The gateway knows no such path: ${message}`, {
      next: 'The endpoint must include the stage of the API, such as https://….amazonaws.com/live',
    });
  }
  if (reply.status === 401 || reply.status === 403) {
    return failure('not_signed_in', `The gateway lets these credentials not in: ${message}`, {
      next: 'Only roles of IAM Identity Center (aws sso login) in this organization are let in, where their permission set allows execute-api:Invoke.',
    });
  }
  if (PASSING.has(reply.status) || reply.status >= 500) {
    return failure('unavailable', `HTTP ${reply.status}: ${message}`, { next: 'Try again in a minute.' });
  }
  return failure(
    'answer_unreadable',
    `HTTP ${reply.status}, ${reply.contentType || 'without a content type'}: ${message}`,
    {
      next: 'Does the endpoint point at Brevet, with the stage of its API?',
    },
  );
};

const messageIn = (document: unknown, text: string): string => {
  const found = problemlessMessage(document);
  return found ?? (text.trim().slice(0, 200) || 'the answer is empty');
};

/** API Gateway says `message`, or `Message` where IAM refused. */
const problemlessMessage = (document: unknown): string | undefined => {
  if (typeof document !== 'object' || document === null) return undefined;
  const { message, Message } = document as Record<string, unknown>;
  return [message, Message].find((value): value is string => typeof value === 'string');
};

export const judgeReply = (reply: Reply): Judged => {
  const document = jsonOf(reply.text);
  if (reply.status >= 200 && reply.status < 300 && document !== undefined) return { ok: true, document };
  const problem = problemSchema.safeParse(document);
  const found = problem.success
    ? new Failure(problem.data, undefined, undefined, reply.retryAfterSeconds)
    : gatewayFailure(reply, messageIn(document, reply.text));
  return { ok: false, failure: found, mayPass: PASSING.has(reply.status) && !STAYING.has(found.problem.code) };
};
