/** A step of the workflow that waits for the ledger: remember who waits, do what is due, answer at once when there is nothing to wait for. */
import type { AccessRequest } from '../domain/access-request.ts';
import { isRefusal } from '../domain/refusal.ts';
import { type StepOutcome, stepOutcome } from '../domain/workflow-step.ts';
import type { Waiting } from '../ports/ledger.ts';
import { beginGrant } from './begin-grant.ts';
import { endRequestByClock } from './end-request.ts';
import { expireRequest } from './expire-request.ts';
import { wakeConverger } from './wake-converger.ts';
import { wakeWorkflow } from './wake-workflow.ts';
import type { Needs } from './world.ts';

type Waiters = Needs<'ledger' | 'workflow' | 'converger' | 'clock' | 'ids' | 'reporter' | 'limits'>;

const requestFor = async (world: Waiters, requestId: string): Promise<AccessRequest> => {
  const request = await world.ledger.readRequest(requestId);
  if (!request) throw new Error(`a workflow runs for a request that does not exist: ${requestId}`);
  return request;
};

/** The part of a step that is due now. Its refusals mean that it was done before, or is not yet due. */
const act = async (world: Waiters, { step, requestId }: Waiting): Promise<void> => {
  if (step === 'grant') await beginGrant(world, requestId);
  if (step !== 'end') return;
  if (!isRefusal(await endRequestByClock(world, requestId))) return;
  const request = await requestFor(world, requestId);
  if (request.status === 'ending' || request.status === 'granting') await wakeConverger(world, request);
};

/** The token is stored first, and the request read last, so that no decision falls in between unseen. */
export const awaitStep = async (world: Waiters, waiting: Waiting): Promise<void> => {
  await requestFor(world, waiting.requestId);
  await world.ledger.addWaiting(waiting);
  await act(world, waiting);
  await wakeWorkflow(world, await requestFor(world, waiting.requestId));
};

/** The conditional expire: answers how the request was decided, by whoever was first. */
export const expireStep = async (world: Waiters, requestId: string): Promise<StepOutcome> => {
  await expireRequest(world, requestId);
  const outcome = stepOutcome('await-decision', await requestFor(world, requestId), world.clock.now());
  if (!outcome) throw new Error(`request ${requestId} is still pending before its expiry`);
  return outcome;
};
