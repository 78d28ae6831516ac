/**
 * Preloaded into the local service (`node --import`): writes down, in the thread that runs the functions, every invocation
 * and every request that one sends over the network, whatever SDK client sends it and however often it is repeated.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { getEnvironmentData, isMainThread, parentPort, setEnvironmentData } from 'node:worker_threads';
import type { Call, ThreadMessage } from '../local/functions/function-thread.ts';
import { callOf, RECORD_FILE, type Recorded } from './recorded.ts';

const ENVIRONMENT_DATA = 'brevet-bench-record';

/** The thread has an environment of its own, without our variable; what is set here goes along. */
if (isMainThread) setEnvironmentData(ENVIRONMENT_DATA, process.env[RECORD_FILE] ?? '');

const record = (file: string): void => {
  const note = (line: Recorded): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const invocations = new AsyncLocalStorage<number>();

  // Comes before the listener that runs the function, which then runs in this context.
  parentPort?.on('message', ({ id, functionName, payload }: Call) => {
    invocations.enterWith(id);
    note({ kind: 'invocation', invocation: id, at: Date.now(), functionName, payload });
  });
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest };
    const target = request.getHeader('x-amz-target');
    const call = callOf(request.method, request.path, typeof target === 'string' ? target : undefined);
    note({ kind: 'call', invocation: invocations.getStore() ?? 0, at: Date.now(), ...call });
  });
  if (!parentPort) return;
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.postMessage = (message: ThreadMessage) => {
    if (message.kind === 'answer') note({ kind: 'answer', invocation: message.id, at: Date.now() });
    post(message);
  };
};

const file = isMainThread ? '' : String(getEnvironmentData(ENVIRONMENT_DATA) ?? '');
if (file !== '') record(file);
