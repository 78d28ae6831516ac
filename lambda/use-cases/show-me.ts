/** Who am I: the caller, their roles, and what waits for them. */
import { isOpen } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';
import { isOneWith } from '../domain/policy/fit.ts';
import { approverAttributes, approverGroups, approverUsers, requesterGroups } from '../domain/policy/policy.ts';
import { foldedCase } from '../domain/proven-identity.ts';
import { listRequests } from './list-requests.ts';
import { groupsAmong } from './people.ts';
import type { Needs } from './world.ts';

export interface Me {
  readonly person: Person;
  readonly roles: readonly ('administrator' | 'auditor' | 'approver')[];
  readonly groups: readonly string[];
  /** Counted on the first page of each list. */
  readonly openRequests: number;
  readonly toReview: number;
}

export const showMe = async (
  world: Needs<'ledger' | 'policies' | 'directory' | 'roleGroups' | 'limits'>,
  caller: Person,
): Promise<Me> => {
  const policy = await world.policies.current();
  const { administrators, auditors } = world.roleGroups;
  const approving = approverGroups(policy);
  const named = [...new Set([...requesterGroups(policy), ...approving, ...administrators, ...auditors])];
  const groups = await groupsAmong(world, caller.id, named);
  const isOne = (names: readonly string[]): boolean => names.some((name) => groups.has(name));
  const [mine, review] = await Promise.all([
    listRequests(world, { caller, view: 'mine' }),
    listRequests(world, { caller, view: 'to-review' }),
  ]);
  const isNamed = approverUsers(policy).has(foldedCase(caller.userName));
  const hasSome = approverAttributes(policy).some((tests) => isOneWith(tests, caller.attributes));
  const seen = (page: typeof mine) => (typeof page === 'object' && 'items' in page ? page.items : []);
  return {
    person: caller,
    roles: [
      ...(isOne(administrators) ? (['administrator'] as const) : []),
      ...(isOne(auditors) ? (['auditor'] as const) : []),
      // Whom a tag of an account names is seen only where they are asked.
      ...(isOne(approving) || isNamed || hasSome || seen(review).length > 0 ? (['approver'] as const) : []),
    ],
    groups: [...groups].sort(),
    openRequests: seen(mine).filter(({ request }) => isOpen(request)).length,
    toReview: seen(review).length,
  };
};
