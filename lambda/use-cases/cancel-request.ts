/** Cancel: the requester takes a request back before it has begun. */
import type { AccessRequest } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { moveRequest } from './move-request.ts';
import { refTo } from './people.ts';
import { wakeWorkflow } from './wake-workflow.ts';
import type { Needs } from './world.ts';

export const cancelRequest = async (
  world: Needs<'ledger' | 'workflow' | 'clock' | 'ids' | 'reporter'>,
  { caller, requestId }: { readonly caller: Person; readonly requestId: string },
): Promise<AccessRequest | Refusal> => {
  const by = refTo(caller);
  const moved = await moveRequest(world, requestId, () => ({ kind: 'cancel', at: world.clock.now(), by }));
  if (!isRefusal(moved)) await wakeWorkflow(world, moved);
  return moved;
};
