/** What the policy in force and a proposed one look like on the wire. */
import { toIsoDuration } from '../../contract/duration.ts';
import type { PolicyCheckView, PolicyView } from '../../contract/policy-check.ts';
import type { PastChecked } from '../../contract/policy-past.ts';
import type { Change, TargetTerms } from '../../domain/policy/target-terms.ts';
import { toIso } from '../../domain/time.ts';
import type { CheckedProposal } from '../../use-cases/check-policy.ts';
import type { PersonDifference } from '../../use-cases/compare-for-people.ts';
import type { JudgedPast } from '../../use-cases/judge-past.ts';
import type { ShownPolicy } from '../../use-cases/show-policy.ts';

export const policyView = ({ policy, content }: ShownPolicy): PolicyView => ({
  version: policy.version,
  entitlements: policy.entitlements.length,
  guardrails: policy.guardrails.length,
  content: content as PolicyView['content'],
});

type PersonView = PolicyCheckView['people'][number];

const termsView = ({ approvals, approvers, maxSeconds, ways, breakGlassSeconds, isBreakGlassOnly }: TargetTerms) => ({
  approvals,
  approvers,
  maxDuration: toIsoDuration(maxSeconds),
  ...(ways && { ways: [...ways] }),
  ...(breakGlassSeconds === undefined
    ? {}
    : { breakGlass: { maxDuration: toIsoDuration(breakGlassSeconds), isOnlyWay: isBreakGlassOnly } }),
});

const changeView = ({ kind, before, after }: Change): PersonView['changes'] => {
  const target = after ?? before;
  if (!target) return [];
  return [
    {
      kind,
      accountId: target.accountId,
      accountName: target.account,
      permissionSet: target.permissionSet,
      ...(before && { before: termsView(before) }),
      ...(after && { after: termsView(after) }),
    },
  ];
};

const personView = ({ person, changes, isWhole }: PersonDifference): PersonView => ({
  userName: person.userName,
  changes: changes.flatMap(changeView),
  isWhole,
});

const everybodyView = (one: NonNullable<CheckedProposal['everybody']>): NonNullable<PolicyCheckView['everybody']> => ({
  asOf: toIso(one.asOf),
  people: one.people,
  concerned: one.concerned,
  differences: one.differences.map(({ people, count, changes }) => ({
    people: people.map(({ userName }) => userName),
    count,
    changes: changes.flatMap(changeView),
  })),
  changesLeftOut: one.changesLeftOut,
  isWhole: one.isWhole,
});

const pastView = ({ readFrom, judged, changes, counts, leftOut, begunBefore }: JudgedPast): PastChecked => ({
  readFrom: toIso(readFrom),
  requests: judged,
  leftOut,
  begunBefore,
  counts,
  changes: changes.map(({ durationSeconds, ...change }) => ({ ...change, duration: toIsoDuration(durationSeconds) })),
});

export const policyCheckView = (checked: CheckedProposal): PolicyCheckView => ({
  inForce: checked.inForce,
  ...(checked.version === undefined ? {} : { version: checked.version }),
  findings: checked.findings.map((finding) => ({ ...finding })),
  findingsLeftOut: checked.leftOut,
  usersNotLookedUp: checked.usersLeftOut,
  cases: checked.cases.map(({ name, passed, differences, isCounted }) => ({
    ...{ name, passed, differences: [...differences] },
    counted: isCounted,
  })),
  people: checked.people.map(personView),
  ...(checked.everybody && { everybody: everybodyView(checked.everybody) }),
  ...(checked.past && { past: pastView(checked.past) }),
});
