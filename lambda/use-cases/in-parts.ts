/** Goes through a long list in parts: from where the last run stopped, for as long as this run may, and leaves the place for the next. */
import type { Page } from '../ports/ledger.ts';
import type { PlaceName } from '../ports/places.ts';
import type { Needs } from './world.ts';

export interface Parts<Item> {
  readonly name: PlaceName;
  readonly page: (cursor: string | undefined) => Promise<Page<Item>>;
  readonly attend: (items: readonly Item[]) => Promise<void>;
  /** Asked after each page: the budget of the run. */
  readonly mayGoOn: () => boolean;
}

type Walkers = Needs<'places' | 'reporter'>;

/** So that what cannot be done never keeps from its turn what lies behind it. @throws whatever a page throws. */
export const inParts = async <Item>(world: Walkers, parts: Parts<Item>): Promise<void> => {
  const place = await recall(world, parts.name);
  let stopped = await walk(parts, place);
  // From the middle to the end, and time is left: on from the beginning, where the oldest is.
  if (stopped === undefined && place !== undefined && parts.mayGoOn()) stopped = await walk(parts, undefined);
  if (stopped !== place) await keep(world, parts.name, stopped);
};

/** @returns where it stopped; undefined at the end of the list. */
const walk = async <Item>(
  { page, attend, mayGoOn }: Parts<Item>,
  from: string | undefined,
): Promise<string | undefined> => {
  let cursor = from;
  do {
    const listed = await page(cursor);
    await attend(listed.items);
    cursor = listed.cursor;
  } while (cursor !== undefined && mayGoOn());
  return cursor;
};

/** Without its place a run begins at the beginning: what is most overdue comes first there. */
const recall = async ({ places, reporter }: Walkers, name: PlaceName): Promise<string | undefined> => {
  try {
    return await places.recall(name);
  } catch (fault) {
    reporter.warn('the sweep does not know where it stopped, and begins anew', { name, fault });
    return undefined;
  }
};

const keep = async ({ places, reporter }: Walkers, name: PlaceName, cursor: string | undefined): Promise<void> => {
  try {
    await places.keep(name, cursor);
  } catch (fault) {
    reporter.warn('the sweep could not keep the place where it stopped', { name, fault });
  }
};

/** So many at once, one batch after the other. */
export const inBatches = async <Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
};
