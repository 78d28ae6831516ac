/** Lambda as its callers know it: invocations that wait for the answer, and others that run later and are retried. */
import { randomUUID } from 'node:crypto';
import type { FunctionHost, FunctionOutcome } from './function-host.ts';

/** Waits before an asynchronous invocation that failed is tried again: Lambda's own one and two minutes, then it gives up. */
export const RETRY_DELAYS_MS: readonly number[] = [60_000, 120_000];

export interface FunctionSettings {
  readonly timeoutSeconds: number;
  /** How often a failed asynchronous invocation is tried again; Lambda's default is 2. */
  readonly retryAttempts: 0 | 1 | 2;
}

export interface Failure {
  readonly functionName: string;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
  /** What becomes of it: nobody retries an invocation whose caller waits. */
  readonly next: 'answered to the caller' | 'tried again later' | 'given up';
}

export interface LambdaFunctionsOptions {
  readonly host: FunctionHost;
  /** By name. */
  readonly functions: Readonly<Record<string, FunctionSettings>>;
  readonly retryDelaysMs?: readonly number[];
  readonly onFailure: (failure: Failure) => void;
}

export interface LambdaFunctions {
  has(functionName: string): boolean;
  /** RequestResponse. */
  invoke(functionName: string, payload: string): Promise<FunctionOutcome>;
  /** Event: returns at once; failures are retried and then reported. */
  invokeLater(functionName: string, payload: string): void;
  /** Takes no more retries and resolves when nothing runs any more. */
  close(): Promise<void>;
}

const timedOut = (requestId: string, seconds: number): FunctionOutcome => ({
  ok: false,
  error: {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds}.00 seconds`,
  },
});

export const createLambdaFunctions = (options: LambdaFunctionsOptions): LambdaFunctions => {
  const { host, functions, retryDelaysMs = RETRY_DELAYS_MS, onFailure } = options;
  const underWay = new Set<Promise<unknown>>();
  const retryTimers = new Set<NodeJS.Timeout>();

  /** Lambda would freeze a function that is out of time; here it runs on, and nobody listens any more. */
  const run = async (functionName: string, payload: string): Promise<FunctionOutcome> => {
    const requestId = randomUUID();
    const seconds = functions[functionName]?.timeoutSeconds ?? 0;
    const { promise: outOfTime, resolve } = Promise.withResolvers<FunctionOutcome>();
    const timer = setTimeout(() => resolve(timedOut(requestId, seconds)), seconds * 1000).unref();
    const context = { requestId, deadline: Date.now() + seconds * 1000 };
    const outcome = await Promise.race([host.run(functionName, payload, context), outOfTime]);
    clearTimeout(timer);
    return outcome;
  };

  const tracked = (functionName: string, payload: string): Promise<FunctionOutcome> => {
    const running = run(functionName, payload);
    underWay.add(running);
    return running.finally(() => underWay.delete(running));
  };

  const attempt = async (functionName: string, payload: string, earlier: number): Promise<void> => {
    const outcome = await tracked(functionName, payload);
    if (outcome.ok) return;
    const retries = functions[functionName]?.retryAttempts ?? 0;
    const delay = earlier < retries ? retryDelaysMs[earlier] : undefined;
    onFailure({ functionName, ...outcome.error, next: delay === undefined ? 'given up' : 'tried again later' });
    if (delay === undefined) return;
    const timer = setTimeout(() => {
      retryTimers.delete(timer);
      void attempt(functionName, payload, earlier + 1);
    }, delay).unref();
    retryTimers.add(timer);
  };

  return {
    has: (functionName) => Object.hasOwn(functions, functionName),
    invoke: async (functionName, payload) => {
      const outcome = await tracked(functionName, payload);
      if (!outcome.ok) onFailure({ functionName, ...outcome.error, next: 'answered to the caller' });
      return outcome;
    },
    invokeLater: (functionName, payload) => void attempt(functionName, payload, 0),
    close: async () => {
      for (const timer of retryTimers) clearTimeout(timer);
      retryTimers.clear();
      await Promise.allSettled(underWay);
    },
  };
};
