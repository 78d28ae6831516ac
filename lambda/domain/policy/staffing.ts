/** Who is there for what the policy lets through, told from everybody there is: whether they are enough to approve it, and to be told. */
import { type StageStaffing, tooFewApprovers } from '../enough-approvers.ts';
import type { Refusal } from '../refusal.ts';
import type { ApprovalDemand, StageDemand } from './approval-demand.ts';
import { type Candidates, candidatesIn, couldNotAsk, MOST_LOOKED_AT } from './deciders.ts';
import type { Permit } from './judge.ts';
import type { Staff } from './known-names.ts';
import { refuseRequestersAlone, refuseTooFew, refuseUntold } from './nobody-there.ts';
import type { BreakGlassTerms, Entitlement, NamedPeople } from './policy.ts';

const NOBODY: NamedPeople = { groups: [], users: [] };

/** Those to whom it is escalated are among them: they could decide it at some time. */
const candidatesOf = (staff: Staff, stage: StageDemand, without: readonly string[]): Candidates => {
  const idsOf = (named: NamedPeople): ReadonlySet<string> => new Set(staff.idsOf(named));
  const { among, escalation = NOBODY } = stage;
  const lists = among.map((groups) => idsOf({ groups, users: [] }));
  return candidatesIn(stage, [idsOf(stage), idsOf(escalation), ...lists], without);
};

/** Enabled people who could decide the stage, those included whom nobody but the staff can list. */
export const decidersOf = (staff: Staff, stage: StageDemand): ReadonlySet<string> => {
  const { ids, areAll, couldDecide } = candidatesOf(staff, stage, []);
  const asked = areAll ? ids.map(staff.personOf) : staff.people;
  return new Set(asked.filter(couldDecide).map(({ id }) => id));
};

/** As the service counts them when somebody asks: of so many at most, and where there may be more they are enough. */
const countedIn = (staff: Staff, stage: StageDemand, requesterId: string): StageStaffing => {
  const { ids, areAll, couldDecide } = candidatesOf(staff, stage, [requesterId]);
  const found = ids.slice(0, MOST_LOOKED_AT).map(staff.personOf).filter(couldDecide);
  return {
    required: stage.required,
    people: new Set(found.map(({ id }) => id)),
    isAll: areAll && ids.length <= MOST_LOOKED_AT,
  };
};

/** Whether the stage, before it is escalated, has somebody who certainly could not ask by the rule. */
const hasOthers = (staff: Staff, { who }: Entitlement, { escalation: _later, ...stage }: StageDemand): boolean => {
  const asking = new Set(staff.idsOf({ groups: who.groups, users: [] }));
  const { ids, couldDecide } = candidatesOf(staff, stage, []);
  return ids
    .slice(0, MOST_LOOKED_AT)
    .filter((id) => !asking.has(id))
    .map(staff.personOf)
    .some((person) => couldDecide(person) && couldNotAsk(who, person));
};

const refuseAmongThemselves = (staff: Staff, rule: Entitlement, approval: ApprovalDemand): Refusal | undefined =>
  rule.delegation && !approval.some((stage) => hasOthers(staff, rule, stage))
    ? refuseRequestersAlone(rule, rule.delegation)
    : undefined;

/** Whoever is disabled hears of nothing. */
const hasAnother = (staff: Staff, { groups, users }: NamedPeople, requesterId: string): boolean => {
  const others = (named: NamedPeople): readonly string[] => staff.idsOf(named).filter((id) => id !== requesterId);
  const members = others({ groups, users: [] }).slice(0, MOST_LOOKED_AT);
  return [...others({ groups: [], users }), ...members].some((id) => staff.personOf(id)?.enabled === true);
};

const refuseNobodyElse = (
  staff: Staff,
  rule: Entitlement,
  { tell, reviewers }: BreakGlassTerms,
  requesterId: string,
): Refusal | undefined =>
  [tell, reviewers].every((named) => hasAnother(staff, named, requesterId)) ? undefined : refuseUntold(rule);

/** @returns why the service would refuse, for want of people, what the policy permits this person. */
export const refuseUnstaffed = (staff: Staff, permit: Permit, requesterId: string): Refusal | undefined => {
  const { entitlement, approval, breakGlass } = permit;
  const lack = tooFewApprovers(approval.map((stage) => countedIn(staff, stage, requesterId)));
  if (lack) return refuseTooFew(permit, lack);
  const refusal = refuseAmongThemselves(staff, entitlement, approval);
  return refusal ?? (breakGlass && refuseNobodyElse(staff, entitlement, breakGlass, requesterId));
};
