/** The policy as it holds for whoever breaks the glass: rules of its own, without the guardrails that spare it. */
import { type Refusal, refuse } from '../refusal.ts';
import type { JudgedAsk } from './ask.ts';
import type { BreakGlassRule, BreakGlassTerms, Entitlement, Guardrail, Policy } from './policy.ts';

const NOBODY: readonly BreakGlassRule[] = [];

export const breakGlassRules = ({ breakGlass = NOBODY }: Policy): readonly BreakGlassRule[] => breakGlass;

/** Those of both kinds; a rule of the policy that is of both is there twice, under its one name. */
export const everyRule = (policy: Policy): readonly Entitlement[] => [
  ...policy.entitlements,
  ...breakGlassRules(policy),
];

export const termsOf = (rule: Entitlement): BreakGlassTerms | undefined =>
  'breakGlass' in rule ? (rule as BreakGlassRule).breakGlass : undefined;

export const isForBreakGlass = ({ sparesBreakGlass }: Guardrail): boolean => sparesBreakGlass !== true;

/** A policy never changes, so this is made once, and so is its index. */
const made = new WeakMap<Policy, Policy>();

export const forBreakGlass = (policy: Policy): Policy => {
  const known = made.get(policy);
  if (known) return known;
  const { version, guardrails } = policy;
  const urgent = { version, entitlements: breakGlassRules(policy), guardrails: guardrails.filter(isForBreakGlass) };
  made.set(policy, urgent);
  return urgent;
};

/** The part of the policy by which this ask is judged. */
export const partFor = (policy: Policy, { incident }: Pick<JudgedAsk, 'incident'>): Policy =>
  incident === undefined ? policy : forBreakGlass(policy);

export const refuseUnbreakable = ({ requester, account, permissionSet }: JudgedAsk): Refusal =>
  refuse(
    'break_glass_not_allowed',
    `No rule lets ${requester.person.userName} break the glass for ${account.name}/${permissionSet.name}. Ask without it.`,
  );
