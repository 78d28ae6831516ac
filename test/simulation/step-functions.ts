/** AWS Step Functions in this world: one execution a request, run by the interpreter, deleted when somebody deletes it. */
import { answerOf } from '../../lambda/adapters/step-functions-runner.ts';
import { type WorkflowStep, workflowStep } from '../../lambda/contract/workflow.ts';
import type { WorkflowRunner } from '../../lambda/ports/workflow-runner.ts';
import type { Chance } from './chance.ts';
import { interpret } from './interpreter.ts';
import type { Json, Machine } from './machine.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

export interface StepFunctions extends WorkflowRunner {
  /** Deletes a running execution, or every one. */
  deleteOne(): void;
  deleteAll(): void;
  readonly entered: () => number;
  readonly failed: () => number;
}

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly machine: Machine;
  readonly invoke: (step: WorkflowStep) => Promise<unknown>;
}

interface Execution {
  readonly name: string;
  readonly requestId: string;
  readonly tokens: Set<string>;
  stopped: boolean;
}

export const createStepFunctions = (parts: Parts): StepFunctions => {
  const { timeline, chance, trace, machine } = parts;
  const names = new Set<string>();
  const running = new Set<Execution>();
  const tokens = new Map<string, (answer: Json) => void>();
  let issued = 0;
  let entered = 0;
  let failed = 0;

  /** Nothing comes of what a stopped execution waits for. */
  const unlessStopped = <Answer>(execution: Execution, promise: Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      promise.then(
        (answer) => execution.stopped || resolve(answer),
        (fault: unknown) => execution.stopped || reject(fault),
      );
    });

  const waiter = (execution: Execution) => {
    issued += 1;
    const token = `token-${issued}`;
    execution.tokens.add(token);
    const answered = new Promise<Json>((resolve) => tokens.set(token, resolve));
    return { token, answered, close: () => void tokens.delete(token) };
  };

  const begin = (requestId: string, name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    const execution: Execution = { name, requestId, tokens: new Set(), stopped: false };
    running.add(execution);
    trace(() => `execution ${name} starts`);
    interpret(
      machine,
      { requestId },
      {
        now: timeline.now,
        sleep: (milliseconds) => unlessStopped(execution, timeline.sleep(milliseconds)),
        jitter: () => chance.fraction(),
        invoke: async (payload) => {
          const answer = await unlessStopped(execution, parts.invoke(workflowStep.parse(payload)));
          return (answer ?? null) as Json;
        },
        waiter: () => waiter(execution),
        entered: (state) => {
          entered += 1;
          trace(() => `execution ${name} enters ${state}`);
        },
      },
    ).then(
      () => running.delete(execution),
      (error: unknown) => {
        failed += 1;
        trace(() => `execution ${name} failed: ${String(error)}`);
        running.delete(execution);
      },
    );
  };

  const stop = (execution: Execution): void => {
    trace(() => `execution ${execution.name} is deleted`);
    execution.stopped = true;
    for (const token of execution.tokens) tokens.delete(token);
    running.delete(execution);
  };

  return {
    start: async (requestId) => begin(requestId, requestId),
    restart: async (requestId, generation) => begin(requestId, `${requestId}-${generation}`),
    answer: async (taskToken, outcome) => {
      const resolve = tokens.get(taskToken);
      if (!resolve) return 'nobody-waits';
      tokens.delete(taskToken);
      resolve(answerOf(outcome) as unknown as Json);
      return 'answered';
    },
    running: async () => new Set([...running].map(({ requestId }) => requestId)),
    deleteOne: () => {
      const one = chance.pickAny([...running]);
      if (one) stop(one);
    },
    deleteAll: () => {
      for (const one of [...running]) stop(one);
    },
    entered: () => entered,
    failed: () => failed,
  };
};
