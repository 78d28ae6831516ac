/** A stand-in for Step Functions with one Standard state machine, interpreted from its synthesized definition. */
import type { LambdaFunctions } from '../functions/lambda-functions.ts';
import { loadDefinition } from './definition.ts';
import { StepFunctionsError } from './errors.ts';
import { createExecutions } from './executions.ts';
import { checkResource } from './lambda-task.ts';
import { type Machine, OPERATIONS } from './operations.ts';
import { createTaskTokens } from './task-tokens.ts';

export interface StepFunctions {
  /** Answers one call of AWS JSON 1.0; `operation` is the target header after the dot. */
  handle(operation: string, body: string): { readonly status: number; readonly body: string };
  /** Stops every execution. */
  close(): void;
}

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
  return { handle: (operation, body) => answer(machine, operation, body), close: () => executions.stopAll() };
};

const answer = (machine: Machine, name: string, body: string): { status: number; body: string } => {
  try {
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (!operation) throw new StepFunctionsError('UnknownOperationException', `There is no operation ${name} here`);
    return { status: 200, body: JSON.stringify(operation(parse(body), machine)) };
  } catch (error) {
    if (!(error instanceof StepFunctionsError)) throw error;
    const __type = `com.amazonaws.swf.service.v2.model#${error.code}`;
    return { status: 400, body: JSON.stringify({ __type, message: error.message }) };
  }
};

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new StepFunctionsError('ValidationException', 'The body is not JSON');
  }
};
