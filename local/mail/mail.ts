/** A stand-in for Amazon SES, whose page shows what people were mailed: in a thread of its own, since mail may fail and nothing else may notice. */
import { Worker } from 'node:worker_threads';
import { type Listener, passOn, readBody, sendJson } from '../loopback-server.ts';
import type { CallGate, Protocol } from '../stand-in/call-gate.ts';
import { ServiceError } from '../stand-in/errors.ts';
import { validationMessage } from '../stand-in/input.ts';
import { messageOf } from '../start-error.ts';
import type { MailThreadReady } from './mail-thread.ts';

export interface MailParts {
  /** The same faults strike its calls, and the same log has them. */
  readonly gate: CallGate;
  /** Gets whatever the thread prints. */
  readonly onOutput: (text: string) => void;
  /** Told in one line when the thread died. */
  readonly onTrouble: (summary: string) => void;
  /** Code of the thread, where it is not the usual one. */
  readonly thread?: URL;
}

export interface Mail {
  readonly listener: Listener;
  close(): Promise<void>;
}

const SES: Protocol = {
  name: 'ses',
  namespace: 'com.amazonaws.sesv2',
  contentType: 'application/json',
  refuseInput: (problems) => new ServiceError('BadRequestException', validationMessage(problems)),
  throttled: (message) => new ServiceError('TooManyRequestsException', message, {}, 429),
};

const SEND_EMAIL = '/v2/email/outbound-emails';
/** SES takes 40 MB. */
const MOST_BYTES = 40 * 1024 * 1024;

const MAIL_THREAD = new URL('mail-thread.ts', import.meta.url);

/** Milliseconds for one message. */
const PATIENCE_MS = 10_000;

interface Thread {
  readonly worker: Worker;
  /** Where it listens. */
  readonly url: Promise<string>;
}

/** NB. With no variable of anybody's: by one of them the mail would leave this machine. */
const startThread = (code: URL, onOutput: MailParts['onOutput'], onDeath: (reason: string) => void): Thread => {
  const worker = new Worker(code, { env: {}, stdout: true, stderr: true });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', onOutput);
  let reason: string | undefined;
  worker.on('error', (error) => {
    reason = messageOf(error);
  });
  const url = new Promise<string>((ready, failed) => {
    worker.once('message', ({ port }: MailThreadReady) => ready(`http://127.0.0.1:${port}`));
    worker.once('exit', (exitCode) => failed(new Error(reason ?? `exit code ${exitCode}`)));
  });
  url.catch(() => undefined); // whoever waits for it is told
  worker.once('exit', (exitCode) => onDeath(reason ?? `exit code ${exitCode}`));
  return { worker, url };
};

const unavailable = (error: unknown): ServiceError =>
  new ServiceError('ServiceUnavailableException', `The mail does not answer: ${messageOf(error)}`, {}, 503);

/** @throws ServiceError as SES would answer */
const send = async (url: string, input: unknown): Promise<object> => {
  const answer = await fetch(`${url}${SEND_EMAIL}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'AWS4-HMAC-SHA256' },
    body: JSON.stringify(input),
    // On some it chokes, and says nothing.
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.ok) return (await answer.json()) as object;
  throw new ServiceError('BadRequestException', await answer.text(), {}, answer.status);
};

export const createMail = ({ gate, onOutput, onTrouble, thread: code = MAIL_THREAD }: MailParts): Mail => {
  let thread: Thread | undefined;
  let closing = false;

  /** Loading takes half a second: whoever needs it first waits for it, and the start of the service does not. */
  const urlNow = async (): Promise<string> => {
    if (closing) throw new Error('it is ending');
    const onDeath = (reason: string): void => {
      thread = undefined;
      if (!closing) onTrouble(`the mail died, and what was mailed is forgotten: ${reason}`);
    };
    thread ??= startThread(code, onOutput, onDeath);
    return thread.url;
  };

  const sendEmail = async (input: unknown): Promise<object> => {
    const url = await urlNow().catch((error: unknown) => {
      throw unavailable(error);
    });
    return send(url, input).catch((error: unknown) => {
      throw error instanceof ServiceError ? error : unavailable(error);
    });
  };

  return {
    listener: async (request, response) => {
      if (request.method !== 'POST' || request.url !== SEND_EMAIL) {
        await passOn(await urlNow(), request, response);
        return;
      }
      const body = await readBody(request, MOST_BYTES);
      if (body === undefined) {
        sendJson(response, 413, JSON.stringify({ message: `A message has at most ${MOST_BYTES} bytes` }));
        return;
      }
      const { status, body: json, headers } = await gate.pass(SES, 'SendEmail', body.toString('utf8'), sendEmail);
      sendJson(response, status, json, headers);
    },
    close: async () => {
      closing = true;
      await thread?.worker.terminate();
    },
  };
};
