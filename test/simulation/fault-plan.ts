/** What goes wrong of itself in one world, and when: executions deleted, wake-ups forged, services out of order. */
import type { WorkflowStep } from '../../lambda/contract/workflow.ts';
import type { WorkflowRunner } from '../../lambda/ports/workflow-runner.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import type { Chance } from './chance.ts';
import type { createStepFunctions } from './step-functions.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';

const MINUTE = 60_000;

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly start: number;
  readonly day: Weather;
  readonly stepFunctions: Pick<ReturnType<typeof createStepFunctions>, 'deleteOne' | 'deleteAll'>;
  readonly note: (what: string) => void;
  readonly forge: () => void;
}

export const noteOutages = ({ outages, tellIsBroken }: Weather, note: Parts['note']): void => {
  if (tellIsBroken) note('tell broken for good');
  for (const { service, affliction, from, until } of outages) {
    note(`${service} ${affliction}`);
    if (until === Number.POSITIVE_INFINITY) note(`${service} ${affliction} for good`);
    else if (until - from > 60 * MINUTE) note(`${service} ${affliction} for hours`);
  }
};

/** How often a wake-up comes: it is lost, sent once, or sent twice. */
export const timesWoken = (wakes: Chance, weather: () => Weather, note: Parts['note']) => (): number => {
  const { lost, doubled } = weather().wakes;
  const count = wakes.happens(lost) ? 0 : wakes.happens(doubled) ? 2 : 1;
  if (count !== 1) note(count === 0 ? 'wake-up lost' : 'wake-up doubled');
  return count;
};

/** Others are woken, and told, so often. */
export const wakingBy = (
  times: () => number,
  runner: WorkflowRunner,
  converge: (leaseIds: readonly string[], standBy?: boolean) => void,
): Pick<World, 'converger' | 'workflow'> => ({
  converger: {
    wake: async (leaseIds, standBy) => {
      for (let count = times(); count > 0; count -= 1) converge(leaseIds, standBy);
    },
  },
  workflow: {
    ...runner,
    start: async (requestId) => {
      if (times() > 0) await runner.start(requestId);
    },
    answer: async (taskToken, outcome) => (times() > 0 ? runner.answer(taskToken, outcome) : 'answered'),
  },
});

interface Forging extends Pick<Parts, 'note'> {
  readonly wakes: Chance;
  readonly leases: () => ReadonlyMap<string, unknown>;
  readonly requests: () => ReadonlyMap<string, unknown>;
  readonly converge: (leaseIds: readonly string[]) => void;
  readonly runStep: (step: WorkflowStep) => Promise<unknown>;
}

/** Somebody wakes functions though nothing is to be done. */
export const forging =
  ({ wakes, leases, requests, converge, runStep, note }: Forging) =>
  (): void => {
    note('wake-up forged');
    const lease = wakes.pickAny([...leases().keys()]);
    const request = wakes.pickAny([...requests().keys()]);
    if (lease !== undefined) converge([lease]);
    if (request === undefined) return;
    const step = wakes.pick(['await-decision', 'grant', 'end'] as const);
    void runStep({ step, requestId: request, taskToken: 'token-forged' }).catch(() => {});
  };

/** @returns plans them for so many milliseconds. */
export const planFaults =
  ({ timeline, chance, start, day, stepFunctions, note, forge }: Parts) =>
  (span: number): void => {
    const faults = chance.stream('faults');
    const plan = (everyMs: number, act: () => void): void => {
      for (let moment = faults.around(everyMs); moment < span; moment += faults.around(everyMs)) {
        timeline.after(moment, act);
      }
    };
    plan(day.executionDeletedEveryMs, () => {
      note('execution deleted');
      stepFunctions.deleteOne();
    });
    if (day.allExecutionsDeletedAt < start + span) {
      timeline.after(day.allExecutionsDeletedAt - start, () => {
        note('all executions deleted');
        stepFunctions.deleteAll();
      });
    }
    if (!day.calm) plan(5 * MINUTE, forge);
  };
