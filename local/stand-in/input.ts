// Checks the input of a call and says what is wrong with it in AWS's words.
import type * as z from 'zod';

export type InputReason =
  | 'INPUT_REQUIRED'
  | 'INVALID_PATTERN'
  | 'INVALID_ENUM'
  | 'INVALID_NEXT_TOKEN'
  | 'MIN_VALUE_EXCEEDED'
  | 'MAX_VALUE_EXCEEDED'
  | 'MIN_LENGTH_EXCEEDED'
  | 'MAX_LENGTH_EXCEEDED'
  | 'DUPLICATE_TAG_KEY'
  | 'WRONG_TYPE';

export interface InputProblem {
  /** In Organizations' vocabulary, except WRONG_TYPE, which every service answers as a serialization error. */
  readonly reason: InputReason;
  /** `Value 'x' at 'instanceArn' failed to satisfy constraint: Member must …`. */
  readonly message: string;
}

/** Thrown by operations, worded by their service. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super(problems.map(({ message }) => message).join('; '));
    this.problems = problems;
  }
}

export const parseInput = <Input>(schema: z.ZodType<Input>, input: unknown): Input => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InputError(parsed.error.issues.map((issue) => problem(issue, valueAt(input, issue.path))));
};

export const validationMessage = (problems: readonly InputProblem[]): string =>
  `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.map(({ message }) => message).join('; ')}`;

const problem = (issue: z.core.$ZodIssue, value: unknown): InputProblem => {
  const [reason, constraint] = constraintOf(issue, value);
  const shown = value === undefined ? 'null' : `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`;
  return { reason, message: `Value ${shown} at '${place(issue.path)}' failed to satisfy constraint: ${constraint}` };
};

const constraintOf = (issue: z.core.$ZodIssue, value: unknown): [InputReason, string] => {
  switch (issue.code) {
    case 'invalid_format':
      return ['INVALID_PATTERN', `Member must satisfy regular expression pattern: ${issue.pattern?.slice(1, -1)}`];
    case 'invalid_value':
      return value === undefined
        ? ['INPUT_REQUIRED', 'Member must not be null']
        : ['INVALID_ENUM', `Member must satisfy enum value set: [${issue.values.join(', ')}]`];
    case 'too_small':
      return issue.origin === 'number'
        ? ['MIN_VALUE_EXCEEDED', `Member must have value greater than or equal to ${issue.minimum}`]
        : ['MIN_LENGTH_EXCEEDED', `Member must have length greater than or equal to ${issue.minimum}`];
    case 'too_big':
      return issue.origin === 'number'
        ? ['MAX_VALUE_EXCEEDED', `Member must have value less than or equal to ${issue.maximum}`]
        : ['MAX_LENGTH_EXCEEDED', `Member must have length less than or equal to ${issue.maximum}`];
    case 'invalid_type':
      return value === undefined
        ? ['INPUT_REQUIRED', 'Member must not be null']
        : ['WRONG_TYPE', `Member must be a ${issue.expected}`];
    default:
      return ['WRONG_TYPE', issue.message];
  }
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);

/** As AWS writes it: members in lower camel case, list places counted from 1. */
const place = (path: readonly PropertyKey[]): string =>
  path.map((key) => (typeof key === 'number' ? `${key + 1}.member` : lowerFirst(String(key)))).join('.');

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
