/** `brevet cancel` and `brevet end`: a request taken back before it begins, access given back before its time. */
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { requestLines } from '../render/request.ts';
import { requestIdFor } from '../request-ids.ts';

const doing =
  (action: 'cancel' | 'end') =>
  async ({ output, connect }: Context, typedId: string | undefined): Promise<ExitCode> => {
    const client = await connect();
    const id = await requestIdFor(action, typedId, client, output);
    output.answer(await client.act(id, action, {}), requestLines);
    return EXIT.usable;
  };

export const cancel = doing('cancel');
export const end = doing('end');
