/** What explain says, offline: the engine of the service over an exported organization, with those counted who are in it. */
import type { PersonRef } from '../../lambda/domain/access-request.ts';
import { explain } from '../../lambda/domain/policy/explain.ts';
import type { Person } from '../../lambda/domain/policy/facts.ts';
import type { Permit } from '../../lambda/domain/policy/judge.ts';
import { refuseDisabled } from '../../lambda/domain/policy/nobody-there.ts';
import { type Policy, schedulesIn } from '../../lambda/domain/policy/policy.ts';
import { targetIn } from '../../lambda/domain/policy/policy-case.ts';
import { decidersOf, refuseUnstaffed } from '../../lambda/domain/policy/staffing.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { addSeconds, instant } from '../../lambda/domain/time.ts';
import { explanationView } from '../../lambda/handlers/api/explanation-view.ts';
import { failure } from '../failure.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export interface OfflineAsk {
  /** User name. */
  readonly person: string;
  /** Id or name of the account, a slash, name of the permission set. */
  readonly target: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly durationSeconds: number;
  readonly justification: string;
  readonly ticket?: string;
  readonly incident?: string;
  /** Schedules by which the person is on call, and by no others; absent: it cannot be told. */
  readonly onCall?: readonly string[];
}

/** As many as the service names. */
const MOST_APPROVERS_NAMED = 25;

const refTo = ({ id, userName, displayName }: Person): PersonRef => ({ id, userName, displayName });

/** @throws Failure for a person or a target that the organization has not. */
const named = (organization: OfflineOrganization, { person: userName, target: text }: OfflineAsk) => {
  const person = organization.personNamed(userName);
  if (!person) throw failure('nothing_fits', `The organization has nobody, or more than one, named "${userName}".`);
  const target = targetIn(organization, text);
  if (typeof target === 'object') return { person, ...target };
  throw failure('nothing_fits', `As to the target, ${target}.`);
};

const asAsked = ({ justification, ticket, incident, durationSeconds, from }: OfflineAsk) => ({
  ...{ justification, durationSeconds, others: [] },
  window: { from: instant(from), until: addSeconds(instant(from), durationSeconds) },
  ...(ticket === undefined ? {} : { ticket }),
  ...(incident === undefined ? {} : { incident }),
});

const onCallBy = (policy: Policy, { onCall }: OfflineAsk) =>
  onCall && { onCall: new Map(schedulesIn(policy).map((schedule) => [schedule, onCall.includes(schedule)])) };

/** What the policy permits comes to a refusal where nobody is there for it. */
const staffed = ({ staff }: OfflineOrganization, verdict: Permit | Refusal, person: Person): Permit | Refusal =>
  isRefusal(verdict) ? verdict : (refuseDisabled(person) ?? refuseUnstaffed(staff, verdict, person.id) ?? verdict);

/** Of each stage, those who could approve in it before it is escalated. */
const approversOf = (
  { staff }: OfflineOrganization,
  { approval }: Permit,
  requester: Person,
): readonly (readonly PersonRef[])[] =>
  approval.map(({ escalation: _later, ...stage }) =>
    [...decidersOf(staff, stage)]
      .filter((id) => id !== requester.id)
      .flatMap((id) => staff.personOf(id) ?? [])
      .slice(0, MOST_APPROVERS_NAMED)
      .map(refTo),
  );

/** @throws Failure for a person or a target that the organization has not. */
export const explainOffline = (policy: Policy, organization: OfflineOrganization, ask: OfflineAsk) => {
  const { person, account, permissionSet } = named(organization, ask);
  const requester = { ...requesterIn(organization, policy)(person), ...onCallBy(policy, ask) };
  const { breakGlass, ...explained } = explain(policy, { requester, account, permissionSet, ...asAsked(ask) });
  const outcome = staffed(organization, explained.outcome, person);
  return explanationView({
    ...explained,
    ...{ person: refTo(person), account, permissionSet, outcome, durationSeconds: ask.durationSeconds },
    approvers: isRefusal(outcome) ? [] : approversOf(organization, outcome, person),
    ...(breakGlass && { breakGlass: staffed(organization, breakGlass, person) }),
  });
};
