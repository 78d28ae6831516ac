/** Every way to a target in words: what is told of each, and which are left out because another lets through the same. */
import { describe, expect, it } from 'vitest';
import type { Entitlement, Guardrail } from '../../../lambda/domain/policy/policy.ts';
import { waysOf } from '../../../lambda/domain/policy/ways.ts';
import { seconds } from '../samples.ts';
import { guardrail, PROD, type RuleChange, rule, stage } from './sample-policy.ts';

const ways = (rules: readonly Entitlement[], ...holding: readonly Guardrail[]) =>
  waysOf({ account: PROD, rules, holding });
const free = (change: RuleChange = {}): Entitlement => rule({ required: 0, maxSeconds: 3600, ...change });
const HOURS = { days: [1, 2], fromMinute: 540, untilMinute: 1020, timeZone: 'Europe/Berlin' };

describe('a way', () => {
  it.each([
    ['who approves and how long', rule(), '1 of group leads, 4h', true],
    ['that nobody needs to approve', free(), 'no approval, 1h', true],
    [
      'a justification that is asked for',
      free({ justificationLength: 2 }),
      'no approval, 1h, with 2 characters',
      false,
    ],
    ['a ticket', free({ ticketPattern: 'CHG-1' }), 'no approval, 1h, with a ticket CHG-1', false],
    ['hours', free({ hours: HOURS }), 'no approval, 1h, with Mon, Tue 09:00-17:00 Europe/Berlin', false],
    [
      'several stages',
      rule({ approval: [stage(), stage({ required: 2, groups: ['security'] })] }),
      '1 of group leads; then 2 of group security, 4h',
      true,
    ],
    [
      'who decides it, too, after a while',
      rule({ approval: [stage({ escalation: { afterSeconds: seconds(60), groups: ['security'], users: [] } })] }),
      '1 of group leads, after 1m group security too, 4h',
      false,
    ],
  ])('tells %s', (_what, given, expected, isPlain) => {
    const told = ways([given]);
    expect(told).toMatchObject({ texts: [expect.stringContaining(expected)], isPlain });
  });

  it('tells all its conditions', () => {
    const onCall = { justificationLength: 20, ticketPattern: 'CHG-1', hours: HOURS, onCall: 'primary' };
    expect(ways([{ ...free(), require: onCall }]).texts).toEqual([
      'no approval, 1h, with 20 characters of justification, a ticket CHG-1, Mon, Tue 09:00-17:00 Europe/Berlin, on call by primary',
    ]);
  });

  it('is as guardrails leave it', () => {
    const floor = { kind: 'floor', minApprovals: 2, approversFrom: [], maxDurationSeconds: seconds(1800) } as const;
    expect(ways([rule()], guardrail(floor)).texts).toEqual(['2 of group leads, 30m']);
  });
});

describe('ways', () => {
  it.each([
    ['none', [], []],
    ['one that is longer and asks more', [free(), rule()], ['no approval, 1h', '1 of group leads, 4h']],
    ['not one that asks more for no longer', [free(), rule({ maxSeconds: 3600 })], ['no approval, 1h']],
    ['not a shorter one that asks the same', [free({ maxSeconds: 1800 }), free()], ['no approval, 1h']],
    ['not the same twice', [free(), free({ name: 'again' })], ['no approval, 1h']],
    [
      'not one on conditions, where another asks the same without',
      [free({ ticketPattern: 'CHG-1' }), free()],
      ['no approval, 1h'],
    ],
    [
      'both, where the one without conditions is shorter',
      [free({ ticketPattern: 'CHG-1' }), free({ maxSeconds: 1800 })],
      ['no approval, 30m', 'no approval, 1h, with a ticket CHG-1'],
    ],
    [
      'not one on the same conditions that asks more',
      [free({ ticketPattern: 'CHG-1' }), rule({ ticketPattern: 'CHG-1', maxSeconds: 3600 })],
      ['no approval, 1h, with a ticket CHG-1'],
    ],
    [
      'one on other conditions that asks more',
      [free({ ticketPattern: 'CHG-1' }), rule({ maxSeconds: 3600 })],
      ['no approval, 1h, with a ticket CHG-1', '1 of group leads, 1h'],
    ],
  ])('are %s', (_which, rules, expected) => {
    expect(ways(rules).texts).toEqual(expected);
  });

  it('that ask the same and follow each other are told in one order, the shortest first, whatever the order of their rules', () => {
    const same = [
      free({ ticketPattern: 'B' }),
      free({ ticketPattern: 'A' }),
      free({ maxSeconds: 60, justificationLength: 9 }),
    ];
    const more = [rule(), rule({ maxSeconds: 20_000, ticketPattern: 'C' })];
    const expected = ways([...same, ...more]).texts;
    expect(expected).toEqual([
      'no approval, 1m, with 9 characters of justification',
      'no approval, 1h, with a ticket A',
      'no approval, 1h, with a ticket B',
      '1 of group leads, 4h',
      '1 of group leads, 5h 33m 20s, with a ticket C',
    ]);
    expect(ways([...more.toReversed(), ...same.toReversed()]).texts).toEqual(expected);
  });

  it('that ask others are told in the order of their rules, since the first of them is chosen', () => {
    const security = { approval: [stage({ groups: ['security'] })] };
    const [leads, longer] = [rule(), rule({ maxSeconds: 20_000, ...security })];
    const ticketed = rule({ maxSeconds: 3600, ticketPattern: 'C', ...security });
    const [ofLeads, ofSecurity] = ['1 of group leads, 4h', '1 of group security, 5h 33m 20s'];
    expect(ways([ticketed, leads, longer]).texts).toEqual([
      '1 of group security, 1h, with a ticket C',
      ofLeads,
      ofSecurity,
    ]);
    expect(ways([leads, ticketed, longer]).texts).toEqual([ofLeads, ofSecurity]);
  });

  it('that ask the same after one that asks another are each told once', () => {
    const leads = [rule({ ticketPattern: 'B' }), rule({ maxSeconds: 20_000, ticketPattern: 'C' })];
    expect(ways([free({ ticketPattern: 'A' }), ...leads]).texts).toEqual([
      'no approval, 1h, with a ticket A',
      '1 of group leads, 4h, with a ticket B',
      '1 of group leads, 5h 33m 20s, with a ticket C',
    ]);
  });

  it('are plain when there is one alone, without conditions', () => {
    expect([ways([]), ways([free()]), ways([free(), rule()])].map(({ isPlain }) => isPlain)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
