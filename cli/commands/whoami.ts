/** `brevet whoami`: who the service takes the caller for. */
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { meLines } from '../render/lists.ts';

export const whoami = async ({ output, connect }: Context): Promise<ExitCode> => {
  const client = await connect();
  const { endpoint, door } = client;
  output.answer({ ...(await client.me()), door }, (me, page) => meLines(me, endpoint.href, page));
  return EXIT.usable;
};
