/** What one rule alone says of an ask now: the rule under which approvers were asked, in the version of then. */
import type { Entitled } from '../domain/access-request.ts';
import type { JudgedAsk } from '../domain/policy/ask.ts';
import { breakGlassRules } from '../domain/policy/break-glass.ts';
import type { Person } from '../domain/policy/facts.ts';
import { judge, type Permit } from '../domain/policy/judge.ts';
import type { Entitlement, Policy } from '../domain/policy/policy.ts';
import { indexOf } from '../domain/policy/rule-index.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Facts } from './judge-ask.ts';
import { withOnCall } from './on-call.ts';
import { requesterOf } from './people.ts';
import type { Needs } from './world.ts';

type Judges = Needs<'policies' | 'directory' | 'organization' | 'catalogue' | 'onCall' | 'reporter'>;

/** What is asked beyond the person and the target. */
type Terms = Omit<JudgedAsk, keyof Omit<Facts, 'policy'>>;

/** Of the guardrails of then the floors: what they made of the approvals was asked for; what they forbade is for the policy in force. */
const onlyBy = (policy: Policy, rule: Entitlement): Policy => ({
  ...policy,
  guardrails: policy.guardrails.filter(({ effect }) => effect.kind === 'floor'),
  entitlements: policy.entitlements.filter((one) => one === rule),
  breakGlass: breakGlassRules(policy).filter((one) => one === rule),
});

type Seen = Pick<Facts, 'requester' | 'account' | 'permissionSet'>;

/** As the policy of that time sees them: it may go by tags that the one in force does not look at. */
const seenThen = async (world: Judges, person: Person, policy: Policy, now: Facts): Promise<Seen> => {
  const { accountTags, permissionSetTags } = indexOf(policy).needs;
  const tags = true;
  const [account = now.account, permissionSet = now.permissionSet, requester] = await Promise.all([
    accountTags ? world.organization.findAccount(now.account.id, { tags }) : undefined,
    permissionSetTags ? world.organization.findPermissionSet(now.permissionSet.arn, { tags }) : undefined,
    requesterOf(world, person, policy),
  ]);
  return {
    account,
    permissionSet,
    requester: await withOnCall(world, policy, requester, account, permissionSet),
  };
};

/** @param now as the policy in force sees it. @returns with the floors of that version: what must have been asked of the approvers then. */
export const judgeByRule = async (
  world: Judges,
  { name, policyVersion }: Entitled,
  person: Person,
  now: Facts,
  terms: Terms,
): Promise<Permit | Refusal> => {
  const policy = await world.policies.byVersion(policyVersion);
  const rules = terms.incident === undefined ? policy.entitlements : breakGlassRules(policy);
  const rule = rules.find((one) => one.name === name);
  if (!rule) return refuse('not_eligible', `the policy has no rule "${name}"`);
  const { requester, account, permissionSet } =
    policy.version === now.policy.version ? now : await seenThen(world, person, policy, now);
  const judged = judge(onlyBy(policy, rule), { ...terms, requester, account, permissionSet, others: now.others });
  return isRefusal(judged) ? { ...judged, detail: `by the rule "${name}" alone: ${judged.detail}` } : judged;
};
