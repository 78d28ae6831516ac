/** The policy in force, as it was published: for auditors and administrators. */
import type { Person } from '../domain/policy/facts.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { rolesOf } from './people.ts';
import type { Needs } from './world.ts';

export interface ShownPolicy {
  readonly policy: Policy;
  readonly content: unknown;
}

/** NB. The policy names people and groups, and says where nobody needs to approve: not for everybody to read. */
export const refuseReader = async (
  world: Needs<'directory' | 'roleGroups'>,
  caller: Person,
): Promise<Refusal | undefined> => {
  const { administrator, auditor } = await rolesOf(world, caller.id);
  if (administrator || auditor) return undefined;
  return refuse('not_permitted', 'Only auditors and administrators see the policy, and what another one would change.');
};

export const showPolicy = async (
  world: Needs<'policies' | 'directory' | 'roleGroups'>,
  { caller }: { readonly caller: Person },
): Promise<ShownPolicy | Refusal> => {
  const refusal = await refuseReader(world, caller);
  if (isRefusal(refusal)) return refusal;
  const policy = await world.policies.current();
  return { policy, content: await world.policies.content(policy.version) };
};
