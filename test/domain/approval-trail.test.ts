/** What the chain says of an approval: everything on which it depends who may give it, and nothing else. */
import { describe, expect, it } from 'vitest';
import type { ApprovalStage } from '../../lambda/domain/approval.ts';
import { approvalData } from '../../lambda/domain/approval-trail.ts';
import { askedStageIn } from '../../lambda/domain/policy/asked-stages.ts';

const LEADS = { id: 'g-leads', name: 'leads' };
const SECURITY = { id: 'g-security', name: 'security' };
const CAT = { id: 'u-cat', userName: 'cat', displayName: 'Cat' };
const TESTS = [{ attribute: 'department', values: ['risk', 'audit'] }] as const;
const stages = (...approval: readonly ApprovalStage[]) => approvalData(approval).approvalStages;

describe('the chain says of a stage', () => {
  it.each<[string, ApprovalStage, string]>([
    ['its groups', { required: 1, groups: [LEADS] }, '{"groups":["g-leads"],"required":1,"users":[]}'],
    ['its people', { required: 2, groups: [], users: [CAT] }, '{"groups":[],"required":2,"users":["u-cat"]}'],
    [
      'which attributes they must have',
      { required: 1, groups: [LEADS], attributes: TESTS },
      '{"attributes":[{"attribute":"department","values":["risk","audit"]}],"groups":["g-leads"],"required":1,"users":[]}',
    ],
    [
      'what everybody must have',
      { required: 1, groups: [], everybodyWith: TESTS },
      '{"everybodyWith":[{"attribute":"department","values":["risk","audit"]}],"groups":[],"required":1,"users":[]}',
    ],
    [
      'to which groups they must belong too',
      { required: 1, groups: [LEADS], among: [[SECURITY], []] },
      '{"among":[["g-security"],[]],"groups":["g-leads"],"required":1,"users":[]}',
    ],
    [
      'to whom it is escalated, and not when',
      { required: 1, groups: [LEADS], escalation: { afterSeconds: 60, groups: [SECURITY], users: [CAT] } },
      '{"escalation":{"groups":["g-security"],"users":["u-cat"]},"groups":["g-leads"],"required":1,"users":[]}',
    ],
  ])('%s, by ids', (_what, stage, expected) => {
    expect(stages(stage)).toEqual([expected]);
    expect(askedStageIn(expected)).toMatchObject({ required: stage.required });
  });

  it('nothing where nobody needs to approve', () => {
    expect(approvalData([])).toStrictEqual({ approvalsRequired: 0, approverGroupIds: [] });
  });
});
