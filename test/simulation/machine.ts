/** The part of the Amazon States Language that this workflow is written in; whatever else stands in a definition is refused. */

export type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json | undefined };

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy: 'FULL';
}
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}
export interface TaskState {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters: Json;
  readonly TimeoutSeconds: number;
  readonly ResultPath: string;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Next: string;
}
interface WaitState {
  readonly Type: 'Wait';
  readonly TimestampPath: string;
  readonly Next: string;
}
interface ChoiceState {
  readonly Type: 'Choice';
  readonly Choices: readonly { readonly Variable: string; readonly BooleanEquals: boolean; readonly Next: string }[];
  readonly Default: string;
}
interface FailState {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}
export type State = TaskState | WaitState | ChoiceState | FailState | { readonly Type: 'Succeed' };

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Checks one field of one kind of object; what is listed must be there and fit, what is not listed must not be there. */
type Check = (value: unknown) => boolean;
interface Shape {
  readonly must: Readonly<Record<string, Check>>;
  readonly may?: Readonly<Record<string, Check>>;
}

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && value >= 0;
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
/** A top-level field of the state's data. */
const isResultPath: Check = (value) => typeof value === 'string' && /^\$\.\w+$/.test(value);
const isPath: Check = (value) => typeof value === 'string' && /^\$(\.\w+)+$/.test(value);
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fits = (shape: Shape, value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { Comment: _comment, ...fields } = value;
  const known = { ...shape.must, ...shape.may };
  return (
    Object.keys(shape.must).every((name) => name in fields) &&
    Object.entries(fields).every(([name, held]) => known[name]?.(held) ?? false)
  );
};
const listOf =
  (shape: Shape): Check =>
  (value) =>
    Array.isArray(value) && value.every((one) => fits(shape, one));

const RETRIER: Shape = {
  must: {
    ErrorEquals: isTexts,
    IntervalSeconds: isNumber,
    MaxAttempts: isNumber,
    BackoffRate: isNumber,
    JitterStrategy: (value) => value === 'FULL',
  },
  may: { MaxDelaySeconds: isNumber },
};
const CATCHER: Shape = { must: { ErrorEquals: isTexts, ResultPath: isResultPath, Next: isText } };
const CHOICE: Shape = {
  must: { Variable: isPath, BooleanEquals: (value) => typeof value === 'boolean', Next: isText },
};
const SHAPES: Readonly<Record<string, Shape>> = {
  Task: {
    must: {
      Type: isText,
      Resource: (value) => typeof value === 'string' && (value === WAITING_INVOKE || LAMBDA_ARN.test(value)),
      Parameters: isObject,
      TimeoutSeconds: isNumber,
      ResultPath: isResultPath,
      Retry: listOf(RETRIER),
      Catch: listOf(CATCHER),
      Next: isText,
    },
  },
  Wait: { must: { Type: isText, TimestampPath: isPath, Next: isText } },
  Choice: { must: { Type: isText, Choices: listOf(CHOICE), Default: isText } },
  Fail: { must: { Type: isText, Error: isText, Cause: isText } },
  Succeed: { must: { Type: isText } },
};

/** A call of a function that then waits for somebody to answer with its token. */
export const WAITING_INVOKE = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
const LAMBDA_ARN = /^arn:aws[a-z-]*:lambda:[^:]+:\d{12}:function:[\w-]+$/;

/** @throws Error for whatever the interpreter would not treat as AWS does. */
export const readMachine = (definition: string): Machine => {
  const machine: unknown = JSON.parse(definition);
  const isMachine = fits({ must: { StartAt: isText, States: isObject } }, machine);
  if (!isMachine) throw new Error('the definition has more or less than StartAt and States');
  const { States } = machine as Machine;
  for (const [name, state] of Object.entries(States)) {
    const shape = SHAPES[state.Type];
    if (!shape || !fits(shape, state)) throw new Error(`the interpreter does not know all of ${name}`);
  }
  return machine as Machine;
};
