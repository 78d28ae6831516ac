/** Performs the tasks of a state machine: a function called by its ARN, or by `lambda:invoke`, with a task token or without. */
import * as z from 'zod';
import type { FunctionError } from '../functions/function-host.ts';
import type { LambdaFunctions } from '../functions/lambda-functions.ts';
import type { IssuedToken, TaskAnswer } from './task-tokens.ts';

const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:/;
const INVOKE = 'arn:aws:states:::lambda:invoke';
const INVOKE_WITH_TOKEN = `${INVOKE}.waitForTaskToken`;

const parameters = z.object({ FunctionName: z.string(), Payload: z.unknown() });

/** Fails a state by the name that its Retry and Catch match; the interpreter reads the name and the message. */
class TaskFailure extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

const functionFailure = (error: FunctionError): TaskFailure => new TaskFailure(error.errorType, JSON.stringify(error));

const resultOf = (answer: TaskAnswer): unknown => {
  if (answer.kind === 'success') return answer.output;
  throw new TaskFailure(answer.error, answer.cause);
};

const call = async (functions: LambdaFunctions, nameOrArn: string, input: unknown): Promise<unknown> => {
  const functionName = nameOrArn.replace(FUNCTION_ARN, '');
  if (!functions.has(functionName)) {
    throw new TaskFailure('Lambda.ResourceNotFoundException', `Function not found: ${nameOrArn}`);
  }
  const outcome = await functions.invoke(functionName, JSON.stringify(input ?? {}));
  if (!outcome.ok) throw functionFailure(outcome.error);
  return JSON.parse(outcome.payload);
};

const invoke = async (functions: LambdaFunctions, input: unknown): Promise<unknown> => {
  const { FunctionName, Payload } = parameters.parse(input);
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: await call(functions, FunctionName, Payload) };
};

/** The answer may come before the function returns; the function's failure ends the wait. */
const invokeAndWait = async (functions: LambdaFunctions, input: unknown, token: IssuedToken): Promise<unknown> => {
  const invoked = invoke(functions, input).then(() => token.answered);
  return resultOf(await Promise.race([token.answered, invoked]));
};

/** @throws Error when the resource is none that is known here. */
export const checkResource = (stateName: string, resource = ''): void => {
  if (resource === INVOKE || resource === INVOKE_WITH_TOKEN || FUNCTION_ARN.test(resource)) return;
  throw new Error(`the local Step Functions call functions only, not ${resource} (state ${stateName})`);
};

export const waitsForToken = (resource: string | undefined): boolean => resource === INVOKE_WITH_TOKEN;

/** @param token Of this attempt, for a task that waits for one. */
export const performTask = (
  functions: LambdaFunctions,
  resource: string,
  input: unknown,
  token: IssuedToken | undefined,
): Promise<unknown> => {
  if (token !== undefined) return invokeAndWait(functions, input, token);
  return resource === INVOKE ? invoke(functions, input) : call(functions, resource, input);
};
