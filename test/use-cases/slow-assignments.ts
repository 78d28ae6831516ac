/** Makes the writes of the assignments in memory take their time by the clock, whether anybody asks after them or not. */
import { createMemoryAssignments, type MemoryAssignments } from '../../lambda/adapters/memory/memory-assignments.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { Clock } from '../../lambda/ports/clock.ts';

export interface SlowAssignments extends MemoryAssignments {
  /** How long a write takes from now on; infinity: until `settle` is called. */
  takeMilliseconds(milliseconds: number): void;
}

/** All writes under way settle together, so much after the latest of them began. */
export const slowAssignments = (clock: Clock, milliseconds: number): SlowAssignments => {
  const inside = createMemoryAssignments({ settleAfterPolls: Number.POSITIVE_INFINITY });
  let duration = milliseconds;
  let latest: Instant | undefined;
  const passTime = (): void => {
    if (latest === undefined || clock.now() < latest + duration) return;
    inside.settle();
    latest = undefined;
  };
  const write: (start: MemoryAssignments['create']) => MemoryAssignments['create'] = (start) => async (id, target) => {
    passTime();
    const answer = await start(id, target);
    if (answer.kind === 'started') latest = clock.now();
    return answer;
  };
  const look =
    <Given extends readonly unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      passTime();
      return ask(...given);
    };
  return {
    ...inside,
    isAssigned: look(inside.isAssigned),
    create: write(inside.create),
    delete: write(inside.delete),
    creationStatus: look(inside.creationStatus),
    deletionStatus: look(inside.deletionStatus),
    creationsInProgress: look(inside.creationsInProgress),
    deletionsInProgress: look(inside.deletionsInProgress),
    list: () => {
      passTime();
      return inside.list();
    },
    writes: () => {
      passTime();
      return inside.writes();
    },
    takeMilliseconds: (changed) => {
      duration = changed;
    },
  };
};
