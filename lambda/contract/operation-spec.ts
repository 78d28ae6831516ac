/** What is said of every operation of the API. */
import type * as z from 'zod';
import type { ProblemCode } from './problem.ts';

export interface OperationSpec {
  readonly method: 'GET' | 'POST';
  /** Below the door's prefix; `{id}` stands for the id of a request. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly query: z.ZodObject;
  /** Absent: it takes none. An empty body reads as `{}`. */
  readonly body?: z.ZodObject;
  /** The limit of its body, where it is another than everybody's. */
  readonly bodyLimit?: 'policyCheckBytes';
  /** Whether it takes the header that makes it safe to repeat. */
  readonly isIdempotent?: true;
  readonly answer: { readonly status: 200 | 201; readonly is: string; readonly schema: z.ZodType };
  /** Its own refusals; `refusalsOf` adds those that it shares with others of its form. */
  readonly refusals: readonly ProblemCode[];
}
