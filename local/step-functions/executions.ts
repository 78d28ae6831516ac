/** The executions of one state machine, by name: in memory, so all of them are gone after a restart. */
import type { LambdaFunctions } from '../functions/lambda-functions.ts';
import type { LoadedDefinition } from './definition.ts';
import { StepFunctionsError } from './errors.ts';
import { type Execution, startExecution } from './execution.ts';
import type { TaskTokens } from './task-tokens.ts';

export interface Executions {
  /** The same name and input while it runs is the same execution. @throws StepFunctionsError ExecutionAlreadyExists */
  start(name: string, input: string): Execution;
  /** @throws StepFunctionsError ExecutionDoesNotExist */
  find(arn: string): Execution;
  /** Newest first. */
  all(): readonly Execution[];
  /** Stops every one that runs. */
  stopAll(): void;
}

/** Finished executions that are remembered (AWS: those of the last 90 days). */
const REMEMBERED = 10_000;

export interface ExecutionsOptions {
  readonly stateMachineArn: string;
  readonly definition: LoadedDefinition;
  readonly functions: LambdaFunctions;
  readonly tokens: TaskTokens;
}

export const executionArn = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

export const createExecutions = ({ stateMachineArn, ...parts }: ExecutionsOptions): Executions => {
  const byArn = new Map<string, Execution>();

  const forgetOldest = (): void => {
    if (byArn.size <= REMEMBERED) return;
    const oldest = [...byArn.values()].find((execution) => execution.ending() !== undefined);
    if (oldest) byArn.delete(oldest.arn);
  };

  return {
    start: (name, input) => {
      const arn = executionArn(stateMachineArn, name);
      const there = byArn.get(arn);
      if (there && there.ending() === undefined && there.input === input) return there;
      if (there) {
        throw new StepFunctionsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
      const execution = startExecution({ ...parts, arn, name, input }, forgetOldest);
      byArn.set(arn, execution);
      return execution;
    },
    find: (arn) => {
      const execution = byArn.get(arn);
      if (execution) return execution;
      throw new StepFunctionsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    },
    all: () => [...byArn.values()].reverse(),
    stopAll: () => {
      for (const execution of byArn.values()) execution.stop();
    },
  };
};
