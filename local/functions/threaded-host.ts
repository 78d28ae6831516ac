/** Runs the functions in a thread with an environment, an output and a death of its own. */
import { Worker } from 'node:worker_threads';
import type { FunctionHost, FunctionOutcome, InvocationContext } from './function-host.ts';
import type { Call, ThreadData, ThreadMessage } from './function-thread.ts';

export interface ThreadedHostOptions extends ThreadData {
  /** The whole environment of the functions; nothing is inherited, so that nobody's real credentials get in. */
  readonly environment: Readonly<Record<string, string>>;
  /** Gets whatever the functions print. */
  readonly onOutput: (text: string) => void;
  /** Told when the thread died and a new one takes its place. */
  readonly onCrash: (reason: string) => void;
}

type Settle = (outcome: FunctionOutcome) => void;

const died = (reason: string): FunctionOutcome => ({
  ok: false,
  error: { errorType: 'Runtime.ExitError', errorMessage: `The functions' thread died: ${reason}` },
});

interface Thread {
  readonly call: (functionName: string, payload: string, context: InvocationContext) => Promise<FunctionOutcome>;
  readonly terminate: () => Promise<void>;
  /** Resolves with the reason when the thread has died; everything it was asked is answered then. */
  readonly death: Promise<string>;
}

const connect = (worker: Worker): Thread => {
  const unanswered = new Map<number, Settle>();
  let lastId = 0;
  let reason: string | undefined;
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind !== 'answer') return;
    unanswered.get(message.id)?.(message.outcome);
    unanswered.delete(message.id);
  });
  worker.once('error', (error) => {
    reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  });
  const death = new Promise<string>((dead) => {
    worker.once('exit', (code) => {
      reason ??= `exit code ${code}`;
      for (const settle of unanswered.values()) settle(died(reason));
      unanswered.clear();
      dead(reason);
    });
  });
  return {
    call: (functionName, payload, context) => {
      if (reason !== undefined) return Promise.resolve(died(reason));
      lastId += 1;
      const call: Call = { id: lastId, functionName, payload, context };
      return new Promise((settle) => {
        unanswered.set(call.id, settle);
        worker.postMessage(call);
      });
    },
    terminate: async () => {
      await worker.terminate();
    },
    death,
  };
};

const untilReady = (worker: Worker): Promise<void> =>
  new Promise((ready, failed) => {
    worker.once('error', failed);
    worker.once('message', (message: ThreadMessage) => {
      worker.off('error', failed);
      if (message.kind === 'unusable') failed(new Error(message.reason));
      else ready();
    });
  });

const startThread = async (options: ThreadedHostOptions): Promise<Thread> => {
  const { handlers, region, accountId, environment, onOutput } = options;
  const worker = new Worker(new URL('function-thread.ts', import.meta.url), {
    workerData: { handlers, region, accountId } satisfies ThreadData,
    env: { ...environment },
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', onOutput);
  const thread = connect(worker);
  await untilReady(worker);
  return thread;
};

/** @throws when a handler cannot be imported. */
export const startThreadedHost = async (options: ThreadedHostOptions): Promise<FunctionHost> => {
  let closing = false;
  let thread = Promise.resolve(await startThread(options));

  const replaceOnDeath = (current: Thread): void => {
    void current.death.then((reason) => {
      if (closing) return;
      options.onCrash(reason);
      thread = startThread(options);
      thread.then(replaceOnDeath, (error: unknown) => options.onCrash(`it does not start again: ${String(error)}`));
    });
  };
  replaceOnDeath(await thread);

  return {
    run: async (functionName, payload, context) => {
      try {
        return await (await thread).call(functionName, payload, context);
      } catch (error) {
        return died(String(error));
      }
    },
    close: async () => {
      closing = true;
      await (await thread).terminate();
    },
  };
};
