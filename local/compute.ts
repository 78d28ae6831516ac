/** The functions and the state machine that calls them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ClosingStack } from './closing.ts';
import { type Deployment, FUNCTION_SETTINGS, type FunctionKind, functionArn } from './deployment.ts';
import { functionLog } from './function-log.ts';
import type { FunctionHost } from './functions/function-host.ts';
import { createLambdaFunctions, type Failure, type LambdaFunctions } from './functions/lambda-functions.ts';
import { startThreadedHost } from './functions/threaded-host.ts';
import type { LogFile } from './log-file.ts';
import { messageOf, StartError } from './start-error.ts';
import { createStepFunctions, type StepFunctions } from './step-functions/step-functions.ts';
import { type WorkflowDefinitionOptions, workflowDefinition } from './workflow-definition.ts';

export interface ComputeOptions {
  readonly deployment: Deployment;
  readonly kinds: readonly FunctionKind[];
  readonly environment: Readonly<Record<string, string>>;
  readonly log: LogFile;
  /** Told in one line what went wrong inside. */
  readonly onTrouble: (summary: string) => void;
  readonly ends: ClosingStack;
}

const HANDLERS = new URL('../lambda/handlers/', import.meta.url);

/** File names are in kebab case. */
const handlerOf = (kind: FunctionKind): string => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const startHost = async ({ deployment, kinds, environment, log, onTrouble }: ComputeOptions): Promise<FunctionHost> => {
  const handlers = Object.fromEntries(
    kinds.map((kind) => [deployment.functions[kind], new URL(`${handlerOf(kind)}.ts`, HANDLERS).href]),
  );
  const { region, accountId } = deployment;
  const onOutput = functionLog(log, onTrouble);
  const onCrash = (reason: string): void => {
    log.note('ERROR', "The functions' thread died", { reason });
    onTrouble(`the functions' thread died and is started again: ${reason.split('\n')[0]}`);
  };
  return startThreadedHost({ handlers, region, accountId, environment, onOutput, onCrash }).catch((cause: unknown) => {
    throw new StartError(`The functions cannot be loaded: ${messageOf(cause)}`, { cause });
  });
};

/** Calls under way may finish; what takes longer is repeated after the next start. */
const FINISH_MS = 5000;

/** So the authorizer says no: nothing that anybody at the terminal could mend. */
const isRefusedToken = ({ functionName, errorMessage }: Failure, { functions }: Deployment): boolean =>
  functionName === functions.authorizer && errorMessage === 'Unauthorized';

export const startFunctions = async (options: ComputeOptions): Promise<LambdaFunctions> => {
  const { deployment, kinds, log, onTrouble, ends } = options;
  const host = ends.add(await startHost(options), (opened) => opened.close());
  const onFailure = (failure: Failure): void => {
    if (isRefusedToken(failure, deployment)) return;
    log.note('ERROR', 'An invocation failed', { ...failure });
    onTrouble(`${failure.functionName} failed, ${failure.next}: ${failure.errorType}: ${failure.errorMessage}`);
  };
  const functions = createLambdaFunctions({
    host,
    functions: Object.fromEntries(kinds.map((kind) => [deployment.functions[kind], FUNCTION_SETTINGS[kind]])),
    onFailure,
  });
  return ends.add(functions, (opened) => Promise.race([opened.close(), pause(FINISH_MS, undefined, { ref: false })]));
};

export const startStepFunctions = async (
  { deployment, ends }: ComputeOptions,
  functions: LambdaFunctions,
  limits: WorkflowDefinitionOptions['limits'],
): Promise<StepFunctions> => {
  const workflowFunctionArn = functionArn(deployment, 'workflow');
  const definitionText = await workflowDefinition({ limits, workflowFunctionArn });
  const { stateMachineArn } = deployment;
  return ends.add(createStepFunctions({ stateMachineArn, definitionText, functions }), (opened) => opened.close());
};
