/** The permission sets to which people can be elevated: those that the policy names, and those that carry the settings' tag. */
import type { Catalogue } from '../domain/catalogue.ts';
import type { PermissionSet } from '../domain/policy/facts.ts';
import { fitsPermissionSets } from '../domain/policy/fit.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { inReachOf } from './recall-organization.ts';
import type { DriftRules, Needs } from './world.ts';

/** By ARN. */
export type ElevatableSets = ReadonlyMap<string, PermissionSet>;

/** NB. Where its tags could not be read, it is not taken for one: what is not known is not removed. */
const isGiven = ({ entitlements }: Policy, one: PermissionSet): boolean =>
  entitlements.some(({ what }) => fitsPermissionSets(what.permissionSets, one) === 'yes');

const carries = ({ tags }: PermissionSet, tag: DriftRules['elevatableTag']): boolean =>
  tag !== undefined && tags?.[tag.key] === tag.value;

export const elevatableSets = async (
  world: Needs<'policies' | 'driftRules'>,
  { permissionSets }: Pick<Catalogue, 'permissionSets'>,
): Promise<ElevatableSets> => {
  const policy = await world.policies.current();
  const { elevatableTag } = world.driftRules;
  const found = inReachOf(permissionSets).filter((one) => isGiven(policy, one) || carries(one, elevatableTag));
  return new Map(found.map((one) => [one.arn, one]));
};
