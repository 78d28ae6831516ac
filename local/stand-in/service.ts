// What a stand-in service is made of: operations in a table, each an input schema and a function of the world.
import type * as z from 'zod';
import type { ServiceError } from './errors.ts';
import { type InputProblem, parseInput } from './input.ts';
import type { Pace } from './pace.ts';
import type { AssignmentOperation } from './tables.ts';
import type { World } from './world.ts';

/** `states` is Step Functions, which is played in `local/step-functions`; `ses` in `local/mail`. */
export type ServiceName = 'sso-admin' | 'identitystore' | 'organizations' | 'states' | 'ses';

export interface Context {
  readonly world: World;
  readonly pace: Pace;
  /** `service:Operation`, which a paging token is good for. */
  readonly operation: string;
  /** Whether a fault in force decides that an asynchronous write accepted now will fail. */
  takeDoom(): AssignmentOperation['doom'];
}

/** Answers one call. Throws ServiceError, or InputError for the service to word. */
export type Operation = (input: unknown, context: Context) => object;

export interface Service {
  readonly name: ServiceName;
  /** Of the X-Amz-Target header, before the dot. */
  readonly targetPrefix: string;
  /** Of error types on the wire. */
  readonly namespace: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  readonly operations: Readonly<Record<string, Operation>>;
  refuseInput(problems: readonly InputProblem[]): ServiceError;
  throttled(message: string): ServiceError;
}

export const operation =
  <Input>(schema: z.ZodType<Input>, answer: (input: Input, context: Context) => object): Operation =>
  (input, context) =>
    answer(parseInput(schema, input), context);

/** An SDK shape as it is in JSON: instants are seconds since 1970, lists are not to be written to. */
export type Wire<Shape> = Shape extends Date
  ? number
  : Shape extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : Shape extends object
      ? { readonly [Key in keyof Shape]: Wire<Shape[Key]> }
      : Shape;

/** AWS JSON 1.1 carries instants as seconds with a fraction. */
export const wireInstant = (ms: number): number => ms / 1000;
