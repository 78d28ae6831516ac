/** Waits on a loopback port for the browser to come back from the issuer (RFC 8252, section 7.3). */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failure } from '../failure.ts';

export interface Callback {
  /** Where the issuer sends the browser. */
  readonly redirectUri: string;
  /** What came back with the right state. @throws Failure when nobody comes in time. */
  next(state: string, milliseconds: number): Promise<URL>;
  close(): void;
}

const HOST = '127.0.0.1';
const PATH = '/callback';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  connection: 'close',
} as const;

const page = (title: string, text: string): string =>
  `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`;

const BACK = page('Back to the terminal', 'The command goes on by itself; this page can be closed.');
const NOT_EXPECTED = page('Not expected', 'This is not the sign-in that the command waits for.');

const answer = (response: ServerResponse, status: number, html: string): void => {
  response.writeHead(status, HEADERS).end(html);
};

const listening = async (server: ReturnType<typeof createServer>, port: number): Promise<number> => {
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, HOST, done);
  }).catch((cause: unknown) => {
    throw failure('usage', `The port ${port} of ${HOST} cannot be used.`, {
      cause,
      next: 'Choose another with --port.',
    });
  });
  return (server.address() as AddressInfo).port;
};

/** A promise, and what fulfils it. `Promise.withResolvers` does the same, and Node 20 has none. */
const pending = <Value>() => {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
};

/** @param port 0 takes any that is free */
export const openCallback = async (port: number): Promise<Callback> => {
  const waiting = pending<URL>();
  let expected: string | undefined;
  let origin = '';

  // NB. Whoever else finds the port (another site's page, by DNS rebinding or by trying) can neither end the waiting nor
  // bring in a code of their own: what does not name the state of this sign-in is turned away, and the waiting goes on.
  const receive = ({ method, url = '/', headers }: IncomingMessage, response: ServerResponse): void => {
    const back = URL.canParse(url, origin) ? new URL(url, origin) : undefined;
    const isForUs = method === 'GET' && headers.host === new URL(origin).host && back?.pathname === PATH;
    if (!isForUs || expected === undefined || back?.searchParams.get('state') !== expected) {
      answer(response, 400, NOT_EXPECTED);
      return;
    }
    answer(response, 200, BACK);
    waiting.resolve(back);
  };
  const server = createServer(receive);
  origin = `http://${HOST}:${await listening(server, port)}`;

  return {
    redirectUri: `${origin}${PATH}`,
    next: async (state, milliseconds) => {
      expected = state;
      const late = pending<'late'>();
      const timer = setTimeout(() => late.resolve('late'), milliseconds);
      const came = await Promise.race([waiting.promise, late.promise]);
      clearTimeout(timer);
      if (came !== 'late') return came;
      throw failure(
        'sign_in_failed',
        `Nobody came back from the browser within ${Math.round(milliseconds / 60_000)} minutes.`,
        {
          next: 'Try again: brevet login. Without a browser on this machine: brevet login --device',
        },
      );
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
