/** Attributes, tags, exceptions, matches and hours of an entitlement; what is unknown grants nothing. */
import { describe, expect, it } from 'vitest';
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import { hoursText, isWithin, localTime } from '../../../lambda/domain/policy/hours.ts';
import { indexOf } from '../../../lambda/domain/policy/rule-index.ts';
import { instant } from '../../../lambda/domain/time.ts';
import {
  ADMIN,
  ANN,
  ASK,
  guarded,
  guardrail,
  PROD,
  policy,
  type RuleChange,
  rule,
  stage,
  verdictOf,
} from './sample-policy.ts';

const withAttributes = (attributes: Record<string, string> | undefined): Partial<JudgedAsk> => ({
  requester: { ...ANN, person: { ...ANN.person, ...(attributes && { attributes }) } },
});
const withTags = (tags: Record<string, string> | undefined, name = 'payments-prod'): Partial<JudgedAsk> => ({
  account: { ...PROD, name, ...(tags && { tags }) },
});

const PAYMENTS = { attribute: 'department', values: ['payments', 'ledger'] } as const;

describe('attributes of the person', () => {
  it.each([
    ['narrow a group', {}, { department: 'payments' }, 'a-rule'],
    ['narrow a group: another of the values', {}, { department: 'ledger' }, 'a-rule'],
    ['narrow a group: none of the values', {}, { department: 'Payments' }, 'not_eligible'],
    ['narrow a group: not there', {}, {}, 'not_eligible'],
    ['narrow a group: not read', {}, undefined, 'not_eligible'],
    [
      'open nothing to somebody who is not the user named',
      { groups: [], users: ['ben'] },
      { department: 'payments' },
      'not_eligible',
    ],
    ['open nothing to somebody outside the group', { groups: ['others'] }, { department: 'payments' }, 'not_eligible'],
    ['alone stand for everybody who has them', { groups: [] }, { department: 'payments' }, 'a-rule'],
    ['alone stand for nobody else', { groups: [] }, { department: 'search' }, 'not_eligible'],
  ] as const)('%s', (_situation, change: RuleChange, attributes, expected) => {
    expect(verdictOf(policy(rule({ ...change, attributes: [PAYMENTS] })), withAttributes(attributes))).toBe(expected);
  });

  it('must all be there', () => {
    const both = rule({ attributes: [PAYMENTS, { attribute: 'title', values: ['Engineer'] }] });
    expect(verdictOf(policy(both), withAttributes({ department: 'payments' }))).toBe('not_eligible');
    expect(verdictOf(policy(both), withAttributes({ department: 'payments', title: 'Engineer' }))).toBe('a-rule');
  });
});

const PRODUCTION = { key: 'environment', values: ['prod', 'staging'] };

describe('tags of the account', () => {
  it.each([
    ['narrow an OU', {}, { environment: 'prod' }, 'a-rule'],
    ['narrow an OU: none of the values', {}, { environment: 'dev' }, 'not_eligible'],
    ['narrow an OU: not read', {}, undefined, 'not_eligible'],
    ['open nothing elsewhere', { units: ['Sandbox'] }, { environment: 'prod' }, 'not_eligible'],
    [
      'open nothing beside an id and a name',
      { units: [], accountIds: ['1'], accountNames: ['a'] },
      { environment: 'prod' },
      'not_eligible',
    ],
    ['alone stand for every account that has them', { units: [] }, { environment: 'staging' }, 'a-rule'],
    ['alone stand for no other account', { units: [] }, {}, 'not_eligible'],
    [
      'are not inherited from objects',
      { units: [], accountTags: [{ key: 'constructor', values: [''] }] },
      {},
      'not_eligible',
    ],
  ] as const)('%s', (_situation, change: RuleChange, tags, expected) => {
    expect(verdictOf(policy(rule({ accountTags: [PRODUCTION], ...change })), withTags(tags))).toBe(expected);
  });
});

describe('an exception', () => {
  const REGULATED = { organizationalUnits: ['Workloads/Payments/Prod'] };
  const missing = { groups: new Set<string>(), organizationalUnits: new Set(['Workloads/Payments/Gone']) };
  it.each([
    ['of an OU below', { except: REGULATED }, {}, 'not_eligible'],
    ['of another OU', { except: { organizationalUnits: ['Workloads/Payments/Dev'] } }, {}, 'a-rule'],
    ['of an id', { except: { ids: ['400000000001'] } }, {}, 'not_eligible'],
    [
      'beats the name of the account',
      { units: [], accountNames: ['payments-prod'], except: REGULATED },
      {},
      'not_eligible',
    ],
    ['of a tag', { except: { tags: [PRODUCTION] } }, withTags({ environment: 'prod' }), 'not_eligible'],
    ['of a tag that the account has not', { except: { tags: [PRODUCTION] } }, withTags({}), 'a-rule'],
    ['of a tag, where tags were not read', { except: { tags: [PRODUCTION] } }, {}, 'not_eligible'],
    [
      'of an OU that does not exist, so that nobody knows what was meant',
      { except: { organizationalUnits: ['Workloads/Payments/Gone'] } },
      { requester: { ...ANN, missing } },
      'not_eligible',
    ],
  ] as const)('%s', (_situation, change: RuleChange, ask, expected) => {
    expect(verdictOf(policy(rule(change)), ask)).toBe(expected);
  });
});

describe('permission sets by tag', () => {
  const CALM = [{ key: 'risk', values: ['low'] }];
  it.each([
    ['alone', { permissionSets: [], permissionSetTags: CALM }, { risk: 'low' }, 'a-rule'],
    ['alone, another value', { permissionSets: [], permissionSetTags: CALM }, { risk: 'high' }, 'not_eligible'],
    ['narrowing names', { permissionSetTags: CALM }, { risk: 'high' }, 'not_eligible'],
    [
      'narrowing names, of which none is its own',
      { permissionSets: ['Other'], permissionSetTags: CALM },
      { risk: 'low' },
      'not_eligible',
    ],
    ['no name and no tag', { permissionSets: [] }, { risk: 'low' }, 'not_eligible'],
    ['not read', { permissionSets: [], permissionSetTags: CALM }, undefined, 'not_eligible'],
  ] as const)('%s', (_situation, change: RuleChange, tags, expected) => {
    expect(verdictOf(policy(rule(change)), { permissionSet: { ...ADMIN, ...(tags && { tags }) } })).toBe(expected);
  });
});

describe('a match of the person with the account', () => {
  const TEAM = rule({ match: [{ attribute: 'department', tag: 'team' }] });
  it.each([
    ['equal', { department: 'payments' }, { team: 'payments' }, 'a-rule'],
    ['unequal', { department: 'payments' }, { team: 'search' }, 'not_eligible'],
    ['in another case', { department: 'payments' }, { team: 'Payments' }, 'not_eligible'],
    ['both absent', {}, {}, 'not_eligible'],
    ['both empty', { department: '' }, { team: '' }, 'not_eligible'],
    ['attributes not read', undefined, { team: 'payments' }, 'not_eligible'],
    ['tags not read', { department: 'payments' }, undefined, 'not_eligible'],
  ] as const)('%s', (_situation, attributes, tags, expected) => {
    expect(verdictOf(policy(TEAM), { ...withAttributes(attributes), ...withTags(tags) })).toBe(expected);
  });
});

describe('hours', () => {
  const BERLIN = { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, untilMinute: 18 * 60, timeZone: 'Europe/Berlin' };
  const NIGHT = { ...BERLIN, days: [5], fromMinute: 22 * 60, untilMinute: 6 * 60 };
  it.each([
    ['the first minute, in winter', BERLIN, '2026-11-23T07:00:00Z', true],
    ['a minute before, in winter', BERLIN, '2026-11-23T06:59:59Z', false],
    ['the first minute, in summer', BERLIN, '2026-07-06T06:00:00Z', true],
    ['the last minute', BERLIN, '2026-11-23T16:59:59Z', true],
    ['the end', BERLIN, '2026-11-23T17:00:00Z', false],
    ['on Saturday', BERLIN, '2026-11-28T10:00:00Z', false],
    ['past midnight, the first minute', NIGHT, '2026-11-27T21:00:00Z', true],
    ['past midnight, the evening', NIGHT, '2026-11-27T21:30:00Z', true],
    ['past midnight, the morning after', NIGHT, '2026-11-28T04:59:00Z', true],
    ['past midnight, the end', NIGHT, '2026-11-28T05:00:00Z', false],
    ['past midnight, the morning of the same day', NIGHT, '2026-11-27T04:00:00Z', false],
    ['until 24:00', { ...BERLIN, untilMinute: 1440 }, '2026-11-23T22:59:00Z', true],
  ] as const)('%s', (_situation, hours, moment, expected) => {
    expect(isWithin(hours, instant(Date.parse(moment)))).toBe(expected);
  });

  it.each([
    [BERLIN, 'Mon, Tue, Wed, Thu, Fri 08:00-18:00 Europe/Berlin'],
    [{ days: [6, 0], fromMinute: 22 * 60 + 5, untilMinute: 0, timeZone: 'UTC' }, 'Sat, Sun 22:05-24:00 UTC'],
    [{ days: [2], fromMinute: 0, untilMinute: 9, timeZone: 'UTC' }, 'Tue 00:00-00:09 UTC'],
  ])('are said as people write them', (hours, expected) => {
    expect(hoursText(hours)).toBe(expected);
  });

  it('are judged by the start of what lies ahead', () => {
    const given = policy(rule({ hours: { ...BERLIN, untilMinute: 9 * 60 + 1 } }));
    expect(verdictOf(given)).toBe('a-rule');
    const later = { from: instant(ASK.window.from + 60_000), until: ASK.window.until };
    expect(verdictOf(given, { window: later })).toBe('outside_hours');
  });

  it('skip the hour that clocks skip', () => {
    expect(localTime(instant(Date.parse('2026-03-29T01:30:00Z')), 'Europe/Berlin')).toEqual({ day: 0, minute: 210 });
  });
});

describe('what must be read', () => {
  it.each([
    ['nothing', policy(rule()), { accountTags: false, permissionSetTags: false, others: false, units: [] }],
    [
      'tags of accounts, for a match',
      policy(rule({ match: [{ attribute: 'title', tag: 'x' }] })),
      { accountTags: true },
    ],
    ['tags of accounts, for an exception', policy(rule({ except: { tags: [PRODUCTION] } })), { accountTags: true }],
    ['tags of permission sets', policy(rule({ permissionSetTags: [PRODUCTION] })), { permissionSetTags: true }],
    ['units of an exception', policy(rule({ except: { organizationalUnits: ['A/B', '/'] } })), { units: ['A/B'] }],
    [
      'what one rule of several needs',
      policy(rule({ approval: [stage(), stage({ accountTag: 'owner' })] }), rule({ required: 0 })),
      { accountTags: true, permissionSetTags: false },
    ],
    [
      'tags of the accounts of one rule of several',
      policy(rule(), rule({ accountTags: [PRODUCTION] })),
      { accountTags: true },
    ],
    ['no tags where nobody is asked', policy(rule({ required: 0 })), { accountTags: false }],
    [
      'no other requests for what forbids',
      guarded([], guardrail({ kind: 'forbid', reason: 'never' })),
      { others: false, accountTags: false },
    ],
    ['other requests', guarded([], guardrail({ kind: 'open-limit', most: 1 })), { others: true }],
    [
      'units and tags of a combination',
      guarded(
        [],
        guardrail({
          kind: 'not-together',
          targets: [{ accounts: { ids: [], names: [], organizationalUnits: ['A'], tags: [PRODUCTION] } }],
        }),
      ),
      { units: ['A'], accountTags: true, others: true },
    ],
  ])('%s', (_what, given, expected) => {
    expect(indexOf(given).needs).toMatchObject(expected);
  });
});
