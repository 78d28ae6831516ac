/** One pump at a time: whoever begins a write holds the lock, and has claimed that very write. */
import type { Target } from '../../../lambda/domain/access-request.ts';
import { type Lease, leaseIdOf } from '../../../lambda/domain/lease.ts';
import type { Accuse } from './violation.ts';

interface Parts {
  readonly accuse: Accuse;
  readonly leases: () => ReadonlyMap<string, Lease>;
  /** Who holds the lock, as it is stored. */
  readonly holder: () => string | undefined;
}

export const pumpLaw =
  ({ accuse, leases, holder }: Parts) =>
  (service: string, method: string, given: readonly unknown[]): void => {
    if (service !== 'identity-center' || (method !== 'create' && method !== 'delete')) return;
    const leaseId = leaseIdOf(given[0] as string, given[1] as Target);
    const state = leases().get(leaseId)?.state;
    const claim = state && 'operation' in state ? state.operation.claim : undefined;
    if (claim === undefined) accuse(2, `a ${method} for ${leaseId} is begun, and nobody has claimed it`);
    else if (claim !== holder()) {
      accuse(13, `a ${method} for ${leaseId} is begun under the claim ${claim}, and ${holder()} holds the lock`);
    }
  };
