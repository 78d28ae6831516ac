/** Counts everybody in a world of tests, when it is told to. */
import { createMemoryCensusStore } from '../../lambda/adapters/memory/memory-census-store.ts';
import type { MemoryGroup } from '../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryPeopleLists } from '../../lambda/adapters/memory/memory-people-lists.ts';
import type { Person } from '../../lambda/domain/policy/facts.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import type { Clock } from '../../lambda/ports/clock.ts';
import { takeCensus } from '../../lambda/use-cases/take-census.ts';

export interface Counted {
  readonly people: readonly Person[];
  readonly groups: readonly MemoryGroup[];
  readonly clock: Clock;
}

export const createCounting = ({ people, groups, clock }: Counted) => {
  const census = createMemoryCensusStore();
  const begun: (readonly string[])[] = [];
  const lists = createMemoryPeopleLists({
    people,
    memberIds: Object.fromEntries(groups.map(({ id, memberIds }) => [id, memberIds])),
  });
  const reporter = { warn: () => undefined };
  return {
    census,
    /** What was asked to be counted. */
    begun,
    censusTaker: { begin: async (groupIds: readonly string[]) => void begun.push(groupIds) },
    /** Counts what was asked for last. */
    count: () =>
      takeCensus(
        { census, lists, clock, reporter },
        {
          runId: `run-${begun.length}`,
          groupIds: begun.at(-1) ?? [],
          deadline: addSeconds(clock.now(), 600),
        },
      ),
  };
};
