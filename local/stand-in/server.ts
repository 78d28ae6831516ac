// The stand-in on a port of its own, for tests and for any AWS client pointed at it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Answer } from './call-gate.ts';
import { createStandIn, type StandIn, type StandInOptions } from './stand-in.ts';

export interface StandInServerOptions extends StandInOptions {
  /** 0 for any free port. */
  readonly port: number;
}

export interface StandInServer {
  /** `http://127.0.0.1:…`, for `endpoint` or `AWS_ENDPOINT_URL_…`. */
  readonly url: string;
  readonly standIn: StandIn;
  close(): Promise<void>;
}

/** NB. It believes every caller, so it listens on this machine only. */
export const startStandInServer = async ({ port, ...options }: StandInServerOptions): Promise<StandInServer> => {
  const standIn = await createStandIn(options);
  const server = createServer((request, response) => {
    void reply(standIn, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    standIn,
    close: async () => {
      await standIn.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const reply = async (standIn: StandIn, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  try {
    const { status, body, headers } = await answerOf(standIn, request, await text(request));
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
};

const answerOf = async (standIn: StandIn, request: IncomingMessage, body: string): Promise<Answer> => {
  const { method = 'GET', url = '/', headers } = request;
  const target = headers['x-amz-target'];
  const answer =
    typeof target === 'string' ? await standIn.handle(target, body) : await standIn.control(method, url, body);
  return answer ?? { status: 404, body: JSON.stringify({ message: `Nothing answers ${target ?? url}.` }) };
};
