/** Past requests judged anew: what comes out otherwise, and on what, that the trail does not say, it depends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AskedStage } from '../../../lambda/domain/policy/asked-stages.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { PastAsk, PastRequest } from '../../../lambda/domain/policy/past-requests.ts';
import type { BreakGlassRule, Entitlement, Policy, Stage } from '../../../lambda/domain/policy/policy.ts';
import { type Outcome, type PastFacts, replayerOn } from '../../../lambda/domain/policy/replay.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
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
  policy,
  rule,
  stage,
} from './sample-policy.ts';

const READ = permissionSet('ReadOnlyAccess');
const OTHER = account('other', 'Workloads/Payments', { id: '400000000002' });
const USERS: Readonly<Record<string, { readonly id?: string }>> = {
  cat: { id: 'id-cat' },
  dan: { id: 'id-dan' },
  gone: {},
};
const FACTS: PastFacts = {
  accounts: [PROD, OTHER],
  permissionSets: [ADMIN, READ],
  requesterOf: (id) => (id === ANN.person.id ? ANN : undefined),
  groupIdOf: (name) => (name === 'gone' ? undefined : `group-${name}`),
  userNamed: (name) => USERS[name],
};
const PAST: PastAsk = {
  ...{
    kind: 'request',
    durationSeconds: 3600,
    entitlement: 'old-rule',
    approvals: 1,
    approverGroupIds: ['group-leads'],
  },
  ...{ at: HOUR.from, from: HOUR.from, until: HOUR.until },
};
const REQUEST: PastRequest = {
  ...{ id: 'one', personId: ANN.person.id, userName: 'ann', accountId: PROD.id, permissionSetArn: ADMIN.arn },
  ...{ hasTicket: false, cameTo: 'ended', asks: [PAST] },
};
const detailOf = (outcome: Outcome): string => {
  if (outcome.kind === 'refused') return outcome.refusal.refused;
  if (outcome.kind === 'unknown') return outcome.dependsOn.join();
  return outcome.kind === 'unjudged' ? outcome.missing : outcome.permit.entitlement.name;
};
interface Given {
  readonly request?: Partial<PastRequest>;
  readonly ask?: Partial<PastAsk>;
  readonly others?: readonly PastRequest[];
}
const replayed = (given: Policy, { request = {}, ask = {}, others = [] }: Given = {}): string => {
  const [one, past] = [
    { ...REQUEST, ...request },
    { ...PAST, ...ask },
  ];
  const outcome = replayerOn(given, FACTS, [one, ...others])(one, past);
  return `${outcome.kind} ${detailOf(outcome)}`;
};
const approvedBy = (...approval: readonly Stage[]): Policy => policy(rule({ approval }));
const RISK = [{ attribute: 'department', values: ['Risk'] }] as const;
const SECURITY_FLOOR = guardrail({ kind: 'floor', minApprovals: 0, approversFrom: ['security'] });
const TWO_STAGES = approvedBy(stage(), stage({ users: ['cat'] }));

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

  it.each<[string, Policy, Partial<PastAsk>, string]>([
    ['another group', approvedBy(stage({ groups: ['security'] })), {}, 'other-approvers a-rule'],
    ['a group more', approvedBy(stage({ groups: ['leads', 'security'] })), {}, 'other-approvers a-rule'],
    ['a group less', policy(rule()), { approverGroupIds: ['group-leads', 'group-b'] }, 'other-approvers a-rule'],
    ['nobody, as then', approvedBy(stage({ groups: ['gone'] })), { approverGroupIds: [] }, 'unchanged a-rule'],
    ['a person who was not there then either', approvedBy(stage({ users: ['gone'] })), {}, 'unchanged a-rule'],
    ['a group that is gone', approvedBy(stage({ groups: ['gone'] })), {}, 'other-approvers a-rule'],
    [
      'the same groups in another order',
      approvedBy(stage({ groups: ['leads', 'b'] })),
      { approverGroupIds: ['group-b', 'group-leads'] },
      'unchanged a-rule',
    ],
    [
      'whoever they were, when that is not told',
      policy(rule()),
      { approverGroupIds: undefined } as object,
      'unknown approvers',
    ],
    [
      'nobody, when nobody needed to',
      policy(rule({ required: 0 })),
      { approvals: 0, approverGroupIds: undefined } as object,
      'unchanged a-rule',
    ],
    [
      'the same in two stages, where it is not told who was in which',
      TWO_STAGES,
      { approvals: 2, approvalsByStage: ['1', '1'], approverIds: ['id-cat'] },
      'unknown approvers',
    ],
    [
      'the same in two stages, and not all at once',
      TWO_STAGES,
      { approvals: 2, approverIds: ['id-cat'] },
      'other-approvers a-rule',
    ],
    [
      'the same all at once, and not in two stages',
      policy(rule({ required: 2 })),
      { approvals: 2, approvalsByStage: ['1', '1'] },
      'other-approvers a-rule',
    ],
    [
      'more in the second stage',
      approvedBy(stage(), stage({ required: 2 })),
      { approvals: 3, approvalsByStage: ['2', '1'] },
      'other-approvers a-rule',
    ],
    [
      'others who are not told',
      approvedBy(stage({ groups: ['security'], attributes: RISK })),
      {},
      'other-approvers a-rule',
    ],
    ['those who have an attribute', approvedBy(stage({ attributes: RISK })), {}, 'unknown approvers'],
    [
      'those to whom it is escalated',
      approvedBy(stage({ escalation: { afterSeconds: seconds(60), groups: ['b'], users: [] } })),
      {},
      'unknown approvers',
    ],
    ['those of a floor, too', guarded([rule()], SECURITY_FLOOR), {}, 'unknown approvers'],
    ['a person more', approvedBy(stage({ users: ['cat'] })), {}, 'other-approvers a-rule'],
    ['a person less', policy(rule()), { approverIds: ['id-cat'] }, 'other-approvers a-rule'],
    ['another person', approvedBy(stage({ users: ['dan'] })), { approverIds: ['id-cat'] }, 'other-approvers a-rule'],
    [
      'a person who is gone',
      approvedBy(stage({ users: ['gone'] })),
      { approverIds: ['id-cat'] },
      'other-approvers a-rule',
    ],
    [
      'a person nobody looked up',
      approvedBy(stage({ users: ['eve'] })),
      { approverIds: ['id-cat'] },
      'unknown approvers',
    ],
    [
      'the same person twice',
      approvedBy(stage({ users: ['cat', 'cat'] })),
      { approverIds: ['id-cat'] },
      'unchanged a-rule',
    ],
    [
      'everybody with the same attribute',
      approvedBy(stage({ groups: [], everybodyWith: [{ attribute: 'department', values: ['Risk'] }] })),
      { approverGroupIds: [], approverAttributes: ['{"department":["Risk"]}'] },
      'unchanged a-rule',
    ],
    [
      'everybody with another',
      approvedBy(stage({ groups: [], everybodyWith: [{ attribute: 'department', values: ['Risk'] }] })),
      { approverGroupIds: [] },
      'other-approvers a-rule',
    ],
  ])('is approved by %s', (_who, given, ask, expected) => {
    expect(replayed(given, { ask })).toBe(expected);
  });

  const LEADS: AskedStage = { required: 1, groups: ['group-leads'], users: [] };
  const CAT: AskedStage = { required: 1, groups: [], users: ['id-cat'] };
  const LEADS_THEN_CAT = approvedBy(stage(), stage({ groups: [], users: ['cat'] }));
  const escalated = (groups: readonly string[], users: readonly string[] = []): Policy =>
    approvedBy(stage({ escalation: { afterSeconds: seconds(60), groups, users } }));
  it.each<[string, Policy, readonly AskedStage[], string]>([
    ['the same', policy(rule()), [LEADS], 'unchanged a-rule'],
    ['the same in two stages', LEADS_THEN_CAT, [LEADS, CAT], 'unchanged a-rule'],
    ['the same the other way round', LEADS_THEN_CAT, [CAT, LEADS], 'other-approvers a-rule'],
    ['the same all at once', policy(rule({ required: 2 })), [LEADS, LEADS], 'other-approvers a-rule'],
    ['one after the other', approvedBy(stage(), stage()), [{ ...LEADS, required: 2 }], 'other-approvers a-rule'],
    ['those who have an attribute', approvedBy(stage({ attributes: RISK })), [LEADS], 'other-approvers a-rule'],
    ['those who need no attribute', policy(rule()), [{ ...LEADS, attributes: RISK }], 'other-approvers a-rule'],
    [
      'those with it as then',
      approvedBy(stage({ attributes: RISK })),
      [{ ...LEADS, attributes: RISK }],
      'unchanged a-rule',
    ],
    ['those of a floor, too', guarded([rule()], SECURITY_FLOOR), [LEADS], 'other-approvers a-rule'],
    ['those of no floor', policy(rule()), [{ ...LEADS, among: [['group-security']] }], 'other-approvers a-rule'],
    [
      'those of a floor, as then',
      guarded([rule()], SECURITY_FLOOR),
      [{ ...LEADS, among: [['group-security']] }],
      'unchanged a-rule',
    ],
    [
      'those of a floor that is met by all',
      guarded([rule()], guardrail({ kind: 'floor', minApprovals: 0, approversFrom: ['leads', 'b'] })),
      [LEADS],
      'unchanged a-rule',
    ],
    [
      'everybody with the same',
      approvedBy(stage({ groups: [], everybodyWith: RISK })),
      [{ ...LEADS, groups: [], everybodyWith: RISK }],
      'unchanged a-rule',
    ],
    [
      'everybody with something',
      approvedBy(stage({ groups: [], everybodyWith: RISK })),
      [{ ...LEADS, groups: [] }],
      'other-approvers a-rule',
    ],
    ['those to whom it is escalated', escalated(['b']), [LEADS], 'other-approvers a-rule'],
    [
      'those to whom it is escalated, as then',
      escalated(['b'], ['cat']),
      [{ ...LEADS, escalation: { groups: ['group-b'], users: ['id-cat'] } }],
      'unchanged a-rule',
    ],
    [
      'others to whom it is escalated, whoever is besides whom nobody looked up',
      escalated(['b'], ['eve']),
      [{ ...LEADS, escalation: { groups: ['group-c'], users: ['id-eve'] } }],
      'other-approvers a-rule',
    ],
    [
      'those to whom it is escalated, whom nobody looked up',
      escalated(['b'], ['eve']),
      [{ ...LEADS, escalation: { groups: ['group-b'], users: ['id-cat'] } }],
      'unknown approvers',
    ],
    [
      'somebody to whom it is escalated, whom nobody looked up',
      escalated([], ['eve']),
      [LEADS],
      'other-approvers a-rule',
    ],
    ['a person nobody looked up', approvedBy(stage({ groups: [], users: ['eve'] })), [CAT], 'unknown approvers'],
    ['a person nobody looked up, and a group', approvedBy(stage({ users: ['eve'] })), [CAT], 'other-approvers a-rule'],
    ['a person who is gone', approvedBy(stage({ groups: [], users: ['gone'] })), [CAT], 'other-approvers a-rule'],
    ['a group that is gone', approvedBy(stage({ groups: ['leads', 'gone'] })), [LEADS], 'unchanged a-rule'],
  ])('is approved, by stages, by %s', (_who, given, stages, expected) => {
    const approvals = stages.reduce((sum, { required }) => sum + required, 0);
    expect(replayed(given, { ask: { approvals, stages } })).toBe(expected);
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
