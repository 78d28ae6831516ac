/** `brevet acknowledge` and `brevet review`: what others do about a broken glass. */
import type { REVIEW_OUTCOMES } from '../../lambda/contract/break-glass.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import { requestLines } from '../render/request.ts';
import { requestIdToAttend } from '../request-ids.ts';

export interface ReviewFlags extends CommonFlags {
  readonly justified?: boolean;
  readonly notJustified?: boolean;
  readonly comment?: string;
}

type Outcome = (typeof REVIEW_OUTCOMES)[number];

const outcomeFrom = ({ justified = false, notJustified = false }: ReviewFlags): Outcome => {
  if (justified === notJustified) {
    throw usage(
      'Say whether it was right to break the glass: --justified or --not-justified.',
      'brevet review ID --justified',
    );
  }
  return justified ? 'justified' : 'not_justified';
};

export const acknowledge = async ({ output, connect }: Context, typedId: string | undefined): Promise<ExitCode> => {
  const client = await connect();
  const id = await requestIdToAttend('acknowledge', typedId, client);
  output.answer(await client.act(id, 'acknowledge', {}), requestLines);
  return EXIT.usable;
};

export const review = async (
  { output, connect }: Context,
  typedId: string | undefined,
  flags: ReviewFlags,
): Promise<ExitCode> => {
  const outcome = outcomeFrom(flags);
  const client = await connect();
  const id = await requestIdToAttend('review', typedId, client);
  const comment = flags.comment === undefined ? {} : { comment: flags.comment };
  output.answer(await client.act(id, 'review', { outcome, ...comment }), requestLines);
  return EXIT.usable;
};
