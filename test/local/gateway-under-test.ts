/** The local API Gateway before a function that answers as the test says, and calls to it as any AWS client signs them. */
import { request } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { apiResourcePolicy } from '../../lib/api-resource-policy.ts';
import { deploymentOf } from '../../local/deployment.ts';
import type { FunctionOutcome } from '../../local/functions/function-host.ts';
import { callersOf } from '../../local/gateway/callers.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import { readResourcePolicy } from '../../local/gateway/resource-policy.ts';
import { listen } from '../../local/loopback-server.ts';
import { localCredentials } from '../../local/seed/credentials.ts';
import { readSeed } from '../../local/seed/seed.ts';

export const seed = await readSeed('local/seed/organization.yaml');
export const deployment = deploymentOf(seed);

export const ok = (result: object): FunctionOutcome => ({ ok: true, payload: JSON.stringify(result) });

export interface Signing {
  readonly as?: string;
  readonly secretOf?: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly region?: string;
  readonly service?: string;
  readonly date?: Date;
  readonly headers?: Record<string, string>;
  /** A header that is sent and not signed. */
  readonly without?: string;
}

/** Signs as any AWS client does. */
const signFor = async (url: string, signing: Signing): Promise<Record<string, string>> => {
  const { as = 'maria', secretOf = as, method = 'GET', path = '/iam/v1/me', body, headers = {} } = signing;
  const signer = new SignatureV4({
    service: signing.service ?? 'execute-api',
    region: signing.region ?? seed.region,
    credentials: { ...localCredentials(as), secretAccessKey: localCredentials(secretOf).secretAccessKey },
    sha256: Sha256,
  });
  const { pathname, searchParams, host } = new URL(path, url);
  const query = Object.fromEntries(searchParams);
  const unsigned = new HttpRequest({ method, path: pathname, query, headers: { host, ...headers }, body });
  const signed = await signer.sign(unsigned, {
    ...(signing.date ? { signingDate: signing.date } : {}),
    ...(signing.without ? { unsignableHeaders: new Set([signing.without]) } : {}),
  });
  return signed.headers;
};

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends exactly this; fetch would set headers of its own. */
const sendTo = (url: string, method: string, headers: Record<string, string>, body: string): Promise<Answered> =>
  new Promise((done, failed) => {
    const call = request(url, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    call.once('error', failed);
    call.end(body);
  });

export type GatewayUnderTest = Awaited<ReturnType<typeof serveGateway>>;

export const serveGateway = async ({
  organizationAdmitted = seed.organizationId,
  integrationLimitMs = 5000,
  callers = callersOf(seed.people, deployment),
} = {}) => {
  const events: APIGatewayProxyEvent[] = [];
  /** Which function each of them went to. */
  const called: string[] = [];
  let answer: () => FunctionOutcome | Promise<FunctionOutcome> = () => ok({ statusCode: 200, body: '{"hello":"you"}' });
  const gateway = createGateway({
    region: seed.region,
    accountId: deployment.accountId,
    callers,
    judge: readResourcePolicy(apiResourcePolicy({ organizationId: organizationAdmitted })),
    invoke: async (payload, which) => {
      called.push(which);
      events.push(JSON.parse(payload));
      return answer();
    },
    authorize: async () => ({ ok: false, error: { errorType: 'Error', errorMessage: 'Unauthorized' } }),
    loginConfiguration: { issuer: 'http://127.0.0.1/sign-in', audience: ['brevet'], scopes: ['openid'] },
    page: '<p>page</p>',
    integrationLimitMs,
  });
  const server = await listen(0, 'NONE', gateway);
  const sign = (signing: Signing) => signFor(server.url, signing);
  const send = (method: string, path: string, headers: Record<string, string>, body = '') =>
    sendTo(`${server.url}${path}`, method, headers, body);
  return {
    events,
    called,
    port: server.port,
    sign,
    send,
    signedCall: async (signing: Signing = {}): Promise<Answered> => {
      const { method = 'GET', path = '/iam/v1/me', body } = signing;
      return send(method, path, await sign(signing), body);
    },
    answerWith: (next: typeof answer): void => {
      answer = next;
    },
    close: () => server.close(),
  };
};
