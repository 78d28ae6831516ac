/** What the audit trail says of every move: what happened, who was behind it, and what an auditor would ask next. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import {
  ACTIVE,
  ANN,
  approve,
  at,
  BEN,
  BROKEN,
  DAN,
  ENDING,
  ENDING_FAILED,
  ENTITLED,
  EXTENDING,
  GRANTING,
  HALF_AN_HOUR,
  LEADS,
  PENDING,
  reject,
  SCHEDULED,
  seconds,
} from './samples.ts';

const by = (userName: string) => ({ kind: 'person', id: `id-${userName}`, userName });
const CLOCK = { kind: 'clock' } as const;
const BREVET = { kind: 'brevet' };
const BY_DAN = { kind: 'person', id: DAN.id, userName: DAN.userName } as const;
const WISH = {
  kind: 'extend',
  at: at('10:00'),
  durationSeconds: HALF_AN_HOUR,
  entitled: ENTITLED,
  session: { sessionSeconds: 14_400 },
} as const;
const NOBODY = [] as const;
const BY_RULE = {
  durationSeconds: 1800,
  entitlement: ENTITLED.name,
  policyVersion: ENTITLED.policyVersion,
  sessionSeconds: 14_400,
};
const COMMENTED = { ...approve(BEN), comment: 'go ahead' };
const GLASS = { ...ACTIVE, breakGlass: BROKEN };
const WAITING = {
  ...PENDING,
  votes: [],
  approval: [{ required: 1, groups: [LEADS], reminder: { afterSeconds: 60 } }],
};
const ESCALATING = {
  ...PENDING,
  votes: [],
  approval: [{ required: 1, groups: [], escalation: { afterSeconds: 60, groups: [LEADS] } }],
};
const TO_LEADS = { stage: 1, dueAt: '2026-11-23T09:01:00.000Z', approverGroupIds: [LEADS.id], approverIds: [] };

/** Situation, what happens, and the fact: kind, who, data, texts. */
const FACTS: readonly (readonly [string, AccessRequest, RequestEvent, string, object, object, object])[] = [
  [
    'an approval that decides',
    PENDING,
    { kind: 'vote', vote: approve(BEN, at('10:00'), seconds(60)) },
    'voted',
    by('ben'),
    { choice: 'approve', stage: 1, outcome: 'approved', durationSeconds: 60 },
    {},
  ],
  [
    'a comment, as a text',
    PENDING,
    { kind: 'vote', vote: COMMENTED },
    'voted',
    by('ben'),
    { choice: 'approve', stage: 1, outcome: 'approved' },
    { comment: 'go ahead' },
  ],
  [
    'an approval that is not enough',
    { ...PENDING, votes: [] },
    { kind: 'vote', vote: approve(BEN) },
    'voted',
    by('ben'),
    { choice: 'approve', stage: 1, outcome: 'open' },
    {},
  ],
  [
    'a rejection',
    PENDING,
    { kind: 'vote', vote: reject(BEN) },
    'voted',
    by('ben'),
    { choice: 'reject', stage: 1, outcome: 'rejected' },
    {},
  ],
  ['a cancellation', PENDING, { kind: 'cancel', at: at('09:10'), by: ANN }, 'cancelled', by('ann'), {}, {}],
  ['the expiry', PENDING, { kind: 'expire', at: at('17:00') }, 'expired', CLOCK, {}, {}],
  [
    'the begin of a grant, with the latest end',
    SCHEDULED,
    { kind: 'begin-grant', at: at('09:30'), grantBy: at('09:45') },
    'grant-begun',
    CLOCK,
    { latestEnd: '2026-11-23T10:45:00.000Z' },
    {},
  ],
  [
    'usable access, with its end',
    GRANTING,
    { kind: 'usable', at: at('09:31'), standing: true, session: { sessionSeconds: 3600 } },
    'became-usable',
    BREVET,
    { endsAt: '2026-11-23T10:31:00.000Z', standing: true, sessionSeconds: 3600 },
    {},
  ],
  [
    'a grant that failed, with its reason as a text',
    GRANTING,
    { kind: 'fail-grant', at: at('09:40'), reason: 'no such account' },
    'grant-failed',
    BREVET,
    {},
    { reason: 'no such account' },
  ],
  [
    'a grant that failed, though its assignment may have stood',
    GRANTING,
    { kind: 'fail-grant', at: at('09:40'), reason: 'too late', session: { mayHaveStood: true, sessionSeconds: 3600 } },
    'grant-failed',
    BREVET,
    { mayHaveStood: true, sessionSeconds: 3600 },
    { reason: 'too late' },
  ],
  [
    'an end of what was not usable yet, though its assignment may have stood',
    GRANTING,
    { kind: 'end', at: at('09:40'), by: BY_DAN, session: { mayHaveStood: true, sessionSeconds: 3600 } },
    'end-begun',
    BY_DAN,
    { cause: 'ended-early', mayHaveStood: true, sessionSeconds: 3600 },
    {},
  ],
  [
    'an end by the clock',
    ACTIVE,
    { kind: 'end', at: at('10:31'), by: CLOCK },
    'end-begun',
    CLOCK,
    { cause: 'window-closed' },
    {},
  ],
  [
    'an end by a person',
    ACTIVE,
    { kind: 'end', at: at('10:00'), by: BY_DAN },
    'end-begun',
    BY_DAN,
    { cause: 'ended-early' },
    {},
  ],
  ['that it is gone', ENDING, { kind: 'gone', at: at('10:32') }, 'gone', BREVET, { standing: false }, {}],
  ['that it failed', ENDING_FAILED, { kind: 'gone', at: at('09:41') }, 'gone', BREVET, { standing: false }, {}],
  [
    'that it is gone with its account',
    ENDING,
    { kind: 'gone', at: at('10:32'), vanished: 'account' },
    'gone',
    BREVET,
    { standing: false, vanished: 'account' },
    {},
  ],
  [
    'a change that others made',
    ACTIVE,
    { kind: 'changed-outside', at: at('10:00'), change: 'removed' },
    'changed-outside',
    BREVET,
    { change: 'removed' },
    {},
  ],
  ['a reminder', WAITING, { kind: 'remind', at: at('09:02') }, 'reminded', CLOCK, TO_LEADS, {}],
  ['an escalation', ESCALATING, { kind: 'escalate', at: at('09:02') }, 'escalated', CLOCK, TO_LEADS, {}],
  [
    'a broken glass that somebody knows of',
    GLASS,
    { kind: 'acknowledge', at: at('10:00'), by: DAN },
    'acknowledged',
    BY_DAN,
    {},
    {},
  ],
  [
    'its review',
    GLASS,
    { kind: 'review', at: at('10:00'), by: DAN, outcome: 'justified' },
    'reviewed',
    BY_DAN,
    { outcome: 'justified' },
    {},
  ],
  [
    'its review with a comment, as a text',
    GLASS,
    { kind: 'review', at: at('10:00'), by: DAN, outcome: 'not_justified', comment: 'no incident' },
    'reviewed',
    BY_DAN,
    { outcome: 'not_justified' },
    { comment: 'no incident' },
  ],
  [
    'more time, which needs nobody',
    ACTIVE,
    { ...WISH, approval: NOBODY },
    'extended',
    by('ann'),
    { ...BY_RULE, endsAt: '2026-11-23T11:01:00.000Z' },
    {},
  ],
  [
    'more time, which somebody must approve',
    ACTIVE,
    { ...WISH, approval: [{ required: 1, groups: [LEADS] }] },
    'extension-asked',
    by('ann'),
    {
      ...BY_RULE,
      ...{ approvalsRequired: 1, approverGroupIds: ['group-leads'] },
      approvalStages: ['{"groups":["group-leads"],"required":1,"users":[]}'],
    },
    {},
  ],
  [
    'a vote that gives more time',
    EXTENDING,
    { kind: 'vote', vote: approve(BEN), extendTo: seconds(5400) },
    'extension-voted',
    by('ben'),
    { choice: 'approve', stage: 1, outcome: 'approved', endsAt: '2026-11-23T11:01:00.000Z' },
    {},
  ],
  [
    'how long sessions last by then',
    EXTENDING,
    { kind: 'vote', vote: approve(BEN), extendTo: seconds(5400), session: { sessionSeconds: 14_400 } },
    'extension-voted',
    by('ben'),
    { choice: 'approve', stage: 1, outcome: 'approved', endsAt: '2026-11-23T11:01:00.000Z', sessionSeconds: 14_400 },
    {},
  ],
];

describe('the audit trail tells of', () => {
  it.each(FACTS)('%s', (_what, request, event, kind, actor, data, texts) => {
    const moved = transition(request, event);
    if (isRefusal(moved)) throw new Error(moved.detail);
    const { from, to, at: when, ...told } = moved.fact;
    expect(told).toStrictEqual({ kind, actor, data, texts });
    expect([from, to, when]).toEqual([
      request.status,
      moved.next.status,
      event.kind === 'vote' ? event.vote.at : event.at,
    ]);
  });

  it('every kind of move that a request makes after it was asked for', () => {
    expect([...new Set(FACTS.map(([, , , kind]) => kind))].sort()).toEqual([
      'acknowledged',
      'became-usable',
      'cancelled',
      'changed-outside',
      'end-begun',
      'escalated',
      'expired',
      'extended',
      'extension-asked',
      'extension-voted',
      'gone',
      'grant-begun',
      'grant-failed',
      'reminded',
      'reviewed',
      'voted',
    ]);
  });
});
