/** A service on loopback that answers as the test says, checks every signature, and remembers what was sent. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Verdict, verify } from './signature.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly signature: Verdict;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent instead of JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Hangs up without an answer. */
  readonly hangUp?: boolean;
}

/** `received` are all calls so far, this one included. */
export type Answer = (call: Received, received: readonly Received[]) => Reply | Promise<Reply>;

export interface Service {
  readonly endpoint: string;
  readonly received: readonly Received[];
  /** Answers from now on; whatever is not answered is a 404. */
  answerWith(answers: Readonly<Record<string, Answer | Reply>>): void;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
};

const receive = async (request: IncomingMessage): Promise<Received> => {
  const text = await bodyOf(request);
  const url = new URL(request.url ?? '/', 'http://unused');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === '' ? undefined : request.headers['content-type']?.includes('json') ? JSON.parse(text) : text,
    signature: verify(request, text),
  };
};

const send = (response: ServerResponse, { status = 200, body, text, headers = {}, hangUp }: Reply): void => {
  if (hangUp) {
    response.destroy();
    return;
  }
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(text ?? JSON.stringify(body));
};

const NOT_THERE: Reply = { status: 404, text: '<html>nothing here</html>', headers: { 'content-type': 'text/html' } };

export const startService = async (): Promise<Service> => {
  const received: Received[] = [];
  let answers: Readonly<Record<string, Answer | Reply>> = {};
  const server: Server = createServer(async (request, response) => {
    const call = await receive(request);
    received.push(call);
    const answer = answers[`${call.method} ${call.path}`] ?? NOT_THERE;
    send(response, typeof answer === 'function' ? await answer(call, received) : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerWith: (next) => {
      answers = next;
      received.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
