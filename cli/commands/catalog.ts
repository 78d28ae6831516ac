/** `brevet catalog`: what the caller may ask for. */
import type { CatalogPage } from '../../lambda/contract/api.ts';
import { everyItem } from '../client.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { catalogLines } from '../render/lists.ts';

export const catalog = async ({ output, connect }: Context, search: string | undefined): Promise<ExitCode> => {
  const client = await connect();
  const query = search === undefined ? {} : { q: search };
  const items = await everyItem((cursor) => client.catalog(cursor === undefined ? query : { ...query, cursor }));
  const whole: CatalogPage = { items: [...items] };
  output.answer(whole, (readable, page) => catalogLines(readable.items, page));
  return EXIT.usable;
};
