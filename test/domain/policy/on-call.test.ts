/** The condition to be on call: met only where it is told that the person is. */
import { describe, expect, it } from 'vitest';
import { explain } from '../../../lambda/domain/policy/explain.ts';
import type { Entitlement } from '../../../lambda/domain/policy/policy.ts';
import { schedulesIn } from '../../../lambda/domain/policy/policy.ts';
import { ANN, ASK, policy, rule, verdictOf } from './sample-policy.ts';

const onCall = (name: string, schedule: string, required = 1): Entitlement => {
  const one = rule({ name, required });
  return { ...one, require: { ...one.require, onCall: schedule } };
};
const ann = (known: Readonly<Record<string, boolean>>) => ({
  requester: { ...ANN, onCall: new Map(Object.entries(known)) },
});
const PRIMARY = policy(onCall('for-primary', 'primary'));

describe('a rule for whoever is on call', () => {
  it.each([
    ['is on call', ann({ primary: true }), 'for-primary'],
    ['is not', ann({ primary: false }), 'not_on_call'],
    ['is on call by another schedule', ann({ secondary: true }), 'on_call_unknown'],
    ['cannot be told to be', ann({}), 'on_call_unknown'],
    ['was not asked about', {}, 'on_call_unknown'],
  ])('when the person %s', (_what, change, expected) => {
    expect(verdictOf(PRIMARY, change)).toBe(expected);
  });

  it('leaves the choice to the next rule where it is not met', () => {
    const both = policy(onCall('for-primary', 'primary', 0), rule({ name: 'for-everybody' }));
    expect(verdictOf(both, ann({ primary: true }))).toBe('for-primary');
    expect(verdictOf(both, ann({ primary: false }))).toBe('for-everybody');
    expect(verdictOf(both, ann({}))).toBe('for-everybody');
  });

  it('is told of in explanations, as failed where it cannot be told', () => {
    const verdictFor = (change: object) => {
      const [told] = explain(PRIMARY, { ...ASK, ...change }).entitlements;
      return `${told?.verdict}: ${told?.conditions.find(({ kind }) => kind === 'on_call')?.met}`;
    };
    expect(verdictFor(ann({ primary: true }))).toBe('allows: met');
    expect(verdictFor(ann({ primary: false }))).toBe('unsatisfied: unmet');
    expect(verdictFor({})).toBe('failed: failed');
    expect(explain(policy(rule()), ASK).entitlements[0]?.conditions.map(({ kind }) => kind)).not.toContain('on_call');
  });
});

describe('the schedules of a policy', () => {
  it('are each named once', () => {
    const given = policy(onCall('a', 'primary'), onCall('b', 'secondary'), onCall('c', 'primary'), rule());
    expect(schedulesIn(given)).toEqual(['primary', 'secondary']);
  });
});
