/** `brevet ls`: one's own requests, those to decide, what is held now, or all. */
import { type RequestPage, VIEWS } from '../../lambda/contract/api.ts';
import { STATUSES } from '../../lambda/contract/statuses.ts';
import { type Client, everyItem, type ListQuery } from '../client.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import { requestListLines } from '../render/lists.ts';

export interface ListFlags extends CommonFlags {
  readonly view: string;
  readonly status?: string;
  readonly cursor?: string;
  readonly all?: boolean;
}

const oneOf = <Name extends string>(names: readonly Name[], typed: string, option: string): Name => {
  const found = names.find((name) => name === typed);
  if (found === undefined) throw usage(`${option} "${typed}" is none of: ${names.join(', ')}.`);
  return found;
};

const queryFrom = ({ view, status, cursor }: ListFlags): ListQuery => ({
  view: oneOf(VIEWS, view, '--view'),
  ...(status === undefined ? {} : { status: oneOf(STATUSES, status, '--status') }),
  ...(cursor === undefined ? {} : { cursor }),
});

const pageOf = async (client: Client, query: ListQuery, all: boolean): Promise<RequestPage> => {
  if (!all) return await client.list(query);
  const items = await everyItem((cursor) => client.list(cursor === undefined ? query : { ...query, cursor }));
  return { items: [...items] };
};

export const list = async ({ output, connect }: Context, flags: ListFlags): Promise<ExitCode> => {
  const query = queryFrom(flags);
  const page = await pageOf(await connect(), query, flags.all === true);
  output.answer(page, ({ items }, place) => requestListLines(items, query.view, place));
  if (page.cursor !== undefined && !output.isJson) {
    output.note(`there are more: add --all, or go on with --cursor '${page.cursor}'`);
  }
  return EXIT.usable;
};
