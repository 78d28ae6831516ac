/** `brevet approve` and `brevet reject`: an approver's vote. */
import { isoDurationFrom } from '../arguments.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { approveCommand, requestLines } from '../render/request.ts';
import { requestIdToDecide } from '../request-ids.ts';

export interface RejectFlags extends CommonFlags {
  readonly comment?: string;
}

export interface ApproveFlags extends RejectFlags {
  readonly for?: string;
  readonly extendTo?: string;
}

const commentIn = ({ comment }: RejectFlags): { readonly comment?: string } =>
  comment === undefined ? {} : { comment };

export const approve = async (
  { output, connect }: Context,
  typedId: string | undefined,
  flags: ApproveFlags,
): Promise<ExitCode> => {
  const duration = flags.for === undefined ? {} : { duration: isoDurationFrom(flags.for, '--for') };
  const extension = flags.extendTo === undefined ? {} : { extendTo: isoDurationFrom(flags.extendTo, '--extend-to') };
  const client = await connect();
  const id = await requestIdToDecide('approve', typedId, client);
  const vote = { ...commentIn(flags), ...duration, ...extension };
  const answer = await client.act(id, 'approve', vote).catch((error: unknown) => {
    throw withCommand(error, id);
  });
  output.answer(answer, requestLines);
  return EXIT.usable;
};

/** Whoever approved what does not wait is shown how to look at what does, and how to approve that. */
const withCommand = (error: unknown, id: string): unknown => {
  if (!(error instanceof Failure) || error.problem.code !== 'not_what_waits') return error;
  const { extendTo } = error.problem.facts ?? {};
  const command = approveCommand(id, typeof extendTo === 'string' ? extendTo : undefined);
  return new Failure(error.problem, `Look at it: brevet show ${id}. If that is right: ${command}`, error);
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
