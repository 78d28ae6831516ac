/** `brevet extend`: more time on access that is held. */
import { isoDurationFrom } from '../arguments.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { requestLines } from '../render/request.ts';
import { requestIdFor } from '../request-ids.ts';

export interface ExtendFlags extends CommonFlags {
  readonly for: string;
}

/** Pending while the extension itself waits for approval. */
export const extend = async (
  { output, connect }: Context,
  typedId: string | undefined,
  flags: ExtendFlags,
): Promise<ExitCode> => {
  const duration = isoDurationFrom(flags.for, '--for');
  const client = await connect();
  const id = await requestIdFor('extend', typedId, client, output);
  const answer = await client.act(id, 'extend', { duration });
  output.answer(answer, requestLines);
  return answer.extension ? EXIT.pending : EXIT.usable;
};
