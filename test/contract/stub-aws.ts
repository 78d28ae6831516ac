/** An AWS endpoint that answers as it is told: for answers that no stand-in can be brought to give. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface StubCall {
  /** `TransactWriteItems`; for REST services `POST /path`. */
  readonly operation: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface StubAnswer {
  readonly status?: number;
  readonly body?: object;
  /** Instead of a body: what is no JSON. */
  readonly text?: string;
  /** Breaks the connection instead of answering. */
  readonly hangUp?: boolean;
}

export interface StubAws {
  readonly url: string;
  readonly calls: readonly StubCall[];
  /** The answers to come, in order; the last one is given again and again. */
  answer(...answers: readonly StubAnswer[]): void;
  stop(): Promise<void>;
}

/** An exception as AWS's JSON protocols carry it. */
export const exception = (name: string, details: object = {}, status = 400): StubAnswer => ({
  status,
  body: { __type: `com.amazonaws#${name}`, message: `the stub was told to throw ${name}`, ...details },
});

const callFrom = async (request: IncomingMessage): Promise<StubCall> => {
  const target = request.headers['x-amz-target'];
  const operation = typeof target === 'string' ? target.replace(/^.*\./, '') : `${request.method} ${request.url}`;
  const body = await text(request);
  return { operation, headers: request.headers, input: body === '' ? {} : JSON.parse(body) };
};

const send = (response: ServerResponse, { status = 200, body = {}, text: plain, hangUp = false }: StubAnswer): void => {
  if (hangUp) response.destroy();
  else response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(plain ?? JSON.stringify(body));
};

export const startStubAws = async (): Promise<StubAws> => {
  const calls: StubCall[] = [];
  let answers: readonly StubAnswer[] = [{}];
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    calls.push(await callFrom(request));
    const [next = {}, ...rest] = answers;
    if (rest.length > 0) answers = rest;
    send(response, next);
  };
  const server = createServer((request, response) => void reply(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (...next) => {
      answers = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
