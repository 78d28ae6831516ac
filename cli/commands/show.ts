/** `brevet show`: one request with its history and who can decide now. */
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { requestWithHistoryLines } from '../render/request.ts';
import { requestIdToShow } from '../request-ids.ts';

export const show = async ({ output, connect }: Context, typedId: string | undefined): Promise<ExitCode> => {
  const client = await connect();
  output.answer(await client.show(await requestIdToShow(typedId, client, output)), requestWithHistoryLines);
  return EXIT.usable;
};
