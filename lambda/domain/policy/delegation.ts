/** What a delegation leaves of a rule that a team wrote: it beats the rule wherever that says more. */
import type { DurationSeconds } from '../time.ts';
import type { Account, PermissionSet } from './facts.ts';
import { both, type Fit, fitsPermissionSets, isBelow } from './fit.ts';
import type { Delegated, Delegation, Entitlement, Floor, Stage } from './policy.ts';

/**
 * NB. A group that may both ask and approve would decide on itself. Who is in the groups is looked at when somebody asks; who
 * has an attribute cannot be listed, so that nobody can be shown among them but of the groups of the delegation.
 */
const othersApprove = ({ who, approval }: Entitlement, { approversFrom }: Delegation): boolean => {
  const others = (groups: readonly string[]): boolean => groups.some((group) => !who.groups.includes(group));
  const hasOthers = ({ groups, users, accountTag }: Stage): boolean =>
    accountTag !== undefined || others(groups) || users.some((user) => !who.users.includes(user));
  if (approversFrom.length === 0) return approval.some(hasOthers);
  const mayHave = (stage: Stage): boolean => stage.everybodyWith !== undefined || hasOthers(stage);
  return others(approversFrom) && (approval.length === 0 || approval.some(mayHave));
};

const delegatedBy = (rule: Entitlement, name: string, bounds: Delegation | undefined): Delegated => {
  if (!bounds) return { name, grantsNothing: 'unknown-delegation' };
  return othersApprove(rule, bounds) ? { name, bounds } : { name, grantsNothing: 'requesters-approve' };
};

/** The rule as it holds under the delegation of that name; without bounds there is none of that name. */
export const underDelegation = (rule: Entitlement, name: string, bounds: Delegation | undefined): Entitlement => {
  const longest = Math.min(rule.maxDurationSeconds, bounds?.maxDurationSeconds ?? Number.POSITIVE_INFINITY);
  return {
    ...rule,
    maxDurationSeconds: longest as DurationSeconds,
    delegation: delegatedBy(rule, name, bounds),
  };
};

const fitIf = (is: boolean): Fit => (is ? 'yes' : 'no');

/** The bounds of a rule; undefined where the platform team wrote it, or where it grants nothing at all. */
export const boundsOf = ({ delegation }: Entitlement): Delegation | undefined =>
  delegation && 'bounds' in delegation ? delegation.bounds : undefined;

const grantsNothing = ({ delegation }: Entitlement): boolean =>
  delegation !== undefined && 'grantsNothing' in delegation;

/** Whether the account lies where the team may write rules: an account that is moved away lies there no more. */
export const fitsDelegatedAccount = (rule: Entitlement, { ouPath }: Account): Fit => {
  if (grantsNothing(rule)) return 'unknown';
  const units = boundsOf(rule)?.organizationalUnits;
  return fitIf(!units || units.some((unit) => isBelow(ouPath, unit)));
};

export const fitsDelegatedSet = (rule: Entitlement, permissionSet: PermissionSet): Fit => {
  if (grantsNothing(rule)) return 'unknown';
  const sets = boundsOf(rule)?.permissionSets;
  return sets ? fitsPermissionSets(sets, permissionSet) : 'yes';
};

export const fitsDelegation = (rule: Entitlement, account: Account, permissionSet: PermissionSet): Fit =>
  rule.delegation ? both(fitsDelegatedAccount(rule, account), fitsDelegatedSet(rule, permissionSet)) : 'yes';

/** The floor that the delegation sets for what the rule asks: like those of guardrails, and before them. */
export const delegatedFloors = (rule: Entitlement): readonly Floor[] => {
  const bounds = boundsOf(rule);
  return bounds ? [bounds] : [];
};
