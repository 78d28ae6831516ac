/** A delegated rule must not be approved by those alone who may ask by it: looked at by who is in the groups now. */
import type { Approval, ApprovalStage } from '../domain/approval.ts';
import { fitsWho } from '../domain/policy/fit.ts';
import type { Entitlement, Who } from '../domain/policy/policy.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { candidatesFor, findApprovers } from './approvers.ts';
import { resolveGroups } from './people.ts';
import type { Needs } from './world.ts';

/** Of how many it is looked up whether they may ask by what is said of them; by groups alone, the first will do. */
const MOST = 250;
const NONE: ReadonlySet<string> = new Set();

/** Whether the stage has somebody who certainly could not ask. Whoever is in a group that may is taken to. */
const hasOthers = async (
  world: Needs<'directory'>,
  who: Who,
  stage: ApprovalStage,
  asking: readonly string[],
): Promise<boolean> => {
  const most = who.users.length + who.attributes.length === 0 ? 1 : MOST;
  const { people } = await findApprovers(world, stage, asking, most);
  // All of them were looked up a moment ago.
  const known = await Promise.all(people.map(({ id }) => world.directory.recall(id)));
  return known.some((person) => person !== undefined && fitsWho(who, { person, groups: NONE }) === 'no');
};

/** @returns why nobody could approve but those who may ask by it themselves; undefined for rules of the platform team. */
export const refuseAmongThemselves = async (
  world: Needs<'directory'>,
  { name, who, delegation }: Entitlement,
  approval: Approval,
): Promise<Refusal | undefined> => {
  if (!delegation) return undefined;
  const asking = [...(await candidatesFor(world, { groups: await resolveGroups(world, who.groups) }))];
  for (const stage of approval) if (await hasOthers(world, who, stage, asking)) return undefined;
  return refuse(
    'no_approver',
    `The rule "${name}" was written under the delegation "${delegation.name}", by which somebody must be able to approve ` +
      'who may not ask by it; today everybody who approves may. Tell whoever keeps the policy.',
    { delegation: delegation.name },
  );
};
