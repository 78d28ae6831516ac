/** Drift: which assignments no lease explains, and which leases lost theirs. */
import { describe, expect, it } from 'vitest';
import { type Assigned, compare, confirmed } from '../../lambda/domain/drift.ts';
import { emptyLease, type Lease, type LeaseState } from '../../lambda/domain/lease.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { at, TARGET } from './samples.ts';

const NOW = at('10:00');
const PLACE = { accountId: TARGET.accountId, permissionSetArn: TARGET.permissionSetArn };
const user = (principalId: string): Assigned => ({ principalType: 'USER', principalId });
const ANN = user('u-ann');

const call = { claim: 'c', since: NOW, attempts: 0 };
const STATES: Readonly<Record<string, LeaseState>> = {
  vacant: { kind: 'vacant' },
  standing: { kind: 'standing' },
  held: { kind: 'held' },
  'held, unsettled': { kind: 'held', unsettledUntil: addSeconds(NOW, 1) },
  'held, settled by now': { kind: 'held', unsettledUntil: NOW },
  creating: { kind: 'creating', operation: call },
  deleting: { kind: 'deleting', operation: call },
};

const leaseIn = (state: string, endsAt?: Instant): Lease => ({
  ...emptyLease(ANN.principalId, TARGET),
  state: STATES[state] ?? { kind: 'vacant' },
  holds: endsAt === undefined ? [] : [{ requestId: 'r', endsAt }],
  version: 3,
});

const outcome = (assigned: readonly Assigned[], leases: readonly Lease[]): string => {
  const { unexplained, missing } = compare(PLACE, assigned, new Map(leases.map((one) => [one.id, one])), NOW);
  return unexplained.length > 0 ? 'unexplained' : missing.length > 0 ? 'missing' : 'in order';
};

describe('one assignment and its lease', () => {
  const LATER = addSeconds(NOW, 60);

  it('without a lease is unexplained', () => {
    expect(outcome([ANN], [])).toBe('unexplained');
  });

  it.each([
    ['vacant', LATER, 'there', 'unexplained'],
    ['standing', LATER, 'there', 'unexplained'],
    ['held', LATER, 'there', 'in order'],
    ['held', undefined, 'there', 'in order'],
    ['creating', LATER, 'there', 'in order'],
    ['deleting', undefined, 'there', 'in order'],
    ['vacant', LATER, 'absent', 'in order'],
    ['standing', LATER, 'absent', 'missing'],
    ['held', LATER, 'absent', 'missing'],
    ['held, unsettled', LATER, 'absent', 'in order'],
    ['held, settled by now', LATER, 'absent', 'missing'],
    ['held', NOW, 'absent', 'in order'],
    ['held', undefined, 'absent', 'in order'],
    ['creating', LATER, 'absent', 'in order'],
    ['deleting', LATER, 'absent', 'in order'],
  ])('%s, held until %s, %s: %s', (state, endsAt, presence, expected) => {
    expect(outcome(presence === 'there' ? [ANN] : [], [leaseIn(state, endsAt)])).toBe(expected);
  });

  it('of a group is explained by nothing, not even the lease of somebody of the same id', () => {
    const group: Assigned = { principalType: 'GROUP', principalId: ANN.principalId };
    expect(outcome([group], [leaseIn('held')])).toBe('unexplained');
    const lost = leaseIn('held', LATER);
    expect(compare(PLACE, [group], new Map([[lost.id, lost]]), NOW).missing).toEqual([lost]);
  });
});

describe('what is leaving', () => {
  const leavingOf = (lease: Lease | undefined, one: Assigned = ANN): readonly Assigned[] =>
    compare(PLACE, [one], new Map(lease ? [[lease.id, lease]] : []), NOW).leaving;

  it.each([
    ['held', undefined, true],
    ['deleting', undefined, true],
    ['creating', undefined, true],
    ['held', addSeconds(NOW, 60), false],
    ['deleting', NOW, false],
    ['standing', undefined, false],
    ['vacant', undefined, false],
  ])('is ours and held by nobody: %s, held until %s: %s', (state, endsAt, expected) => {
    expect(leavingOf(leaseIn(state, endsAt))).toEqual(expected ? [ANN] : []);
  });

  it('is nothing that has no lease, and no group', () => {
    expect(leavingOf(undefined)).toEqual([]);
    expect(leavingOf(leaseIn('held'), { principalType: 'GROUP', principalId: ANN.principalId })).toEqual([]);
  });
});

describe('two looks', () => {
  const missing = { unexplained: [], missing: [leaseIn('held', addSeconds(NOW, 60))], leaving: [] };

  it('agree on what both saw', () => {
    const first = { unexplained: [ANN, user('u-ben')], missing: missing.missing, leaving: [] };
    expect(confirmed(first, { unexplained: [ANN], missing: missing.missing, leaving: [ANN] })).toEqual({
      unexplained: [ANN],
      missing: missing.missing,
      leaving: [ANN],
    });
  });

  it('disagree about whoever only one of them saw', () => {
    const group: Assigned = { principalType: 'GROUP', principalId: ANN.principalId };
    const saw = (...unexplained: readonly Assigned[]) => ({ unexplained, missing: [], leaving: [] });
    expect(confirmed(saw(user('u-ben')), saw(ANN)).unexplained).toEqual([]);
    expect(confirmed(saw(group), saw(ANN)).unexplained).toEqual([]);
    expect(confirmed(saw(), saw(ANN)).unexplained).toEqual([]);
  });

  it('agree on each lease that both miss, and on no other', () => {
    const [lost] = missing.missing;
    const other = { ...leaseIn('held'), id: 'another' };
    expect(confirmed({ ...missing, missing: [...missing.missing, other] }, missing).missing).toEqual([lost]);
    expect(confirmed({ ...missing, missing: [other] }, missing).missing).toEqual([]);
  });

  const between = (was: LeaseState, is: LeaseState) => {
    const [before, after] = [was, is].map((state, version) => ({ ...leaseIn('held', at('11:00')), state, version }));
    const saw = (lease: Lease | undefined) => ({ ...missing, missing: lease ? [lease] : [] });
    return confirmed(saw(before), saw(after)).missing.map(({ version }) => version);
  };
  const made = (creationId: string): LeaseState => ({ kind: 'held', creationId });

  it('agree on a lease that got a holder more or less in between, as it is now', () => {
    expect(between(made('one'), made('one'))).toEqual([1]);
    expect(between({ kind: 'standing' }, { kind: 'standing' })).toEqual([1]);
  });

  it('disagree about a lease whose assignment was made anew in between, or is of others now', () => {
    expect(between(made('one'), made('two'))).toEqual([]);
    expect(between(made('one'), { kind: 'held' })).toEqual([]);
    expect(between(made('one'), { kind: 'standing' })).toEqual([]);
    // Before creations were remembered, what was held had none either.
    expect(between({ kind: 'held' }, { kind: 'standing' })).toEqual([]);
    expect(between({ kind: 'standing' }, { kind: 'held' })).toEqual([]);
  });
});
