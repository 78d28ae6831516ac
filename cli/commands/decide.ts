/** `brevet approve` and `brevet reject`: an approver's vote. */
import { isoDurationFrom } from '../arguments.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { requestLines } from '../render/request.ts';
import { requestIdToDecide } from '../request-ids.ts';

export interface RejectFlags extends CommonFlags {
  readonly comment?: string;
}

export interface ApproveFlags extends RejectFlags {
  readonly for?: string;
}

const commentIn = ({ comment }: RejectFlags): { readonly comment?: string } =>
  comment === undefined ? {} : { comment };

export const approve = async (
  { output, connect }: Context,
  typedId: string | undefined,
  flags: ApproveFlags,
): Promise<ExitCode> => {
  const duration = flags.for === undefined ? {} : { duration: isoDurationFrom(flags.for, '--for') };
  const client = await connect();
  const id = await requestIdToDecide('approve', typedId, client);
  output.answer(await client.act(id, 'approve', { ...commentIn(flags), ...duration }), requestLines);
  return EXIT.usable;
};

export const reject = async (
  { output, connect }: Context,
  typedId: string | undefined,
  flags: RejectFlags,
): Promise<ExitCode> => {
  const client = await connect();
  const id = await requestIdToDecide('reject', typedId, client);
  output.answer(await client.act(id, 'reject', commentIn(flags)), requestLines);
  return EXIT.usable;
};
