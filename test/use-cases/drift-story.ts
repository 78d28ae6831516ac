/** Drift in a line a step: a whole round, what is shown, a baseline, and everything that was woken. */
import type { AccountTarget } from '../../lambda/domain/access-request.ts';
import type { Catalogue } from '../../lambda/domain/catalogue.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import { showDrift } from '../../lambda/use-cases/show-drift.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { takeBaseline } from '../../lambda/use-cases/take-baseline.ts';
import { ACCOUNTS, PEOPLE, PERMISSION_SETS } from './small-policy.ts';
import { later, type SmallWorld, smallWorld, type WorldOptions } from './small-world.ts';
import { convergeWoken, granted } from './story.ts';

export const targetOf = (
  account: keyof typeof ACCOUNTS = 'prod',
  permissionSet: keyof typeof PERMISSION_SETS = 'Admin',
): AccountTarget => ({
  kind: 'account',
  accountId: ACCOUNTS[account].id,
  accountName: ACCOUNTS[account].name,
  permissionSetArn: PERMISSION_SETS[permissionSet].arn,
  permissionSetName: permissionSet,
  sessionSeconds: 3600,
});
export const PROD = targetOf();
export const EVE = PEOPLE.eve.id;

/** The small world with a catalogue that always has what is there, until a test has it lag behind. */
export const driftWorld = (options: WorldOptions = {}): SmallWorld => {
  const small = smallWorld(options);
  small.catalogue.current = () => catalogueNow(small);
  return small;
};

export const catalogueNow = async ({ accounts, clock }: SmallWorld): Promise<Catalogue> => ({
  asOf: clock.now(),
  accounts: await accounts.accounts({ tags: true }),
  units: [],
  permissionSets: await accounts.permissionSets({ tags: true }),
});

/** A whole round, whether or not the hour has passed. */
export const round = async (small: SmallWorld) => {
  small.clock.advance(3600);
  return searchForDrift(small.world, later(small, 600));
};

export const findings = async (small: SmallWorld): Promise<readonly string[]> => {
  const shown = await showDrift(small.world, { caller: PEOPLE.aud });
  if (shown === 'invalid-cursor' || isRefusal(shown)) throw new Error('drift is not shown');
  return shown.findings.map(
    ({ kind, accountName, permissionSetName, userName, principalId }) =>
      `${kind} ${accountName}/${permissionSetName} ${userName ?? principalId}`,
  );
};

export const baseline = async (small: SmallWorld) => granted(await takeBaseline(small.world, { caller: PEOPLE.ada }));

export const removing = (options: WorldOptions = {}) =>
  driftWorld({ ...options, drift: { mode: 'remove', ...options.drift } });

/** Everything that was woken converges, and time passes until it is done. */
export const converge = async (small: SmallWorld): Promise<void> => {
  await convergeWoken(small);
  small.clock.advance(60);
  await sweep(small.world);
  await convergeWoken(small);
};

/** A baseline, and the full round behind it that shows what came later. */
export const settledBaseline = async (small: SmallWorld): Promise<void> => {
  await round(small);
  await baseline(small);
  await round(small);
};
