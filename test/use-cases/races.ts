/** Worlds in which everything outside answers in an order that fast-check chooses. */
import fc from 'fast-check';
import type { World } from '../../lambda/use-cases/world.ts';
import { type SmallWorld, smallWorld, type WorldOptions } from './small-world.ts';

type AnyMethod = (...given: never[]) => Promise<unknown>;

const scheduled = <Port extends object>(scheduler: fc.Scheduler, port: Port): Port => {
  const entries = Object.entries(port).map(([name, member]: [string, unknown]) => [
    name,
    typeof member === 'function' ? scheduler.scheduleFunction(member as AnyMethod) : member,
  ]);
  return Object.fromEntries(entries) as Port;
};

/** The same world, of which ledger and Identity Center answer when the scheduler says so. */
export const racing = (scheduler: fc.Scheduler, world: World): World => ({
  ...world,
  ledger: scheduled(scheduler, world.ledger),
  assignments: scheduled(scheduler, world.assignments),
});

export interface Race {
  readonly small: SmallWorld;
  readonly world: World;
  /** Runs all of them at the same moment, in the order that is tried, until all are done. */
  readonly together: <const Running extends readonly Promise<unknown>[]>(
    running: Running,
  ) => Promise<{ -readonly [Index in keyof Running]: Awaited<Running[Index]> }>;
  readonly scheduler: fc.Scheduler;
}

/** Tries many orders; when one fails, fast-check prints its seed, its path and the order itself. */
export const inEveryOrder = (
  story: (race: Race) => Promise<void>,
  { numRuns = 100, ...options }: WorldOptions & { readonly numRuns?: number } = {},
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const small = smallWorld(options);
      const world = racing(scheduler, small.world);
      const together: Race['together'] = (running) => scheduler.waitFor(Promise.all(running));
      await story({ small, world, together, scheduler });
    }),
    { numRuns },
  );
