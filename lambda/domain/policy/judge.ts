/** The verdict of the policy on an ask: which entitlement lets it through and on what terms, or why none does. */
import { requiredIn } from '../approval.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type DurationSeconds, durationText } from '../time.ts';
import { type ApprovalDemand, raisedTo } from './approval-demand.ts';
import type { JudgedAsk } from './ask.ts';
import { partFor, refuseUnbreakable, termsOf } from './break-glass.ts';
import type { Account } from './facts.ts';
import { holds, longestAllowed, refuseByEffect } from './guardrails.ts';
import type { BreakGlassTerms, Entitlement, Guardrail, Policy } from './policy.ts';
import { refuseRequirements } from './requirements.ts';
import { indexOf } from './rule-index.ts';

/** Let through by an entitlement, on the terms that guardrails left of it. */
export interface Permit {
  readonly entitlement: Entitlement;
  readonly approval: ApprovalDemand;
  /** The longest that it may last in all. */
  readonly maxDurationSeconds: DurationSeconds;
  /** Present where the glass is broken. */
  readonly breakGlass?: BreakGlassTerms;
}

/** The built-in guardrail of law 15, and accounts that cannot be assigned to. */
export const refuseForbidden = (account: Account): Refusal | undefined => {
  if (account.forbidden) {
    const which =
      account.forbidden === 'management-account' ? 'the management account' : 'the account that hosts Brevet';
    return refuse('target_forbidden', `${account.name} (${account.id}) is ${which}, which is never a target.`);
  }
  if (account.active) return undefined;
  return refuse('target_forbidden', `${account.name} (${account.id}) is not active in the organization.`);
};

/** The account that hosts Brevet is given after two people have looked, or not at all (law 15). */
const refuseUnseen = ({ account, incident }: JudgedAsk): Refusal | undefined =>
  account.guarded && incident !== undefined
    ? refuse(
        'target_forbidden',
        `${account.name} (${account.id}) hosts Brevet, and is given by breaking no glass. Ask without it.`,
      )
    : undefined;

/** The rule that asks the least comes first: no approval, then fewest approvals in all, then fewest stages, then file order. */
export const byLeastAsked = (entitlements: readonly Entitlement[]): readonly Entitlement[] =>
  [...entitlements].sort(
    (left, right) =>
      requiredIn(left.approval) - requiredIn(right.approval) || left.approval.length - right.approval.length,
  );

const refuseUnnamed = ({ requester, account, permissionSet }: JudgedAsk): Refusal =>
  refuse(
    'not_eligible',
    `No rule of the policy lets ${requester.person.userName} ask for ${account.name}/${permissionSet.name}. ` +
      'The catalogue lists what you may ask for.',
  );

const refuseTooLong = ({ durationSeconds }: JudgedAsk, longest: number): Refusal | undefined =>
  durationSeconds <= longest
    ? undefined
    : refuse(
        'duration_too_long',
        `${durationText(durationSeconds)} is too long for this target; at most ${durationText(longest)}.`,
        {
          maximumSeconds: longest,
        },
      );

const guardrailsHolding = (
  policy: Policy,
  { requester, account, permissionSet, others }: JudgedAsk,
): readonly Guardrail[] =>
  indexOf(policy)
    .guarding(account, requester.missing)
    .filter((one) => (others.length > 0 || !isAboutOthers(one)) && holds(one, requester, account, permissionSet));

/** Without anything else open, these refuse nothing. */
const isAboutOthers = ({ effect }: Guardrail): boolean =>
  effect.kind === 'not-together' || effect.kind === 'open-limit';

const permitBy = (entitlement: Entitlement, holding: readonly Guardrail[], account: Account): Permit => {
  const breakGlass = termsOf(entitlement);
  return {
    entitlement,
    approval: raisedTo(entitlement, holding, account),
    maxDurationSeconds: Math.min(entitlement.maxDurationSeconds, longestAllowed(holding)) as DurationSeconds,
    ...(breakGlass && { breakGlass }),
  };
};

/**
 * Judges by the entitlement that asks the least among those that admit the duration and whose conditions are met; then
 * the guardrails that hold forbid, or raise what it asks. When some apply but none lets it through, the refusal names
 * what is missing for the one that asks the least. Whoever breaks the glass is judged by the rules for that alone.
 */
export const judge = (policy: Policy, ask: JudgedAsk): Permit | Refusal => {
  const forbidden = refuseForbidden(ask.account) ?? refuseUnseen(ask);
  if (forbidden) return forbidden;
  const part = partFor(policy, ask);
  const applying = indexOf(part).applying(ask.requester, ask.account, ask.permissionSet);
  if (applying.length === 0) return ask.incident === undefined ? refuseUnnamed(ask) : refuseUnbreakable(ask);
  const holding = guardrailsHolding(part, ask);
  return refuseByAny(holding, ask) ?? chosen(applying, holding, ask);
};

const refuseByAny = (holding: readonly Guardrail[], ask: JudgedAsk): Refusal | undefined => {
  for (const guardrail of holding) {
    const refusal = refuseByEffect(guardrail, ask);
    if (refusal) return refusal;
  }
  return undefined;
};

const chosen = (applying: readonly Entitlement[], holding: readonly Guardrail[], ask: JudgedAsk): Permit | Refusal => {
  const longest = Math.max(...applying.map(({ maxDurationSeconds }) => maxDurationSeconds));
  const tooLong = refuseTooLong(ask, Math.min(longest, longestAllowed(holding)));
  if (tooLong) return tooLong;
  const admitting = byLeastAsked(
    applying.filter(({ maxDurationSeconds }) => maxDurationSeconds >= ask.durationSeconds),
  );
  const verdicts = admitting.map((rule) => refuseRequirements(rule.require, ask) ?? rule);
  const lets = verdicts.find((verdict): verdict is Entitlement => !('refused' in verdict));
  return lets ? permitBy(lets, holding, ask.account) : (verdicts[0] as Refusal);
};
