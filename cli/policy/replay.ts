/**
 * Past requests against a proposed policy: each is judged by it as of the moment when it was asked, over an organization as
 * it was exported. The trail has no texts, so that what depends on them may be unknown.
 */
import { groupedBy } from '../../lambda/contract/audit-chain.ts';
import { approverAttributesIn, requiredIn } from '../../lambda/domain/approval.ts';
import type { OpenTarget } from '../../lambda/domain/policy/ask.ts';
import { breakGlassRules } from '../../lambda/domain/policy/break-glass.ts';
import type { Requester } from '../../lambda/domain/policy/facts.ts';
import { judge, type Permit } from '../../lambda/domain/policy/judge.ts';
import { type Entitlement, type Policy, schedulesIn } from '../../lambda/domain/policy/policy.ts';
import { approverNames } from '../../lambda/domain/policy/rule-text.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';
import type { PastAsk, PastRequest } from './past-requests.ts';

/** On what, that the trail does not have, the outcome depends: texts, and who was on call. */
export type UnknownText = 'justification' | 'ticket' | 'on_call';

export type Outcome =
  | { readonly kind: 'unchanged' | 'more-approvals' | 'fewer-approvals' | 'other-approvers'; readonly permit: Permit }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly dependsOn: readonly UnknownText[] }
  /** The organization as exported has them no more. */
  | { readonly kind: 'unjudged'; readonly missing: 'person' | 'account' | 'permission_set' };

export interface Replayed {
  readonly request: PastRequest;
  readonly ask: PastAsk;
  readonly outcome: Outcome;
}

/** The policy as it would be if texts did all that it asks of them, or no more than they certainly do. */
interface Variant {
  readonly ticket: 'fits' | 'fails' | 'absent';
  readonly justification: 'long' | 'short';
}

const LONG = 'x'.repeat(100_000);
/** Nobody asks without a word. */
const SHORT = 'x';

/** The trail has no incidents either: one that was good enough for the rule of its time is taken for one that fits. */
const withAnyIncident = (policy: Policy): Policy => {
  const breakGlass = breakGlassRules(policy).map(({ require: { incidentPattern: _any, ...require }, ...rule }) => ({
    ...rule,
    require,
  }));
  return { ...policy, breakGlass };
};

const variantsOf = (given: Policy) => {
  const policy = withAnyIncident(given);
  const withoutPattern = ({ require: { ticketPattern: _pattern, ...require }, ...rule }: Entitlement): Entitlement => ({
    ...rule,
    require,
  });
  // NB. No pattern is ever tried: a ticket that is there fits, or the rule that asks for it is left out.
  return {
    fits: { ...policy, entitlements: policy.entitlements.map(withoutPattern) },
    fails: {
      ...policy,
      entitlements: policy.entitlements.filter(({ require }) => require.ticketPattern === undefined),
    },
    absent: policy,
  } satisfies Record<Variant['ticket'], Policy>;
};

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

export const termsBy = ({ entitlement, approval }: Permit) => ({
  rule: entitlement.name,
  approvals: requiredIn(approval),
  approvers: [...approverNames(approval)],
});

interface Facts extends OpenTarget {
  readonly requester: Requester;
  readonly others: readonly OpenTarget[];
}

const termsOf = (verdict: Permit | Refusal): string =>
  isRefusal(verdict)
    ? 'refused'
    : JSON.stringify([verdict.entitlement.name, verdict.approval, verdict.maxDurationSeconds]);

export const replayOn = (policy: Policy, organization: OfflineOrganization, requests: readonly PastRequest[]) => {
  const variants = variantsOf(policy);
  const seen = requesterIn(organization, policy);
  const [onCall, offDuty] = [true, false].map((is) => new Map(schedulesIn(policy).map((schedule) => [schedule, is])));
  const people = new Map(organization.people.map((person) => [person.id, person]));
  const accounts = new Map(organization.accounts.map((account) => [account.id, account]));
  const permissionSets = new Map(organization.permissionSets.map((one) => [one.arn, one]));
  const groupIds = new Map(organization.content.groups.map(({ id, name }) => [name, id]));
  const byPerson = groupedBy(requests, ({ personId }) => personId);

  const targetOf = ({ accountId: id, permissionSetArn: arn }: PastRequest): OpenTarget => ({
    account: accounts.get(id) ?? { id, name: id, ouPath: '', active: false },
    permissionSet: permissionSets.get(arn) ?? { arn, name: arn, sessionSeconds: 0 },
  });

  /** What else the person had open at that moment. */
  const othersAt = (request: PastRequest, { at }: PastAsk): readonly OpenTarget[] =>
    (byPerson.get(request.personId) ?? [])
      .filter((other) => other !== request && (other.asks[0]?.at ?? at) < at && (other.overAt ?? Infinity) > at)
      .map(targetOf);

  const judgeVariant = (facts: Facts, ask: PastAsk, { ticket, justification }: Variant): Permit | Refusal =>
    judge(variants[ticket], {
      ...facts,
      durationSeconds: ask.durationSeconds,
      window: { from: ask.from, until: ask.until },
      justification: justification === 'long' ? LONG : SHORT,
      ...(ticket === 'absent' ? {} : { ticket: SHORT }),
      ...(ask.isBreakGlass ? { incident: SHORT } : {}),
    });

  /** Whether it depends on the person's being on call. */
  const onCallIn = (facts: Facts, ask: PastAsk, variant: Variant): readonly 'on_call'[] => {
    const relieved = { ...facts, requester: { ...facts.requester, ...(offDuty && { onCall: offDuty }) } };
    const [is, otherwise] = [facts, relieved].map((one) => termsOf(judgeVariant(one, ask, variant)));
    return is === otherwise ? [] : ['on_call'];
  };

  /** The verdict, where it is the same whatever the texts say, and whoever was on call. */
  const verdictOf = (request: PastRequest, ask: PastAsk, facts: Facts): Permit | Refusal | readonly UnknownText[] => {
    const ticket = request.hasTicket ? 'fits' : 'absent';
    const best = judgeVariant(facts, ask, { ticket, justification: 'long' });
    const isSame = (variant: Variant): boolean => termsOf(judgeVariant(facts, ask, variant)) === termsOf(best);
    const onJustification = !isSame({ ticket, justification: 'short' });
    const onTicket = request.hasTicket && !isSame({ ticket: 'fails', justification: 'long' });
    const onBoth = request.hasTicket && !isSame({ ticket: 'fails', justification: 'short' });
    const found: readonly UnknownText[] = [
      ...onCallIn(facts, ask, { ticket, justification: 'long' }),
      ...(onJustification || (onBoth && !onTicket) ? (['justification'] as const) : []),
      ...(onTicket || (onBoth && !onJustification) ? (['ticket'] as const) : []),
    ];
    return found.length > 0 ? found : best;
  };

  const isSame = (now: readonly string[], then: readonly string[]): boolean =>
    now.length === then.length && now.every((id) => then.includes(id));

  const isSameApprovers = (stages: Permit['approval'], ask: PastAsk): boolean => {
    const { approverGroupIds, approverIds = [], approverAttributes = [] } = ask;
    if (approverGroupIds === undefined) return true;
    const groups = distinct(stages.flatMap((stage) => stage.groups)).flatMap((name) => groupIds.get(name) ?? []);
    const users = distinct(stages.flatMap((stage) => stage.users)).flatMap(
      (name) => organization.personNamed(name)?.id ?? [],
    );
    const attributes = approverAttributesIn(stages);
    return isSame(groups, approverGroupIds) && isSame(users, approverIds) && isSame(attributes, approverAttributes);
  };

  const changeOf = ({ approval: stages }: Permit, ask: PastAsk) => {
    const { approvals } = ask;
    const required = requiredIn(stages);
    // Of an extension that waited for approval no more is known than that it needed one.
    if (approvals === undefined) return required === 0 ? 'fewer-approvals' : 'unchanged';
    if (required !== approvals) return required > approvals ? 'more-approvals' : 'fewer-approvals';
    return isSameApprovers(stages, ask) ? 'unchanged' : 'other-approvers';
  };

  const outcomeOf = (request: PastRequest, ask: PastAsk): Outcome => {
    const person = people.get(request.personId);
    if (!person) return { kind: 'unjudged', missing: 'person' };
    if (!accounts.has(request.accountId)) return { kind: 'unjudged', missing: 'account' };
    if (!permissionSets.has(request.permissionSetArn)) return { kind: 'unjudged', missing: 'permission_set' };
    const facts = {
      requester: { ...seen(person), ...(onCall && { onCall }) },
      ...targetOf(request),
      others: othersAt(request, ask),
    };
    const verdict = verdictOf(request, ask, facts);
    if (isRefusal(verdict)) return { kind: 'refused', refusal: verdict };
    if ('entitlement' in verdict) return { kind: changeOf(verdict, ask), permit: verdict };
    return { kind: 'unknown', dependsOn: verdict };
  };

  return requests.flatMap((request) =>
    request.asks.map((ask): Replayed => ({ request, ask, outcome: outcomeOf(request, ask) })),
  );
};
