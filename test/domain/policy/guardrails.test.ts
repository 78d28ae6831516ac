/** Guardrails: what they forbid, the floors they set, and that they hold unless they certainly do not. */
import { describe, expect, it } from 'vitest';
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import { refuseByEffect } from '../../../lambda/domain/policy/guardrails.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { AccountSelector, Effect, Guardrail, Schedule, Window } from '../../../lambda/domain/policy/policy.ts';
import { instant } from '../../../lambda/domain/time.ts';
import { seconds } from '../samples.ts';
import {
  ADMIN,
  ANN,
  ASK,
  account,
  guarded,
  guardrail,
  HOUR,
  PROD,
  permissionSet,
  rule,
  stage,
  verdictOf,
} from './sample-policy.ts';

const FORBID: Effect = { kind: 'forbid', reason: 'never' };
const accounts = (change: Partial<AccountSelector>): AccountSelector => ({
  ids: [],
  names: [],
  organizationalUnits: [],
  tags: [],
  ...change,
});
const under = (unit: string): AccountSelector => accounts({ organizationalUnits: [unit] });
const who = (...groups: readonly string[]) => ({ groups, users: [], attributes: [] });
const sets = (...names: readonly string[]) => ({ names, tags: [] });

describe('forbid', () => {
  const missing = { groups: new Set(['renamed']), organizationalUnits: new Set(['Workloads/Renamed']) };
  const withMissing = { requester: { ...ANN, missing } };
  it.each<[string, Partial<Guardrail>, Partial<JudgedAsk>, string]>([
    ['everything', {}, {}, 'guardrail_forbids'],
    ['an OU above', { accounts: under('Workloads') }, {}, 'guardrail_forbids'],
    ['another OU', { accounts: under('Sandbox') }, {}, 'a-rule'],
    ['the permission set', { permissionSets: sets('AdministratorAccess') }, {}, 'guardrail_forbids'],
    ['another permission set', { permissionSets: sets('ReadOnlyAccess') }, {}, 'a-rule'],
    ['the OU, another permission set', { accounts: under('Workloads'), permissionSets: sets('Other') }, {}, 'a-rule'],
    ['people of the group', { who: who('engineers') }, {}, 'guardrail_forbids'],
    ['other people', { who: who('contractors') }, {}, 'a-rule'],
    ['a group that does not exist: it might be theirs', { who: who('renamed') }, withMissing, 'guardrail_forbids'],
    ['such a group beside others', { who: who('contractors', 'renamed') }, withMissing, 'guardrail_forbids'],
    ['another user, where groups are missing', { who: { ...who(), users: ['ben'] } }, withMissing, 'a-rule'],
    ['the account by its name', { accounts: accounts({ names: ['payments-prod'] }) }, {}, 'guardrail_forbids'],
    ['another account by its name', { accounts: accounts({ names: ['payments-dev'] }) }, {}, 'a-rule'],
    [
      'an OU that does not exist: it might be this',
      { accounts: under('Workloads/Renamed') },
      withMissing,
      'guardrail_forbids',
    ],
    [
      'a tag that was not read',
      { accounts: accounts({ tags: [{ key: 'a', values: ['b'] }] }) },
      {},
      'guardrail_forbids',
    ],
    [
      'a tag that the account has not',
      { accounts: accounts({ tags: [{ key: 'a', values: ['b'] }] }) },
      { account: { ...PROD, tags: {} } },
      'a-rule',
    ],
    [
      'all but an OU',
      { accounts: { ...under('/'), except: { ids: [], organizationalUnits: ['Workloads/Payments'], tags: [] } } },
      {},
      'a-rule',
    ],
    [
      'all but an OU that does not exist',
      { accounts: { ...under('/'), except: { ids: [], organizationalUnits: ['Workloads/Renamed'], tags: [] } } },
      withMissing,
      'guardrail_forbids',
    ],
  ])('%s', (_what, change, ask, expected) => {
    expect(verdictOf(guarded([rule()], guardrail(FORBID, change)), ask)).toBe(expected);
  });

  it('beats an entitlement that asks nobody', () => {
    expect(verdictOf(guarded([rule({ required: 0 })], guardrail(FORBID)))).toBe('guardrail_forbids');
  });

  it('tells somebody of whom no rule speaks no more than that', () => {
    expect(verdictOf(guarded([rule({ groups: ['others'] })], guardrail(FORBID)))).toBe('not_eligible');
  });
});

describe('freeze', () => {
  const lasting = (frozen: Window): Schedule => ({
    firstWithin: ({ from, until }) => (frozen.from < until && from < frozen.until ? frozen : undefined),
  });
  const minutes = (from: number, until: number): Window => ({
    from: instant(HOUR.from + from * 60_000),
    until: instant(HOUR.from + until * 60_000),
  });
  it.each([
    ['around the window', -10, 70, 'frozen'],
    ['that begins within it', 59, 70, 'frozen'],
    ['that begins as it ends', 60, 70, 'a-rule'],
    ['that ends as it begins', -10, 0, 'a-rule'],
  ])('%s', (_when, from, until, expected) => {
    const effect: Effect = { kind: 'freeze', reason: 'year end', schedule: lasting(minutes(from, until)) };
    expect(verdictOf(guarded([rule()], guardrail(effect)))).toBe(expected);
  });

  it('says from when until when, and why', () => {
    const effect: Effect = { kind: 'freeze', reason: 'year end', schedule: lasting(minutes(30, 90)) };
    expect(judge(guarded([rule()], guardrail(effect)), ASK)).toMatchObject({
      detail: expect.stringContaining('year end'),
      facts: { guardrail: 'a-guardrail', from: '2026-11-23T08:30:00.000Z', until: '2026-11-23T09:30:00.000Z' },
    });
  });
});

describe('floor', () => {
  const floor = (minApprovals: number, approversFrom: readonly string[] = [], maxSeconds?: number): Effect => ({
    kind: 'floor',
    minApprovals,
    approversFrom,
    ...(maxSeconds === undefined ? {} : { maxDurationSeconds: seconds(maxSeconds) }),
  });
  const demand = (required: number, groups: readonly string[], among: readonly (readonly string[])[]) => ({
    ...stage({ required, groups }),
    among,
  });
  const approvalWith = (required: number, ...effects: readonly Effect[]) => {
    const permit = judge(guarded([rule({ required })], ...effects.map((effect) => guardrail(effect))), ASK);
    return 'refused' in permit ? permit.refused : permit.approval;
  };

  it.each([
    ['raises the number', 1, [floor(2)], [demand(2, ['leads'], [])]],
    ['never lowers it', 3, [floor(2)], [demand(3, ['leads'], [])]],
    ['is the highest of several', 1, [floor(2), floor(4), floor(3)], [demand(4, ['leads'], [])]],
    ['narrows who counts', 1, [floor(1, ['security'])], [demand(1, ['leads'], [['security']])]],
    [
      'narrows with every floor',
      1,
      [floor(1, ['security']), floor(2, ['risk', 'audit'])],
      [demand(2, ['leads'], [['security'], ['risk', 'audit']])],
    ],
    ['holds where the rule asks nobody, and names nobody', 0, [floor(1)], [demand(1, [], [])]],
    ['asks nobody where it only shortens', 0, [floor(0, [], 60 * 60)], []],
  ])('%s', (_what, required, effects, expected) => {
    expect(approvalWith(required, ...effects)).toEqual(expected);
  });

  it('says whom to ask where the rule names nobody', () => {
    const silent = { ...rule(), approval: [] };
    const given = guarded([silent], guardrail(floor(1, ['security'])), guardrail(floor(1, ['risk'])));
    expect(judge(given, ASK)).toMatchObject({ approval: [demand(1, ['security'], [['risk']])] });
  });

  it.each([
    ['as long as the floor', 3600, 'a-rule'],
    ['longer', 3599, 'duration_too_long'],
  ])('shortens: %s', (_what, maxSeconds, expected) => {
    expect(verdictOf(guarded([rule()], guardrail(floor(0, [], maxSeconds))))).toBe(expected);
  });

  it('tells the longest that is left, and records it as the maximum', () => {
    const short = guarded([rule()], guardrail(floor(0, [], 1800)));
    expect(judge(short, ASK)).toMatchObject({ facts: { maximumSeconds: 1800 } });
    expect(judge(short, { ...ASK, durationSeconds: 1800 })).toMatchObject({ maxDurationSeconds: 1800 });
  });

  it('is applied after the entitlement is chosen', () => {
    const given = guarded(
      [rule({ name: 'two', required: 2 }), rule({ name: 'none', required: 0 })],
      guardrail(floor(3)),
    );
    expect(judge(given, ASK)).toMatchObject({ entitlement: { name: 'none' }, approval: [{ required: 3 }] });
  });
});

const SANDBOX = account('sandbox', 'Sandbox', { id: '400000000009' });
const READ = permissionSet('ReadOnlyAccess');

describe('not together', () => {
  const effect: Effect = {
    kind: 'not-together',
    targets: [{ accounts: under('Workloads') }, { accounts: under('Sandbox') }],
  };
  it.each([
    ['nothing else open', [], 'a-rule'],
    ['something of the other part', [{ account: SANDBOX, permissionSet: READ }], 'combination_forbidden'],
    ['something of the same part', [{ account: PROD, permissionSet: READ }], 'a-rule'],
    ['the same once more', [{ account: PROD, permissionSet: ADMIN }], 'a-rule'],
    ['something of neither part', [{ account: account('tools', 'Infrastructure'), permissionSet: READ }], 'a-rule'],
  ])('%s', (_what, others, expected) => {
    expect(verdictOf(guarded([rule()], guardrail(effect)), { others })).toBe(expected);
  });

  const overlapping: Effect = {
    kind: 'not-together',
    targets: [{ accounts: under('Workloads') }, { permissionSets: sets('AdministratorAccess') }],
  };
  it.each([
    ['the same once more', { account: PROD, permissionSet: ADMIN }, 'a-rule'],
    ['the account with another permission set', { account: PROD, permissionSet: READ }, 'combination_forbidden'],
    ['the permission set elsewhere', { account: SANDBOX, permissionSet: ADMIN }, 'combination_forbidden'],
  ])('of what belongs to both parts: %s', (_what, other, expected) => {
    expect(verdictOf(guarded([rule()], guardrail(overlapping)), { others: [other] })).toBe(expected);
  });

  it('does not concern other people', () => {
    const others = [{ account: SANDBOX, permissionSet: READ }];
    expect(verdictOf(guarded([rule()], guardrail(effect, { who: who('contractors') })), { others })).toBe('a-rule');
  });
});

describe('most open', () => {
  const limit = guardrail({ kind: 'open-limit', most: 1 }, { accounts: under('Workloads') });
  it.each([
    ['none yet', [], 'a-rule'],
    ['one of the kind', [{ account: PROD, permissionSet: READ }], 'too_many_open'],
    ['one of another kind', [{ account: SANDBOX, permissionSet: READ }], 'a-rule'],
  ])('%s', (_what, others, expected) => {
    expect(verdictOf(guarded([rule()], limit), { others })).toBe(expected);
  });
});

describe('a refusal says which guardrail it is, what it asks, and what to do', () => {
  const IN_SANDBOX = { account: SANDBOX, permissionSet: READ };
  it.each<[Effect, Partial<JudgedAsk>, string, object]>([
    [FORBID, {}, 'The guardrail "a-guardrail" forbids this (never).', {}],
    [
      { kind: 'not-together', targets: [{ accounts: under('Workloads') }, { accounts: under('Sandbox') }] },
      { others: [IN_SANDBOX] },
      'The guardrail "a-guardrail" forbids to hold this together with sandbox/ReadOnlyAccess, for which there is an open request. End or cancel that first.',
      { with: 'sandbox/ReadOnlyAccess' },
    ],
    [
      { kind: 'open-limit', most: 1 },
      { others: [IN_SANDBOX, { ...IN_SANDBOX, account: PROD }] },
      'The guardrail "a-guardrail" allows 1 open request(s) of this kind, and there are 2. End or cancel one first.',
      { maximum: 1 },
    ],
    [
      { kind: 'floor', minApprovals: 2, approversFrom: [] },
      { incident: 'INC-1' },
      'The guardrail "a-guardrail" needs 2 approval(s), which nobody gives where the glass is broken. Ask without it.',
      {},
    ],
  ])('%s', (effect, change, detail, facts) => {
    const refusal = refuseByEffect(guardrail(effect), { ...ASK, ...change });
    expect(refusal).toMatchObject({ detail, facts: { guardrail: 'a-guardrail', ...facts } });
  });
});
