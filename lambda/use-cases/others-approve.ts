/** A delegated rule must not be approved by those alone who may ask by it: looked at by who is in the groups now. */
import type { GroupRef } from '../domain/access-request.ts';
import type { Approval, ApprovalStage } from '../domain/approval.ts';
import { couldNotAsk } from '../domain/policy/deciders.ts';
import type { Person } from '../domain/policy/facts.ts';
import { refuseRequestersAlone } from '../domain/policy/nobody-there.ts';
import type { Entitlement, Who } from '../domain/policy/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import { findApprovers } from './approvers.ts';
import { resolveGroups } from './people.ts';
import type { Needs } from './world.ts';

/**
 * Whether the stage has somebody who certainly could not ask. Whoever is in a group that may is taken to. NB. Each approver is
 * asked about, not each group listed: of those who may ask there may be thousands.
 */
const hasOthers = async (
  world: Needs<'directory'>,
  who: Who,
  stage: ApprovalStage,
  asking: readonly GroupRef[],
): Promise<boolean> => {
  const isOther = async (person: Person): Promise<boolean> =>
    couldNotAsk(who, person) && (await world.directory.groupsOf(person.id, asking)).length === 0;
  const { people } = await findApprovers(world, stage, [], 1, isOther);
  return people.length > 0;
};

/** @returns why nobody could approve but those who may ask by it themselves; undefined for rules of the platform team. */
export const refuseAmongThemselves = async (
  world: Needs<'directory'>,
  rule: Entitlement,
  approval: Approval,
): Promise<Refusal | undefined> => {
  const { who, delegation } = rule;
  if (!delegation) return undefined;
  const asking = await resolveGroups(world, who.groups);
  for (const stage of approval) if (await hasOthers(world, who, stage, asking)) return undefined;
  return refuseRequestersAlone(rule, delegation);
};
