/** Looks up what an ask is about, as it is now, and has the policy judge it. */
import type { Entitled, Target } from '../domain/access-request.ts';
import type { Account, PermissionSet, Person, Requester } from '../domain/policy/facts.ts';
import { judge } from '../domain/policy/judge.ts';
import type { Entitlement, Policy } from '../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { requesterOf } from './people.ts';
import type { Needs } from './world.ts';

export interface AskedTarget {
  readonly accountId: string;
  readonly permissionSet: string;
}

export interface Judged {
  readonly policy: Policy;
  /** As that policy sees them. */
  readonly requester: Requester;
  readonly entitlement: Entitlement;
  readonly account: Account;
  readonly permissionSet: PermissionSet;
}

type Judges = Needs<'policies' | 'directory' | 'organization'>;

const findPermissionSet = async (world: Judges, nameOrArn: string): Promise<PermissionSet | Refusal> => {
  const found = nameOrArn.startsWith('arn:')
    ? await world.organization.findPermissionSet(nameOrArn)
    : (await world.organization.permissionSets()).find(({ name }) => name === nameOrArn);
  return (
    found ??
    refuse('permission_set_unknown', `There is no permission set "${nameOrArn}" that can be assigned from here.`)
  );
};

export const judgeAsk = async (
  world: Judges,
  person: Person,
  asked: AskedTarget,
  texts: { readonly durationSeconds: number; readonly justification: string; readonly ticket?: string },
): Promise<Judged | Refusal> => {
  const [account, permissionSet, { policy, requester }] = await Promise.all([
    world.organization.findAccount(asked.accountId),
    findPermissionSet(world, asked.permissionSet),
    requesterNow(world, person),
  ]);
  if (!account) return refuse('account_unknown', `The organization has no account "${asked.accountId}".`);
  if (isRefusal(permissionSet)) return permissionSet;
  const { durationSeconds, justification, ticket } = texts;
  const given = { durationSeconds, justification, ...(ticket === undefined ? {} : { ticket }) };
  const entitlement = judge(policy, { requester, account, permissionSet, ...given });
  return isRefusal(entitlement) ? entitlement : { policy, requester, entitlement, account, permissionSet };
};

/** The person as the policy in force sees them now. */
const requesterNow = async (world: Judges, person: Person): Promise<Pick<Judged, 'policy' | 'requester'>> => {
  const policy = await world.policies.current();
  return { policy, requester: await requesterOf(world, person, policy) };
};

export const entitledBy = ({ policy, entitlement }: Judged): Entitled => ({
  name: entitlement.name,
  policyVersion: policy.version,
  maxDurationSeconds: entitlement.maxDurationSeconds,
});

export const targetOf = ({ account, permissionSet }: Judged): Target => ({
  kind: 'account',
  accountId: account.id,
  accountName: account.name,
  permissionSetArn: permissionSet.arn,
  permissionSetName: permissionSet.name,
  sessionSeconds: permissionSet.sessionSeconds,
});
