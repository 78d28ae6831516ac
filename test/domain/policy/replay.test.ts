/** Past requests judged anew: what comes out otherwise, and on what, that the trail does not say, it depends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { PastAsk, PastRequest } from '../../../lambda/domain/policy/past-requests.ts';
import type { BreakGlassRule, Entitlement, Policy } from '../../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { seconds } from '../samples.ts';
import { type Given, OTHER, PAST, READ, REQUEST, replayed } from './sample-past.ts';
import { ADMIN, ASK, guarded, guardrail, HOUR, policy, rule } from './sample-policy.ts';

describe('a past request', () => {
  it.each<[string, Policy, Given, string]>([
    ['by the same terms', policy(rule()), {}, 'unchanged a-rule'],
    ['with more approvals', policy(rule({ required: 2 })), {}, 'more-approvals a-rule'],
    ['with none', policy(rule({ required: 0 })), {}, 'fewer-approvals a-rule'],
    ['that is let through no more', policy(rule({ groups: ['others'] })), {}, 'refused not_eligible'],
    ['of somebody who left', policy(rule()), { request: { personId: 'id-gone' } }, 'unjudged person'],
    ['for an account that is gone', policy(rule()), { request: { accountId: '9' } }, 'unjudged account'],
    ['for a set that is gone', policy(rule()), { request: { permissionSetArn: 'arn:9' } }, 'unjudged permission_set'],
    [
      'for its own length',
      policy(rule({ maxSeconds: 7200 })),
      { ask: { durationSeconds: 7201 } },
      'refused duration_too_long',
    ],
    [
      'that needed some approval, and does',
      policy(rule()),
      { ask: { approvals: undefined, approverGroupIds: undefined } as object },
      'unknown approvers',
    ],
    [
      'that needed some approval, and none now',
      policy(rule({ required: 0 })),
      { ask: { approvals: undefined } as object },
      'fewer-approvals a-rule',
    ],
  ])('%s', (_what, given, change, expected) => {
    expect(replayed(given, change)).toBe(expected);
  });

  it('is judged at its moment and for its length', () => {
    const hours = { days: [1], fromMinute: 480, untilMinute: 481, timeZone: 'UTC' };
    expect(replayed(policy(rule({ hours })))).toBe('unchanged a-rule');
    const later = { from: HOUR.until, until: HOUR.until };
    expect(replayed(policy(rule({ hours })), { ask: later })).toBe('refused outside_hours');
  });
});

describe('it depends on', () => {
  const onCall: Entitlement = { ...rule(), require: { justificationLength: 1, onCall: 'primary' } };
  const wordy: Entitlement = { ...rule(), require: { justificationLength: 2, onCall: 'primary' } };
  it.each<[string, Policy, Given, string]>([
    [
      'what was written, where that must be long',
      policy(rule({ justificationLength: 2 })),
      {},
      'unknown justification',
    ],
    [
      'the ticket that was there',
      policy(rule({ ticketPattern: 'x' })),
      { request: { hasTicket: true } },
      'unknown ticket',
    ],
    ['no ticket where the rule asks for none', policy(rule()), { request: { hasTicket: true } }, 'unchanged a-rule'],
    ['no ticket where there was none', policy(rule({ ticketPattern: 'x' })), {}, 'refused ticket_required'],
    [
      'both',
      policy(rule({ ticketPattern: 'x', justificationLength: 2 })),
      { request: { hasTicket: true } },
      'unknown justification,ticket',
    ],
    ['who was on call', policy(onCall), {}, 'unknown on_call'],
    ['who was on call, and what was written', policy(wordy), {}, 'unknown on_call,justification'],
    [
      'what was written alone, though there was a ticket',
      policy(rule({ justificationLength: 2 })),
      { request: { hasTicket: true } },
      'unknown justification',
    ],
    [
      'nothing where another rule comes first',
      policy(rule(), rule({ name: 'b', ticketPattern: 'x' })),
      {},
      'unchanged a-rule',
    ],
    [
      'which of two rules it was',
      policy(rule({ name: 'b', justificationLength: 2 }), rule()),
      {},
      'unknown justification',
    ],
  ])('%s', (_what, given, change, expected) => {
    expect(replayed(given, change)).toBe(expected);
  });

  it('no text at all, law: where it is told, any texts come to the same', () => {
    const anyRule = fc
      .record({
        required: fc.constantFrom(0, 1, 2),
        justificationLength: fc.constantFrom(1, 50),
        ticketPattern: fc.constantFrom(undefined, 'A', 'B'),
      })
      .map(({ ticketPattern, ...change }) => ({ ...change, ...(ticketPattern && { ticketPattern }) }));
    const verdict = (given: Policy, justification: string, ticket: string): string => {
      const found = judge(given, { ...ASK, justification, ticket });
      return isRefusal(found) ? 'refused' : found.entitlement.name;
    };
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 4 }), (changes) => {
        const given = policy(...changes.map((change, index) => rule({ ...change, name: `rule-${index}` })));
        const told = replayed(given, { request: { hasTicket: true } });
        const verdicts = ['A', 'B', 'C'].flatMap((ticket) =>
          ['x', 'x'.repeat(50)].map((justification) => verdict(given, justification, ticket)),
        );
        if (!told.startsWith('unknown')) expect(new Set(verdicts).size).toBe(1);
      }),
    );
  });
});

describe('what else was open', () => {
  const limited = guarded([rule()], guardrail({ kind: 'open-limit', most: 1 }));
  const earlier = { ...PAST, at: (HOUR.from - 1) as PastAsk['at'] };
  const other: PastRequest = { ...REQUEST, id: 'two', accountId: OTHER.id, asks: [earlier] };

  it.each<[string, PastRequest, string]>([
    ['counts', other, 'refused too_many_open'],
    ['counts until it was over', { ...other, overAt: (HOUR.from + 1) as PastAsk['at'] }, 'refused too_many_open'],
    ['counts no more once it was over', { ...other, overAt: HOUR.from }, 'unchanged a-rule'],
    ['does not count when it came later', { ...other, asks: [PAST] }, 'unchanged a-rule'],
    ['does not count for others', { ...other, personId: 'id-bob' }, 'unchanged a-rule'],
    [
      'counts where it is gone by now',
      { ...other, accountId: '9', permissionSetArn: 'arn:9' },
      'refused too_many_open',
    ],
  ])('%s', (_when, one, expected) => {
    expect(replayed(limited, { others: [one] })).toBe(expected);
  });
});

it('more time on a request is not counted beside it', () => {
  const ask = { kind: 'extension', at: HOUR.until } as const;
  expect(replayed(guarded([rule()], guardrail({ kind: 'open-limit', most: 1 })), { ask })).toBe('unchanged a-rule');
});

it('what else was open and is gone by now is below no unit any more', () => {
  const units = { accounts: { ids: [], names: [], organizationalUnits: ['Workloads'], tags: [] } };
  const admin = { permissionSets: { names: [ADMIN.name], tags: [] } };
  const apart = guarded([rule()], guardrail({ kind: 'not-together', targets: [units, admin] }));
  const earlier = { ...PAST, at: (HOUR.from - 1) as PastAsk['at'] };
  const open = { ...REQUEST, id: 'two', permissionSetArn: READ.arn, asks: [earlier] };
  expect(replayed(apart, { others: [{ ...open, accountId: OTHER.id }] })).toBe('refused combination_forbidden');
  expect(replayed(apart, { others: [{ ...open, accountId: '9' }] })).toBe('unchanged a-rule');
});

it('a broken glass is judged by the rules for that, whatever the incident', () => {
  const nobody = { groups: [], users: [] };
  const terms = { tell: nobody, reviewers: nobody, reviewWithinSeconds: seconds(60), maxUses: 1 };
  const glass: BreakGlassRule = {
    ...rule({ name: 'glass', required: 0 }),
    require: { justificationLength: 1, incidentPattern: 'INC-\\d+' },
    breakGlass: terms,
  };
  const ask = { isBreakGlass: true, approvals: 0, approverGroupIds: [] } as const;
  expect(replayed({ ...policy(rule()), breakGlass: [glass] }, { ask })).toBe('unchanged glass');
  expect(replayed(policy(rule()), { ask })).toBe('refused break_glass_not_allowed');
});
