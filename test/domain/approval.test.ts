/** Who decides in a stage: groups and users, narrowed by attributes; those it is escalated to; and what guardrails ask of everybody. */
import { describe, expect, it } from 'vitest';
import {
  type ApprovalStage,
  approverGroupsIn,
  approversNamedIn,
  decidesIn,
  groupsDeciding,
  type Voter,
} from '../../lambda/domain/approval.ts';
import { at, BEN, CAT, LEADS } from './samples.ts';

const SECURITY = { id: 'group-security', name: 'security' };
const DIRECTORS = { id: 'group-directors', name: 'directors' };
const stage = (change: Partial<ApprovalStage> = {}): ApprovalStage => ({ required: 1, groups: [LEADS], ...change });
const voter = (groups: readonly { readonly id: string }[], change: Partial<Voter> = {}): Voter => ({
  id: CAT.id,
  groupIds: new Set(groups.map(({ id }) => id)),
  ...change,
});
const escalation = { afterSeconds: 3600, groups: [DIRECTORS], users: [CAT] };
const PAYMENTS = { attributes: [{ attribute: 'department', values: ['Payments', 'Risk'] }] } as const;

describe('decidesIn', () => {
  it.each([
    ['a member of its group', stage(), voter([LEADS]), true],
    ['a member of another', stage(), voter([SECURITY]), false],
    ['nobody, without groups and users', stage({ groups: [] }), voter([LEADS]), false],
    ['a person by name', stage({ users: [CAT] }), voter([]), true],
    ['another by name', stage({ users: [BEN] }), voter([]), false],
    ['whoever has the attribute', stage(PAYMENTS), voter([LEADS], { attributes: { department: 'Risk' } }), true],
    ['whoever has it otherwise', stage(PAYMENTS), voter([LEADS], { attributes: { department: 'Sales' } }), false],
    ['whoever has it, but is not asked', stage(PAYMENTS), voter([], { attributes: { department: 'Risk' } }), false],
    ['whose attributes were not read', stage(PAYMENTS), voter([LEADS]), false],
    [
      'whose attribute is not set',
      stage({ attributes: [{ attribute: 'title', values: [''] }] }),
      voter([LEADS], { attributes: {} }),
      false,
    ],
    ['in a list of the guardrails too', stage({ among: [[SECURITY]] }), voter([LEADS, SECURITY]), true],
    ['not in a list of the guardrails', stage({ among: [[SECURITY]] }), voter([LEADS]), false],
    ['in one list, not in the other', stage({ among: [[SECURITY], [DIRECTORS]] }), voter([LEADS, SECURITY]), false],
    ['of an empty list', stage({ among: [[]] }), voter([LEADS]), false],
    ['before it is escalated', stage({ escalation }), voter([DIRECTORS], { id: 'id-x' }), false],
    [
      'once it is escalated',
      stage({ escalation: { ...escalation, escalatedAt: at('10:00') } }),
      voter([DIRECTORS], { id: 'id-x' }),
      true,
    ],
    [
      'once it is escalated, by name',
      stage({ escalation: { ...escalation, escalatedAt: at('10:00') } }),
      voter([]),
      true,
    ],
    [
      'escalated, whatever attributes narrow',
      stage({ ...PAYMENTS, escalation: { ...escalation, escalatedAt: at('10:00') } }),
      voter([DIRECTORS]),
      true,
    ],
    [
      'escalated, but not in the list of the guardrails',
      stage({ among: [[SECURITY]], escalation: { ...escalation, escalatedAt: at('10:00') } }),
      voter([DIRECTORS]),
      false,
    ],
  ] as const)('%s', (_who, given, who, expected) => {
    expect(decidesIn(given, who)).toBe(expected);
  });
});

it('the groups and people of all stages are told once, those of an escalation from then on', () => {
  const stages = [stage({ users: [BEN], escalation }), stage({ users: [BEN], among: [[SECURITY]] })];
  expect([approverGroupsIn(stages), approversNamedIn(stages)]).toEqual([[LEADS], [BEN]]);
  const escalated = [stage({ escalation: { ...escalation, escalatedAt: at('10:00') } })];
  expect([approverGroupsIn(escalated), approversNamedIn(escalated)]).toEqual([[LEADS, DIRECTORS], [CAT]]);
  expect(groupsDeciding(stage({ among: [[SECURITY]] }))).toEqual([LEADS, SECURITY]);
});
