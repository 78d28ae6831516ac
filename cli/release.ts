/** Takes back a request that nobody needs any more, or ends its access, and does not give up at the first trouble. */
import type { RequestDetail } from '../lambda/contract/api.ts';
import type { Client } from './client.ts';
import { Failure } from './failure.ts';
import type { Terminal } from './terminal.ts';

/**
 * What others did at the same moment, and trouble on the way: it may have arrived, or not. The next look tells what is
 * left to do, and ending twice does no harm.
 */
const WORTH_ANOTHER_LOOK: ReadonlySet<string> = new Set([
  'request_not_cancellable',
  'request_not_started',
  'request_already_over',
  'changed_meanwhile',
  'unreachable',
  'unavailable',
  'unexpected',
]);

const ATTEMPTS = 6;
const PAUSE_MS = 1500;

export interface Released {
  readonly request: RequestDetail;
  /** Absent: it was over already. */
  readonly by?: 'cancel' | 'end';
}

const lookAndAct = async (client: Client, id: string): Promise<Released> => {
  const request = await client.look(id);
  const action = (['cancel', 'end'] as const).find((possible) => request.youMay.includes(possible));
  return action === undefined ? { request } : { request: await client.act(id, action, {}), by: action };
};

const isWorthAnother = (error: unknown): boolean =>
  error instanceof Failure && WORTH_ANOTHER_LOOK.has(error.problem.code);

/** @throws Failure when nothing helps, or as soon as it is given up. */
export const release = async (
  id: string,
  client: Client,
  terminal: Terminal,
  givenUp: AbortSignal,
): Promise<Released> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await lookAndAct(client, id);
    } catch (error) {
      if (attempt >= ATTEMPTS || givenUp.aborted || !isWorthAnother(error)) throw error;
      await terminal.sleep(PAUSE_MS, givenUp);
    }
  }
};
