/** One run of the state machine, from its start to its end. */
import { ExecutionAbortedError, ExecutionTimeoutError } from 'aws-local-stepfunctions';
import type { LambdaFunctions } from '../functions/lambda-functions.ts';
import type { DefinitionState, LoadedDefinition } from './definition.ts';
import { eventRecorder, type RecordedEvent } from './history.ts';
import { performTask, waitsForToken } from './lambda-task.ts';
import type { IssuedToken, TaskTokens } from './task-tokens.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  /** JSON text, of a success. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** JSON text, as given. */
  readonly input: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly events: readonly RecordedEvent[];
  /** Absent while it runs. */
  ending(): (Ending & { readonly endedAt: number }) | undefined;
  /** Ends it where it stands; nothing happens when it is over. */
  stop(error?: string, cause?: string): void;
}

/** Ends a state without Retry and Catch: the interpreter looks at these two. */
class Stopped extends Error {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

interface ExecutionStart {
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly definition: LoadedDefinition;
  readonly functions: LambdaFunctions;
  readonly tokens: TaskTokens;
}

/**
 * Task handlers for the interpreter, and the context from which it reads `$$.Task.Token`. It reads the token right before it
 * calls the handler, with nothing in between, so the last token issued belongs to the task called.
 */
const tasksOf = ({ definition, functions, tokens }: ExecutionStart) => {
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  stopped.catch(() => undefined);
  let current: IssuedToken | undefined;

  const take = (): string => {
    current = tokens.issue();
    return current.token;
  };
  const handlerFor =
    ({ Resource = '', TimeoutSeconds = 0 }: DefinitionState) =>
    async (input: unknown) => {
      const token = waitsForToken(Resource) ? current : undefined;
      // The interpreter lets the task time out at the same moment, by a timer that was set after this one.
      const timer = setTimeout(() => token?.revoke(), TimeoutSeconds * 1000).unref();
      try {
        return await Promise.race([performTask(functions, Resource, input, token), stopped]);
      } finally {
        clearTimeout(timer);
        token?.revoke();
      }
    };
  const handlers = Object.entries(definition.states)
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name, state]) => [name, handlerFor(state)] as const);
  return { handlers: Object.fromEntries(handlers), take, stop: () => stop(new Stopped('stopped')) };
};

const endingOf = (error: unknown): Ending => {
  if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
  if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
  const { cause } = error as Error;
  if (!(cause instanceof Error)) return { status: 'FAILED', error: 'States.Runtime', cause: String(error) };
  return { status: 'FAILED', error: cause.name, cause: cause.message };
};

/** @param onEnd Called once, after the ending is known. */
export const startExecution = (start: ExecutionStart, onEnd: () => void): Execution => {
  const { arn, name, input, definition } = start;
  const startedAt = Date.now();
  const tasks = tasksOf(start);
  const { events, record } = eventRecorder();
  let ended: (Ending & { readonly endedAt: number }) | undefined;

  const end = (ending: Ending): void => {
    if (ended) return;
    ended = { ...ending, endedAt: Date.now() };
    tasks.stop();
    onEnd();
  };
  const run = definition.machine.run(JSON.parse(input), {
    overrides: { taskResourceLocalHandlers: tasks.handlers as never },
    context: {
      Execution: { Id: arn, Name: name },
      Task: {
        get Token() {
          return tasks.take();
        },
      },
    },
  });
  void record(run.eventLogs);
  run.result.then(
    (output) => end({ status: 'SUCCEEDED', output: JSON.stringify(output) }),
    (error: unknown) => end(endingOf(error)),
  );
  return {
    arn,
    name,
    input,
    startedAt,
    events,
    ending: () => ended,
    stop: (error, cause) => {
      if (ended) return;
      end({ status: 'ABORTED', ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
      run.abort();
    },
  };
};
