/** The permission sets to which people can be elevated: those that the policy names, and those that carry the settings' tag. */
import type { PermissionSet } from '../domain/policy/facts.ts';
import { fitsPermissionSets } from '../domain/policy/fit.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { indexOf } from '../domain/policy/rule-index.ts';
import type { Needs } from './world.ts';

/** By ARN. */
export type ElevatableSets = ReadonlyMap<string, PermissionSet>;

/** NB. Where its tags could not be read, it is not taken for one: what is not known is not removed. */
const isGiven = ({ entitlements }: Policy, one: PermissionSet): boolean =>
  entitlements.some(({ what }) => fitsPermissionSets(what.permissionSets, one) === 'yes');

export const elevatableSets = async (
  world: Needs<'policies' | 'organization' | 'assignmentLists' | 'driftRules'>,
): Promise<ElevatableSets> => {
  const policy = await world.policies.current();
  const all = await world.organization.permissionSets({ tags: indexOf(policy).needs.permissionSetTags });
  const named = all.filter((one) => isGiven(policy, one));
  const { elevatableTag } = world.driftRules;
  const others = elevatableTag ? all.filter((one) => !named.includes(one)).map(({ arn }) => arn) : [];
  const tagged = elevatableTag ? new Set(await world.assignmentLists.tagged(others, elevatableTag)) : new Set<string>();
  return new Map([...named, ...all.filter(({ arn }) => tagged.has(arn))].map((one) => [one.arn, one]));
};
