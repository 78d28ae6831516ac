/**
 * Signed requests to AWS without the client of the service: with the SDK's own signer, credentials, Region and connection.
 * Those clients bring much along that a bundler cannot leave out, from 12 KB to read permission sets to 71 KB for Lambda.
 */
import { text } from 'node:stream/consumers';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpRequest, type HttpResponse } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../ports/clock.ts';
import { type FaultSource, ServiceFault } from '../ports/faults.ts';
import { asFault } from './service-call.ts';

/** Of any SDK client: who we are, where, and how requests are sent and given up. */
export type AwsConnection = Pick<DynamoDBClient['config'], 'credentials' | 'region' | 'requestHandler' | 'sha256'>;

export interface SignedCallsParts {
  readonly aws: AwsConnection;
  /** How the service is called in a signature: `lambda`, `states`. */
  readonly signingName: string;
  readonly source: FaultSource;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Where the service answers, when not at its public address. */
  readonly endpoint?: string | undefined;
  /** How often a call is tried that may go through a moment later, the first time counted. */
  readonly tries?: number;
  /** Region of a service that answers in one only. @param region ours */
  readonly regionOf?: (region: string) => string;
  /** The name of the error that an answer carries, if it says. */
  readonly errorIn?: (answer: Answer) => string | undefined;
}

export interface Call {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The body of a success. @throws ServiceFault with the error's name, or `Http403` where the answer gives none */
export type SendSigned = (call: Call) => Promise<string>;

const USUAL_TRIES = 3;
/** Longest pause before the second try, doubled for each further one; those of the SDK's clients. */
const FIRST_PAUSE_MS = { failing: 100, throttled: 500 } as const;
const LONGEST_PAUSE_MS = 5000;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/;

const publicEndpoint = (service: string, region: string): string =>
  `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

const requestTo = (endpoint: string, { path, headers, body }: Call): HttpRequest => {
  const { protocol, hostname, port, host } = new URL(endpoint);
  return new HttpRequest({
    method: 'POST',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path,
    headers: { host, 'content-length': String(Buffer.byteLength(body)), ...headers },
    body,
  });
};

/** Read to its end, also where nobody wants it: its connection could not be used again otherwise. */
const answerOf = async ({ statusCode: status, headers, body }: HttpResponse): Promise<Answer> => ({
  status,
  headers,
  body: body ? await text(body) : '',
});

interface Failure {
  readonly fault: ServiceFault;
  /** What the same call may do a moment later; absent: it would fail again. */
  readonly passing?: keyof typeof FIRST_PAUSE_MS;
}

export const createSignedCalls = (parts: SignedCallsParts): SendSigned => {
  const { aws, signingName, source, clock, endpoint, tries = USUAL_TRIES, regionOf = (region) => region } = parts;
  const region = async (): Promise<string> => regionOf(await aws.region());
  const signer = new SignatureV4({ service: signingName, region, credentials: aws.credentials, sha256: aws.sha256 });

  const send = async (call: Call): Promise<Answer> => {
    const request = requestTo(endpoint ?? publicEndpoint(signingName, await region()), call);
    const { response } = await aws.requestHandler.handle((await signer.sign(request)) as HttpRequest);
    return answerOf(response);
  };

  const failureOf = (answer: Answer): Failure => {
    const name = parts.errorIn?.(answer) ?? `Http${answer.status}`;
    const fault = new ServiceFault(source, name, undefined);
    if (answer.status === 429 || THROTTLED.test(name)) return { fault, passing: 'throttled' };
    return answer.status >= 500 ? { fault, passing: 'failing' } : { fault };
  };

  const attempt = async (call: Call): Promise<string | Failure> => {
    try {
      const answer = await send(call);
      return answer.status < 300 ? answer.body : failureOf(answer);
    } catch (thrown) {
      return { fault: asFault(source, thrown), passing: 'failing' };
    }
  };

  return async (call) => {
    for (let tried = 1; ; tried += 1) {
      const outcome = await attempt(call);
      if (typeof outcome === 'string') return outcome;
      if (tried >= tries || outcome.passing === undefined) throw outcome.fault;
      const longest = FIRST_PAUSE_MS[outcome.passing] * 2 ** (tried - 1);
      await clock.sleep(Math.min(LONGEST_PAUSE_MS, longest) * Math.random());
    }
  };
};
