/** Wakes the converge function asynchronously; Lambda queues the call and answers at once. */
import type { ConvergeInput } from '../contract/workflow.ts';
import type { Clock } from '../ports/clock.ts';
import type { Converger } from '../ports/converger.ts';
import { type AwsConnection, createSignedCalls } from './signed-calls.ts';

export interface LambdaConvergerParts {
  readonly aws: AwsConnection;
  /** Where Lambda answers, when not at its public address. */
  readonly endpoint: string | undefined;
  readonly functionName: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** Lambda joins traces, and notices functions that call each other for ever, by this header. */
const traceHeader = (): Record<string, string> => {
  const trace = process.env._X_AMZN_TRACE_ID;
  return trace ? { 'x-amzn-trace-id': trace } : {};
};

export const createLambdaConverger = ({ functionName, ...parts }: LambdaConvergerParts): Converger => {
  const send = createSignedCalls({ ...parts, signingName: 'lambda', source: 'functions' });
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;

  return {
    wake: async (leaseIds, standBy) => {
      const input: ConvergeInput = { leaseIds: [...leaseIds], ...(standBy ? { standBy } : {}) };
      const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event', ...traceHeader() };
      await send({ path, headers, body: JSON.stringify(input) });
    },
  };
};
