/** Pages of a list, continued after the last item seen, so that items added or changed meanwhile shift nothing. */
import { createHash } from 'node:crypto';
import { StepFunctionsError } from './errors.ts';

const DEFAULT_SIZE = 100;

export interface PageWish {
  /** Zero takes the default, as in Step Functions. */
  readonly maxResults: number;
  readonly nextToken?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

/**
 * A token is good only for the list that it came from.
 * @param scope Which list this is: the operation and what was asked, but for the page.
 * @param isAsked Which items belong to the answer; the token may stand on one that no longer does.
 */
export const pageOf = <Item>(
  all: readonly Item[],
  scope: readonly unknown[],
  { maxResults, nextToken }: PageWish,
  idOf: (item: Item) => string,
  isAsked: (item: Item) => boolean = () => true,
): Page<Item> => {
  const rest = nextToken === undefined ? all : all.slice(positionAfter(all, scope, nextToken, idOf));
  const asked = rest.filter(isAsked);
  const items = asked.slice(0, maxResults || DEFAULT_SIZE);
  const last = items.at(-1);
  if (last === undefined || items.length === asked.length) return { items };
  return { items, nextToken: tokenFor(idOf(last), scope) };
};

const tokenFor = (id: string, scope: readonly unknown[]): string => {
  const seal = createHash('sha256')
    .update(JSON.stringify([...scope, id]))
    .digest('hex');
  return Buffer.from(JSON.stringify([id, seal.slice(0, 16)])).toString('base64url');
};

const positionAfter = <Item>(
  all: readonly Item[],
  scope: readonly unknown[],
  token: string,
  idOf: (item: Item) => string,
): number => {
  const index = all.findIndex((item) => tokenFor(idOf(item), scope) === token);
  if (index === -1) throw new StepFunctionsError('InvalidToken', `Invalid Token: '${token}'`);
  return index + 1;
};
