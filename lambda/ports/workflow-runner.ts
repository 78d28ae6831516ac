/** One workflow a request. It waits and calls; it is never believed (law 12). */
import type { StepOutcome } from '../domain/workflow-step.ts';

export interface WorkflowRunner {
  /** Starts the request's workflow. Idempotent: doing it twice is one workflow. */
  start(requestId: string): Promise<void>;
  /** Starts it anew, after its first execution died. `generation` tells restarts apart; the same one is started once. */
  restart(requestId: string, generation: number): Promise<void>;
  /** Lets a waiting workflow go on. `nobody-waits` when the token is used up, timed out or unknown. */
  answer(taskToken: string, outcome: StepOutcome): Promise<'answered' | 'nobody-waits'>;
  /** Ids of the requests whose workflow runs now. */
  running(): Promise<ReadonlySet<string>>;
}
