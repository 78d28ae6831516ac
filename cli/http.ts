/** Sends a call with its proof and, where that is safe, sends it again: the only code that touches the network. */
import { IDEMPOTENCY_HEADER } from '../lambda/contract/api.ts';
import manifest from '../package.json' with { type: 'json' };
import type { Door } from './door.ts';
import { addressOf } from './endpoint.ts';
import { Failure, failure } from './failure.ts';
import { type Judged, judgeReply, type Reply } from './reply.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  /** Below the door, such as `/requests`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Makes a POST safe to repeat. */
  readonly idempotencyKey?: string;
  /** A POST that only asks, because of what it has to say: nothing is changed by it. */
  readonly changesNothing?: true;
  /** How often it is tried at most, where that is safe. */
  readonly attempts?: number;
}

export interface Line {
  readonly endpoint: URL;
  readonly door: Door;
  readonly note: (text: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** API Gateway gives up after 29 s. */
const PATIENCE_MS = 35_000;

/** Errors after which it is certain that the call never left. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

interface Attempt {
  readonly judged: Judged;
  /** Whether the service may have acted on it all the same. */
  readonly mayHaveActed: boolean;
  readonly retryAfterSeconds?: number;
}

const urlOf = ({ endpoint, door }: Line, { path, query = {} }: Call): URL => {
  const url = addressOf(endpoint, door.name, path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  // As the signature spells it: a space is %20, never a plus.
  url.search = url.search.replaceAll('+', '%20');
  return url;
};

const headersOf = ({ body, idempotencyKey }: Call): Record<string, string> => ({
  accept: 'application/json',
  'user-agent': `brevet-cli/${manifest.version}`,
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  ...(idempotencyKey === undefined ? {} : { [IDEMPOTENCY_HEADER.toLowerCase()]: idempotencyKey }),
});

const replyOf = async (response: Response): Promise<Reply> => {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    errorType: response.headers.get('x-amzn-errortype') ?? '',
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
    text: await response.text(),
  };
};

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
};

const unreachable = (endpoint: URL, error: unknown): Failure =>
  failure('unreachable', `${endpoint.host}: ${codeOf(error)}.`, {
    cause: error,
    next: 'Is the endpoint right, is the network up, and, on this machine, has the service been started (npm start)?',
  });

const send = async (line: Line, call: Call): Promise<Attempt> => {
  const { endpoint, door } = line;
  const url = urlOf(line, call);
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const unsigned = { method: call.method, url, headers: headersOf(call), ...(body === undefined ? {} : { body }) };
  const headers = await door.sign(unsigned);
  try {
    const response = await fetch(url, {
      method: call.method,
      headers,
      ...(body === undefined ? {} : { body }),
      // NB. A signed call is never carried on to where an answer points.
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const reply = await replyOf(response);
    const pause = reply.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: reply.retryAfterSeconds };
    return { judged: judgeReply(reply), mayHaveActed: reply.status >= 500, ...pause };
  } catch (error) {
    const judged = { ok: false, failure: unreachable(endpoint, error), mayPass: true } as const;
    return { judged, mayHaveActed: !NEVER_SENT.has(codeOf(error)) };
  }
};

/**
 * What time it is at the service, epoch milliseconds in whole seconds; undefined when it does not say. Asked without any
 * proof: it says so in its refusal, too. @throws Failure when it does not answer.
 */
export const serviceTime = async (endpoint: URL): Promise<number | undefined> => {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(addressOf(endpoint, 'sigv4', '/me'), { redirect: 'manual', signal });
    await response.body?.cancel();
    const there = Date.parse(response.headers.get('date') ?? '');
    return Number.isNaN(there) ? undefined : there;
  } catch (error) {
    throw unreachable(endpoint, error);
  }
};

const pauseBefore = (attempt: number, retryAfterSeconds = 0): number => {
  const grown = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  return Math.min(LONGEST_PAUSE_MS, Math.max(grown * (0.5 + Math.random() / 2), retryAfterSeconds * 1000));
};

const inDoubt = ({ problem, cause }: Failure): Failure =>
  new Failure(
    { ...problem, detail: `${problem.detail} Whether it was done is not known.` },
    'Look with brevet ls or brevet show before you repeat it.',
    cause,
  );

const retryNote = ({ problem: { title, detail } }: Failure, attempts: number): string =>
  `${title}: ${detail.replace(/\.?$/, '.')} Trying again, ${attempts} times at most.`;

/** What the door knows better than the service: how to prove who one is. */
const asSeenFrom = ({ howToSignIn }: Door, found: Failure): Failure =>
  found.problem.code === 'not_signed_in' && howToSignIn !== undefined
    ? new Failure(found.problem, howToSignIn, found.cause)
    : found;

/** The document of a good answer. @throws Failure otherwise. */
export const exchange = async (line: Line, call: Call): Promise<unknown> => {
  const isAsking = call.method === 'GET' || call.changesNothing === true;
  const isRepeatable = isAsking || call.idempotencyKey !== undefined;
  const { attempts = ATTEMPTS } = call;
  for (let attempt = 1; ; attempt += 1) {
    const { judged, mayHaveActed, retryAfterSeconds } = await send(line, call);
    if (judged.ok) return judged.document;
    const { failure: found, mayPass } = judged;
    const isOver = !mayPass || attempt >= attempts || (mayHaveActed && !isRepeatable);
    if (isOver) throw mayHaveActed && !isAsking ? inDoubt(found) : asSeenFrom(line.door, found);
    if (attempt === 1) line.note(retryNote(found, attempts));
    await line.sleep(pauseBefore(attempt, retryAfterSeconds));
  }
};
