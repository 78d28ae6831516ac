/** A workflow runner in memory: records which workflows run and what those that wait were told. */
import type { StepOutcome } from '../../domain/workflow-step.ts';
import type { WorkflowRunner } from '../../ports/workflow-runner.ts';

export interface MemoryWorkflowRunner extends WorkflowRunner {
  /** Makes a token on which somebody waits, as a callback task does. */
  openToken(taskToken: string): void;
  /** The task timed out, or its execution died: nobody waits on the token any more. */
  closeToken(taskToken: string): void;
  /** The request's workflow came to its end, or died. */
  stop(requestId: string): void;
  /** Names of all executions ever started, in order. */
  readonly started: readonly string[];
  /** What each token was answered. */
  readonly answers: ReadonlyMap<string, StepOutcome>;
}

export const createMemoryWorkflowRunner = (): MemoryWorkflowRunner => {
  const started: string[] = [];
  const running = new Set<string>();
  const openTokens = new Set<string>();
  const answers = new Map<string, StepOutcome>();
  const begin = (requestId: string, name: string): void => {
    if (started.includes(name)) return;
    started.push(name);
    running.add(requestId);
  };
  return {
    start: async (requestId) => begin(requestId, requestId),
    restart: async (requestId, generation) => begin(requestId, `${requestId}-${generation}`),
    answer: async (taskToken, outcome) => {
      if (!openTokens.delete(taskToken)) return 'nobody-waits';
      answers.set(taskToken, outcome);
      return 'answered';
    },
    running: async () => new Set(running),

    openToken: (taskToken) => void openTokens.add(taskToken),
    closeToken: (taskToken) => void openTokens.delete(taskToken),
    stop: (requestId) => void running.delete(requestId),
    started,
    answers,
  };
};
