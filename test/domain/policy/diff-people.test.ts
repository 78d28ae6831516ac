/** What many people gain and lose between two versions: told once for all to whom the same happens, and for nobody else. */
import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../../lambda/domain/policy/comparison.ts';
import { changesAmong } from '../../../lambda/domain/policy/diff.ts';
import type { Requester } from '../../../lambda/domain/policy/facts.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { IN_PROD, PLACES, told } from './sample-changes.ts';
import { ANN, guarded, guardrail, policy, rule, stage } from './sample-policy.ts';

describe('changes among people', () => {
  const BOB: Requester = { ...ANN, person: { ...ANN.person, userName: 'bob', attributes: { department: 'data' } } };
  const CAT: Requester = { ...BOB, groups: new Set(['others']) };
  const PEOPLE = [ANN, BOB, CAT].map((one) => ({ was: one, is: one }));
  const among = (before: Policy, after: Policy) => [...changesAmong(comparisonOf(before, after, PLACES), PEOPLE)];
  const names = (before: Policy, after: Policy): readonly string[] =>
    among(before, after).map(({ people, change: { kind, before: was, after: is } }) => {
      const { account: where, permissionSet: set } = is ?? was ?? { account: '', permissionSet: '' };
      return `${people.join()} ${kind} ${where}/${set}`;
    });
  const [engineers, others] = [rule(IN_PROD), rule({ ...IN_PROD, groups: ['others'], name: 'b' })];
  const forEngineers = { who: { groups: ['engineers'], users: [], attributes: [] } };

  it('are told once for all to whom the same happens, whatever order they are in', () => {
    expect(names(policy(), policy(engineers))).toEqual(['0,1 gains payments-prod/AdministratorAccess']);
    expect(names(policy(engineers), policy(others, engineers))).toEqual(['2 gains payments-prod/AdministratorAccess']);
    expect(names(policy(), policy(others, engineers)).toSorted()).toEqual([
      '0,1 gains payments-prod/AdministratorAccess',
      '2 gains payments-prod/AdministratorAccess',
    ]);
  });

  it('name the same people by one list', () => {
    const lists = among(policy(), policy(rule())).map(({ people }) => people);
    expect(lists).toHaveLength(2);
    expect(new Set(lists).size).toBe(1);
  });

  it('of a guardrail are for those whom it may hold alone', () => {
    const both = [engineers, others];
    const forbidden = guardrail({ kind: 'forbid', reason: 'no' }, forEngineers);
    expect(names(policy(...both), guarded(both, forbidden))).toEqual(['0,1 loses payments-prod/AdministratorAccess']);
    const unread = guardrail(
      { kind: 'forbid', reason: 'no' },
      {
        who: { groups: [], users: [], attributes: [{ attribute: 'department', values: ['other'] }] },
      },
    );
    expect(names(policy(...both), guarded(both, unread))).toEqual(['0 loses payments-prod/AdministratorAccess']);
  });

  it('of a guardrail are for the permission sets of which it may speak alone', () => {
    const wide = rule({ ...IN_PROD, permissionSets: ['AdministratorAccess', 'ReadOnlyAccess'] });
    const forbidden = guardrail(
      { kind: 'forbid', reason: 'no' },
      { permissionSets: { names: ['ReadOnlyAccess'], tags: [] } },
    );
    expect(names(policy(wide), guarded([wide], forbidden))).toEqual(['0,1 loses payments-prod/ReadOnlyAccess']);
  });

  it('of a guardrail are for a permission set, too, of which nobody knows whether it speaks of it', () => {
    const tagged = { permissionSets: { names: [], tags: [{ key: 'risk', values: ['high'] }] } };
    const forbidden = guardrail({ kind: 'forbid', reason: 'no' }, tagged);
    expect(names(policy(engineers), guarded([engineers], forbidden))).toEqual([
      '0,1 loses payments-prod/AdministratorAccess',
    ]);
  });

  it('are of each rule at its own places, and name the same people by one list there, too', () => {
    const two = rule({ units: ['Workloads/Payments/Dev'], name: 'b', required: 2 });
    const found = among(policy(), policy(engineers, two));
    expect(found.map(({ change: { after } }) => [after?.account, after?.approvals])).toEqual([
      ['payments-dev', 2],
      ['payments-prod', 1],
    ]);
    expect(new Set(found.map(({ people }) => people)).size).toBe(1);
  });

  it('are none by a rule of which nobody knows what it leaves out', () => {
    const leaving = rule({ ...IN_PROD, except: { organizationalUnits: ['Workloads/Gone'] } });
    const seen = { ...ANN, missing: { groups: new Set<string>(), organizationalUnits: new Set(['Workloads/Gone']) } };
    expect(told(policy(), policy(leaving))).toEqual(['gains payments-prod']);
    expect(told(policy(), policy(leaving), { was: seen, is: seen })).toEqual([]);
  });

  it('are for those alone who match the account', () => {
    const matching = rule({ units: ['/'], match: [{ attribute: 'department', tag: 'team' }] });
    expect(names(policy(), policy(matching))).toEqual(['1 gains data/AdministratorAccess']);
    const twice = { ...matching, match: [...matching.match, { attribute: 'division', tag: 'team' } as const] };
    expect(names(policy(), policy(twice))).toEqual([]);
  });

  it('are none among nobody', () => {
    expect([...changesAmong(comparisonOf(policy(), policy(rule()), PLACES), [])]).toEqual([]);
  });

  it('are that others approve where rules changed places', () => {
    const security = rule({ ...IN_PROD, name: 'b', approval: [stage({ groups: ['security'] })] });
    expect(names(policy(engineers, security), policy(security, engineers))).toEqual([
      '0,1 changes payments-prod/AdministratorAccess',
    ]);
  });
});
