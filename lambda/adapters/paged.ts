/** Lists that AWS hands out in pages: always all of them, since a missing page could hide an assignment. */

export interface TokenPage<Item> {
  readonly items: readonly Item[] | undefined;
  readonly nextToken: string | undefined;
}

/** Pages may be empty and still have a next one. */
export const allPages = async <Item>(
  page: (nextToken: string | undefined) => Promise<TokenPage<Item>>,
): Promise<readonly Item[]> => {
  const all: Item[] = [];
  let nextToken: string | undefined;
  do {
    const { items, nextToken: next } = await page(nextToken);
    all.push(...(items ?? []));
    nextToken = next;
  } while (nextToken !== undefined && nextToken !== '');
  return all;
};

/** The items in batches of at most so many. */
export const batches = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
