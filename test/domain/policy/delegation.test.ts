/** A delegated rule gives nothing beyond its delegation, whatever it says; and what it may give, it gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredIn } from '../../../lambda/domain/approval.ts';
import { catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import { fitsDelegatedAccount, fitsDelegatedSet, underDelegation } from '../../../lambda/domain/policy/delegation.ts';
import { explain } from '../../../lambda/domain/policy/explain.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { Delegation, Entitlement } from '../../../lambda/domain/policy/policy.ts';
import { indexOf } from '../../../lambda/domain/policy/rule-index.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { seconds } from '../samples.ts';
import {
  ADMIN,
  ANN,
  ASK,
  account,
  guarded,
  guardrail,
  PROD,
  permissionSet,
  policy,
  type RuleChange,
  rule,
  stage,
  verdictOf,
} from './sample-policy.ts';

const delegation = (change: Partial<Delegation> = {}): Delegation => ({
  name: 'payments',
  writers: ['payments-leads'],
  organizationalUnits: ['Workloads/Payments'],
  permissionSets: { names: ['AdministratorAccess'], tags: [] },
  maxDurationSeconds: seconds(14_400),
  minApprovals: 1,
  approversFrom: [],
  ...change,
});

const delegated = (change: RuleChange = {}, bounds: Partial<Delegation> = {}): Entitlement =>
  underDelegation(rule({ units: ['/'], ...change }), 'payments', delegation(bounds));

const permitOf = (given: Entitlement) => {
  const result = judge(policy(given), ASK);
  if (isRefusal(result)) throw new Error(result.detail);
  return result;
};

describe('a delegated rule', () => {
  it('speaks of accounts in any of several units', () => {
    const given = delegated(
      { accountIds: [PROD.id] },
      { organizationalUnits: ['Workloads/Search', 'Workloads/Payments'] },
    );
    const at = (ouPath: string) => fitsDelegatedAccount(given, { ...PROD, ouPath });
    expect([at('Workloads/Search'), at('Workloads/Payments/Prod'), at('Workloads/Data')]).toEqual(['yes', 'yes', 'no']);
  });

  it.each([
    ['in the unit', account('a', 'Workloads/Payments'), 'a-rule'],
    ['in a unit below', PROD, 'a-rule'],
    ['in a unit whose name only begins so', account('a', 'Workloads/PaymentsToo'), 'not_eligible'],
    ['in the unit above', account('a', 'Workloads'), 'not_eligible'],
    ['under the root', account('a', ''), 'not_eligible'],
    ['moved out of it', { ...PROD, ouPath: 'Workloads/Search' }, 'not_eligible'],
  ])('speaks of accounts by where they are: %s', (_what, where, expected) => {
    expect(verdictOf(policy(delegated({ accountIds: [PROD.id] })), { account: where })).toBe(expected);
  });

  it('gives no other permission sets', () => {
    const sets = ['AdministratorAccess', 'Root'];
    const given = policy(delegated({ permissionSets: sets }));
    expect(verdictOf(given)).toBe('a-rule');
    expect(verdictOf(given, { permissionSet: permissionSet('Root') })).toBe('not_eligible');
  });

  it('gives permission sets by the tags that are delegated, and none whose tags are not known', () => {
    const byRisk = { permissionSets: { names: [], tags: [{ key: 'risk', values: ['low'] }] } };
    const given = policy(delegated({}, byRisk));
    expect(indexOf(given).needs.permissionSetTags).toBe(true);
    expect(verdictOf(given, { permissionSet: { ...ADMIN, tags: { risk: 'low' } } })).toBe('a-rule');
    expect(verdictOf(given, { permissionSet: { ...ADMIN, tags: { risk: 'high' } } })).toBe('not_eligible');
    expect(verdictOf(given, { permissionSet: ADMIN })).toBe('not_eligible');
  });

  it('lasts no longer than is delegated', () => {
    const given = delegated({ maxSeconds: 28_800 }, { maxDurationSeconds: seconds(1800) });
    expect(verdictOf(policy(given))).toBe('duration_too_long');
    expect(verdictOf(policy(given), { durationSeconds: 1800 })).toBe('a-rule');
  });

  it('asks as many approvals as the delegation, of those whom it names', () => {
    const { approval } = permitOf(delegated({ required: 1 }, { minApprovals: 3, approversFrom: ['security'] }));
    expect(approval).toMatchObject([{ required: 3, groups: ['leads'], among: [['security']] }]);
  });

  it('is held to the floors of guardrails too', () => {
    const floor = guardrail({ kind: 'floor', minApprovals: 2, approversFrom: ['audit'] });
    const given = delegated({}, { approversFrom: ['security'] });
    expect(judge(guarded([given], floor), ASK)).toMatchObject({
      approval: [{ required: 2, groups: ['leads'], among: [['security'], ['audit']] }],
    });
  });

  it('asks missing approvals of its last stage, and approvers_from in every one', () => {
    const [leads] = rule({ required: 1 }).approval;
    if (!leads) throw new Error('there is no stage');
    const staged = { ...rule({ units: ['/'] }), approval: [leads, { ...leads, groups: ['managers'] }] };
    const bounds = delegation({ minApprovals: 3, approversFrom: ['security'] });
    expect(permitOf(underDelegation(staged, 'payments', bounds)).approval).toMatchObject([
      { required: 1, groups: ['leads'], among: [['security']] },
      { required: 2, groups: ['managers'], among: [['security']] },
    ]);
  });

  it.each<[string, Entitlement, string]>([
    ['of a delegation that is not there', underDelegation(rule(), 'gone', undefined), 'unknown-delegation'],
    ['whose requesters alone approve', delegated({ groups: ['engineers', 'leads'] }), 'requesters-approve'],
    [
      'whose approvers are the users who ask',
      delegated({ users: ['ann'], approval: [stage({ groups: [], users: ['ann'] })] }),
      'requesters-approve',
    ],
    [
      'whose requesters alone approve, whoever belongs to approvers_from',
      delegated({ approval: [stage({ groups: ['engineers'] })] }, { approversFrom: ['security'] }),
      'requesters-approve',
    ],
    [
      'whose requesters alone are left by approvers_from',
      delegated({ groups: ['engineers'] }, { approversFrom: ['engineers'] }),
      'requesters-approve',
    ],
    [
      'whose approvers nobody can list',
      delegated({ approval: [stage({ groups: [], everybodyWith: [{ attribute: 'title', values: ['Lead'] }] })] }),
      'requesters-approve',
    ],
    [
      'whose approvers nobody can list but those who may ask',
      delegated(
        { approval: [stage({ groups: [], everybodyWith: [{ attribute: 'title', values: ['Lead'] }] })] },
        { approversFrom: ['engineers'] },
      ),
      'requesters-approve',
    ],
  ])('grants nothing %s', (_what, given, why) => {
    expect(given.delegation).toMatchObject({ grantsNothing: why });
    expect([fitsDelegatedAccount(given, PROD), fitsDelegatedSet(given, ADMIN)]).toEqual(['unknown', 'unknown']);
    expect(verdictOf(policy(given))).toBe('not_eligible');
    expect(catalogFor(policy(given), ANN, [PROD], [ADMIN])).toEqual([]);
    expect(explain(policy(given), ASK).entitlements[0]).toMatchObject({ verdict: 'failed' });
  });

  it.each<[string, RuleChange, Partial<Delegation>]>([
    ['a user who may not ask', { users: ['ann'], approval: [stage({ groups: [], users: ['ann', 'ben'] })] }, {}],
    ['whom a tag names', { approval: [stage({ groups: [], accountTag: 'owner' })] }, {}],
    ['approvers_from alone', { approval: [] }, { approversFrom: ['security'] }],
    [
      'others in one of the stages',
      { approval: [stage({ groups: ['engineers'] }), stage()] },
      { approversFrom: ['security'] },
    ],
  ])('grants where others can approve: %s', (_whom, change, held) => {
    expect(verdictOf(policy(delegated(change, held)))).toBe('a-rule');
  });

  it('is offered where it may grant, and nowhere else', () => {
    const given = policy(delegated());
    const outside = account('outside', 'Sandbox', { id: '400000000002' });
    const offered = catalogFor(given, ANN, [PROD, outside], [ADMIN]);
    expect(offered.map(({ account: { name } }) => name)).toEqual(['payments-prod']);
  });

  it('lets everybody with an attribute approve who is in a group of approvers_from', () => {
    const everybodyWith = [{ attribute: 'title', values: ['Lead'] }] as const;
    const given = delegated({ approval: [stage({ groups: [], everybodyWith })] }, { approversFrom: ['security'] });
    expect(permitOf(given).approval).toMatchObject([{ required: 1, groups: [], everybodyWith, among: [['security']] }]);
  });

  it('leaves other rules as they are', () => {
    const given = policy(delegated({ name: 'bound', groups: ['engineers', 'leads'] }), rule({ name: 'plain' }));
    expect(verdictOf(given)).toBe('plain');
  });
});

describe('explain', () => {
  const conditionOf = (given: Entitlement, where = PROD) =>
    explain(policy(given), { ...ASK, account: where }).entitlements[0]?.conditions.find(
      ({ kind }) => kind === 'delegation',
    );

  it('tells the bounds, and who writes the rules', () => {
    expect(conditionOf(delegated({}, { approversFrom: ['security', 'audit'] }))).toEqual({
      kind: 'delegation',
      met: 'met',
      asks:
        'payments (written by payments-leads): OU Workloads/Payments; AdministratorAccess; at most 4h; at least 1 approval(s), ' +
        'by people who belong to group security or audit too',
    });
  });

  it('tells what is outside, and what is not there', () => {
    expect(conditionOf(delegated(), account('a', 'Sandbox'))).toMatchObject({ met: 'unmet' });
    expect(conditionOf(underDelegation(rule(), 'gone', undefined))).toEqual({
      kind: 'delegation',
      met: 'failed',
      asks: 'gone',
      remedy: 'the policy has no such delegation, so the rule grants nothing',
    });
    expect(conditionOf(rule())).toBeUndefined();
  });
});

describe('the laws of delegation, for any rule and any delegation', () => {
  const UNITS = ['/', 'Workloads', 'Workloads/Payments', 'Workloads/Payments/Prod', 'Sandbox'];
  const SETS = ['AdministratorAccess', 'Root'];
  const GROUPS = ['engineers', 'leads', 'security'];
  /** The usual as often as anything else: of rules that are narrow in every part nearly nothing is granted. */
  const mostly = (usual: readonly string[], all: readonly string[]) =>
    fc.oneof(fc.constant(usual), fc.subarray([...all], { minLength: 1 }));
  const change = fc.record({
    units: mostly(['/'], UNITS),
    permissionSets: mostly(SETS, SETS),
    groups: mostly(['engineers'], GROUPS),
    required: fc.nat(3),
    maxSeconds: fc.constantFrom(600, 3600, 14_400),
  });
  const bounds = fc.record({
    organizationalUnits: mostly(['Workloads'], UNITS),
    permissionSets: mostly(SETS, SETS).map((names) => ({ names, tags: [] })),
    maxDurationSeconds: fc.constantFrom(seconds(600), seconds(3600), seconds(28_800)),
    minApprovals: fc.integer({ min: 1, max: 3 }),
    approversFrom: fc.subarray(GROUPS),
  });
  const places = ['Workloads/Payments/Prod', 'Workloads/Payments', 'Workloads', 'Sandbox', ''];
  const target = fc.record({ ouPath: fc.constantFrom(...places), set: fc.constantFrom(...SETS) });
  const lasting = fc.constantFrom(600, 3600, 14_400);

  it('what it gives lies within both, and the same rule alone would give it', () => {
    let given = 0;
    fc.assert(
      fc.property(change, bounds, target, lasting, (said, held, { ouPath, set }, durationSeconds) => {
        const ask = { ...ASK, account: account('a', ouPath), permissionSet: permissionSet(set), durationSeconds };
        const result = judge(policy(underDelegation(rule(said), 'payments', delegation(held))), ask);
        if (isRefusal(result)) return;
        given += 1;
        expect(isRefusal(judge(policy(rule(said)), ask))).toBe(false);
        expect(held.organizationalUnits.some((unit) => unit === '/' || `${ouPath}/`.startsWith(`${unit}/`))).toBe(true);
        expect(held.permissionSets.names).toContain(set);
        expect(durationSeconds).toBeLessThanOrEqual(held.maxDurationSeconds);
        expect(requiredIn(result.approval)).toBeGreaterThanOrEqual(Math.max(held.minApprovals, said.required));
        for (const { groups, among } of held.approversFrom.length > 0 ? result.approval : []) {
          expect([groups, ...among]).toContainEqual(held.approversFrom);
        }
        expect(['leads', ...held.approversFrom].every((group) => said.groups.includes(group))).toBe(false);
      }),
      { numRuns: 1000 },
    );
    expect(given).toBeGreaterThan(50);
  });

  it('the catalogue offers exactly what asking would let through', () => {
    fc.assert(
      fc.property(change, bounds, target, (said, held, { ouPath, set }) => {
        const given = policy(underDelegation(rule(said), 'payments', delegation(held)));
        const [where, what] = [account('a', ouPath), permissionSet(set)];
        const judged = judge(given, { ...ASK, account: where, permissionSet: what, durationSeconds: 1 });
        const [entry] = catalogFor(given, ANN, [where], [what]);
        expect(entry?.approval).toEqual(isRefusal(judged) ? undefined : judged.approval);
        expect(entry?.longestSeconds).toEqual(isRefusal(judged) ? undefined : judged.maxDurationSeconds);
      }),
    );
  });
});
