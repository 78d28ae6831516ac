/** What the catalogue has of the organization, for asking and browsing; deciding and assigning look at the organization itself. */
import { type Catalogue, freshnessOf } from '../domain/catalogue.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { secondsBetween, toIso } from '../domain/time.ts';
import type { Directory } from '../ports/directory.ts';
import { ServiceFault } from '../ports/faults.ts';
import type { Organization } from '../ports/organization.ts';
import type { Needs } from './world.ts';

type Recalling = Needs<'catalogue' | 'organization' | 'directory' | 'clock' | 'limits'>;

const HOUR_SECONDS = 3600;

/** Undefined until the organization was read once; refused when what was read is too old to be believed (law 9). */
export const recallCatalogue = async (
  world: Needs<'catalogue' | 'clock' | 'limits'>,
): Promise<Catalogue | Refusal | undefined> => {
  const known = await world.catalogue.current();
  if (!known || freshnessOf(known.asOf, world.clock.now(), world.limits) !== 'too-old') return known;
  const maximumSeconds = world.limits.catalogueDeniesSeconds;
  const ageSeconds = Math.floor(secondsBetween(known.asOf, world.clock.now()));
  const hours = (seconds: number): number => Math.floor(seconds / HOUR_SECONDS);
  return refuse(
    'catalogue_too_old',
    `The organization was last read ${hours(ageSeconds)} h ago (${toIso(known.asOf)}); after ${hours(maximumSeconds)} h ` +
      'nothing is offered or taken by that. Access that is held is not touched. Tell whoever runs Brevet.',
    { asOf: toIso(known.asOf), ageSeconds, maximumSeconds },
  );
};

/**
 * The world with the organization as the catalogue has it. What it does not have is looked for outside: it may be new.
 * While nothing was ever read, that is everything.
 */
export const asRecalled = async <World extends Recalling>(
  world: World,
  { isUrgent = false }: { readonly isUrgent?: boolean } = {},
): Promise<World | Refusal> => {
  const known = await recallCatalogue(world);
  if (known === undefined || 'refused' in known) return known ?? world;
  const organization = (isUrgent ? organizationInOutage : organizationIn)(known, world.organization);
  return { ...world, organization, directory: directoryIn(world) };
};

type Listed = Catalogue['permissionSets'];

/** Once for each version of the catalogue, whose lists are the same things for as long as it is remembered. */
const REACHABLE = new WeakMap<Listed, Listed>();

/** Those that can be assigned from here. */
export const inReachOf = (all: Listed): Listed => {
  const known = REACHABLE.get(all) ?? all.filter(({ outOfReach }) => outOfReach === undefined);
  REACHABLE.set(all, known);
  return known;
};

/** A permission set out of reach is none that could be asked for. */
export const organizationIn = (known: Catalogue, outside: Organization): Organization => {
  const inReach = inReachOf(known.permissionSets);
  return {
    findAccount: async (accountId, wanted) => {
      const found = known.accounts.find(({ id }) => id === accountId);
      const isEnough = found !== undefined && (found.tags !== undefined || !wanted?.tags);
      return isEnough ? found : outside.findAccount(accountId, wanted);
    },
    accounts: async () => known.accounts,
    findPermissionSet: async (arn, wanted) =>
      known.permissionSets.some((one) => one.arn === arn)
        ? inReach.find((one) => one.arn === arn)
        : outside.findPermissionSet(arn, wanted),
    permissionSets: async () => inReach,
    unknownUnits: async (paths) => {
      const units = new Set(known.units);
      const unheardOf = paths.filter((path) => !units.has(path));
      return unheardOf.length === 0 ? [] : outside.unknownUnits(unheardOf);
    },
    unknownNames: (names) => outside.unknownNames(names),
  };
};

const unlessFault = async <Value>(look: () => Promise<Value>, otherwise: () => Value | undefined): Promise<Value> => {
  try {
    return await look();
  } catch (fault) {
    const known = fault instanceof ServiceFault ? otherwise() : undefined;
    if (known === undefined) throw fault;
    return known;
  }
};

/**
 * The same for whoever breaks the glass, while what is outside may not answer. NB. What cannot be looked up is unknown then,
 * which grants nothing and lifts no guardrail (law 9): tags are not read, units count as missing.
 */
export const organizationInOutage = (known: Catalogue, outside: Organization): Organization => {
  const recalled = organizationIn(known, outside);
  return {
    ...recalled,
    findAccount: (accountId, wanted) =>
      unlessFault(
        () => recalled.findAccount(accountId, wanted),
        () => known.accounts.find(({ id }) => id === accountId),
      ),
    unknownUnits: (paths) =>
      unlessFault(
        () => recalled.unknownUnits(paths),
        () => paths.filter((path) => !known.units.includes(path)),
      ),
  };
};

/** Who is in a group is asked of the directory as ever; only which group bears a name is recalled, for an hour at most. */
const directoryIn = ({ catalogue, directory, clock, limits }: Recalling): Directory => ({
  ...directory,
  findGroup: async (name) => {
    const listed = await catalogue.groups();
    const isFresh = listed !== undefined && freshnessOf(listed.asOf, clock.now(), limits) === 'fresh';
    return (isFresh ? listed.byName.get(name) : undefined) ?? directory.findGroup(name);
  },
});
