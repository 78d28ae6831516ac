/** Past requests judged anew: whether others would approve, by what the trail says of who was asked, in stages or not. */
import { describe, expect, it } from 'vitest';
import type { AskedStage } from '../../../lambda/domain/policy/asked-stages.ts';
import type { PastAsk } from '../../../lambda/domain/policy/past-requests.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { seconds } from '../samples.ts';
import { approvedBy, replayed } from './sample-past.ts';
import { guarded, guardrail, policy, rule, stage } from './sample-policy.ts';

const RISK = [{ attribute: 'department', values: ['Risk'] }] as const;
const SECURITY_FLOOR = guardrail({ kind: 'floor', minApprovals: 0, approversFrom: ['security'] });
const TWO_STAGES = approvedBy(stage(), stage({ users: ['cat'] }));

describe('a past request', () => {
  it.each<[string, Policy, Partial<PastAsk>, string]>([
    ['another group', approvedBy(stage({ groups: ['security'] })), {}, 'other-approvers a-rule'],
    ['a group more', approvedBy(stage({ groups: ['leads', 'security'] })), {}, 'other-approvers a-rule'],
    ['a group less', policy(rule()), { approverGroupIds: ['group-leads', 'group-b'] }, 'other-approvers a-rule'],
    ['nobody, as then', approvedBy(stage({ groups: ['gone'] })), { approverGroupIds: [] }, 'unchanged a-rule'],
    ['a person who was not there then either', approvedBy(stage({ users: ['gone'] })), {}, 'unchanged a-rule'],
    ['a group that is gone', approvedBy(stage({ groups: ['gone'] })), {}, 'other-approvers a-rule'],
    [
      'the same groups in another order',
      approvedBy(stage({ groups: ['leads', 'b'] })),
      { approverGroupIds: ['group-b', 'group-leads'] },
      'unchanged a-rule',
    ],
    [
      'whoever they were, when that is not told',
      policy(rule()),
      { approverGroupIds: undefined } as object,
      'unknown approvers',
    ],
    [
      'nobody, when nobody needed to',
      policy(rule({ required: 0 })),
      { approvals: 0, approverGroupIds: undefined } as object,
      'unchanged a-rule',
    ],
    [
      'the same in two stages, where it is not told who was in which',
      TWO_STAGES,
      { approvals: 2, approvalsByStage: ['1', '1'], approverIds: ['id-cat'] },
      'unknown approvers',
    ],
    [
      'the same in two stages, and not all at once',
      TWO_STAGES,
      { approvals: 2, approverIds: ['id-cat'] },
      'other-approvers a-rule',
    ],
    [
      'the same all at once, and not in two stages',
      policy(rule({ required: 2 })),
      { approvals: 2, approvalsByStage: ['1', '1'] },
      'other-approvers a-rule',
    ],
    [
      'more in the second stage',
      approvedBy(stage(), stage({ required: 2 })),
      { approvals: 3, approvalsByStage: ['2', '1'] },
      'other-approvers a-rule',
    ],
    [
      'others who are not told',
      approvedBy(stage({ groups: ['security'], attributes: RISK })),
      {},
      'other-approvers a-rule',
    ],
    ['those who have an attribute', approvedBy(stage({ attributes: RISK })), {}, 'unknown approvers'],
    [
      'those to whom it is escalated',
      approvedBy(stage({ escalation: { afterSeconds: seconds(60), groups: ['b'], users: [] } })),
      {},
      'unknown approvers',
    ],
    ['those of a floor, too', guarded([rule()], SECURITY_FLOOR), {}, 'unknown approvers'],
    ['a person more', approvedBy(stage({ users: ['cat'] })), {}, 'other-approvers a-rule'],
    ['a person less', policy(rule()), { approverIds: ['id-cat'] }, 'other-approvers a-rule'],
    ['another person', approvedBy(stage({ users: ['dan'] })), { approverIds: ['id-cat'] }, 'other-approvers a-rule'],
    [
      'a person who is gone',
      approvedBy(stage({ users: ['gone'] })),
      { approverIds: ['id-cat'] },
      'other-approvers a-rule',
    ],
    [
      'a person nobody looked up',
      approvedBy(stage({ users: ['eve'] })),
      { approverIds: ['id-cat'] },
      'unknown approvers',
    ],
    [
      'the same person twice',
      approvedBy(stage({ users: ['cat', 'cat'] })),
      { approverIds: ['id-cat'] },
      'unchanged a-rule',
    ],
    [
      'everybody with the same attribute',
      approvedBy(stage({ groups: [], everybodyWith: [{ attribute: 'department', values: ['Risk'] }] })),
      { approverGroupIds: [], approverAttributes: ['{"department":["Risk"]}'] },
      'unchanged a-rule',
    ],
    [
      'everybody with another',
      approvedBy(stage({ groups: [], everybodyWith: [{ attribute: 'department', values: ['Risk'] }] })),
      { approverGroupIds: [] },
      'other-approvers a-rule',
    ],
  ])('is approved by %s', (_who, given, ask, expected) => {
    expect(replayed(given, { ask })).toBe(expected);
  });

  const LEADS: AskedStage = { required: 1, groups: ['group-leads'], users: [] };
  const CAT: AskedStage = { required: 1, groups: [], users: ['id-cat'] };
  const LEADS_THEN_CAT = approvedBy(stage(), stage({ groups: [], users: ['cat'] }));
  const escalated = (groups: readonly string[], users: readonly string[] = []): Policy =>
    approvedBy(stage({ escalation: { afterSeconds: seconds(60), groups, users } }));
  it.each<[string, Policy, readonly AskedStage[], string]>([
    ['the same', policy(rule()), [LEADS], 'unchanged a-rule'],
    ['the same in two stages', LEADS_THEN_CAT, [LEADS, CAT], 'unchanged a-rule'],
    ['the same the other way round', LEADS_THEN_CAT, [CAT, LEADS], 'other-approvers a-rule'],
    ['the same all at once', policy(rule({ required: 2 })), [LEADS, LEADS], 'other-approvers a-rule'],
    ['one after the other', approvedBy(stage(), stage()), [{ ...LEADS, required: 2 }], 'other-approvers a-rule'],
    ['those who have an attribute', approvedBy(stage({ attributes: RISK })), [LEADS], 'other-approvers a-rule'],
    ['those who need no attribute', policy(rule()), [{ ...LEADS, attributes: RISK }], 'other-approvers a-rule'],
    [
      'those with it as then',
      approvedBy(stage({ attributes: RISK })),
      [{ ...LEADS, attributes: RISK }],
      'unchanged a-rule',
    ],
    ['those of a floor, too', guarded([rule()], SECURITY_FLOOR), [LEADS], 'other-approvers a-rule'],
    ['those of no floor', policy(rule()), [{ ...LEADS, among: [['group-security']] }], 'other-approvers a-rule'],
    [
      'those of a floor, as then',
      guarded([rule()], SECURITY_FLOOR),
      [{ ...LEADS, among: [['group-security']] }],
      'unchanged a-rule',
    ],
    [
      'those of a floor that is met by all',
      guarded([rule()], guardrail({ kind: 'floor', minApprovals: 0, approversFrom: ['leads', 'b'] })),
      [LEADS],
      'unchanged a-rule',
    ],
    [
      'everybody with the same',
      approvedBy(stage({ groups: [], everybodyWith: RISK })),
      [{ ...LEADS, groups: [], everybodyWith: RISK }],
      'unchanged a-rule',
    ],
    [
      'everybody with something',
      approvedBy(stage({ groups: [], everybodyWith: RISK })),
      [{ ...LEADS, groups: [] }],
      'other-approvers a-rule',
    ],
    ['those to whom it is escalated', escalated(['b']), [LEADS], 'other-approvers a-rule'],
    [
      'those to whom it is escalated, as then',
      escalated(['b'], ['cat']),
      [{ ...LEADS, escalation: { groups: ['group-b'], users: ['id-cat'] } }],
      'unchanged a-rule',
    ],
    [
      'others to whom it is escalated, whoever is besides whom nobody looked up',
      escalated(['b'], ['eve']),
      [{ ...LEADS, escalation: { groups: ['group-c'], users: ['id-eve'] } }],
      'other-approvers a-rule',
    ],
    [
      'those to whom it is escalated, whom nobody looked up',
      escalated(['b'], ['eve']),
      [{ ...LEADS, escalation: { groups: ['group-b'], users: ['id-cat'] } }],
      'unknown approvers',
    ],
    [
      'somebody to whom it is escalated, whom nobody looked up',
      escalated([], ['eve']),
      [LEADS],
      'other-approvers a-rule',
    ],
    ['a person nobody looked up', approvedBy(stage({ groups: [], users: ['eve'] })), [CAT], 'unknown approvers'],
    ['a person nobody looked up, and a group', approvedBy(stage({ users: ['eve'] })), [CAT], 'other-approvers a-rule'],
    ['a person who is gone', approvedBy(stage({ groups: [], users: ['gone'] })), [CAT], 'other-approvers a-rule'],
    ['a group that is gone', approvedBy(stage({ groups: ['leads', 'gone'] })), [LEADS], 'unchanged a-rule'],
  ])('is approved, by stages, by %s', (_who, given, stages, expected) => {
    const approvals = stages.reduce((sum, { required }) => sum + required, 0);
    expect(replayed(given, { ask: { approvals, stages } })).toBe(expected);
  });
});
