/** The six functions as deployed: each hands what it gets to one use case, as its handler in `lambda/handlers` does. */
import { answerOf } from '../../lambda/adapters/step-functions-runner.ts';
import type { StepAnswer, WorkflowStep } from '../../lambda/contract/workflow.ts';
import type { AccessRequest, Review, Vote } from '../../lambda/domain/access-request.ts';
import type { Person } from '../../lambda/domain/policy/facts.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { addSeconds, type DurationSeconds, type Instant } from '../../lambda/domain/time.ts';
import { acknowledgeRequest } from '../../lambda/use-cases/acknowledge-request.ts';
import { attendDriftEvent, type DriftWakeUp } from '../../lambda/use-cases/attend-drift-event.ts';
import { awaitStep, expireStep } from '../../lambda/use-cases/await-step.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { decideRequest } from '../../lambda/use-cases/decide-request.ts';
import { searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { identifyCaller } from '../../lambda/use-cases/identify-caller.ts';
import { type PumpOrders, runPump } from '../../lambda/use-cases/pump/pump.ts';
import { reviewRequest } from '../../lambda/use-cases/review-request.ts';
import { type SubmitInput, submitRequest } from '../../lambda/use-cases/submit-request.ts';
import { type SweepReport, sweep } from '../../lambda/use-cases/sweep.ts';
import { tellPeople } from '../../lambda/use-cases/tell-people.ts';
import type { Told } from '../../lambda/use-cases/told.ts';
import type { DriftParts, TellingParts, World } from '../../lambda/use-cases/world.ts';

/** Every port; what is deployed gives each function its own alone. */
export type WholeWorld = World & DriftParts & TellingParts;

/** What a person does, by the name that the door has proven. */
export type Action = { readonly userName: string } & (
  | ({ readonly do: 'submit' } & Omit<SubmitInput, 'caller'>)
  | { readonly do: 'cancel' | 'end' | 'acknowledge'; readonly requestId: string }
  | { readonly do: 'review'; readonly requestId: string; readonly outcome: Review['outcome']; readonly comment: string }
  | { readonly do: 'extend'; readonly requestId: string; readonly durationSeconds: DurationSeconds }
  | {
      readonly do: 'vote';
      readonly requestId: string;
      readonly choice: Vote['choice'];
      readonly durationSeconds?: DurationSeconds;
      /** Of an extension, as the approver has seen it. */
      readonly extendTo?: DurationSeconds;
    }
);

export interface Functions {
  readonly api: (world: World, action: Action) => Promise<AccessRequest | Refusal>;
  readonly workflow: (world: World, step: WorkflowStep) => Promise<StepAnswer | undefined>;
  readonly converge: (world: World, orders: Omit<PumpOrders, 'deadline'>) => Promise<unknown>;
  /** What it reports is what the alarms watch. */
  readonly sweep: (world: World) => Promise<Pick<SweepReport, 'latestEndingSeconds'> | undefined>;
  readonly tell: (world: WholeWorld) => Promise<unknown>;
  /** Goes on with its round, or attends to an event. */
  readonly drift: (world: WholeWorld, wakeUp?: DriftWakeUp) => Promise<unknown>;
}
export type FunctionName = keyof Functions;

/** Seconds until Lambda stops a run, and how it treats events that nobody waits for; as in `lib/functions.ts`. */
export const TIMEOUT_SECONDS: Readonly<Record<FunctionName, number>> = {
  api: 28,
  workflow: 60,
  converge: 900,
  sweep: 60,
  tell: 300,
  drift: 90,
};
/** What the converge function keeps in reserve to store what it learned, and the one that tells people for the last of them, seconds. */
const RESERVE_SECONDS = 30;
/** A run of the search for drift goes on for so long; as in `lambda/handlers/drift.ts`. */
const DRIFT_RUN_SECONDS = 50;

const deadlineOf = (name: FunctionName, { clock }: World): Instant =>
  addSeconds(clock.now(), TIMEOUT_SECONDS[name] - RESERVE_SECONDS);

const act = (world: World, caller: Person, action: Action): Promise<AccessRequest | Told | Refusal> => {
  switch (action.do) {
    case 'submit':
      return submitRequest(world, { ...action, caller });
    case 'cancel':
      return cancelRequest(world, { ...action, caller });
    case 'acknowledge':
      return acknowledgeRequest(world, { ...action, caller });
    case 'review':
      return reviewRequest(world, { ...action, caller });
    case 'end':
      return endRequest(world, { ...action, caller });
    case 'extend':
      return extendRequest(world, { ...action, caller });
    case 'vote':
      return decideRequest(world, { ...action, caller });
  }
};

export const FUNCTIONS: Functions = {
  api: async (world, action) => {
    const caller = await identifyCaller(world, { kind: 'user-name', value: action.userName });
    if (isRefusal(caller)) return caller;
    const answer = await act(world, caller, action);
    return 'request' in answer ? answer.request : answer;
  },
  workflow: async (world, step) => {
    if (step.step === 'expire') return answerOf(await expireStep(world, step.requestId));
    await awaitStep(world, step);
    return undefined;
  },
  converge: (world, orders) => runPump(world, { ...orders, deadline: deadlineOf('converge', world) }),
  sweep,
  tell: (world) => tellPeople(world, deadlineOf('tell', world)),
  drift: (world, wakeUp) =>
    wakeUp ? attendDriftEvent(world, wakeUp) : searchForDrift(world, addSeconds(world.clock.now(), DRIFT_RUN_SECONDS)),
};
