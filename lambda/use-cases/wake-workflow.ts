/** Tells workflows that wait for a request how it stands. Losing this costs promptness, never correctness: the sweep does what the workflow would have done. */
import type { AccessRequest } from '../domain/access-request.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import { stepOutcome } from '../domain/workflow-step.ts';
import type { Waiting } from '../ports/ledger.ts';
import type { Needs } from './world.ts';

type Wakers = Needs<'ledger' | 'workflow' | 'clock' | 'reporter'>;

/** `waits`: there is nothing to tell it yet. Its token is forgotten only once it was told, so that the sweep can repeat it. */
export const answer = async (
  world: Omit<Wakers, 'reporter'>,
  request: AccessRequest,
  waiting: Waiting,
): Promise<'answered' | 'nobody-waits' | 'waits'> => {
  const outcome = stepOutcome(waiting.step, request, world.clock.now());
  if (!outcome) return 'waits';
  const answered = await world.workflow.answer(waiting.taskToken, outcome);
  await world.ledger.removeWaiting(waiting);
  return answered;
};

/** Answers those that can go on now. Failures are reported, not thrown: telling must not undo what was stored. */
const answerAll = async (
  world: Wakers,
  request: AccessRequest,
  findWaiting: () => Promise<readonly Waiting[]>,
): Promise<void> => {
  try {
    await Promise.all((await findWaiting()).map((one) => answer(world, request, one)));
  } catch (fault) {
    world.reporter.warn('a waiting workflow was not told', { requestId: request.id, fault });
  }
};

/** Answers every workflow that waits for the request and can go on now. */
export const wakeWorkflow = (world: Wakers, request: AccessRequest): Promise<void> =>
  answerAll(world, request, () => world.ledger.listWaiting(request.id));

/**
 * The same, and says what has happened to the request: that lies beside those who wait, so that one reading finds both.
 * Undefined when it could not be read.
 */
export const wakeAndRecall = async (
  world: Wakers,
  request: AccessRequest,
): Promise<readonly AuditEvent[] | undefined> => {
  let history: readonly AuditEvent[] | undefined;
  await answerAll(world, request, async () => {
    const { events, waiting } = await world.ledger.readBeside(request.id);
    history = events;
    return waiting;
  });
  return history;
};

/** Answers the one that has just begun to wait, if it can go on at once. */
export const answerAtOnce = (world: Wakers, request: AccessRequest, waiting: Waiting): Promise<void> =>
  answerAll(world, request, async () => [waiting]);
