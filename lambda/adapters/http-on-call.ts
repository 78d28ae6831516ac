/** Who is on call, asked over HTTPS: one GET a schedule, answered in JSON. */
import { addressOf, onCallAnswer } from '../contract/on-call.ts';
import type { Clock } from '../ports/clock.ts';
import { ServiceFault } from '../ports/faults.ts';
import type { OnCall, OnCallPerson } from '../ports/on-call.ts';
import { cachedByKey } from './cached.ts';
import { asFault } from './service-call.ts';

export interface HttpOnCallParts {
  /** With `{schedule}` in it; the settings let only https through, or this machine. */
  readonly url: string;
  readonly clock: Pick<Clock, 'now'>;
  /** The bearer token that is sent; none without it. */
  readonly token?: () => Promise<string>;
  readonly patienceMilliseconds?: number;
}

const SOURCE = 'on-call';
/** Somebody waits, and may not have to: a rule without on-call may do. */
const PATIENCE_MS = 3_000;
const REMEMBERED_SECONDS = 60;
const MOST_BYTES = 64 * 1024;

const fault = (code: string, cause?: unknown): ServiceFault => new ServiceFault(SOURCE, code, cause);

/** NB. As far as it is read, it is counted: what is announced, or packed, may be anything. */
const textOf = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw fault('AnswerTooLarge');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const peopleIn = (text: string): readonly OnCallPerson[] => {
  try {
    return onCallAnswer.parse(JSON.parse(text)).onCall;
  } catch (thrown) {
    throw fault('UnknownShape', thrown);
  }
};

/** NB. What no header takes is named in the error that says so, and errors are logged: a token must not be. */
const bearer = (token: string): string => {
  if (!/^[\x21-\x7e]+$/.test(token.trim())) throw fault('TokenUnusable');
  return `Bearer ${token.trim()}`;
};

/** NB. No redirect is followed: the settings say who is asked, and nobody else does. */
const fetchText = async (url: string, token: string | undefined, patience: number): Promise<string> => {
  const authorization = token === undefined ? {} : { authorization: bearer(token) };
  const headers = { accept: 'application/json', 'accept-encoding': 'identity', ...authorization };
  const response = await fetch(url, { redirect: 'manual', headers, signal: AbortSignal.timeout(patience) });
  if (response.status === 200) return textOf(response);
  await response.body?.cancel();
  throw fault(`Status${response.status}`);
};

export const createHttpOnCall = (parts: HttpOnCallParts): OnCall => {
  const { url, clock, token, patienceMilliseconds = PATIENCE_MS } = parts;
  const ask = async (schedule: string): Promise<readonly OnCallPerson[]> => {
    try {
      return peopleIn(await fetchText(addressOf(url, schedule), await token?.(), patienceMilliseconds));
    } catch (thrown) {
      throw asFault(SOURCE, thrown);
    }
  };
  return { whoIsOnCall: cachedByKey(ask, REMEMBERED_SECONDS, clock), whoIsOnCallNow: ask };
};

/** Where the settings say nothing of on-call: nobody can be told to be on call, or not to be. */
export const createNoOnCall = (): OnCall => {
  const refuse = async (): Promise<never> => {
    throw fault('NotConfigured');
  };
  return { whoIsOnCall: refuse, whoIsOnCallNow: refuse };
};
