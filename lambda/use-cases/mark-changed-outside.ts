/** A lease whose assignment others have changed: every request that holds it is marked for good, in one transaction with the lease. */
import type { ExternalChange } from '../domain/access-request.ts';
import { isOfTheSame } from '../domain/drift.ts';
import type { Lease, LeaseState } from '../domain/lease.ts';
import { isRefusal } from '../domain/refusal.ts';
import { commitLease, readHolders } from './lease-commit.ts';
import { advance } from './move-request.ts';
import type { Needs } from './world.ts';

/** @returns false when the lease or a request was changed meanwhile: look again. */
export const markChangedOutside = async (
  world: Needs<'ledger' | 'clock' | 'ids'>,
  lease: Lease,
  change: ExternalChange['change'],
  state: LeaseState = lease.state,
): Promise<boolean> => {
  const at = world.clock.now();
  const holders = await readHolders(world, lease);
  const changes = holders.flatMap(({ request }) => {
    const changed = request && advance(request, { kind: 'changed-outside', at, change }, world.ids);
    return changed && !isRefusal(changed) ? [changed] : [];
  });
  if (changes.length === 0 && state === lease.state) return true;
  return (await commitLease(world, { ...lease, state }, changes)) !== undefined;
};

const ATTEMPTS = 5;

/** What the lease holds was seen to be gone: whoever changes the lease meanwhile, by more time say, does not keep that from being told. */
export const markLost = async (world: Needs<'ledger' | 'clock' | 'ids'>, seen: Lease): Promise<void> => {
  let lease: Lease | undefined = seen;
  for (let attempt = 0; attempt < ATTEMPTS && lease && isOfTheSame(lease, seen); attempt += 1) {
    if (await markChangedOutside(world, lease, 'removed')) return;
    lease = await world.ledger.readLease(seen.id);
  }
};
