/** A process that dies: after so many calls to the outside nothing it asks is ever answered, and nothing it meant to do happens. */
import type { World } from '../../lambda/use-cases/world.ts';

type AnyMethod = (...given: readonly unknown[]) => Promise<unknown>;

/** `before`: the last call never arrived. `after`: it took effect, and nobody learned that. */
export type Death = 'before' | 'after';

const NEVER = new Promise<never>(() => {});

/** The ports through which something can happen outside; the clock and chance are part of the process. */
const OUTSIDE = ['ledger', 'policies', 'directory', 'organization', 'assignments', 'workflow', 'converger'] as const;

/** A world in which the call of that number is the last; `died` resolves when it was made. */
export const dyingWorld = (world: World, lastCall: number, death: Death): { world: World; died: Promise<'died'> } => {
  let calls = 0;
  let die = (_: 'died'): void => {};
  const died = new Promise<'died'>((resolve) => {
    die = resolve;
  });
  const dying = (method: AnyMethod): AnyMethod => {
    return async (...given) => {
      calls += 1;
      if (calls < lastCall) return method(...given);
      if (calls === lastCall && death === 'after') await method(...given);
      die('died');
      return NEVER;
    };
  };
  const wrap = (port: object): object =>
    Object.fromEntries(
      Object.entries(port).map(([name, member]) => [name, typeof member === 'function' ? dying(member) : member]),
    );
  const ports = Object.fromEntries(OUTSIDE.map((name) => [name, wrap(world[name])]));
  return { world: { ...world, ...ports }, died };
};

/** Runs the work in such a world until it is done or the process died. */
export const runUntilDeath = async (
  world: World,
  lastCall: number,
  death: Death,
  work: (world: World) => Promise<unknown>,
): Promise<'done' | 'died'> => {
  const dying = dyingWorld(world, lastCall, death);
  return Promise.race([dying.died, work(dying.world).then(() => 'done' as const)]);
};
