/** The permission sets to which people can be elevated: those that the policy names, and those that carry the settings' tag. */
import type { PermissionSet } from '../domain/policy/facts.ts';
import { namesPermissionSet } from '../domain/policy/policy.ts';
import type { Needs } from './world.ts';

/** By ARN. */
export type ElevatableSets = ReadonlyMap<string, PermissionSet>;

export const elevatableSets = async (
  world: Needs<'policies' | 'organization' | 'assignmentLists' | 'driftRules'>,
): Promise<ElevatableSets> => {
  const [policy, all] = await Promise.all([world.policies.current(), world.organization.permissionSets()]);
  const named = all.filter(({ name }) => namesPermissionSet(policy, name));
  const { elevatableTag } = world.driftRules;
  const others = elevatableTag ? all.filter((one) => !named.includes(one)).map(({ arn }) => arn) : [];
  const tagged = elevatableTag ? new Set(await world.assignmentLists.tagged(others, elevatableTag)) : new Set<string>();
  return new Map([...named, ...all.filter(({ arn }) => tagged.has(arn))].map((one) => [one.arn, one]));
};
