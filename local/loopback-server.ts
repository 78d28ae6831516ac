/** An HTTP server that only this machine can reach, with one way to fail when its port is taken. */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { messageOf, StartError } from './start-error.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Stops accepting; connections still open after a moment are cut. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const LOCAL_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** NB. A page of another site may reach a loopback port through a name that it points there (DNS rebinding). */
const comesFromHere = (request: IncomingMessage): boolean => {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return LOCAL_NAMES.has(host.toLowerCase()) && request.headers['sec-fetch-site'] !== 'cross-site';
};

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
};

const serve = (listener: Listener): Server =>
  createServer((request, response) => {
    if (!comesFromHere(request)) {
      sendJson(response, 403, JSON.stringify({ message: 'Only local callers are served, under a local name' }));
      return;
    }
    listener(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, JSON.stringify({ message: `Internal failure: ${messageOf(error)}` }));
    });
  });

const answerMalformed = (_error: Error, socket: Socket): void => {
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  else socket.destroy();
};

const CLOSE_GRACE_MS = 2000;

const close = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(cut);
};

/** @param setting Name of the setting by which people choose another port. @throws StartError when the port is not to be had. */
export const listen = async (port: number, setting: string, listener: Listener): Promise<LoopbackServer> => {
  const server = serve(listener);
  server.on('clientError', answerMalformed);
  await new Promise<void>((listening, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => failed(portError(port, setting, cause)));
    server.listen(port, HOST, listening);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { port: taken, url: `http://${HOST}:${taken}`, close: () => close(server) };
};

const portError = (port: number, setting: string, cause: NodeJS.ErrnoException): StartError => {
  const why =
    cause.code === 'EADDRINUSE' ? `Port ${port} is taken by another program` : `Port ${port}: ${cause.message}`;
  return new StartError(`${why}. Stop that program, or set ${setting} to a free port.`, { cause });
};

/** A listener that can be bound before there is anything to serve, so that a taken port is found out first. */
export interface DeferredListener {
  readonly listener: Listener;
  serveBy(listener: Listener): void;
  /** Answers everything with this sentence. */
  refuseAll(message: string): void;
}

export const deferredListener = (message: string): DeferredListener => {
  const refuse =
    (why: string): Listener =>
    async (_request, response) =>
      sendJson(response, 503, JSON.stringify({ message: why }), { 'retry-after': '1' });
  let current = refuse(message);
  return {
    listener: (request, response) => current(request, response),
    serveBy: (listener) => {
      current = listener;
    },
    refuseAll: (why) => {
      current = refuse(why);
    },
  };
};

/** The whole body, or undefined when it is larger than allowed (the rest is read and dropped, so that an answer arrives). */
export const readBody = async (request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= mostBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= mostBytes ? Buffer.concat(chunks) : undefined;
};

/** Hands the call on as it is and the answer back as it comes. @param endpoint another server of this machine */
export const passOn = async (endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { method, url: path, headers } = request;
  const onward = sendRequest(endpoint, { method, path, headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    onward.once('response', resolve);
    onward.once('error', reject);
  });
  const [answer] = await Promise.all([answered, pipeline(request, onward)]);
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, response);
};
