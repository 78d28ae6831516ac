/** Looks up what an ask is about, as it is now, and has the policy judge it. */
import type { Entitled, Target } from '../domain/access-request.ts';
import type { OpenTarget } from '../domain/policy/ask.ts';
import type { Account, PermissionSet, Person, Requester } from '../domain/policy/facts.ts';
import { judge, type Permit } from '../domain/policy/judge.ts';
import type { Policy, Window } from '../domain/policy/policy.ts';
import { indexOf, type PolicyNeeds } from '../domain/policy/rule-index.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { ToldSession } from '../domain/session.ts';
import { addSeconds, type Instant, instant } from '../domain/time.ts';
import { withOnCall } from './on-call.ts';
import { openTargets } from './open-targets.ts';
import { requesterOf } from './people.ts';
import type { Needs } from './world.ts';

export interface AskedTarget {
  readonly accountId: string;
  readonly permissionSet: string;
}

/** What the policy in force judges by: looked up afresh. */
export interface Facts {
  readonly policy: Policy;
  /** As that policy sees them. */
  readonly requester: Requester;
  readonly account: Account;
  readonly permissionSet: PermissionSet;
  readonly others: readonly OpenTarget[];
}

export interface Judged extends Facts {
  readonly permit: Permit;
}

/** What is asked beyond the target. */
export interface Asked {
  readonly durationSeconds: number;
  readonly window: Window;
  readonly justification: string;
  readonly ticket?: string;
  readonly incident?: string;
  /** Of the request that is judged, once it is stored. */
  readonly id?: string;
}

type Judges = Needs<'policies' | 'directory' | 'organization' | 'catalogue' | 'ledger' | 'onCall' | 'reporter'>;

/** What lies ahead of a window: an immediate one begins now, a scheduled one at its start. */
export const windowAhead = (
  now: Instant,
  { start, durationSeconds }: { readonly start?: Instant; readonly durationSeconds: number },
): Window => ({
  from: instant(Math.max(now, start ?? now)),
  until: addSeconds(start ?? now, durationSeconds),
});

const findPermissionSet = async (
  world: Judges,
  nameOrArn: string,
  { permissionSetTags: tags }: PolicyNeeds,
): Promise<PermissionSet | Refusal> => {
  const found = nameOrArn.startsWith('arn:')
    ? await world.organization.findPermissionSet(nameOrArn, { tags })
    : (await world.organization.permissionSets({ tags })).find(({ name }) => name === nameOrArn);
  return (
    found ??
    refuse('permission_set_unknown', `There is no permission set "${nameOrArn}" that can be assigned from here.`)
  );
};

/** @param judgedId of the request that is judged, once it is stored. */
export const findFacts = async (
  world: Judges,
  person: Person,
  asked: AskedTarget,
  judgedId?: string,
): Promise<Facts | Refusal> => {
  const policy = await world.policies.current();
  const { needs } = indexOf(policy);
  const [account, permissionSet, requester, others] = await Promise.all([
    world.organization.findAccount(asked.accountId, { tags: needs.accountTags }),
    findPermissionSet(world, asked.permissionSet, needs),
    requesterOf(world, person, policy),
    openTargets(world, person.id, needs, judgedId),
  ]);
  if (!account) return refuse('account_unknown', `The organization has no account "${asked.accountId}".`);
  if (isRefusal(permissionSet)) return permissionSet;
  const onCall = await withOnCall(world, policy, requester, account, permissionSet);
  return { policy, requester: onCall, account, permissionSet, others };
};

export const judgeAsk = async (
  world: Judges,
  person: Person,
  asked: AskedTarget,
  { id, durationSeconds, window, justification, ticket, incident }: Asked,
): Promise<Judged | Refusal> => {
  const facts = await findFacts(world, person, asked, id);
  if (isRefusal(facts)) return facts;
  const texts = {
    justification,
    ...(ticket === undefined ? {} : { ticket }),
    ...(incident === undefined ? {} : { incident }),
  };
  const permit = judge(facts.policy, { ...facts, durationSeconds, window, ...texts });
  return isRefusal(permit) ? permit : { ...facts, permit };
};

/** How long credentials of the permission set live by now (law 14): what it was judged by may be minutes old. */
export const sessionNow = async (world: Needs<'organization'>, { permissionSet }: Facts): Promise<ToldSession> => {
  const found = await world.organization.findPermissionSet(permissionSet.arn, { now: true });
  const { sessionSeconds } = found ?? permissionSet;
  return { sessionSeconds };
};

export const entitledBy = ({ policy, permit }: Judged): Entitled => ({
  name: permit.entitlement.name,
  policyVersion: policy.version,
  maxDurationSeconds: permit.maxDurationSeconds,
});

export const targetOf = ({ account, permissionSet }: Judged): Target => ({
  kind: 'account',
  accountId: account.id,
  accountName: account.name,
  permissionSetArn: permissionSet.arn,
  permissionSetName: permissionSet.name,
  sessionSeconds: permissionSet.sessionSeconds,
});
