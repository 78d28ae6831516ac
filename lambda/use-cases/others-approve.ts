/** A delegated rule must not be approved by those alone who may ask by it: looked at by who is in the groups now. */
import type { Approval, ApprovalStage } from '../domain/approval.ts';
import type { Person } from '../domain/policy/facts.ts';
import { fitsWho, hasAttributes } from '../domain/policy/fit.ts';
import type { Entitlement, Who } from '../domain/policy/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { candidatesFor } from './approvers.ts';
import { resolveGroups } from './people.ts';
import type { Needs } from './world.ts';

type Ids = ReadonlySet<string>;

const approverIds = async (world: Needs<'directory'>, stage: ApprovalStage): Promise<readonly string[]> => {
  const [asked, ...lists] = await Promise.all([
    candidatesFor(world, stage),
    ...(stage.among ?? []).map((groups) => candidatesFor(world, { groups })),
  ]);
  return [...asked].filter((id) => lists.every((list) => list.has(id)));
};

/** Of each group that may ask, who is in it. */
const askingGroups = async (world: Needs<'directory'>, { groups }: Who): Promise<ReadonlyMap<string, Ids>> => {
  const found = await resolveGroups(world, groups);
  return new Map(
    await Promise.all(
      found.map(async (group) => [group.name, await candidatesFor(world, { groups: [group] })] as const),
    ),
  );
};

/** Of how many people it is looked up at most: each costs a call. */
const MOST_LOOKED_AT = 250;
const AT_ONCE = 5;

/** Whether the stage has somebody who certainly could not ask; those come first who are in no group that may. */
const hasOthers = async (
  world: Needs<'directory'>,
  who: Who,
  stage: ApprovalStage,
  asking: ReadonlyMap<string, Ids>,
): Promise<boolean> => {
  const groupsOf = (id: string): Ids =>
    new Set([...asking].flatMap(([name, members]) => (members.has(id) ? [name] : [])));
  const isOther = (person: Person | undefined): boolean =>
    person?.enabled === true &&
    hasAttributes(stage.attributes ?? [], person.attributes) === 'yes' &&
    fitsWho(who, { person, groups: groupsOf(person.id) }) === 'no';
  const ids = [...(await approverIds(world, stage))].sort((left, right) => groupsOf(left).size - groupsOf(right).size);
  for (let start = 0; start < Math.min(ids.length, MOST_LOOKED_AT); start += AT_ONCE) {
    const people = await Promise.all(ids.slice(start, start + AT_ONCE).map((id) => world.directory.recall(id)));
    if (people.some(isOther)) return true;
  }
  return false;
};

/** @returns why nobody could approve but those who may ask by it themselves; undefined for rules of the platform team. */
export const refuseAmongThemselves = async (
  world: Needs<'directory'>,
  { name, who, delegation }: Entitlement,
  approval: Approval,
): Promise<Refusal | undefined> => {
  if (!delegation) return undefined;
  const asking = await askingGroups(world, who);
  for (const stage of approval) if (await hasOthers(world, who, stage, asking)) return undefined;
  return refuse(
    'no_approver',
    `The rule "${name}" was written under the delegation "${delegation.name}", by which somebody must be able to approve ` +
      'who may not ask by it; today everybody who approves may. Tell whoever keeps the policy.',
    { delegation: delegation.name },
  );
};
