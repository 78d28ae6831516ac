/** Expire: a request that nobody decided in time. */
import type { AccessRequest } from '../domain/access-request.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { moveRequest } from './move-request.ts';
import { wakeWorkflow } from './wake-workflow.ts';
import type { Needs } from './world.ts';

/** Refused with `request_not_pending` when it was decided at the last moment, `request_not_due` when it is too early. */
export const expireInLedger = (
  world: Needs<'ledger' | 'clock' | 'ids'>,
  requestId: string,
): Promise<AccessRequest | Refusal> => moveRequest(world, requestId, () => ({ kind: 'expire', at: world.clock.now() }));

/** The same, and tells whoever waits for it. */
export const expireRequest = async (
  world: Needs<'ledger' | 'workflow' | 'clock' | 'ids' | 'reporter'>,
  requestId: string,
): Promise<AccessRequest | Refusal> => {
  const moved = await expireInLedger(world, requestId);
  if (!isRefusal(moved)) await wakeWorkflow(world, moved);
  return moved;
};
