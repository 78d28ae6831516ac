/** Why the policy says what it says: every rule's verdict, condition by condition, the nearest rule first. */
import type { Refusal } from '../refusal.ts';
import { durationText } from '../time.ts';
import type { JudgedAsk } from './ask.ts';
import { breakGlassRules, partFor } from './break-glass.ts';
import { fitsDelegation } from './delegation.ts';
import type { Requester } from './facts.ts';
import { type Fit, fitsAccounts, fitsMatch, fitsPermissionSets, fitsWho } from './fit.ts';
import { fitsGuardrail, refuseByEffect } from './guardrails.ts';
import { judge, type Permit } from './judge.ts';
import type { Entitlement, Guardrail, Policy } from './policy.ts';
import { isOnCall, refuseHours, refuseIncident, refuseJustification, refuseTicket } from './requirements.ts';
import { accountsText, attributeName, delegationText, permissionSetsText, whoText } from './rule-text.ts';

/** `failed`: it could not be told, for want of a fact or because of a name that nothing bears; that denies (law 9). */
export type Met = 'met' | 'unmet' | 'failed';

export interface Condition {
  readonly kind:
    | 'names'
    | 'who'
    | 'account'
    | 'permission_set'
    | 'match'
    | 'delegation'
    | 'duration'
    | 'justification'
    | 'ticket'
    | 'incident'
    | 'hours'
    | 'on_call';
  readonly met: Met;
  /** What the rule asks, in words. */
  readonly asks: string;
  /** What would make it met; absent where it is. */
  readonly remedy?: string;
}

export interface RuleVerdict {
  readonly name: string;
  readonly verdict: 'allows' | 'unsatisfied' | 'failed';
  readonly conditions: readonly Condition[];
}

export interface GuardrailVerdict {
  readonly name: string;
  readonly effect: Guardrail['effect']['kind'];
  /** `failed`: whether it speaks of this could not be told, and so it holds. */
  readonly holds: 'yes' | 'no' | 'failed';
  /** Why it refuses; absent where it does not. */
  readonly refusal?: Refusal;
}

export interface Explanation {
  readonly outcome: Permit | Refusal;
  /** The nearest first: the fewest conditions that are not met, then file order. */
  readonly entitlements: readonly RuleVerdict[];
  /** In file order, those that hold first. */
  readonly guardrails: readonly GuardrailVerdict[];
  /** What would come of breaking the glass for it; absent where the policy has no rule for that. */
  readonly breakGlass?: Permit | Refusal;
}

const MET: Readonly<Record<Fit, Met>> = { yes: 'met', no: 'unmet', unknown: 'failed' };

const UNKNOWN = 'it cannot be told: a fact was not read, or a group or organizational unit of the rule does not exist';

const fromFit = (kind: Condition['kind'], fit: Fit, asks: string, remedy: string): Condition => ({
  kind,
  met: MET[fit],
  asks,
  ...(fit === 'yes' ? {} : { remedy: fit === 'no' ? remedy : UNKNOWN }),
});

const fromRefusal = (kind: Condition['kind'], asks: string, refusal: Refusal | undefined): Condition => ({
  kind,
  met: refusal ? 'unmet' : 'met',
  asks,
  ...(refusal && { remedy: refusal.detail }),
});

const targetConditions = ({ what, who, match }: Entitlement, ask: JudgedAsk): readonly Condition[] => {
  const { requester, account, permissionSet } = ask;
  const [people, accounts, sets] = [whoText(who), accountsText(what.accounts), permissionSetsText(what.permissionSets)];
  return [
    fromFit('who', fitsWho(who, requester), people, `be one of: ${people}`),
    fromFit(
      'account',
      fitsAccounts(what.accounts, account, requester.missing),
      accounts,
      `ask for one of: ${accounts}`,
    ),
    fromFit('permission_set', fitsPermissionSets(what.permissionSets, permissionSet), sets, `ask for one of: ${sets}`),
    ...match.map((one) => {
      const asks = `the person's ${attributeName(one.attribute)} equals the account's tag "${one.tag}"`;
      return fromFit('match', fitsMatch(one, requester, account), asks, `ask for an account where ${asks}`);
    }),
  ];
};

/** Told only where something is missing. */
const namesCondition = ({ name }: Entitlement, { missing }: Requester): readonly Condition[] => {
  const unknown = missing?.rules?.get(name);
  if (!unknown) return [];
  const names = unknown.map((one) => `"${one}"`).join(', ');
  const remedy = `whoever keeps the policy mends the rule, or what it names comes to be: ${names}`;
  return [
    { kind: 'names', met: 'failed', asks: `everything that the rule names exists; nothing is named ${names}`, remedy },
  ];
};

const NO_BOUNDS = {
  'unknown-delegation': 'the policy has no such delegation, so the rule grants nothing',
  'requesters-approve': 'nobody can be shown to approve who may not ask, so the rule grants nothing',
} as const;

/** Nothing where the platform team wrote the rule. */
const delegationConditions = (rule: Entitlement, { account, permissionSet }: JudgedAsk): readonly Condition[] => {
  const { delegation } = rule;
  if (!delegation) return [];
  const asks = delegationText(delegation);
  if ('grantsNothing' in delegation)
    return [{ kind: 'delegation', met: 'failed', asks, remedy: NO_BOUNDS[delegation.grantsNothing] }];
  const fit = fitsDelegation(rule, account, permissionSet);
  return [fromFit('delegation', fit, asks, 'ask for a target within the delegation, or by a rule of another team')];
};

const NOT_TOLD = 'it could not be told who is on call, or was not asked since the rule speaks of something else';

/** Nothing where the rule asks for no on-call. */
const onCallConditions = ({ require }: Entitlement, ask: JudgedAsk): readonly Condition[] => {
  if (require.onCall === undefined) return [];
  const asks = `to be on call by ${require.onCall}`;
  const is = isOnCall(require, ask);
  if (is === undefined) return [{ kind: 'on_call', met: 'failed', asks, remedy: NOT_TOLD }];
  return [fromFit('on_call', is ? 'yes' : 'no', asks, 'ask while on call')];
};

const requirementConditions = ({ require, maxDurationSeconds }: Entitlement, ask: JudgedAsk): readonly Condition[] => {
  const longest = durationText(maxDurationSeconds);
  const fits = ask.durationSeconds <= maxDurationSeconds;
  const { ticketPattern, incidentPattern, hours, justificationLength } = require;
  return [
    fromFit('duration', fits ? 'yes' : 'no', `at most ${longest}`, `ask for ${longest} at most`),
    fromRefusal('justification', `at least ${justificationLength} character(s)`, refuseJustification(require, ask)),
    ...(ticketPattern === undefined
      ? []
      : [fromRefusal('ticket', `a ticket of the form ${ticketPattern}`, refuseTicket(require, ask))]),
    ...(incidentPattern === undefined
      ? []
      : [fromRefusal('incident', `an incident of the form ${incidentPattern}`, refuseIncident(require, ask))]),
    ...(hours ? [fromRefusal('hours', 'to begin within hours', refuseHours(require, ask))] : []),
  ];
};

const verdictOn = (rule: Entitlement, ask: JudgedAsk): RuleVerdict => {
  const conditions = [
    ...namesCondition(rule, ask.requester),
    ...targetConditions(rule, ask),
    ...delegationConditions(rule, ask),
    ...requirementConditions(rule, ask),
    ...onCallConditions(rule, ask),
  ];
  const isAny = (met: Met): boolean => conditions.some((one) => one.met === met);
  return {
    name: rule.name,
    verdict: isAny('unmet') ? 'unsatisfied' : isAny('failed') ? 'failed' : 'allows',
    conditions,
  };
};

/** Nobody can become another person by asking otherwise: a rule for others is further away than any that asks otherwise. */
const WEIGHTS: Readonly<Partial<Record<Condition['kind'], number>>> = {
  who: 100,
  names: 10,
  account: 10,
  permission_set: 10,
  match: 10,
  delegation: 10,
};

const distance = ({ conditions }: RuleVerdict): number =>
  conditions.reduce((sum, { kind, met }) => (met === 'met' ? sum : sum + (WEIGHTS[kind] ?? 1)), 0);

const verdictOfGuardrail = (guardrail: Guardrail, ask: JudgedAsk): GuardrailVerdict => {
  const fit = fitsGuardrail(guardrail, ask.requester, ask.account, ask.permissionSet);
  const refusal = fit === 'no' ? undefined : refuseByEffect(guardrail, ask);
  return {
    name: guardrail.name,
    effect: guardrail.effect.kind,
    holds: fit === 'unknown' ? 'failed' : fit,
    ...(refusal && { refusal }),
  };
};

const heldFirst = (left: GuardrailVerdict, right: GuardrailVerdict): number =>
  Number(left.holds === 'no') - Number(right.holds === 'no');

/** Whatever the incident: one that fits is taken for granted where none is given. */
const ofBreakingGlass = (policy: Policy, ask: JudgedAsk): Permit | Refusal => {
  if (ask.incident !== undefined) return judge(policy, ask);
  const breakGlass = breakGlassRules(policy).map(({ require: { incidentPattern: _any, ...require }, ...rule }) => ({
    ...rule,
    require,
  }));
  return judge({ ...policy, breakGlass }, { ...ask, incident: 'any' });
};

export const explain = (policy: Policy, ask: JudgedAsk): Explanation => {
  const { entitlements, guardrails } = partFor(policy, ask);
  return {
    outcome: judge(policy, ask),
    entitlements: entitlements
      .map((rule) => verdictOn(rule, ask))
      .sort((left, right) => distance(left) - distance(right)),
    guardrails: guardrails.map((one) => verdictOfGuardrail(one, ask)).sort(heldFirst),
    ...(breakGlassRules(policy).length > 0 && { breakGlass: ofBreakingGlass(policy, ask) }),
  };
};
