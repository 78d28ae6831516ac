/** Which names of rules nothing bears: looked up in the catalogue, and outside only where that has not heard of them. */
import type { Catalogue } from '../domain/catalogue.ts';
import { eachOf, isNothing, type OrganizationNames } from '../domain/policy/rule-names.ts';
import type { Needs } from './world.ts';

type Heard = Readonly<Record<keyof OrganizationNames, ReadonlySet<string>>>;

/** Once for each version of the catalogue, whose lists are the same things for as long as it is remembered. */
const heardIn = new WeakMap<Catalogue['accounts'], Heard>();

const heardOf = ({ accounts, units, permissionSets }: Catalogue): Heard => {
  const known = heardIn.get(accounts);
  if (known) return known;
  const heard = {
    organizationalUnits: new Set(units),
    accountIds: new Set(accounts.map(({ id }) => id)),
    accountNames: new Set(accounts.map(({ name }) => name)),
    permissionSets: new Set(permissionSets.map(({ name }) => name)),
  };
  heardIn.set(accounts, heard);
  return heard;
};

/**
 * While the organization does not answer, a name of which the catalogue has not heard counts as one that nothing bears:
 * its rule grants nothing, and others go on. Without a catalogue the fault is thrown: then nothing is known at all.
 */
export const unknownNames = async (
  world: Needs<'catalogue' | 'organization'>,
  names: OrganizationNames,
): Promise<OrganizationNames> => {
  const catalogue = await world.catalogue.current();
  if (!catalogue) return world.organization.unknownNames(names);
  const heard = heardOf(catalogue);
  const unheard = eachOf((kind) => names[kind].filter((name) => !heard[kind].has(name)));
  return isNothing(unheard) ? unheard : world.organization.unknownNames(unheard).catch(() => unheard);
};
