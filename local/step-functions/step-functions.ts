/** A stand-in for Step Functions with one Standard state machine, interpreted from its synthesized definition. */
import type { LambdaFunctions } from '../functions/lambda-functions.ts';
import type { Protocol } from '../stand-in/call-gate.ts';
import { ServiceError } from '../stand-in/errors.ts';
import { validationMessage } from '../stand-in/input.ts';
import { loadDefinition } from './definition.ts';
import { StepFunctionsError } from './errors.ts';
import { createExecutions } from './executions.ts';
import { checkResource } from './lambda-task.ts';
import { type Machine, OPERATIONS } from './operations.ts';
import { createTaskTokens } from './task-tokens.ts';

export interface StepFunctions {
  /** Performs one call; `operation` is the target header after the dot. @throws StepFunctionsError */
  perform(operation: string, input: unknown): object;
  /** Stops every execution. */
  close(): void;
}

/** What its answers look like on the wire. */
export const STEP_FUNCTIONS: Protocol & { readonly targetPrefix: string } = {
  name: 'states',
  targetPrefix: 'AWSStepFunctions',
  namespace: 'com.amazonaws.swf.service.v2.model',
  contentType: 'application/x-amz-json-1.0',
  refuseInput: (problems) => new StepFunctionsError('ValidationException', validationMessage(problems)),
  throttled: (message) => new ServiceError('ThrottlingException', message),
};

export interface StepFunctionsOptions {
  readonly stateMachineArn: string;
  /** Amazon States Language, JSON. */
  readonly definitionText: string;
  readonly functions: LambdaFunctions;
}

/** @throws Error when the definition asks for something that would silently go wrong here. */
export const createStepFunctions = ({
  stateMachineArn,
  definitionText,
  functions,
}: StepFunctionsOptions): StepFunctions => {
  const definition = loadDefinition(definitionText);
  for (const [name, { Type, Resource }] of Object.entries(definition.states)) {
    if (Type === 'Task') checkResource(name, Resource);
  }
  const tokens = createTaskTokens();
  const executions = createExecutions({ stateMachineArn, definition, functions, tokens });
  const machine: Machine = {
    arn: stateMachineArn,
    name: stateMachineArn.split(':').at(-1) ?? '',
    definitionText,
    createdAt: Date.now(),
    executions,
    tokens,
  };
  return { perform: (operation, input) => perform(machine, operation, input), close: () => executions.stopAll() };
};

const perform = (machine: Machine, name: string, input: unknown): object => {
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!operation) throw new StepFunctionsError('UnknownOperationException', `There is no operation ${name} here`);
  return operation(input, machine);
};
