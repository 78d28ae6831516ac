/** Grant: store the intent (the request is granting, the lease has its hold and latest end), then have it converged (law 2). */
import type { AccessRequest } from '../domain/access-request.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { addSeconds } from '../domain/time.ts';
import { moveRequest } from './move-request.ts';
import { wakeConverger } from './wake-converger.ts';
import type { Needs } from './world.ts';

/** Refused with `request_not_due` when the request is not scheduled or its start has not come. */
export const beginGrant = async (
  world: Needs<'ledger' | 'converger' | 'clock' | 'ids' | 'reporter' | 'limits'>,
  requestId: string,
): Promise<AccessRequest | Refusal> => {
  const moved = await moveRequest(world, requestId, (request) => {
    const at = world.clock.now();
    // Counted from when it should have begun: what an outage delayed for longer is not wanted any more.
    const from = request.status === 'scheduled' ? request.startsAt : at;
    return { kind: 'begin-grant', at, grantBy: addSeconds(from, world.limits.timeToGrantSeconds) };
  });
  if (!isRefusal(moved)) await wakeConverger(world, moved);
  return moved;
};
