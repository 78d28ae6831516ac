/** `brevet explain`: whether a request would be taken, by which rule, and what is missing. */
import { isoDurationFrom, startFrom } from '../arguments.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, exitOfProblem } from '../exit-codes.ts';
import { explanationLines } from '../render/explanation.ts';
import { parseTarget } from '../target.ts';
import { breakGlassFrom, type WishFlags } from '../wish.ts';

/** For codes that this version does not know yet. */
const REFUSED = 403;

export interface ExplainFlags extends WishFlags {
  readonly person?: string;
}

export const explain = async (
  { output, connect, terminal }: Context,
  typed: string,
  flags: ExplainFlags,
): Promise<ExitCode> => {
  const { for: length, start, reason, ticket, person } = flags;
  const target = parseTarget(typed);
  const body = {
    target: { kind: 'account' as const, ...target },
    ...(length === undefined ? {} : { duration: isoDurationFrom(length, '--for') }),
    ...(start === undefined ? {} : { start: startFrom(start, terminal.now()) }),
    ...(reason === undefined ? {} : { justification: reason }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(person === undefined ? {} : { person }),
    ...breakGlassFrom(flags, `brevet explain ${typed} --break-glass --incident INC-42`),
  };
  const client = await connect();
  const explained = await client.explain(body);
  output.answer(explained, explanationLines);
  return explained.refusal ? exitOfProblem({ code: explained.refusal.code, status: REFUSED }) : EXIT.usable;
};
