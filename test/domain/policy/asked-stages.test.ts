/** Which stages are decided by the same people. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AskedStage, askedKey, askedStageIn } from '../../../lambda/domain/policy/asked-stages.ts';

const stage = (change: Partial<AskedStage> = {}): AskedStage => ({ required: 1, groups: ['a'], users: [], ...change });
const tests = (values: readonly string[], attribute = 'department') => [{ attribute, values }];

describe('a stage is the same', () => {
  it.each<[string, Partial<AskedStage>, Partial<AskedStage>]>([
    ['in another order', { groups: ['a', 'b'], users: ['u', 'v'] }, { groups: ['b', 'a'], users: ['v', 'u'] }],
    ['with groups alone in another order', { groups: ['a', 'b'] }, { groups: ['b', 'a', 'a'] }],
    ['with values in another order', { attributes: tests(['x', 'y']) }, { attributes: tests(['y', 'x']) }],
    [
      'with attributes in another order',
      { attributes: [...tests(['x']), ...tests(['y'], 'title')] },
      { attributes: [...tests(['y'], 'title'), ...tests(['x'])] },
    ],
    ['without attributes that narrow', {}, { attributes: [] }],
    ['with the same floor twice', { among: [['b']] }, { among: [['b'], ['b']] }],
    ['with floors in another order', { users: ['u'], among: [['b'], ['c']] }, { users: ['u'], among: [['c'], ['b']] }],
    ['with a floor that all of its groups meet', {}, { among: [['b', 'a']] }],
    ['with its groups and those of a floor exchanged', { among: [['b']] }, { groups: ['b'], among: [['a']] }],
    [
      'with a floor that another leaves no use',
      { users: ['u'], among: [['b']] },
      { users: ['u'], among: [['b'], ['b', 'c']] },
    ],
    [
      'escalated to the same in another order',
      { escalation: { groups: ['b', 'c'], users: ['u', 'v'] } },
      { escalation: { groups: ['c', 'b'], users: ['v', 'u'] } },
    ],
    ['for everybody with the same', { everybodyWith: tests(['x', 'y']) }, { everybodyWith: tests(['y', 'x']) }],
  ])('%s', (_how, one, other) => {
    expect(askedKey(stage(one))).toBe(askedKey(stage(other)));
  });
});

describe('a stage is another', () => {
  it.each<[string, Partial<AskedStage>, Partial<AskedStage>]>([
    ['with another number', {}, { required: 2 }],
    ['with another number, and people', { users: ['u'] }, { users: ['u'], required: 2 }],
    ['with a group more', {}, { groups: ['a', 'b'] }],
    ['with a person more', {}, { users: ['u'] }],
    ['with another person', { users: ['v'] }, { users: ['u'] }],
    ['with another group beside a person', { users: ['u'] }, { users: ['u'], groups: ['b'] }],
    ['narrowed by an attribute', {}, { attributes: tests(['x']) }],
    ['narrowed by another value', { attributes: tests(['y']) }, { attributes: tests(['x']) }],
    ['narrowed by another attribute', { attributes: tests(['x'], 'title') }, { attributes: tests(['x']) }],
    ['narrowed by an attribute, with people', { users: ['u'] }, { users: ['u'], attributes: tests(['x']) }],
    [
      'with a floor that some of its groups do not meet',
      { groups: ['a', 'b'] },
      { groups: ['a', 'b'], among: [['b']] },
    ],
    ['with a floor that people need not meet', { users: ['u'] }, { users: ['u'], among: [['a']] }],
    ['with a floor that nobody meets', {}, { among: [[]] }],
    ['with a second floor', { users: ['u'], among: [['b']] }, { users: ['u'], among: [['b'], ['c']] }],
    ['that is escalated', {}, { escalation: { groups: ['b'], users: [] } }],
    ['that is escalated to nobody any more', {}, { escalation: { groups: [], users: [] } }],
    [
      'that is escalated to another group',
      { escalation: { groups: ['c'], users: [] } },
      { escalation: { groups: ['b'], users: [] } },
    ],
    [
      'that is escalated to another person',
      { escalation: { groups: ['c'], users: ['u'] } },
      { escalation: { groups: ['c'], users: ['v'] } },
    ],
    [
      'whose floor those must meet too to whom it is escalated',
      { escalation: { groups: ['b'], users: [] } },
      { escalation: { groups: ['b'], users: [] }, among: [['a']] },
    ],
    ['for everybody with an attribute', { groups: [] }, { groups: [], everybodyWith: tests(['x']) }],
    ['for everybody with another', { everybodyWith: tests(['y']) }, { everybodyWith: tests(['x']) }],
  ])('%s', (_how, one, other) => {
    expect(askedKey(stage(one))).not.toBe(askedKey(stage(other)));
  });
});

it('stages are the same only where the same people decide them, law', () => {
  const GROUPS = ['a', 'b', 'c'];
  const groups = fc.subarray(GROUPS);
  const anyStage = fc.record(
    {
      required: fc.constant(1),
      groups,
      users: fc.subarray(['u', 'v']),
      among: fc.array(groups, { maxLength: 2 }),
      escalation: fc.record({ groups, users: fc.subarray(['v', 'w']) }),
    },
    { requiredKeys: ['required', 'groups', 'users'] },
  );
  /** Everybody there could be: of any of the groups, and anybody of those who are named. */
  const everybody = ['u', 'v', 'w', 'x'].flatMap((id) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({ id, groups: GROUPS.filter((_, at) => bits & (1 << at)) })),
  );
  const deciders = ({ groups: asked, users, among = [], escalation }: AskedStage): string =>
    everybody
      .filter(({ id, groups: mine }) => {
        const isOf = (names: { readonly groups: readonly string[]; readonly users: readonly string[] }) =>
          names.users.includes(id) || names.groups.some((group) => mine.includes(group));
        const isNamed = isOf({ groups: asked, users }) || (escalation !== undefined && isOf(escalation));
        return isNamed && among.every((list) => list.some((group) => mine.includes(group)));
      })
      .map(({ id, groups: mine }) => `${id}${mine.join('')}`)
      .join();
  fc.assert(
    fc.property(anyStage, anyStage, (one, other) => {
      if (askedKey(one) === askedKey(other)) expect(deciders(one)).toBe(deciders(other));
    }),
    { numRuns: 3000 },
  );
});

describe('a stage in an event', () => {
  const whole = {
    ...stage({ users: ['u'], attributes: tests(['x']), everybodyWith: tests(['y']), among: [['b']] }),
    escalation: { groups: ['c'], users: ['v'] },
  };

  it('is read as it was written', () => {
    expect(askedStageIn(JSON.stringify(whole))).toEqual(whole);
    expect(askedStageIn(JSON.stringify(stage()))).toEqual(stage());
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'groups'],
    ['no number', { ...whole, required: '1' }],
    ['half a person', { ...whole, required: 1.5 }],
    ['no groups', { ...whole, groups: undefined }],
    ['groups that are no names', { ...whole, groups: [1] }],
    ['no list of groups', { ...whole, groups: 'a' }],
    ['no list of people', { ...whole, users: 'u' }],
    ['attributes that are none', { ...whole, attributes: [{ attribute: 'title' }] }],
    ['attributes without a name', { ...whole, attributes: [{ values: ['x'] }] }],
    ['attributes that are texts', { ...whole, attributes: ['title'] }],
    ['nothing for an attribute', { ...whole, attributes: [null] }],
    ['what everybody has, in no list', { ...whole, everybodyWith: {} }],
    ['a floor that is no list', { ...whole, among: ['b'] }],
    ['an escalation to nobody', { ...whole, escalation: {} }],
    ['an escalation to nothing', { ...whole, escalation: null }],
  ])('is none that says %s', (_what, content) => {
    expect(askedStageIn(JSON.stringify(content))).toBeUndefined();
  });

  it('is none that is no JSON', () => {
    expect(askedStageIn('{')).toBeUndefined();
  });
});
