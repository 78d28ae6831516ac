/** Pages of a list, continued after the last item seen, so that items added or changed meanwhile shift nothing. */
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

/** @param isAsked Which items belong to the answer; the token may stand on one that no longer does. */
export const pageOf = <Item>(
  all: readonly Item[],
  { maxResults, nextToken }: PageWish,
  idOf: (item: Item) => string,
  isAsked: (item: Item) => boolean = () => true,
): Page<Item> => {
  const rest = nextToken === undefined ? all : all.slice(positionAfter(all, nextToken, idOf));
  const asked = rest.filter(isAsked);
  const items = asked.slice(0, maxResults || DEFAULT_SIZE);
  const last = items.at(-1);
  if (last === undefined || items.length === asked.length) return { items };
  return { items, nextToken: Buffer.from(idOf(last)).toString('base64url') };
};

const positionAfter = <Item>(all: readonly Item[], token: string, idOf: (item: Item) => string): number => {
  const id = Buffer.from(token, 'base64url').toString();
  const index = all.findIndex((item) => idOf(item) === id);
  if (index === -1) throw new StepFunctionsError('InvalidToken', `Invalid Token: '${token}'`);
  return index + 1;
};
