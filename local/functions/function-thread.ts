/** Runs inside the functions' thread: imports the handlers and calls them as Lambda's runtime does. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionOutcome, InvocationContext } from './function-host.ts';

/** What the thread is started with: where each function's code is, by function name. */
export interface ThreadData {
  readonly handlers: Readonly<Record<string, string>>;
  readonly region: string;
  readonly accountId: string;
}

export interface Call {
  readonly id: number;
  readonly functionName: string;
  readonly payload: string;
  readonly context: InvocationContext;
}

/** `ready` comes once, when every handler is imported, or `unusable` when one cannot be. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly reason: string }
  | { readonly kind: 'answer'; readonly id: number; readonly outcome: FunctionOutcome };

type Handler = (event: unknown, context: object) => unknown;

const data = workerData as ThreadData;

const isModuleWithHandler = (module: unknown): module is { readonly handler: Handler } =>
  typeof module === 'object' && module !== null && 'handler' in module && typeof module.handler === 'function';

const importHandler = async (functionName: string, url: string): Promise<[string, Handler]> => {
  const module: unknown = await import(url);
  if (!isModuleWithHandler(module)) throw new Error(`${functionName}: the module exports no function named handler`);
  return [functionName, module.handler];
};

const lambdaContext = (functionName: string, { requestId, deadline }: InvocationContext): object => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:${data.region}:${data.accountId}:function:${functionName}`,
  memoryLimitInMB: '512',
  awsRequestId: requestId,
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: 'local',
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

const failure = (thrown: unknown): FunctionOutcome => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const trace = (error.stack ?? '').split('\n');
  return { ok: false, error: { errorType: error.name, errorMessage: error.message, trace } };
};

const perform = async (handlers: ReadonlyMap<string, Handler>, call: Call): Promise<FunctionOutcome> => {
  try {
    const handler = handlers.get(call.functionName);
    if (!handler) throw new Error(`no function named ${call.functionName}`);
    const result = await handler(JSON.parse(call.payload), lambdaContext(call.functionName, call.context));
    return { ok: true, payload: JSON.stringify(result) ?? 'null' };
  } catch (thrown) {
    return failure(thrown);
  }
};

const post = (message: ThreadMessage): void => parentPort?.postMessage(message);

const serve = async (): Promise<void> => {
  const handlers = new Map(
    await Promise.all(Object.entries(data.handlers).map(([name, url]) => importHandler(name, url))),
  );
  parentPort?.on('message', async (call: Call) => {
    post({ kind: 'answer', id: call.id, outcome: await perform(handlers, call) });
  });
  post({ kind: 'ready' });
};

serve().catch((error: unknown) => {
  post({ kind: 'unusable', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
});
