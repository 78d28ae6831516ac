/**
 * Past requests against a proposed policy: each is judged by it as of the moment when it was asked, over an organization as
 * it is known now. The trail has no texts, so that what depends on them may be unknown.
 */

import { requiredIn } from '../approval.ts';
import { groupedBy } from '../grouped.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import type { OpenTarget } from './ask.ts';
import { breakGlassRules } from './break-glass.ts';
import type { Account, PermissionSet, Requester } from './facts.ts';
import { judge, type Permit } from './judge.ts';
import type { PastAsk, PastRequest } from './past-requests.ts';
import { type Entitlement, type Policy, schedulesIn } from './policy.ts';
import { approverNames } from './rule-text.ts';
import { type Bearers, likenessOf } from './same-approvers.ts';

/** On what, that is not known, the outcome depends: texts, who was on call, and who bears the names of approvers. */
export type Unknown = 'justification' | 'ticket' | 'on_call' | 'approvers';

export type Outcome =
  | { readonly kind: 'unchanged' | 'more-approvals' | 'fewer-approvals' | 'other-approvers'; readonly permit: Permit }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly dependsOn: readonly Unknown[] }
  /** The organization has them no more. */
  | { readonly kind: 'unjudged'; readonly missing: 'person' | 'account' | 'permission_set' };

export interface Replayed {
  readonly request: PastRequest;
  readonly ask: PastAsk;
  readonly outcome: Outcome;
}

/** The organization by which past requests are judged. */
export interface PastFacts extends Bearers {
  readonly accounts: readonly Account[];
  readonly permissionSets: readonly PermissionSet[];
  /** As the policy sees them; undefined where they are not there any more. */
  requesterOf(personId: string): Requester | undefined;
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

const outcomeBy = (permit: Permit, facts: PastFacts, ask: PastAsk): Outcome => {
  const required = requiredIn(permit.approval);
  // Of an extension that waited for approval early events say no more than that it needed one.
  const { approvals = Math.max(required, 1) } = ask;
  if (required !== approvals) return { kind: required > approvals ? 'more-approvals' : 'fewer-approvals', permit };
  switch (likenessOf(facts, permit.approval, ask)) {
    case 'same':
      return { kind: 'unchanged', permit };
    case 'other':
      return { kind: 'other-approvers', permit };
    case 'unknown':
      return { kind: 'unknown', dependsOn: ['approvers'] };
  }
};

/** @param requests all that are known: each is judged by what else its person had open. */
export const replayerOn = (policy: Policy, known: PastFacts, requests: readonly PastRequest[]) => {
  const variants = variantsOf(policy);
  const [onCall, offDuty] = [true, false].map((is) => new Map(schedulesIn(policy).map((schedule) => [schedule, is])));
  const accounts = new Map(known.accounts.map((account) => [account.id, account]));
  const permissionSets = new Map(known.permissionSets.map((one) => [one.arn, one]));
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
      ...(ask.isBreakGlass ? { incident: SHORT } : {}),
    });

  /** Whether it depends on the person's being on call. */
  const onCallIn = (facts: Facts, ask: PastAsk, variant: Variant): readonly 'on_call'[] => {
    const relieved = { ...facts, requester: { ...facts.requester, ...(offDuty && { onCall: offDuty }) } };
    const [is, otherwise] = [facts, relieved].map((one) => termsOf(judgeVariant(one, ask, variant)));
    return is === otherwise ? [] : ['on_call'];
  };

  /** The verdict, where it is the same whatever the texts say, and whoever was on call. */
  const verdictOf = (request: PastRequest, ask: PastAsk, facts: Facts): Permit | Refusal | readonly Unknown[] => {
    const ticket = request.hasTicket ? 'fits' : 'absent';
    const best = judgeVariant(facts, ask, { ticket, justification: 'long' });
    const isAsBest = (variant: Variant): boolean => termsOf(judgeVariant(facts, ask, variant)) === termsOf(best);
    // A rule that lets it through without the one text and without the other asks for neither: both at once need no look.
    const onJustification = !isAsBest({ ticket, justification: 'short' });
    const onTicket = request.hasTicket && !isAsBest({ ticket: 'fails', justification: 'long' });
    const found: readonly Unknown[] = [
      ...onCallIn(facts, ask, { ticket, justification: 'long' }),
      ...(onJustification ? (['justification'] as const) : []),
      ...(onTicket ? (['ticket'] as const) : []),
    ];
    return found.length > 0 ? found : best;
  };

  return (request: PastRequest, ask: PastAsk): Outcome => {
    const requester = known.requesterOf(request.personId);
    if (!requester) return { kind: 'unjudged', missing: 'person' };
    if (!accounts.has(request.accountId)) return { kind: 'unjudged', missing: 'account' };
    if (!permissionSets.has(request.permissionSetArn)) return { kind: 'unjudged', missing: 'permission_set' };
    const facts = {
      requester: { ...requester, ...(onCall && { onCall }) },
      ...targetOf(request),
      others: othersAt(request, ask),
    };
    const verdict = verdictOf(request, ask, facts);
    if (isRefusal(verdict)) return { kind: 'refused', refusal: verdict };
    if ('entitlement' in verdict) return outcomeBy(verdict, known, ask);
    return { kind: 'unknown', dependsOn: verdict };
  };
};
