/**
 * Wakes the converge function asynchronously; Lambda queues the call and answers at once. One signed request of our own:
 * the SDK's client for Lambda brings along the shapes of all its calls, 71 KB that a bundler cannot leave out, which would
 * be an eighth of every function that wakes this one.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ConvergeInput } from '../contract/workflow.ts';
import type { Clock } from '../ports/clock.ts';
import type { Converger } from '../ports/converger.ts';
import { ServiceFault } from '../ports/faults.ts';
import { asFault } from './service-call.ts';

export interface LambdaConvergerParts {
  /** Of any SDK client: who we are, where, and how requests are sent and given up. */
  readonly aws: Pick<DynamoDBClient['config'], 'credentials' | 'region' | 'requestHandler' | 'sha256'>;
  /** Where Lambda answers, when not at its public address. */
  readonly endpoint: string | undefined;
  readonly functionName: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

const SOURCE = 'functions';
/** Lambda has queued the call. */
const ACCEPTED = 202;
const TRIES = 3;
const FIRST_PAUSE_MS = 100;

/** Throttled, or Lambda's own failure: the same call may go through a moment later. */
const isPassing = (status: number): boolean => status === 429 || status >= 500;

const publicEndpoint = (region: string): string =>
  `https://lambda.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/** Lambda joins traces, and notices functions that call each other for ever, by this header. */
const traceHeader = (): Record<string, string> => {
  const trace = process.env._X_AMZN_TRACE_ID;
  return trace ? { 'x-amzn-trace-id': trace } : {};
};

const invocation = (endpoint: string, functionName: string, input: ConvergeInput): HttpRequest => {
  const { protocol, hostname, port, host } = new URL(endpoint);
  const body = JSON.stringify(input);
  return new HttpRequest({
    method: 'POST',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    headers: {
      host,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-invocation-type': 'Event',
      ...traceHeader(),
    },
    body,
  });
};

export const createLambdaConverger = ({ aws, endpoint, functionName, clock }: LambdaConvergerParts): Converger => {
  const { credentials, region, requestHandler, sha256 } = aws;
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256 });

  const send = async (input: ConvergeInput): Promise<number> => {
    const request = invocation(endpoint ?? publicEndpoint(await region()), functionName, input);
    const signed = (await signer.sign(request)) as HttpRequest;
    const { response } = await requestHandler.handle(signed);
    // An answer that is not read would keep its connection from being used again.
    response.body?.resume();
    return response.statusCode;
  };

  /** The status, or what was thrown instead of one. */
  const attempt = (input: ConvergeInput): Promise<number | ServiceFault> =>
    send(input).catch((thrown: unknown) => asFault(SOURCE, thrown));

  return {
    wake: async (leaseIds, standBy) => {
      const input = { leaseIds: [...leaseIds], ...(standBy ? { standBy } : {}) };
      for (let tries = 1; ; tries += 1) {
        const outcome = await attempt(input);
        if (outcome === ACCEPTED) return;
        const fault = typeof outcome === 'number' ? new ServiceFault(SOURCE, `Http${outcome}`, undefined) : outcome;
        if (tries === TRIES || (typeof outcome === 'number' && !isPassing(outcome))) throw fault;
        await clock.sleep(FIRST_PAUSE_MS * 2 ** tries * Math.random());
      }
    },
  };
};
