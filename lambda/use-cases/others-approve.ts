/** A delegated rule must not be approved by those alone who may ask by it: looked at by who is in the groups now. */
import type { ApprovalRule, GroupRef } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';
import { fitsWho } from '../domain/policy/fit.ts';
import type { Entitlement, Who } from '../domain/policy/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { resolveGroups } from './people.ts';
import type { Needs } from './world.ts';

type Ids = ReadonlySet<string>;

const membersOf = async (world: Needs<'directory'>, groups: readonly GroupRef[]): Promise<Ids> =>
  new Set((await Promise.all(groups.map((group) => world.directory.memberIds(group)))).flat());

const approverIds = async (
  world: Needs<'directory'>,
  { groups, among = [] }: ApprovalRule,
): Promise<readonly string[]> => {
  const lists = await Promise.all([groups, ...among].map((some) => membersOf(world, some)));
  const [members = new Set<string>()] = lists;
  return [...members].filter((id) => lists.every((list) => list.has(id)));
};

/** Of each group that may ask, who is in it. */
const askingGroups = async (world: Needs<'directory'>, { groups }: Who): Promise<ReadonlyMap<string, Ids>> => {
  const found = await resolveGroups(world, groups);
  return new Map(await Promise.all(found.map(async (group) => [group.name, await membersOf(world, [group])] as const)));
};

/** Of how many people it is looked up at most: each costs a call. */
const MOST_LOOKED_AT = 250;
const AT_ONCE = 5;

/** Whether one of them is enabled and certainly could not ask; those come first who are in no group that may. */
const isAnyOther = async (
  world: Needs<'directory'>,
  who: Who,
  ids: readonly string[],
  asking: ReadonlyMap<string, Ids>,
): Promise<boolean> => {
  const groupsOf = (id: string): Ids =>
    new Set([...asking].flatMap(([name, members]) => (members.has(id) ? [name] : [])));
  const isOther = (person: Person | undefined): boolean =>
    person?.enabled === true && fitsWho(who, { person, groups: groupsOf(person.id) }) === 'no';
  const inOrder = [...ids].sort((left, right) => groupsOf(left).size - groupsOf(right).size).slice(0, MOST_LOOKED_AT);
  for (let start = 0; start < inOrder.length; start += AT_ONCE) {
    const people = await Promise.all(inOrder.slice(start, start + AT_ONCE).map((id) => world.directory.recall(id)));
    if (people.some(isOther)) return true;
  }
  return false;
};

/** @returns why nobody could approve but those who may ask by it themselves; undefined for rules of the platform team. */
export const refuseAmongThemselves = async (
  world: Needs<'directory'>,
  { name, who, delegation }: Entitlement,
  approval: ApprovalRule,
): Promise<Refusal | undefined> => {
  if (!delegation) return undefined;
  const [ids, asking] = await Promise.all([approverIds(world, approval), askingGroups(world, who)]);
  if (await isAnyOther(world, who, ids, asking)) return undefined;
  return refuse(
    'no_approver',
    `The rule "${name}" was written under the delegation "${delegation.name}", by which somebody must be able to approve ` +
      'who may not ask by it; today everybody who approves may. Tell whoever keeps the policy.',
    { delegation: delegation.name },
  );
};
