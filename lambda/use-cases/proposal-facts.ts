/** What a proposed policy is tried by: the catalogue, and of people who are named the groups of which it speaks. */
import type { Catalogue, ListedGroup } from '../domain/catalogue.ts';
import type { Person, Requester } from '../domain/policy/facts.ts';
import { type KnownNames, valuesByKey } from '../domain/policy/known-names.ts';
import { missingBy, type NamesThere } from '../domain/policy/missing.ts';
import { type Policy, requesterGroups } from '../domain/policy/policy.ts';
import { foldedCase } from '../domain/proven-identity.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { inReachOf, recallCatalogue } from './recall-organization.ts';
import type { CheckLimits, Needs } from './world.ts';

export interface ProposalFacts extends Pick<Catalogue, 'accounts' | 'permissionSets' | 'units'> {
  readonly groups: ReadonlyMap<string, ListedGroup>;
  /** Those out of reach too. */
  readonly everyPermissionSet: Catalogue['permissionSets'];
}

export const recallFacts = async (world: Needs<'catalogue' | 'clock' | 'limits'>): Promise<ProposalFacts | Refusal> => {
  const [known, groups] = await Promise.all([recallCatalogue(world), world.catalogue.groups()]);
  if (isRefusal(known)) return known;
  if (!known || !groups) {
    return refuse('catalogue_not_read', 'Brevet reads the organization for the first time. Try again in a minute.');
  }
  const { accounts, units, permissionSets } = known;
  const [inReach, everyPermissionSet] = [inReachOf(permissionSets), permissionSets];
  return { accounts, units, permissionSets: inReach, everyPermissionSet, groups: groups.byName };
};

/** What the catalogue has. Attributes and who is in a group are not in it, so that nothing is said of them; nor are users. */
export const knownNamesIn = (facts: ProposalFacts): KnownNames => {
  const { accounts, units, permissionSets, everyPermissionSet, groups } = facts;
  // Tags of which some are not known yet prove nothing missing.
  const tagsOf = (all: ProposalFacts['accounts' | 'permissionSets']) =>
    all.every(({ tags }) => tags !== undefined) ? valuesByKey(all.map(({ tags = {} }) => tags)) : undefined;
  const [accountTags, permissionSetTags] = [tagsOf(accounts), tagsOf(permissionSets)];
  return {
    groups: [...groups.keys()],
    accounts,
    units: ['/', ...units],
    permissionSets: everyPermissionSet,
    ...(accountTags && { accountTags }),
    ...(permissionSetTags && { permissionSetTags }),
  };
};

/** Somebody with those groups that any of the policies names. */
export interface SeenPerson {
  readonly person: Person;
  readonly groups: ReadonlySet<string>;
}

const namesThere = ({ accounts, units, everyPermissionSet, groups }: ProposalFacts): NamesThere => ({
  groups: new Set(groups.keys()),
  organizationalUnits: new Set(units),
  accountIds: new Set(accounts.map(({ id }) => id)),
  accountNames: new Set(accounts.map(({ name }) => name)),
  permissionSets: new Set(everyPermissionSet.map(({ name }) => name)),
});

export const requesterBy = (policy: Policy, facts: ProposalFacts) => {
  const named = new Set(requesterGroups(policy));
  const missing = missingBy(policy, namesThere(facts));
  return ({ person, groups: mine }: SeenPerson): Requester => ({
    person,
    groups: new Set([...mine].filter((name) => named.has(name))),
    missing,
  });
};

const refuseMany = (people: number, groups: number, most: number): Refusal | undefined => {
  if (people * groups <= most) return undefined;
  return refuse(
    'check_too_large',
    `For ${people} people the membership in ${groups} groups would be looked up: more than ${most} in all. Name fewer people, ` +
      'or judge offline: brevet policy diff and test.',
    { maximum: most },
  );
};

/** Those of the groups that the catalogue has. */
export const listedGroups = (facts: ProposalFacts, names: Iterable<string>): readonly ListedGroup[] =>
  [...names].flatMap((name) => facts.groups.get(name) ?? []);

export const withGroups = async (
  world: Needs<'directory'>,
  person: Person,
  groups: readonly ListedGroup[],
): Promise<SeenPerson> => {
  const mine = groups.length === 0 ? [] : await world.directory.groupsOf(person.id, groups);
  return { person, groups: new Set(mine.map(({ name }) => name)) };
};

const see = async (
  world: Needs<'directory'>,
  userName: string,
  groups: readonly ListedGroup[],
): Promise<SeenPerson | undefined> => {
  const person = await world.directory.findByUserName(userName);
  return !person || person === 'several' ? undefined : withGroups(world, person, groups);
};

export interface Seen {
  named(userName: string): SeenPerson | undefined;
}

/** One after the other: the Identity Store bears some twenty calls a second for everybody together. */
export const seePeople = async (
  world: Needs<'directory'> & { readonly limits: CheckLimits },
  userNames: readonly string[],
  policies: readonly Policy[],
  facts: ProposalFacts,
): Promise<Seen | Refusal> => {
  const wanted = [...new Map(userNames.map((name) => [foldedCase(name), name])).entries()];
  const names = new Set(policies.flatMap(requesterGroups));
  const groups = listedGroups(facts, names);
  const refusal = refuseMany(wanted.length, groups.length, world.limits.policyCheckMemberships);
  if (refusal) return refusal;
  const seen = new Map<string, SeenPerson>();
  for (const [key, userName] of wanted) {
    const found = await see(world, userName, groups);
    if (found) seen.set(key, found);
  }
  return { named: (userName) => seen.get(foldedCase(userName)) };
};
