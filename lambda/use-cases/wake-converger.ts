/** Has the lease of a request converged now; a lost wake-up is repeated by the sweep. */
import type { AccessRequest } from '../domain/access-request.ts';
import { leaseIdOf } from '../domain/lease.ts';
import type { Needs } from './world.ts';

export const wakeConverger = async (world: Needs<'converger' | 'reporter'>, request: AccessRequest): Promise<void> => {
  const leaseId = leaseIdOf(request.requester.id, request.target);
  try {
    await world.converger.wake([leaseId]);
  } catch (fault) {
    world.reporter.warn('the converger was not woken', { leaseId, requestId: request.id, fault });
  }
};
