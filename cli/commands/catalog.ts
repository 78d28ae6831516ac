/** `brevet catalog`: what the caller may ask for. */
import type { CatalogPage } from '../../lambda/contract/api.ts';
import { everyItem } from '../client.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { catalogLines, organizationLines } from '../render/lists.ts';

export const catalog = async ({ output, connect }: Context, search: string | undefined): Promise<ExitCode> => {
  const client = await connect();
  const query = search === undefined ? {} : { q: search };
  let organization: CatalogPage['organization'];
  const items = await everyItem(async (cursor) => {
    const page = await client.catalog(cursor === undefined ? query : { ...query, cursor });
    // The first page says it.
    organization ??= page.organization;
    return page;
  });
  const whole: CatalogPage = { items: [...items], ...(organization && { organization }) };
  output.answer(whole, (readable, page) => [
    ...catalogLines(readable.items, page),
    ...organizationLines(readable.organization, page),
  ]);
  return EXIT.usable;
};
