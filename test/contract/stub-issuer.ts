/** An OpenID Connect issuer that publishes keys, signs whatever it is told to, and counts how often it is asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export interface TokenChanges {
  /** A claim that is undefined is left out. */
  readonly claims?: JWTPayload;
  readonly header?: Partial<JWTHeaderParameters>;
  /** Signs with a key that is not published, under the name of one that is. */
  readonly forged?: boolean;
}

export interface StubIssuer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** A good token for `brevet`, but for the changes. */
  token(changes?: TokenChanges): Promise<string>;
  /** Publishes another key in the place of the present one and signs with it from now on. */
  rotate(kid: string): Promise<void>;
  /** Answers everything with this status until told otherwise; 200 is normal. */
  answerWith(status: number): void;
  /** Changes what the discovery document says. */
  discover(changes: Readonly<Record<string, unknown>>): void;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
  stop(): Promise<void>;
}

/** Seconds since 1970. */
const epoch = (): number => Math.floor(Date.now() / 1000);

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

export const startStubIssuer = async (algorithm = 'ES256'): Promise<StubIssuer> => {
  let keys = await generateKeyPair(algorithm, { extractable: true });
  const forger = await generateKeyPair(algorithm);
  let kid = 'first';
  let status = 200;
  let discovery: Readonly<Record<string, unknown>> = {};
  const asked: string[] = [];

  const answer = async ({ url: path = '' }: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked.push(path);
    if (status !== 200) send(response, status, { error: 'the stub was told to fail' });
    else if (path === '/keys')
      send(response, 200, { keys: [{ ...(await exportJWK(keys.publicKey)), kid, use: 'sig' }] });
    else if (path === '/.well-known/openid-configuration') {
      send(response, 200, { issuer: url, jwks_uri: `${url}/keys`, ...discovery });
    } else send(response, 404, {});
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    asked,
    token: ({ claims = {}, header = {}, forged = false } = {}) => {
      const usual = {
        iss: url,
        aud: 'brevet',
        sub: '00u1',
        preferred_username: 'maria',
        iat: epoch(),
        exp: epoch() + 300,
      };
      const protectedHeader = { alg: algorithm, kid, ...header };
      const key = forged ? forger.privateKey : keys.privateKey;
      return new SignJWT(JSON.parse(JSON.stringify({ ...usual, ...claims })))
        .setProtectedHeader(protectedHeader)
        .sign(key);
    },
    rotate: async (name) => {
      keys = await generateKeyPair(algorithm, { extractable: true });
      kid = name;
    },
    answerWith: (next) => {
      status = next;
    },
    discover: (changes) => {
      discovery = changes;
    },
    get publicKey() {
      return keys.publicKey;
    },
    get privateKey() {
      return keys.privateKey;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
