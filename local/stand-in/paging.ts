// Pages of lists: a token is opaque, and good only for the call that it came from.
import { createHash } from 'node:crypto';
import { InputError } from './input.ts';
import type { Context } from './service.ts';

export interface PageRequest {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken: string | undefined;
}

/**
 * Items come in the order of their keys and a token names the last key, so that rows added or removed between two
 * pages neither repeat nor hide others. `defaultSize` is the page when MaxResults is not given.
 * @throws InputError for a token that is not from the same operation with the same input.
 */
export const pageOf = <Item>(
  { operation, pace }: Pick<Context, 'operation' | 'pace'>,
  request: PageRequest,
  list: readonly Item[],
  keyOf: (item: Item) => string,
  defaultSize: number,
): Page<Item> => {
  const scope = scopeOf(operation, request);
  const after = request.NextToken === undefined ? undefined : keyFrom(request.NextToken, scope);
  const rest = list
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const size = Math.min(request.MaxResults ?? defaultSize, pace.settings.pageSizeCap ?? Number.POSITIVE_INFINITY);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  return {
    items: shown.map(({ item }) => item),
    NextToken: last === undefined || rest.length <= size ? undefined : tokenFor(last.key, scope),
  };
};

const scopeOf = (operation: string, { NextToken: _, MaxResults: __, ...input }: PageRequest): string =>
  digest(`${operation} ${JSON.stringify(input)}`);

const tokenFor = (key: string, scope: string): string =>
  Buffer.from(JSON.stringify([key, digest(`${scope} ${key}`)])).toString('base64');

const keyFrom = (token: string, scope: string): string => {
  const [key, seal] = decoded(token);
  if (typeof key === 'string' && seal === digest(`${scope} ${key}`)) return key;
  throw new InputError([
    { reason: 'INVALID_NEXT_TOKEN', message: 'The pagination token is not valid for this request.' },
  ]);
};

const decoded = (token: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
