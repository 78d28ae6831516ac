/** Who decides in a stage: groups and users, narrowed by attributes; everybody who has some; those it is escalated to; and what guardrails ask. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ApprovalStage,
  approverAttributesIn,
  approverGroupsIn,
  approversNamedIn,
  decidesIn,
  everybodyIn,
  groupsDeciding,
  isOneOf,
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
const RISKY = [{ attribute: 'department', values: ['Payments', 'Risk'] }] as const;
const PAYMENTS = { attributes: RISKY } as const;
const EVERYBODY = { groups: [], everybodyWith: RISKY } as const;
const IN_RISK = { attributes: { department: 'Risk' } } as const;

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
    ['everybody who has it', stage(EVERYBODY), voter([], IN_RISK), true],
    ['of everybody, whose attributes were not read', stage(EVERYBODY), voter([LEADS]), false],
    ['of everybody, who has it otherwise', stage(EVERYBODY), voter([], { attributes: { department: 'risk' } }), false],
    [
      'of everybody, who has one of two',
      stage({ ...EVERYBODY, everybodyWith: [...RISKY, { attribute: 'title', values: ['Lead'] }] }),
      voter([], IN_RISK),
      false,
    ],
    ['of everybody with nothing', stage({ groups: [], everybodyWith: [] }), voter([LEADS], IN_RISK), false],
    [
      'everybody in a list of the guardrails',
      stage({ ...EVERYBODY, among: [[SECURITY]] }),
      voter([SECURITY], IN_RISK),
      true,
    ],
    [
      'of everybody, in no list of the guardrails',
      stage({ ...EVERYBODY, among: [[SECURITY]] }),
      voter([LEADS], IN_RISK),
      false,
    ],
    ['of everybody, in an empty list', stage({ ...EVERYBODY, among: [[]] }), voter([LEADS], IN_RISK), false],
    [
      'to whom it is escalated beside everybody',
      stage({ ...EVERYBODY, escalation: { ...escalation, escalatedAt: at('10:00') } }),
      voter([DIRECTORS], { id: 'id-x' }),
      true,
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

describe('on any stage', () => {
  const names = fc.constantFrom('department', 'title', 'user_type');
  const tests = fc.array(fc.record({ attribute: names, values: fc.subarray(['a', 'b', ''], { minLength: 1 }) }), {
    maxLength: 3,
  });
  const groups = fc.subarray([LEADS, SECURITY, DIRECTORS]);
  const stages: fc.Arbitrary<ApprovalStage> = fc.record(
    {
      required: fc.constant(1),
      groups,
      users: fc.subarray([BEN, CAT]),
      attributes: tests,
      everybodyWith: tests,
      among: fc.array(groups, { maxLength: 2 }),
      escalation: fc.record(
        { afterSeconds: fc.constant(60), groups, users: fc.subarray([CAT]), escalatedAt: fc.constant(at('10:00')) },
        { requiredKeys: ['afterSeconds', 'groups'] },
      ),
    },
    { requiredKeys: ['required', 'groups'] },
  );
  const values = fc.constantFrom('a', 'b', '');
  const attributes = fc.record({ department: values, title: values, user_type: values }, { requiredKeys: [] });
  const voters: fc.Arbitrary<Voter> = fc
    .record({
      groups: fc.subarray([LEADS, SECURITY, DIRECTORS]),
      attributes: fc.option(attributes, { nil: undefined }),
    })
    .map(({ groups: theirs, attributes: given }) => voter(theirs, given ? { attributes: given } : {}));

  it('nobody decides by an attribute that was not read', () => {
    fc.assert(
      fc.property(stages, voters, (given, { attributes: _, ...unread }) => {
        const { everybodyWith: _everybody, ...named } = given;
        expect(decidesIn(given, unread)).toBe(decidesIn(named, unread));
        const narrowed = decidesIn({ ...named, attributes: RISKY }, unread);
        expect(narrowed).toBe(decidesIn({ ...named, groups: [], users: [] }, unread));
      }),
    );
  });

  it('groups and users that came to nothing leave nobody, whatever attributes narrow them', () => {
    fc.assert(
      fc.property(stages, voters, (given, who) => {
        const { everybodyWith: _, escalation: _later, ...named } = given;
        expect(decidesIn({ ...named, groups: [], users: [] }, who)).toBe(false);
      }),
    );
  });

  it('only those decide by attributes alone who have every one, and are in every list', () => {
    fc.assert(
      fc.property(stages, voters, ({ everybodyWith = [], among = [] }, who) => {
        const decides = decidesIn({ required: 1, groups: [], everybodyWith, among }, who);
        const has = ({ attribute, values: wanted }: (typeof everybodyWith)[number]): boolean =>
          who.attributes !== undefined && wanted.some((value) => who.attributes?.[attribute] === value);
        const isIn = among.every((list) => list.some(({ id }) => who.groupIds.has(id)));
        expect(decides).toBe(everybodyWith.length > 0 && everybodyWith.every(has) && isIn);
        expect(isOneOf({ everybodyWith, among }, who)).toBe(decides);
      }),
    );
  });
});

it('everybody of all stages is told with what they must have, in the chain the same in whichever order', () => {
  const both = [...RISKY, { attribute: 'title', values: ['Lead'] } as const];
  const turned = [
    { attribute: 'title', values: ['Lead'] } as const,
    { attribute: 'department', values: ['Risk', 'Payments'] } as const,
  ];
  const stages = [
    stage(PAYMENTS),
    stage({ ...EVERYBODY, among: [[SECURITY]] }),
    stage({ groups: [], everybodyWith: both }),
  ];
  expect(everybodyIn(stages)).toEqual([{ everybodyWith: RISKY, among: [[SECURITY]] }, { everybodyWith: both }]);
  expect(approverAttributesIn([...stages, stage({ groups: [], everybodyWith: turned })])).toEqual([
    '{"department":["Payments","Risk"]}',
    '{"department":["Payments","Risk"],"title":["Lead"]}',
  ]);
});

it('who decides depends on the groups that are asked and on those to which everybody must belong', () => {
  expect(groupsDeciding(stage())).toEqual([LEADS]);
  expect(groupsDeciding(stage({ among: [[SECURITY], [DIRECTORS]] }))).toEqual([LEADS, SECURITY, DIRECTORS]);
});

it('the groups and people of all stages are told once, those of an escalation from then on', () => {
  const stages = [stage({ users: [BEN], escalation }), stage({ users: [BEN], among: [[SECURITY]] })];
  expect([approverGroupsIn(stages), approversNamedIn(stages)]).toEqual([[LEADS], [BEN]]);
  const escalated = [stage({ escalation: { ...escalation, escalatedAt: at('10:00') } })];
  expect([approverGroupsIn(escalated), approversNamedIn(escalated)]).toEqual([[LEADS, DIRECTORS], [CAT]]);
  expect(groupsDeciding(stage({ among: [[SECURITY]] }))).toEqual([LEADS, SECURITY]);
});
