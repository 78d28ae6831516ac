/** What a rule and the guardrails ask of approvers for one account: tags that name them, floors over stages, and which rule asks the least. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../lambda/domain/policy/facts.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { Effect, Stage } from '../../../lambda/domain/policy/policy.ts';
import { indexOf } from '../../../lambda/domain/policy/rule-index.ts';
import { approverNames, demandText, stagesText } from '../../../lambda/domain/policy/rule-text.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { seconds } from '../samples.ts';
import { ASK, guarded, guardrail, PROD, policy, rule, stage, verdictOf } from './sample-policy.ts';

const demandOf = (approval: readonly Stage[], effects: readonly Effect[] = [], account: Account = PROD) => {
  const given = guarded([rule({ approval })], ...effects.map((effect) => guardrail(effect)));
  const permit = judge(given, { ...ASK, account });
  if (isRefusal(permit)) throw new Error(permit.detail);
  return permit.approval;
};

describe('a tag of the account that names approvers', () => {
  const tagged = (tags: Account['tags']): Account => ({ ...PROD, ...(tags && { tags }) });
  const OWNED = [stage({ groups: ['leads'], users: ['ann'], accountTag: 'owner' })];

  it.each([
    ['a group', { owner: 'group:payments' }, { groups: ['leads', 'payments'], users: ['ann'] }],
    ['a group, by its name alone', { owner: 'payments' }, { groups: ['leads', 'payments'], users: ['ann'] }],
    ['a user, whatever the case', { owner: 'user:Ben.Baker' }, { groups: ['leads'], users: ['ann', 'ben.baker'] }],
    [
      'a group whose name has a colon',
      { owner: 'aws:payments' },
      { groups: ['leads', 'aws:payments'], users: ['ann'] },
    ],
    ['nobody: it is empty', { owner: '' }, { groups: ['leads'], users: ['ann'], silentTag: 'owner' }],
    ['nobody: there is none', { team: 'payments' }, { groups: ['leads'], users: ['ann'], silentTag: 'owner' }],
    ['nobody: it is not a tag', { toString: 'x' } as never, { groups: ['leads'], users: ['ann'], silentTag: 'owner' }],
    ['nobody: tags were not read', undefined, { groups: ['leads'], users: ['ann'], silentTag: 'owner' }],
  ])('names %s', (_whom, tags, expected) => {
    expect(demandOf(OWNED, [], tagged(tags))).toEqual([{ required: 1, attributes: [], among: [], ...expected }]);
  });

  it('names nobody where the stage speaks of none', () => {
    const approval = demandOf([stage()], [], tagged({ undefined: 'group:payments' }));
    expect(approval).toStrictEqual([{ ...stage(), among: [] }]);
  });

  it('makes the tags of accounts needed', () => {
    expect(indexOf(policy(rule({ approval: OWNED }))).needs.accountTags).toBe(true);
    expect(indexOf(policy(rule())).needs.accountTags).toBe(false);
  });
});

describe('everybody with an attribute', () => {
  const LEAD = [{ attribute: 'title', values: ['Lead'] }] as const;
  const ALL_LEADS = stage({ groups: [], everybodyWith: LEAD });

  it('stays that, whatever floors add', () => {
    const floor: Effect = { kind: 'floor', minApprovals: 3, approversFrom: ['risk'] };
    expect(demandOf([ALL_LEADS], [floor])).toEqual([{ ...ALL_LEADS, required: 3, among: [['risk']] }]);
  });

  it('is said in words, and a stage that names nobody is nobody', () => {
    const [everybody, silent] = demandOf([ALL_LEADS, stage({ groups: [], attributes: LEAD, accountTag: 'owner' })]);
    if (!everybody || !silent) throw new Error('expected two stages');
    expect(demandText(everybody)).toBe('everybody with title Lead');
    expect(demandText(silent)).toBe('nobody with title Lead (the account\'s tag "owner" names nobody)');
    expect(approverNames([everybody, { ...silent, users: ['ann'] }, everybody])).toEqual([
      'everybody with title Lead',
      'ann',
    ]);
  });
});

describe('floors over stages', () => {
  const floor = (minApprovals: number, approversFrom: readonly string[] = []): Effect => ({
    kind: 'floor',
    minApprovals,
    approversFrom,
  });
  const TWO = [stage(), stage({ groups: ['security'] })];

  it.each([
    ['as many as the stages have together', [floor(2)], [1, 1]],
    ['what is missing goes to the last', [floor(5)], [1, 4]],
    ['the highest counts', [floor(3), floor(4)], [1, 3]],
  ])('min_approvals: %s', (_what, effects, expected) => {
    expect(demandOf(TWO, effects).map(({ required }) => required)).toEqual(expected);
  });

  it('approvers_from holds in every stage', () => {
    expect(demandOf(TWO, [floor(1, ['risk', 'audit'])]).map(({ among }) => among)).toEqual([
      [['risk', 'audit']],
      [['risk', 'audit']],
    ]);
  });

  it('what a stage says otherwise stays', () => {
    const escalation = { afterSeconds: seconds(60), groups: ['directors'], users: [] };
    const given = stage({
      remindAfterSeconds: seconds(30),
      escalation,
      attributes: [{ attribute: 'title', values: ['Lead'] }],
    });
    expect(demandOf([given], [floor(3)])).toEqual([{ ...given, required: 3, among: [] }]);
  });
});

describe('the rule that asks the least', () => {
  const three = [stage({ required: 3 })];
  const twoInTwo = [stage(), stage()];
  it.each([
    [
      'no approval before one stage',
      [rule({ name: 'asks', approval: [stage()] }), rule({ name: 'silent', approval: [] })],
      'silent',
    ],
    [
      'fewest approvals in all, though in more stages',
      [rule({ name: 'one', approval: three }), rule({ name: 'two', approval: twoInTwo })],
      'two',
    ],
    [
      'fewest stages among as many approvals',
      [rule({ name: 'two', approval: twoInTwo }), rule({ name: 'one', approval: [stage({ required: 2 })] })],
      'one',
    ],
    [
      'then file order',
      [rule({ name: 'first', approval: twoInTwo }), rule({ name: 'second', approval: twoInTwo })],
      'first',
    ],
  ])('%s', (_order, rules, expected) => {
    expect(verdictOf(policy(...rules))).toBe(expected);
  });
});

it('is put in words', () => {
  const [first, second] = demandOf(
    [
      stage({ required: 2, users: ['ann'], attributes: [{ attribute: 'department', values: ['Payments'] }] }),
      stage({ groups: [], accountTag: 'owner' }),
    ],
    [{ kind: 'floor', minApprovals: 1, approversFrom: ['risk', 'audit'] }],
  );
  if (!first || !second) throw new Error('expected two stages');
  expect(demandText(first)).toBe(
    'group leads, user ann with department Payments, each of whom belongs to group risk or audit too',
  );
  expect(demandText(second)).toBe(
    'nobody (the account\'s tag "owner" names nobody), each of whom belongs to group risk or audit too',
  );
  expect(stagesText([first, second])).toBe(`2 of ${demandText(first)}; then 1 of ${demandText(second)}`);
  expect(stagesText([first])).toBe(demandText(first));
});
