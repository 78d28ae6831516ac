/** Approval in words: one stage as ever, several one by one, and what falls due in them. */
import { describe, expect, it } from 'vitest';
import {
  approvalState,
  approvalsNeeded,
  askedText,
  explainedApproval,
  openStageText,
  stageFields,
} from '../../../cli/render/approval.ts';
import { statusLine, whatNext } from '../../../cli/render/words.ts';
import { approvalOf, catalogEntry, LEA, OMAR, pendingRequest, stageOf } from '../support/documents.ts';

const CLOCKWORK = { now: Date.parse('2026-11-23T14:10:00Z'), timeZone: 'UTC' };
const LEADS = stageOf({ groups: ['payments-leads'], approvals: 1, state: 'complete' });
const SECURITY = stageOf({ groups: ['security-team'], users: ['fatima'], state: 'open' });
const RISK = stageOf({ groups: ['risk'], required: 2, state: 'waiting' });
const vote = { approver: OMAR, choice: 'approve', stage: 1, at: '2026-11-23T14:04:00.000Z' } as const;

describe('askedText', () => {
  it.each([
    [stageOf({ groups: ['a', 'b'], users: ['c'] }), 'a or b or c'],
    [stageOf({ groups: ['a'], attributes: { cost_center: ['1', '2'] } }), 'a with cost center 1 or 2'],
    [stageOf({ groups: ['a'], among: [['b', 'c'], ['d']] }), 'a, who belong to b or c too, who belong to d too'],
    [stageOf(), 'nobody'],
    [
      stageOf({ everybodyWith: { cost_center: ['1', '2'], title: ['Lead'] } }),
      'everybody with cost center 1 or 2 and title Lead',
    ],
    [stageOf({ everybodyWith: { title: ['Lead'] }, among: [['a']] }), 'everybody with title Lead, who belong to a too'],
  ])('%#', (stage, expected) => {
    expect(askedText(stage)).toBe(expected);
  });
});

describe('approvalState', () => {
  it.each([
    ['nobody', approvalOf(), 'no approval needed'],
    ['one stage', approvalOf(stageOf({ groups: ['a'], required: 2, approvals: 1 })), '1 of 2 approvals from a'],
    [
      'several, one of which is open',
      approvalOf(LEADS, SECURITY, RISK),
      'stage 2 of 3: 0 of 1 approvals from security-team or fatima',
    ],
    ['several, all decided', { ...approvalOf(LEADS, LEADS), votes: [vote] }, '1 of 2 approvals in 2 stages'],
  ])('%s', (_what, approval, expected) => {
    expect(approvalState(approval)).toBe(expected);
  });
});

describe('stageFields', () => {
  it('tells every one of several, and what has come and will come in it', () => {
    const open = {
      ...SECURITY,
      remindedAt: '2026-11-23T14:05:00.000Z',
      escalatesAt: '2026-11-23T15:05:00.000Z',
      escalatesTo: { groups: ['directors'], users: ['ann'] },
    };
    expect(stageFields(approvalOf(LEADS, open, RISK), CLOCKWORK)).toEqual([
      ['stage 1', 'complete: 1 of 1 approvals from payments-leads'],
      [
        'stage 2',
        'open: 0 of 1 approvals from security-team or fatima; reminded at 2026-11-23 14:05:00 UTC; escalates to directors or ann at 2026-11-23 15:05:00 UTC',
      ],
      ['stage 3', 'waiting: 0 of 2 approvals from risk'],
    ]);
  });

  it('tells of one stage what falls due alone', () => {
    const stage = {
      ...SECURITY,
      remindsAt: '2026-11-23T14:35:00.000Z',
      escalatedAt: '2026-11-23T14:09:00.000Z',
      escalatesTo: { groups: [], users: [] },
    };
    expect(stageFields(approvalOf(stage), CLOCKWORK)).toEqual([
      ['approvers', 'reminds at 2026-11-23 14:35:00 UTC; escalated to nobody at 2026-11-23 14:09:00 UTC'],
    ]);
    expect(stageFields(approvalOf(SECURITY), CLOCKWORK)).toEqual([]);
  });
});

it('lists say which of several stages is open', () => {
  expect([openStageText(approvalOf(LEADS, SECURITY)), openStageText(approvalOf(SECURITY))]).toEqual([
    'stage 2/2, ',
    '',
  ]);
  expect(whatNext(pendingRequest({ approval: approvalOf(LEADS, SECURITY) }), CLOCKWORK.now)).toMatch(
    /^stage 2\/2, expires /,
  );
});

it.each([
  [
    catalogEntry({ approvalsRequired: 2, approvalStages: 2, approverUsers: ['fatima'] }),
    '2 approvals in 2 stages from payments-leads or fatima',
  ],
  [catalogEntry({ approverGroups: [] }), '1 approval, and nobody who could give any'],
  [
    catalogEntry({ approverGroups: [], approverAttributes: [{ department: ['security'] }] }),
    '1 approval from everybody with department security',
  ],
])('the catalogue says how many, %#', (entry, expected) => {
  expect(approvalsNeeded(entry)).toBe(expected);
});

describe('who can decide now', () => {
  const EVERYBODY = stageOf({ everybodyWith: { department: ['security'] }, state: 'open' });
  const CLOCK = { now: CLOCKWORK.now, timeZone: 'UTC' };
  const lineOf = (changes: Parameters<typeof pendingRequest>[0]) => statusLine(pendingRequest(changes), CLOCK);

  it('is said in words where nobody can list them, with those who can be named', () => {
    expect(lineOf({ approval: approvalOf(EVERYBODY), approvers: [] })).toMatch(
      /; can decide: everybody with department security$/,
    );
    expect(lineOf({ approval: approvalOf(EVERYBODY), approvers: [OMAR] })).toMatch(
      /; can decide: everybody with department security, Omar .*\(omar\)$/,
    );
  });

  it('is said by name alone where some group narrows them', () => {
    const narrowed = { ...EVERYBODY, among: [['security-team']] };
    expect(lineOf({ approval: approvalOf(narrowed), approvers: [OMAR] })).toMatch(/; can decide: Omar .*\(omar\)$/);
    expect(lineOf({ approval: approvalOf(narrowed), approvers: [] })).toMatch(/; nobody can decide it at the moment$/);
  });

  it('is for the stage that is open', () => {
    expect(lineOf({ approval: approvalOf(SECURITY, { ...EVERYBODY, state: 'waiting' }), approvers: [] })).toMatch(
      /; nobody can decide it at the moment$/,
    );
  });
});

it('an explanation says what each stage asks, and who could approve in it now', () => {
  const asks = { required: 1, groups: ['a'], users: [], attributes: {}, among: [] };
  const stages = [
    {
      ...asks,
      remindAfter: 'PT30M',
      escalateAfter: 'PT1H',
      escalateTo: { groups: ['b'], users: ['c'] },
      approvers: [LEA],
    },
    { ...asks, silentTag: 'owner', approvers: [] },
    { ...asks, groups: [], everybodyWith: { department: ['security'] }, approvers: [] },
  ];
  const names = (people: readonly { userName: string }[]): string => people.map(({ userName }) => userName).join();
  expect(explainedApproval({ required: 3, stages }, names)).toEqual([
    ['stage 1', '1 of a; reminded after 30m; after 1h b or c, too'],
    ['could approve', 'lea'],
    ['stage 2', '1 of a; the account\'s tag "owner" names nobody'],
    ['could approve', 'nobody at the moment'],
    ['stage 3', '1 of everybody with department security'],
    ['could approve', 'everybody with department security'],
  ]);
  expect(explainedApproval({ required: 0, stages: [] }, names)).toEqual([['approval', 'nobody needs to approve']]);
});
