/** A delegated rule must not be approved by those alone who may ask by it: looked at by who is in the groups now. */
import type { Approval, ApprovalStage } from '../domain/approval.ts';
import { couldNotAsk, MOST_LOOKED_AT } from '../domain/policy/deciders.ts';
import { refuseRequestersAlone } from '../domain/policy/nobody-there.ts';
import type { Entitlement, Who } from '../domain/policy/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import { candidatesFor, findApprovers } from './approvers.ts';
import { resolveGroups } from './people.ts';
import type { Needs } from './world.ts';

/** Whether the stage has somebody who certainly could not ask. Whoever is in a group that may is taken to. */
const hasOthers = async (
  world: Needs<'directory'>,
  who: Who,
  stage: ApprovalStage,
  asking: readonly string[],
): Promise<boolean> => {
  // By groups alone, the first will do: their members are left out.
  const most = who.users.length + who.attributes.length === 0 ? 1 : MOST_LOOKED_AT;
  const { people } = await findApprovers(world, stage, asking, most);
  // All of them were looked up a moment ago.
  const known = await Promise.all(people.map(({ id }) => world.directory.recall(id)));
  return known.some((person) => person !== undefined && couldNotAsk(who, person));
};

/** @returns why nobody could approve but those who may ask by it themselves; undefined for rules of the platform team. */
export const refuseAmongThemselves = async (
  world: Needs<'directory'>,
  rule: Entitlement,
  approval: Approval,
): Promise<Refusal | undefined> => {
  const { who, delegation } = rule;
  if (!delegation) return undefined;
  const asking = [...(await candidatesFor(world, { groups: await resolveGroups(world, who.groups) }))];
  for (const stage of approval) if (await hasOthers(world, who, stage, asking)) return undefined;
  return refuseRequestersAlone(rule, delegation);
};
