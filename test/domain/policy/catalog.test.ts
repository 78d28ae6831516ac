/** The catalogue: everything that one person may ask for, and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredIn } from '../../../lambda/domain/approval.ts';
import { catalogFor } from '../../../lambda/domain/policy/catalog.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { ADMIN, ANN, ASK, account, permissionSet, policy, rule } from './sample-policy.ts';

const READ = permissionSet('ReadOnlyAccess');
const ACCOUNTS = [
  account('zebra', 'Workloads/Payments', { id: '400000000001' }),
  account('alpaca', 'Workloads/Payments', { id: '400000000002' }),
  account('elsewhere', 'Workloads/Storefront', { id: '400000000003' }),
  account('management', 'Workloads/Payments', { id: '400000000004', forbidden: 'management-account' }),
  account('hosting', 'Workloads/Payments', { id: '400000000005', forbidden: 'hosting-account' }),
  account('suspended', 'Workloads/Payments', { id: '400000000006', active: false }),
];
const listed = (given: Policy): readonly string[] =>
  catalogFor(given, ANN, ACCOUNTS, [READ, ADMIN]).map(
    ({ account: { name }, permissionSet: set, entitlement, longestSeconds }) =>
      `${name}/${set.name} ${entitlement.name} ${requiredIn(entitlement.approval)} ${longestSeconds}`,
  );

describe('catalogFor', () => {
  it('lists by account, then permission set, and leaves out what is never a target', () => {
    const given = policy(rule({ name: 'both', permissionSets: ['ReadOnlyAccess', 'AdministratorAccess'] }));
    expect(listed(given)).toEqual([
      'alpaca/AdministratorAccess both 1 14400',
      'alpaca/ReadOnlyAccess both 1 14400',
      'zebra/AdministratorAccess both 1 14400',
      'zebra/ReadOnlyAccess both 1 14400',
    ]);
  });

  it('shows the rule that asks the least, and the longest that any allows', () => {
    const given = policy(
      rule({ name: 'long', accountNames: ['zebra'], units: [], required: 2, maxSeconds: 28_800 }),
      rule({ name: 'easy', accountNames: ['zebra'], units: [], required: 0, maxSeconds: 600 }),
    );
    expect(listed(given)).toEqual(['zebra/AdministratorAccess easy 0 28800']);
  });

  it('is empty for somebody of whom no rule speaks', () => {
    expect(listed(policy(rule({ groups: ['others'] })))).toEqual([]);
  });

  const rules = fc.array(
    fc
      .record({
        groups: fc.subarray(['engineers', 'others'], { minLength: 1 }),
        units: fc.subarray(['/', 'Workloads', 'Workloads/Pay', 'Workloads/Storefront'], { minLength: 1 }),
        permissionSets: fc.subarray(['ReadOnlyAccess', 'AdministratorAccess'], { minLength: 1 }),
        required: fc.nat(2),
        maxSeconds: fc.constantFrom(600, 3600),
      })
      .map(rule),
    { maxLength: 4 },
  );

  it('lists exactly what the policy would let through for the shortest time', () => {
    fc.assert(
      fc.property(rules, (entitlements) => {
        const given = policy(...entitlements);
        const ask = { ...ASK, durationSeconds: 1 };
        const allowed = ACCOUNTS.flatMap((target) =>
          [READ, ADMIN].flatMap((set) =>
            isRefusal(judge(given, { ...ask, account: target, permissionSet: set }))
              ? []
              : [`${target.name}/${set.name}`],
          ),
        );
        const catalog = listed(given).map((line) => line.split(' ')[0]);
        expect(catalog).toEqual(allowed.sort());
      }),
    );
  });
});
