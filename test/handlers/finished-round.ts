/** Drift as it is once a round through the accounts has come to its end. */
import type { Sighting } from '../../lambda/domain/drift.ts';
import { FIRST_DRIFT_STATE } from '../../lambda/domain/drift-state.ts';
import { emptyLease } from '../../lambda/domain/lease.ts';
import { type createApiWorld, NOW } from './api-world.ts';

type ApiWorld = ReturnType<typeof createApiWorld>['world'];

/** Another one, by a lease that is Brevet's and that nobody holds. */
const beingRemoved = async ({ ledger }: ApiWorld, finding: Sighting): Promise<Sighting> => {
  const removing: Sighting = { ...finding, principalId: 'u-diego', removingSince: NOW };
  const lease = emptyLease(removing.principalId, { ...finding, kind: 'account', sessionSeconds: 3600 });
  await ledger.commit({ leases: [{ ...lease, state: { kind: 'held' } }] });
  return removing;
};

/** A full round has come to its end, and found something, a part of which is being removed. */
export const roundFinished = async ({ world }: Pick<ReturnType<typeof createApiWorld>, 'world'>): Promise<void> => {
  const lastRound = { startedAt: NOW, finishedAt: NOW, accounts: 1, places: 1 };
  const { instanceArn } = world.driftRules;
  const state = { ...FIRST_DRIFT_STATE, lastRound: { ...lastRound, instanceArn, tableId: 'table-1' } };
  await world.ledger.commit({ drift: { state, events: [] } });
  const finding: Sighting = {
    kind: 'unexplained',
    accountId: '400000000001',
    accountName: 'payments-prod',
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-admin',
    permissionSetName: 'AdministratorAccess',
    principalType: 'USER',
    principalId: 'u-maria',
    since: NOW,
  };
  await world.driftStore.saveSightings({ put: [finding, await beingRemoved(world, finding)], drop: [] });
};
