/** A step of the workflow that waits for the ledger: remember who waits, do what is due, answer at once when there is nothing to wait for. */
import type { AccessRequest } from '../domain/access-request.ts';
import { isRefusal } from '../domain/refusal.ts';
import { type StepOutcome, stepOutcome } from '../domain/workflow-step.ts';
import type { Waiting } from '../ports/ledger.ts';
import { beginGrant } from './begin-grant.ts';
import { endRequestByClock } from './end-request.ts';
import { expireRequest } from './expire-request.ts';
import { wakeConverger } from './wake-converger.ts';
import { answerAtOnce } from './wake-workflow.ts';
import type { Needs } from './world.ts';

type Waiters = Needs<'ledger' | 'workflow' | 'converger' | 'clock' | 'ids' | 'reporter' | 'limits'>;

const requestFor = async (world: Waiters, requestId: string): Promise<AccessRequest> => {
  const request = await world.ledger.readRequest(requestId);
  if (!request) throw new Error(`a workflow runs for a request that does not exist: ${requestId}`);
  return request;
};

const grant = async (world: Waiters, requestId: string): Promise<AccessRequest> => {
  const begun = await beginGrant(world, requestId);
  return isRefusal(begun) ? requestFor(world, requestId) : begun;
};

const end = async (world: Waiters, requestId: string): Promise<AccessRequest> => {
  const ended = await endRequestByClock(world, requestId);
  if (!isRefusal(ended)) return ended;
  const request = await requestFor(world, requestId);
  if (request.status === 'ending' || request.status === 'granting') await wakeConverger(world, request);
  return request;
};

/** The part of a step that is due now, and the request after it. A refusal means that it was done before, or is not yet due. */
const act = (world: Waiters, { step, requestId }: Waiting): Promise<AccessRequest> => {
  switch (step) {
    case 'await-decision':
      return requestFor(world, requestId);
    case 'grant':
      return grant(world, requestId);
    case 'end':
      return end(world, requestId);
  }
};

/**
 * The token is stored before the request is read, so that no decision falls in between unseen: whoever moves the request
 * after that finds the token. An attempt that fails is over, and its token with it; the next has another.
 */
export const awaitStep = async (world: Waiters, waiting: Waiting): Promise<void> => {
  await world.ledger.addWaiting(waiting);
  try {
    await answerAtOnce(world, await act(world, waiting), waiting);
  } catch (failure) {
    await world.ledger.removeWaiting(waiting);
    throw failure;
  }
};

/** The conditional expire: answers how the request was decided, by whoever was first. */
export const expireStep = async (world: Waiters, requestId: string): Promise<StepOutcome> => {
  await expireRequest(world, requestId);
  const outcome = stepOutcome('await-decision', await requestFor(world, requestId), world.clock.now());
  if (!outcome) throw new Error(`request ${requestId} is still pending before its expiry`);
  return outcome;
};
