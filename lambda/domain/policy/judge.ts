/** The verdict of the policy on an ask: which entitlement lets it through, or why none does. */
import { foldedCase } from '../proven-identity.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Account, PermissionSet, Requester } from './facts.ts';
import type { Entitlement, Policy, Requirements, What, Who } from './policy.ts';

export interface JudgedAsk {
  readonly requester: Requester;
  readonly account: Account;
  readonly permissionSet: PermissionSet;
  readonly durationSeconds: number;
  readonly justification: string;
  readonly ticket?: string;
}

const admitsPerson = (who: Who, { person, groups }: Requester): boolean =>
  who.users.includes(foldedCase(person.userName)) || who.groups.some((group) => groups.has(group));

const isBelow = (ouPath: string, unit: string): boolean =>
  unit === '/' || ouPath === unit || ouPath.startsWith(`${unit}/`);

export const admitsAccount = (what: What, account: Account): boolean =>
  what.accountIds.includes(account.id) ||
  what.accountNames.includes(account.name) ||
  what.organizationalUnits.some((unit) => isBelow(account.ouPath, unit));

/** Whether the entitlement speaks of this person, account and permission set at all. */
export const applies = (
  entitlement: Entitlement,
  requester: Requester,
  account: Account,
  permissionSet: PermissionSet,
): boolean =>
  admitsPerson(entitlement.who, requester) &&
  admitsAccount(entitlement.what, account) &&
  entitlement.what.permissionSets.includes(permissionSet.name);

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

const refuseText = (require: Requirements, ask: JudgedAsk): Refusal | undefined => {
  const { justificationLength, ticketPattern } = require;
  if (ask.justification.trim().length < justificationLength) {
    return refuse(
      'justification_too_short',
      `This target needs a justification of at least ${justificationLength} characters; yours has ${ask.justification.trim().length}.`,
      { minimum: justificationLength },
    );
  }
  if (ticketPattern === undefined) return undefined;
  if (ask.ticket === undefined) {
    return refuse('ticket_required', `This target needs a ticket of the form ${ticketPattern}.`, {
      pattern: ticketPattern,
    });
  }
  if (new RegExp(`^(?:${ticketPattern})$`, 'u').test(ask.ticket)) return undefined;
  return refuse('ticket_invalid', `The ticket "${ask.ticket}" is not of the form ${ticketPattern}.`, {
    pattern: ticketPattern,
  });
};

/** The rule that asks the least comes first: no approval, then fewest approvals, then file order. */
export const byLeastAsked = (entitlements: readonly Entitlement[]): readonly Entitlement[] =>
  [...entitlements].sort((left, right) => left.approval.required - right.approval.required);

/**
 * Judges by the entitlement that asks the least among those that admit the duration and whose conditions are met.
 * When some apply but none lets it through, the refusal names what is missing for the one that asks the least.
 */
export const judge = (policy: Policy, ask: JudgedAsk): Entitlement | Refusal => {
  const forbidden = refuseForbidden(ask.account);
  if (forbidden) return forbidden;
  const { requester, account, permissionSet } = ask;
  const applying = policy.entitlements.filter((rule) => applies(rule, requester, account, permissionSet));
  if (applying.length === 0) {
    return refuse(
      'not_eligible',
      `No rule of the policy lets ${requester.person.userName} ask for ${account.name}/${permissionSet.name}. ` +
        'The catalogue lists what you may ask for.',
    );
  }
  const longest = Math.max(...applying.map(({ maxDurationSeconds }) => maxDurationSeconds));
  const admitting = byLeastAsked(
    applying.filter(({ maxDurationSeconds }) => maxDurationSeconds >= ask.durationSeconds),
  );
  if (admitting.length === 0) {
    return refuse('duration_too_long', `${ask.durationSeconds} s is too long for this target; at most ${longest} s.`, {
      maximumSeconds: longest,
    });
  }
  const verdicts = admitting.map((rule) => refuseText(rule.require, ask) ?? rule);
  return verdicts.find((verdict): verdict is Entitlement => !('refused' in verdict)) ?? (verdicts[0] as Refusal);
};
