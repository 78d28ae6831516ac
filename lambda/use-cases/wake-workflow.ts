/** Tells workflows that wait for a request how it stands. Losing this costs promptness, never correctness: the sweep repeats it. */
import type { AccessRequest } from '../domain/access-request.ts';
import { stepOutcome } from '../domain/workflow-step.ts';
import type { Waiting } from '../ports/ledger.ts';
import type { Needs } from './world.ts';

type Wakers = Needs<'ledger' | 'workflow' | 'clock' | 'reporter'>;

const answer = async (world: Wakers, waiting: Waiting, request: AccessRequest): Promise<void> => {
  const outcome = stepOutcome(waiting.step, request, world.clock.now());
  if (!outcome) return;
  await world.workflow.answer(waiting.taskToken, outcome);
  await world.ledger.removeWaiting(waiting);
};

/** Answers every workflow that can go on now. Failures are reported, not thrown: telling must not undo what was stored. */
export const wakeWorkflow = async (world: Wakers, request: AccessRequest): Promise<void> => {
  try {
    const waiting = await world.ledger.listWaiting(request.id);
    await Promise.all(waiting.map((one) => answer(world, one, request)));
  } catch (fault) {
    world.reporter.warn('a waiting workflow was not told', { requestId: request.id, fault });
  }
};
