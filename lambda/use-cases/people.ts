/** Who somebody is to the policy, to a request and to Brevet, resolved freshly (law 6). */
import {
  type AccessRequest,
  type ApprovalRule,
  approvesBy,
  type GroupRef,
  groupsIn,
  type PersonRef,
} from '../domain/access-request.ts';
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

/** Whether the person belongs now to a group that approves by this rule. */
export const isApprover = async (world: Needs<'directory'>, personId: string, rule: ApprovalRule): Promise<boolean> =>
  rule.groups.length > 0 && approvesBy(rule, await idsAmong(world, personId, groupsIn(rule)));

const idsAmong = async (
  world: Needs<'directory'>,
  personId: string,
  groups: readonly GroupRef[],
): Promise<ReadonlySet<string>> => {
  const asked = [...new Map(groups.map((group) => [group.id, group])).values()];
  return new Set((await world.directory.groupsOf(personId, asked)).map(({ id }) => id));
};

/**
 * The groups whose people are concerned with a request: those that approve it, those that were asked for more time, and
 * those that were told that the glass was broken for it.
 */
export const groupsConcerned = ({ approval, extensionApprovers, breakGlass }: AccessRequest): readonly GroupRef[] => [
  ...approval.groups,
  ...(extensionApprovers?.groups ?? []),
  ...(breakGlass?.told.groups ?? []),
];

/** Whether the person, and not a group of theirs, was told that the glass was broken. */
export const isToldByName = (personId: string, { breakGlass }: AccessRequest): boolean =>
  breakGlass?.told.people.some(({ id }) => id === personId) === true;

/** The groups on which it depends who may vote on the request, or on more time for it. */
export const groupsVoting = (request: AccessRequest): readonly GroupRef[] => [
  ...groupsIn(request.approval),
  ...(request.status === 'active' && request.extension ? groupsIn(request.extension.approval) : []),
];

/** Whether the person has voted on the request, or on more time for it. */
export const hasVoted = (personId: string, { votes, extensionApprovers }: AccessRequest): boolean =>
  votes.some(({ approver }) => approver.id === personId) || extensionApprovers?.voterIds.includes(personId) === true;

/** Whether the person approves for this request, has voted on it, or was told that the glass was broken for it. */
export const isApproverOf = async (
  world: Needs<'directory'>,
  personId: string,
  request: AccessRequest,
): Promise<boolean> => {
  if (hasVoted(personId, request) || isToldByName(personId, request)) return true;
  return isApprover(world, personId, { required: 1, groups: groupsConcerned(request) });
};

const membersOf = async (world: Needs<'directory'>, groups: readonly GroupRef[]): Promise<ReadonlySet<string>> => {
  const members = await Promise.all(groups.map((group) => world.directory.memberIds(group)));
  return new Set(members.flat());
};

/** How many possible approvers are named at most. */
export const MOST_APPROVERS_NAMED = 25;

/** Enabled people who could approve by this rule, a minute ago at most, but for those left out; `MOST_APPROVERS_NAMED` at most. */
export const approversNow = async (
  world: Needs<'directory'>,
  rule: ApprovalRule,
  without: readonly string[],
): Promise<readonly PersonRef[]> => {
  const lists = await Promise.all([rule.groups, ...(rule.among ?? [])].map((groups) => membersOf(world, groups)));
  const [members = new Set<string>(), ...among] = lists;
  const ids = [...members].filter((id) => !without.includes(id) && among.every((others) => others.has(id)));
  const found: PersonRef[] = [];
  for (let start = 0; start < ids.length && found.length < MOST_APPROVERS_NAMED; start += 5) {
    const people = await Promise.all(ids.slice(start, start + 5).map((id) => world.directory.recall(id)));
    found.push(...people.filter((person) => person?.enabled).map((person) => refTo(person as Person)));
  }
  return found.slice(0, MOST_APPROVERS_NAMED);
};
