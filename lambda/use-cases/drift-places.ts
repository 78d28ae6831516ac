/** Where in an account drift is looked for: where elevatable permission sets are assigned, where leases are held, where something was seen before. */
import type { AccountTarget } from '../domain/access-request.ts';
import type { Sighting } from '../domain/drift.ts';
import { holdsLease } from '../domain/lease.ts';
import type { Account } from '../domain/policy/facts.ts';
import type { Searchers } from './drift-progress.ts';
import type { ElevatableSets } from './elevatable-sets.ts';
import type { PlaceToLookAt } from './look-for-drift.ts';

interface Holding {
  readonly target: AccountTarget;
  readonly principalId: string;
}

/** Where somebody's lease may be, by account. */
export type Held = ReadonlyMap<string, readonly Holding[]>;

const PAGE = 200;
const MOST_PAGES = 50;

export const whereLeasesAre = async (world: Searchers): Promise<Held> => {
  const held = new Map<string, Holding[]>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await world.ledger.listOpen({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (listed === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
    for (const { target, requester } of listed.items.filter(holdsLease)) {
      const one = { target, principalId: requester.id };
      held.set(target.accountId, [...(held.get(target.accountId) ?? []), one]);
    }
    cursor = listed.cursor;
    if (cursor === undefined) break;
  }
  return held;
};

export interface Knowledge {
  readonly elevatable: ElevatableSets;
  readonly held: Held;
}

/** In the order of the permission sets' ARNs, so that another run can go on in the middle. */
export const placesIn = async (
  world: Searchers,
  account: Account,
  { elevatable, held }: Knowledge,
): Promise<readonly PlaceToLookAt[]> => {
  const [provisioned, known] = await Promise.all([
    world.assignmentLists.provisionedTo(account.id),
    world.driftStore.sightingsIn(account.id),
  ]);
  const leases = held.get(account.id) ?? [];
  const targets = new Map<string, AccountTarget>();
  for (const sighting of known) targets.set(sighting.permissionSetArn, targetOf(sighting, elevatable));
  for (const { target } of leases) targets.set(target.permissionSetArn, target);
  for (const arn of provisioned) {
    const permissionSetName = elevatable.get(arn)?.name;
    if (permissionSetName === undefined) continue;
    const place = { accountId: account.id, accountName: account.name, permissionSetArn: arn, permissionSetName };
    targets.set(arn, targetOf(place, elevatable));
  }
  const inOrder = [...targets.values()].sort((one, other) => (one.permissionSetArn < other.permissionSetArn ? -1 : 1));
  return inOrder.map((target) => ({
    target,
    isElevatable: elevatable.has(target.permissionSetArn),
    holders: leases
      .filter((one) => one.target.permissionSetArn === target.permissionSetArn)
      .map((one) => one.principalId),
    known: known.filter((one) => one.permissionSetArn === target.permissionSetArn),
  }));
};

type NamedPlace = Pick<Sighting, 'accountId' | 'accountName' | 'permissionSetArn' | 'permissionSetName'>;

const targetOf = (
  { accountId, accountName, permissionSetArn, permissionSetName }: NamedPlace,
  elevatable: ElevatableSets,
): AccountTarget => ({
  kind: 'account',
  accountId,
  accountName,
  permissionSetArn,
  permissionSetName,
  sessionSeconds: elevatable.get(permissionSetArn)?.sessionSeconds ?? 3600,
});
