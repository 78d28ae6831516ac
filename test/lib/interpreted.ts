/** Runs the state machine in an interpreter, with scripted answers for its tasks and time that passes by itself. */
import { type RunOptions, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { vi } from 'vitest';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a task comes to, attempt after attempt; the last one is repeated. `never`: nobody answers. */
export type Outcome = { readonly answer: Json } | { readonly fault: string } | 'never';
export type Script = Readonly<Record<string, readonly Outcome[]>>;

export interface Run {
  /** The states entered, in order; a retry does not enter its state again. */
  readonly entered: readonly string[];
  /** How often each task was attempted. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Virtual seconds from start to end. */
  readonly seconds: number;
  /** Name of the error with which it failed; absent when it succeeded. */
  readonly failedWith?: string;
}

const perform = async (outcome: Outcome | undefined): Promise<Json> => {
  if (outcome === undefined) throw new Error('the script has nothing to say for this task');
  if (outcome === 'never') return new Promise(() => {});
  if ('answer' in outcome) return outcome.answer;
  throw Object.assign(new Error(outcome.fault), { name: outcome.fault });
};

type Handlers = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>;

const handlersFor = (script: Script, attempts: Record<string, number>): Handlers =>
  Object.fromEntries(
    Object.entries(script).map(([state, outcomes]) => [
      state,
      () => {
        const attempt = attempts[state] ?? 0;
        attempts[state] = attempt + 1;
        return perform(outcomes[Math.min(attempt, outcomes.length - 1)]);
      },
    ]),
  );

const enteredIn = async (logs: ReturnType<StateMachine['run']>['eventLogs']): Promise<readonly string[]> => {
  const entered: string[] = [];
  for await (const event of logs) if (event.type === 'StateEntered') entered.push(event.state.name);
  return entered;
};

/** Checks the definition while it builds the machine, which takes a while: once is enough. */
export const machineOf = (definition: string): StateMachine =>
  new StateMachine(JSON.parse(definition) as StateMachineDefinition, { validationOptions: { checkArn: false } });

/** Needs Vitest's fake timers. */
export const interpret = async (machine: StateMachine, script: Script): Promise<Run> => {
  const attempts: Record<string, number> = {};
  const started = Date.now();
  const execution = machine.run(
    { requestId: '01JD0000000000000000000000' },
    {
      context: { Task: { Token: 'a-token' } },
      overrides: { taskResourceLocalHandlers: handlersFor(script, attempts) },
    },
  );
  const entered = enteredIn(execution.eventLogs);
  const ended = execution.result.then(
    () => ({ seconds: (Date.now() - started) / 1000 }),
    (error: Error) => ({ seconds: (Date.now() - started) / 1000, failedWith: error.name }),
  );
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) await vi.advanceTimersToNextTimerAsync();
  return { entered: await entered, attempts, ...(await ended) };
};
