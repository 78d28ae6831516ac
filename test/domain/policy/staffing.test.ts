/** Who is there for what the policy permits: how approvers are counted, who else is told, and what a refusal says. */
import { describe, expect, it } from 'vitest';
import type { StageDemand } from '../../../lambda/domain/policy/approval-demand.ts';
import type { Permit } from '../../../lambda/domain/policy/judge.ts';
import type { BreakGlassTerms, Delegated, Entitlement } from '../../../lambda/domain/policy/policy.ts';
import { decidersOf, refuseUnstaffed } from '../../../lambda/domain/policy/staffing.ts';
import { seconds } from '../samples.ts';
import { rule, stage } from './sample-policy.ts';
import { colleague, staffOf } from './sample-staff.ts';

const IN_SECURITY = { attributes: { department: 'security' } };
const SECURITY = [{ attribute: 'department', values: ['security'] }] as const;

/** Ann asks; Dis is disabled; Gil is gone. Sue and Sid are in security. */
const STAFF = staffOf(
  [
    ...['ann', 'ben', 'cat', 'dan'].map((name) => colleague(name)),
    colleague('dis', { enabled: false, ...IN_SECURITY }),
    ...['sue', 'sid'].map((name) => colleague(name, IN_SECURITY)),
  ],
  {
    engineers: ['ann', 'ben', 'cat', 'sue'],
    leads: ['ben', 'cat', 'ann'],
    alone: ['dan', 'dis', 'gil'],
    security: ['sue', 'sid', 'dis', 'dan'],
    ann: ['ann'],
    dis: ['dis'],
  },
);

const demand = (change: Partial<StageDemand> = {}): StageDemand => ({ ...stage(), among: [], ...change });
const permit = (approval: readonly StageDemand[], change: Partial<Entitlement> = {}): Permit => ({
  entitlement: { ...rule(), ...change },
  approval,
  maxDurationSeconds: seconds(3600),
});

describe('people who could approve', () => {
  const lack = (...approval: readonly StageDemand[]) => refuseUnstaffed(STAFF, permit(approval), 'id-ann');
  const later = { afterSeconds: seconds(60), groups: ['leads'], users: [] };

  it.each<[string, readonly StageDemand[], readonly [number, number] | undefined]>([
    ['nobody needs to', [], undefined],
    ['as many as it takes', [demand({ required: 2 })], undefined],
    ['the requester is none', [demand({ required: 3 })], [3, 2]],
    ['by name', [demand({ groups: [], users: ['ben', 'sue'], required: 2 })], undefined],
    ['a name that nothing bears', [demand({ groups: ['gone'], users: ['gone'] })], [1, 0]],
    ['neither disabled nor gone', [demand({ groups: ['alone'], required: 2 })], [2, 1]],
    ['narrowed by attributes', [demand({ groups: ['security'], attributes: SECURITY, required: 3 })], [3, 2]],
    [
      'whoever has the attribute is taken to be enough',
      [demand({ groups: [], everybodyWith: SECURITY, required: 9 })],
      undefined,
    ],
    [
      'of a list they are counted',
      [demand({ groups: [], everybodyWith: SECURITY, among: [['engineers', 'alone']], required: 2 })],
      [2, 1],
    ],
    ['in every list', [demand({ among: [['leads'], ['alone']] })], [1, 0]],
    ['in both lists', [demand({ among: [['leads'], ['engineers']], required: 2 })], undefined],
    ['of an unknown list nobody', [demand({ among: [['gone']] })], [1, 0]],
    ['with those to whom it is escalated', [demand({ groups: ['alone'], escalation: later, required: 3 })], undefined],
    [
      'to whom attributes do not matter',
      [demand({ groups: ['alone'], attributes: SECURITY, escalation: later, required: 3 })],
      [3, 2],
    ],
    [
      'and who are in the lists too',
      [demand({ groups: ['alone'], escalation: later, among: [['alone']], required: 2 })],
      [2, 1],
    ],
    ['nobody counts twice', [demand({ groups: ['alone'] }), demand({ groups: [], users: ['dan'] })], [2, 1]],
    ['each stage has another', [demand({ groups: ['alone'] }), demand({ groups: ['security'] })], undefined],
  ])('%s', (_what, approval, expected) => {
    const facts = lack(...approval)?.facts;
    expect(facts && [facts.required, facts.available]).toEqual(expected);
  });

  it('a refusal says of whom, how many, and what to do', () => {
    expect(lack(demand({ required: 3 }))).toEqual({
      refused: 'no_approver',
      detail:
        'The rule "a-rule" needs 3 approval(s) from group leads, where only 2 enabled person(s) other than you could give one. ' +
        'Tell whoever keeps the policy.',
      facts: { required: 3, available: 2, groups: ['leads'] },
    });
    expect(lack(demand(), demand({ groups: ['gone'] }))?.detail).toContain(
      'needs 1 approval(s) in stage 2 from group gone, ',
    );
    const twice = lack(demand({ groups: ['alone'] }), demand({ groups: [], users: ['dan'] }));
    expect(twice?.detail).toContain(
      'needs 2 approval(s) in stages 1 and 2, in which nobody counts twice, from group alone; and user dan, where only 1 ',
    );
    expect(twice?.facts).toEqual({ required: 2, available: 1, groups: ['alone'] });
  });

  it.each([
    [250, 'no_approver'],
    [251, undefined],
  ])('of %i people all are looked at, or there may be more', (count, expected) => {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const staff = staffOf(
      names.map((name) => colleague(name, { enabled: name === 'c0' })),
      { leads: [...names, 'ann'] },
    );
    expect(refuseUnstaffed(staff, permit([demand({ required: 2 })]), 'id-ann')?.refused).toBe(expected);
  });
});

describe('deciders', () => {
  it('are those who could decide at some time, also whoever has an attribute', () => {
    const later = { afterSeconds: seconds(60), groups: ['alone'], users: ['ben'] };
    expect([...decidersOf(STAFF, demand({ escalation: later }))].sort()).toEqual([
      'id-ann',
      'id-ben',
      'id-cat',
      'id-dan',
    ]);
    expect([...decidersOf(STAFF, demand({ groups: [], everybodyWith: SECURITY }))]).toEqual(['id-sue', 'id-sid']);
    expect([
      ...decidersOf(STAFF, demand({ groups: [], everybodyWith: SECURITY, among: [['alone', 'engineers']] })),
    ]).toEqual(['id-sue']);
    expect([...decidersOf(STAFF, demand({ groups: [], everybodyWith: [] }))]).toEqual([]);
  });
});

describe('a rule of a team', () => {
  const TEAM: Delegated = { name: 'team', grantsNothing: 'unknown-delegation' };
  const who = (change: Partial<Entitlement['who']> = {}) => ({
    groups: ['engineers'],
    users: [],
    attributes: [],
    ...change,
  });
  const refused = (approval: readonly StageDemand[], change: Partial<Entitlement> = {}) =>
    refuseUnstaffed(STAFF, permit(approval, { who: who(), delegation: TEAM, ...change }), 'id-ann');

  it.each<[string, readonly StageDemand[], Partial<Entitlement>, boolean]>([
    ['somebody may not ask', [demand({ groups: ['security'] })], {}, false],
    ['all may ask', [demand()], {}, true],
    ['all may ask, whatever they are told by name', [demand()], { who: who({ users: ['sid'] }) }, true],
    ['whoever could not is disabled', [demand({ groups: ['leads', 'dis'] })], {}, true],
    ['in one of the stages', [demand(), demand({ groups: ['alone'] })], {}, false],
    [
      'by escalation alone',
      [demand({ escalation: { afterSeconds: seconds(60), groups: ['alone'], users: [] } })],
      {},
      true,
    ],
    ['by name they may', [demand({ users: ['dan'] })], { who: who({ users: ['dan'] }) }, true],
    [
      'by attribute they may',
      [demand({ groups: ['security'], attributes: SECURITY })],
      { who: who({ groups: [], attributes: SECURITY }) },
      true,
    ],
    [
      'without the attribute they may not',
      [demand({ groups: ['alone'] })],
      { who: who({ groups: [], attributes: SECURITY }) },
      false,
    ],
    ['of everybody with an attribute nobody is shown', [demand({ groups: [], everybodyWith: SECURITY })], {}, true],
    ['unless a list shows them', [demand({ groups: [], everybodyWith: SECURITY, among: [['security']] })], {}, false],
  ])('is refused where all who approve may ask: %s', (_what, approval, change, expected) => {
    expect(refused(approval, change)?.refused).toBe(expected ? 'no_approver' : undefined);
  });

  it('is held to that, and one of the platform team is not', () => {
    expect(refused([demand()])?.refused).toBe('no_approver');
    expect(refuseUnstaffed(STAFF, permit([demand()], { who: who() }), 'id-ann')).toBeUndefined();
  });

  it('says under which delegation, after whether there are enough', () => {
    expect(refused([demand()])).toEqual({
      refused: 'no_approver',
      detail:
        'The rule "a-rule" was written under the delegation "team", by which somebody must be able to approve who may not ask by it; ' +
        'today everybody who approves may. Tell whoever keeps the policy.',
      facts: { delegation: 'team' },
    });
    expect(refused([demand({ required: 5 })])?.facts).toMatchObject({ required: 5 });
  });

  it('shows nobody beyond those who are looked at', () => {
    const names = Array.from({ length: 251 }, (_, index) => `c${index}`);
    const refusedAt = (enabled: string) =>
      refuseUnstaffed(
        staffOf(
          names.map((name) => colleague(name, { enabled: name === enabled })),
          { crowd: names },
        ),
        permit([demand({ groups: ['crowd'] })], { delegation: TEAM }),
        'id-ann',
      )?.refused;
    expect([refusedAt('c249'), refusedAt('c250')]).toEqual([undefined, 'no_approver']);
  });
});

describe('breaking the glass', () => {
  const nobody = { groups: [], users: [] };
  const told = (tell: Partial<BreakGlassTerms['tell']>, reviewers: Partial<BreakGlassTerms['tell']> = tell) =>
    refuseUnstaffed(
      STAFF,
      {
        ...permit([]),
        breakGlass: {
          ...{ tell: { ...nobody, ...tell }, reviewers: { ...nobody, ...reviewers } },
          ...{ reviewWithinSeconds: seconds(3600), maxUses: 3 },
        },
      },
      'id-ann',
    );

  it.each<[string, Parameters<typeof told>, boolean]>([
    ['somebody by group', [{ groups: ['leads'] }], false],
    ['somebody by name', [{ users: ['ben'] }], false],
    ['the requester alone', [{ groups: ['ann'], users: ['ann'] }], true],
    ['a member who is disabled', [{ groups: ['dis'] }], true],
    ['somebody by name who is disabled', [{ users: ['dis'] }], true],
    ['names that nothing bears', [{ groups: ['gone'], users: ['gone'] }], true],
    ['nobody else reviews', [{ groups: ['leads'] }, { groups: ['ann'] }], true],
    ['nobody else is told', [{ groups: ['ann'] }, { groups: ['leads'] }], true],
  ])('is told to %s', (_whom, given, expected) => {
    expect(told(...given)?.refused).toBe(expected ? 'nobody_to_tell' : undefined);
  });

  it('is told to whoever of a group is there, of those who are looked at', () => {
    const names = Array.from({ length: 251 }, (_, index) => `c${index}`);
    const refusedAt = (enabled: string) =>
      refuseUnstaffed(
        staffOf([colleague('ann'), colleague(enabled)], { crowd: names }),
        {
          ...permit([]),
          breakGlass: {
            ...{ tell: { groups: ['crowd'], users: [] }, reviewers: { groups: ['crowd'], users: [] } },
            ...{ reviewWithinSeconds: seconds(3600), maxUses: 3 },
          },
        },
        'id-ann',
      )?.refused;
    expect([refusedAt('c249'), refusedAt('c250')]).toEqual([undefined, 'nobody_to_tell']);
  });

  it('says so', () => {
    expect(told({})?.detail).toBe(
      'Of those whom the rule "a-rule" tells, or has review it, nobody but you is there. Ask without break-glass.',
    );
  });
});
