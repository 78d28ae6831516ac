/** Task tokens: one for each attempt of a task, worth something until it is answered, timed out or given up. */
import { randomBytes } from 'node:crypto';
import { StepFunctionsError } from './errors.ts';

/** What a waiting task is told. Failing carries the error name that Retry and Catch match. */
export type TaskAnswer =
  | { readonly kind: 'success'; readonly output: unknown }
  | { readonly kind: 'failure'; readonly error: string; readonly cause: string };

export interface IssuedToken {
  readonly token: string;
  readonly answered: Promise<TaskAnswer>;
  /** After this, whoever answers learns that the task timed out. */
  readonly revoke: () => void;
}

export interface TaskTokens {
  issue(): IssuedToken;
  /** @throws StepFunctionsError InvalidToken, TaskDoesNotExist or TaskTimedOut when nobody waits for it. */
  answer(token: string, answer: TaskAnswer): void;
  /** @throws StepFunctionsError as for `answer` */
  heartbeat(token: string): void;
}

/** 384 random bits: not to be guessed. */
const TOKEN_BYTES = 48;
const TOKEN_FORM = /^[A-Za-z0-9+/]{64}$/;

/** Tokens that are over are remembered, so that a late answer is told apart from an unknown token; the oldest are forgotten. */
const REMEMBERED_OVER = 10_000;

type Settle = (answer: TaskAnswer) => void;

export const createTaskTokens = (): TaskTokens => {
  const waiting = new Map<string, Settle>();
  const over = new Set<string>();

  const end = (token: string): void => {
    if (!waiting.delete(token)) return;
    over.add(token);
    const [oldest] = over;
    if (over.size > REMEMBERED_OVER && oldest !== undefined) over.delete(oldest);
  };

  const find = (token: string): Settle => {
    const settle = waiting.get(token);
    if (settle) return settle;
    if (!TOKEN_FORM.test(token)) throw new StepFunctionsError('InvalidToken', "Invalid Token: 'Invalid token'");
    if (over.has(token)) {
      throw new StepFunctionsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    }
    throw new StepFunctionsError('TaskDoesNotExist', "Task Does Not Exist: 'Provided task does not exist'");
  };

  return {
    issue: () => {
      const token = randomBytes(TOKEN_BYTES).toString('base64');
      const { promise: answered, resolve } = Promise.withResolvers<TaskAnswer>();
      waiting.set(token, resolve);
      return { token, answered, revoke: () => end(token) };
    },
    answer: (token, answer) => {
      const settle = find(token);
      end(token);
      settle(answer);
    },
    heartbeat: (token) => void find(token),
  };
};
