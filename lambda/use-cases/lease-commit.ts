/** Storing what converging found: the lease and the requests that hold it, in one transaction. */
import { type AccessRequest, isOpen } from '../domain/access-request.ts';
import { type Hold, holdsLease, type Lease, withHoldOf } from '../domain/lease.ts';
import { isRefusal } from '../domain/refusal.ts';
import type { RequestEvent } from '../domain/transition.ts';
import type { RequestChange } from '../ports/ledger.ts';
import { advance } from './move-request.ts';
import { wakeWorkflow } from './wake-workflow.ts';
import type { Needs } from './world.ts';

export type Converging = Needs<
  | 'ledger'
  | 'assignments'
  | 'policies'
  | 'directory'
  | 'organization'
  | 'catalogue'
  | 'onCall'
  | 'workflow'
  | 'clock'
  | 'ids'
  | 'reporter'
  | 'limits'
>;

/** A hold with its request; a stray is a hold whose request does not hold the lease (any more). */
export interface Holder {
  readonly hold: Hold;
  readonly request?: AccessRequest;
  readonly stray: boolean;
}

/** One transaction changes at most so many requests: each is up to three of DynamoDB's hundred items. */
const MOST_AT_ONCE = 20;

export const readHolders = (world: Needs<'ledger'>, lease: Lease): Promise<readonly Holder[]> =>
  Promise.all(
    lease.holds.slice(0, MOST_AT_ONCE).map(async (hold) => {
      const request = await world.ledger.readRequest(hold.requestId);
      return request ? { hold, request, stray: !holdsLease(request) } : { hold, stray: true };
    }),
  );

/** A lease as it was read, and its holders, if they were read after it. */
export interface Sight {
  readonly lease: Lease;
  readonly holders?: readonly Holder[];
}

export const holdersIn = async (world: Needs<'ledger'>, { lease, holders }: Sight): Promise<readonly Holder[]> =>
  holders ?? readHolders(world, lease);

/** The lease as it is stored then; undefined when somebody changed it or a request meanwhile, so that it must be read again. */
export const commitLease = async (
  world: Needs<'ledger'>,
  lease: Lease,
  changes: readonly RequestChange[],
  fence?: number,
): Promise<Lease | undefined> => {
  const followed = changes.reduce((held, { after }) => withHoldOf(held, after), lease);
  const fenced = fence === undefined ? {} : { fence };
  const result = await world.ledger.commit({ requests: changes, leases: [followed], ...fenced });
  return result === 'committed' ? { ...followed, version: followed.version + 1 } : undefined;
};

export const wakeAll = async (
  world: Needs<'ledger' | 'workflow' | 'clock' | 'reporter'>,
  changes: readonly RequestChange[],
): Promise<void> => {
  await Promise.all(changes.map(({ after }) => wakeWorkflow(world, after)));
};

/** Stores a new state of the lease, and moves every holder for which there is an event. @returns the lease as stored. */
export const commitWithHolders = async (
  world: Converging,
  lease: Lease,
  holders: readonly Holder[],
  eventFor: (request: AccessRequest) => RequestEvent | undefined,
): Promise<Lease | undefined> => {
  const changes = holders.flatMap(({ request }) => {
    const event = request && isOpen(request) ? eventFor(request) : undefined;
    const change = request && event && advance(request, event, world.ids);
    return change && !isRefusal(change) ? [change] : [];
  });
  const stored = await commitLease(world, lease, changes);
  if (stored) await wakeAll(world, changes);
  return stored;
};

/** Whether all that hold the lease were among those that were read, so that nothing was left out. */
export const areAll = (holders: readonly Holder[], lease: Lease): boolean => holders.length === lease.holds.length;
