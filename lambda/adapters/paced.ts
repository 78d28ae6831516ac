/** Many calls of a service that bears only so many a second. */
import type { Clock } from '../ports/clock.ts';
import { batches } from './paged.ts';

const SECOND_MS = 1000;

/** One call an item, at most so many begun in any second; the answers in the order of the items. */
export const paced = async <Item, Answer>(
  items: readonly Item[],
  perSecond: number,
  clock: Pick<Clock, 'sleep'>,
  call: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (const [index, batch] of batches(items, perSecond).entries()) {
    if (index > 0) await clock.sleep(SECOND_MS);
    answers.push(...(await Promise.all(batch.map(call))));
  }
  return answers;
};
