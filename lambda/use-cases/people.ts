/** Who somebody is to the policy, and to Brevet, resolved freshly (law 6). */
import type { GroupRef, PersonRef } from '../domain/access-request.ts';
import type { Person, Requester } from '../domain/policy/facts.ts';
import { type Policy, requesterGroups } from '../domain/policy/policy.ts';
import { indexOf } from '../domain/policy/rule-index.ts';
import { isNothing, NO_NAMES, rulesNaming } from '../domain/policy/rule-names.ts';
import { unknownNames } from './unknown-names.ts';
import type { Needs } from './world.ts';

export const refTo = ({ id, userName, displayName }: Person): PersonRef => ({ id, userName, displayName });

/** The groups of these names that exist, under the names by which they were asked for; unknown names grant nothing. */
export const resolveGroups = async (world: Needs<'directory'>, names: readonly string[]): Promise<GroupRef[]> => {
  const found = await Promise.all(
    names.map(async (name) => {
      const group = await world.directory.findGroup(name);
      return group && { id: group.id, name };
    }),
  );
  return found.filter((group) => group !== undefined);
};

/** Those who bear the user names; unknown names, and those that several people bear, are nobody's. */
export const resolveUsers = async (
  world: Needs<'directory'>,
  userNames: readonly string[],
): Promise<readonly Person[]> => {
  const found = await Promise.all(userNames.map((userName) => world.directory.findByUserName(userName)));
  return found.filter((match) => match !== undefined && match !== 'several');
};

/** Names of those of the named groups to which the person belongs now. */
export const groupsAmong = async (
  world: Needs<'directory'>,
  personId: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> => {
  const groups = await resolveGroups(world, names);
  if (groups.length === 0) return new Set();
  const mine = await world.directory.groupsOf(personId, groups);
  return new Set(mine.map(({ name }) => name));
};

/** The person as the policy sees them, and what it speaks of that is not there. */
export const requesterOf = async (
  world: Needs<'directory' | 'organization' | 'catalogue'>,
  person: Person,
  policy: Policy,
): Promise<Requester> => {
  const { units, names: inRules } = indexOf(policy).needs;
  const names = requesterGroups(policy);
  const [found, unknownUnits, unknown] = await Promise.all([
    resolveGroups(world, names),
    units.length === 0 ? [] : world.organization.unknownUnits(units),
    isNothing(inRules) ? NO_NAMES : unknownNames(world, inRules),
  ]);
  const mine = found.length === 0 ? [] : await world.directory.groupsOf(person.id, found);
  const known = new Set(found.map(({ name }) => name));
  const unknownGroups = new Set(names.filter((name) => !known.has(name)));
  return {
    person,
    groups: new Set(mine.map(({ name }) => name)),
    missing: {
      groups: unknownGroups,
      organizationalUnits: new Set(unknownUnits),
      rules: rulesNaming(policy, unknownGroups, unknown),
    },
  };
};

export interface Roles {
  readonly administrator: boolean;
  readonly auditor: boolean;
}

/** The person's roles, and ids of those of the groups to which they belong: asked for together, since each asking is a call. */
export const standingOf = async (
  world: Needs<'directory' | 'roleGroups'>,
  personId: string,
  groups: readonly GroupRef[],
): Promise<{ readonly roles: Roles; readonly groupIds: ReadonlySet<string> }> => {
  const { administrators, auditors } = world.roleGroups;
  const roleGroups = await resolveGroups(world, [...new Set([...administrators, ...auditors])]);
  const asked = [...new Map([...groups, ...roleGroups].map((group) => [group.id, group])).values()];
  const mine = asked.length === 0 ? [] : await world.directory.groupsOf(personId, asked);
  const groupIds = new Set(mine.map(({ id }) => id));
  const isOne = (names: readonly string[]): boolean =>
    roleGroups.some(({ id, name }) => names.includes(name) && groupIds.has(id));
  return { roles: { administrator: isOne(administrators), auditor: isOne(auditors) }, groupIds };
};

export const rolesOf = async (world: Needs<'directory' | 'roleGroups'>, personId: string): Promise<Roles> =>
  (await standingOf(world, personId, [])).roles;
