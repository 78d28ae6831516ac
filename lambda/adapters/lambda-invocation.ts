/** Calls a function asynchronously: Lambda queues the call and answers at once. */
import type { Clock } from '../ports/clock.ts';
import { type AwsConnection, createSignedCalls } from './signed-calls.ts';

export interface LambdaInvocationParts {
  readonly aws: AwsConnection;
  /** Where Lambda answers, when not at its public address. */
  readonly endpoint: string | undefined;
  readonly functionName: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** @throws ServiceFault when Lambda did not take the call. */
export type InvokeLater = (event: object) => Promise<void>;

/** Lambda joins traces, and notices functions that call each other for ever, by this header. */
const traceHeader = (): Record<string, string> => {
  const trace = process.env._X_AMZN_TRACE_ID;
  return trace ? { 'x-amzn-trace-id': trace } : {};
};

export const createLambdaInvocation = ({ functionName, ...parts }: LambdaInvocationParts): InvokeLater => {
  const send = createSignedCalls({ ...parts, signingName: 'lambda', source: 'functions' });
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  return async (event) => {
    const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event', ...traceHeader() };
    await send({ path, headers, body: JSON.stringify(event) });
  };
};
