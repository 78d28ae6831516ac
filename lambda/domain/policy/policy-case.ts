/** Cases of a policy: a person, a target, a length and a moment, and whether that comes to what is expected. */
import { requiredIn } from '../approval.ts';
import { isBlank } from '../asking.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { addSeconds, parseInstant } from '../time.ts';
import type { OpenTarget } from './ask.ts';
import type { Account, PermissionSet, Person, Requester } from './facts.ts';
import { judge, type Permit } from './judge.ts';
import type { Staff } from './known-names.ts';
import { refuseDisabled } from './nobody-there.ts';
import { type Policy, schedulesIn } from './policy.ts';
import { approverNames } from './rule-text.ts';
import { refuseUnstaffed } from './staffing.ts';

/** What is left out is not compared. */
interface Expected {
  /** `allowed`, or the code of a refusal. */
  readonly expect: string;
  /** Name of the entitlement that lets it through. */
  readonly rule?: string | undefined;
  /** In all stages together. */
  readonly approvals?: number | undefined;
  /** Approvals of each stage, in order. */
  readonly stages?: readonly number[] | undefined;
  /** Groups and users that approve, and in words everybody with certain attributes, in the order of the stages. */
  readonly approvers?: readonly string[] | undefined;
  /** Seconds that it may last in all. */
  readonly at_most?: number | undefined;
}

/** As people write it. */
export interface PolicyCase extends Expected {
  readonly name: string;
  /** User name. */
  readonly person: string;
  /** Id or name of the account, a slash, name of the permission set. */
  readonly target: string;
  /** Seconds. */
  readonly for: number;
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
  readonly ticket?: string | undefined;
  readonly break_glass?: boolean | undefined;
  readonly incident?: string | undefined;
  /** Schedules by which the person is on call; by others they are not. */
  readonly on_call: readonly string[];
  /** Targets that the person has open. */
  readonly open: readonly string[];
}

export interface CaseFacts {
  readonly accounts: readonly Account[];
  readonly permissionSets: readonly PermissionSet[];
  /** The person as the policy sees them. */
  requesterNamed(userName: string): Requester | undefined;
  /** Absent: who there is to approve, and to be told, is not known, and not counted. */
  readonly staff?: Staff;
}

export interface CaseOutcome {
  readonly name: string;
  readonly passed: boolean;
  /** What came instead, in words; empty when it passed. */
  readonly differences: readonly string[];
}

const differing = (what: string, wanted: unknown, got: unknown): readonly string[] =>
  wanted === undefined || JSON.stringify(wanted) === JSON.stringify(got)
    ? []
    : [`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`];

const differences = (expected: Expected, outcome: Permit | Refusal): readonly string[] => {
  const came = isRefusal(outcome) ? outcome.refused : 'allowed';
  const first = differing('expect', expected.expect, came);
  if (first.length > 0)
    return [...first, ...(isRefusal(outcome) ? [outcome.detail] : [`by the rule "${outcome.entitlement.name}"`])];
  if (isRefusal(outcome)) return [];
  return [
    ...differing('rule', expected.rule, outcome.entitlement.name),
    ...differing('approvals', expected.approvals, requiredIn(outcome.approval)),
    ...differing(
      'stages',
      expected.stages,
      outcome.approval.map(({ required }) => required),
    ),
    ...differing('approvers', expected.approvers, approverNames(outcome.approval)),
    ...differing('at_most', expected.at_most, outcome.maxDurationSeconds),
  ];
};

/** The target that people write so. @returns in words what there is not */
export const targetIn = (
  { accounts, permissionSets }: Pick<CaseFacts, 'accounts' | 'permissionSets'>,
  text: string,
): OpenTarget | string => {
  const slash = text.lastIndexOf('/');
  const [accountText, setText] = [text.slice(0, slash), text.slice(slash + 1)];
  const [account, another] = accounts.filter(({ id, name }) => id === accountText || name === accountText);
  const permissionSet = permissionSets.find(({ name }) => name === setText);
  if (!account) return `the organization has no account "${accountText}"`;
  if (another) return `the organization has more than one account "${accountText}": write its id`;
  return permissionSet ? { account, permissionSet } : `the organization has no permission set "${setText}"`;
};

const onCallIn = (policy: Policy, { on_call }: PolicyCase): ReadonlyMap<string, boolean> =>
  new Map(schedulesIn(policy).map((schedule) => [schedule, on_call.includes(schedule)]));

export interface JudgedCase {
  readonly person: Person;
  readonly verdict: Permit | Refusal;
}

/** Before any rule is looked at. */
const refuseUnnamed = ({ break_glass, incident = '' }: PolicyCase): Refusal | undefined =>
  break_glass && isBlank(incident)
    ? refuse('incident_invalid', 'The glass is broken for an incident: name one.')
    : undefined;

/** A case before it is asked who is there to approve, or to be told. @returns in words what it names and nothing bears */
export const judgeCase = (policy: Policy, facts: Omit<CaseFacts, 'staff'>, given: PolicyCase): JudgedCase | string => {
  const requester = facts.requesterNamed(given.person);
  if (!requester) return `the organization has nobody named "${given.person}"`;
  const [asked, ...others] = [given.target, ...given.open].map((text) => targetIn(facts, text));
  const wrong = [asked, ...others].find((one) => typeof one === 'string');
  const from = parseInstant(given.at);
  if (wrong !== undefined || typeof asked !== 'object' || from === undefined) return wrong ?? 'its moment is none';
  const ask = {
    requester: { ...requester, onCall: onCallIn(policy, given) },
    ...asked,
    durationSeconds: given.for,
    window: { from, until: addSeconds(from, given.for) },
    justification: given.reason,
    ...(given.ticket === undefined ? {} : { ticket: given.ticket }),
    ...(given.break_glass ? { incident: given.incident ?? '' } : {}),
    others: others.filter((one) => typeof one !== 'string'),
  };
  const { person } = requester;
  const verdict = refuseUnnamed(given) ?? judge(policy, ask);
  return { person, verdict: isRefusal(verdict) ? verdict : (refuseDisabled(person) ?? verdict) };
};

export const outcomeOf = (given: PolicyCase, came: Permit | Refusal | string): CaseOutcome => {
  const found = typeof came === 'string' ? [came] : differences(given, came);
  return { name: given.name, passed: found.length === 0, differences: found };
};

/** What asking would come to: somebody must be there to approve, or to be told. */
const withPeople = ({ staff }: CaseFacts, { person, verdict }: JudgedCase): Permit | Refusal =>
  staff && !isRefusal(verdict) ? (refuseUnstaffed(staff, verdict, person.id) ?? verdict) : verdict;

export const tryCase = (policy: Policy, facts: CaseFacts, given: PolicyCase): CaseOutcome => {
  const judged = judgeCase(policy, facts, given);
  return outcomeOf(given, typeof judged === 'string' ? judged : withPeople(facts, judged));
};
