/** What falls due while a stage waits: once each, not before its time, and only while that stage is open. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { ApprovalStage } from '../../lambda/domain/approval.ts';
import { dueAt } from '../../lambda/domain/due.ts';
import { nextNotice } from '../../lambda/domain/notices.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import { ACTIVE, approve, at, BEN, CAT, DAN, ENTITLED, HALF_AN_HOUR, LEADS, PENDING, reject } from './samples.ts';

const DIRECTORS = { id: 'group-directors', name: 'directors' };
const REMINDED: ApprovalStage = { required: 1, groups: [LEADS], users: [BEN], reminder: { afterSeconds: 1800 } };
const ESCALATED: ApprovalStage = {
  required: 1,
  groups: [LEADS],
  escalation: { afterSeconds: 3600, groups: [DIRECTORS], users: [DAN] },
};
const BOTH: ApprovalStage = { ...REMINDED, ...ESCALATED, users: [BEN] };

/** Asked at nine; nobody has voted. */
const waiting = (...approval: readonly ApprovalStage[]): AccessRequest => ({ ...PENDING, approval, votes: [] });

const codeOf = (request: AccessRequest, event: RequestEvent): string => {
  const result = transition(request, event);
  return isRefusal(result) ? result.refused : result.fact.kind;
};
const following = (request: AccessRequest, ...events: readonly RequestEvent[]): AccessRequest =>
  events.reduce((current, event) => {
    const result = transition(current, event);
    if (isRefusal(result)) throw new Error(result.detail);
    return result.next;
  }, request);
const remind = (moment: Instant): RequestEvent => ({ kind: 'remind', at: moment });
const escalate = (moment: Instant): RequestEvent => ({ kind: 'escalate', at: moment });
const vote = (person: typeof BEN, moment: Instant): RequestEvent => ({ kind: 'vote', vote: approve(person, moment) });

describe('giveNotice', () => {
  it.each([
    ['a reminder a moment before its time', waiting(REMINDED), remind(at('09:29:59.999')), 'request_not_due'],
    ['a reminder at its time', waiting(REMINDED), remind(at('09:30')), 'reminded'],
    ['a reminder hours late', waiting(REMINDED), remind(at('16:00')), 'reminded'],
    ['a reminder where none is asked', waiting(ESCALATED), remind(at('16:00')), 'request_not_due'],
    ['an escalation a moment before its time', waiting(ESCALATED), escalate(at('09:59:59.999')), 'request_not_due'],
    ['an escalation at its time', waiting(ESCALATED), escalate(at('10:00')), 'escalated'],
    ['an escalation where none is asked', waiting(REMINDED), escalate(at('16:00')), 'request_not_due'],
    ['an escalation before the reminder that is due, too', waiting(BOTH), escalate(at('11:00')), 'escalated'],
    ['a reminder when it has expired', waiting(REMINDED), remind(at('17:00')), 'request_not_due'],
    [
      'a reminder of what is decided',
      following(waiting(REMINDED), vote(CAT, at('09:10'))),
      remind(at('10:00')),
      'request_not_pending',
    ],
    [
      'a reminder of what is rejected',
      following(waiting(REMINDED), { kind: 'vote', vote: reject(CAT, at('09:10')) }),
      remind(at('10:00')),
      'request_not_pending',
    ],
  ])('%s', (_what, request, event, expected) => {
    expect(codeOf(request, event)).toBe(expected);
  });

  it('comes once, whoever tries again', () => {
    const once = following(waiting(BOTH), remind(at('09:31')), escalate(at('10:01')));
    expect([codeOf(once, remind(at('12:00'))), codeOf(once, escalate(at('12:00')))]).toEqual([
      'request_not_due',
      'request_not_due',
    ]);
    expect(once.approval).toMatchObject([
      { reminder: { remindedAt: at('09:31') }, escalation: { escalatedAt: at('10:01') } },
    ]);
  });

  it('of the second stage is counted from when that opened, and the first stage has none any more', () => {
    const second = following(waiting(BOTH, REMINDED), vote(CAT, at('09:20')));
    expect(codeOf(second, remind(at('09:49:59.999')))).toBe('request_not_due');
    expect(codeOf(second, escalate(at('16:00')))).toBe('request_not_due');
    expect(following(second, remind(at('09:50'))).approval).toEqual([
      BOTH,
      { ...REMINDED, reminder: { afterSeconds: 1800, remindedAt: at('09:50') } },
    ]);
  });

  it('of a stage after one that needs nobody is counted from when it was asked', () => {
    expect(dueAt(waiting({ required: 0, groups: [] }, REMINDED))).toBe(at('09:30'));
  });

  it('comes no more once everybody needed has approved, whatever is still stored', () => {
    const decided: AccessRequest = { ...PENDING, approval: [BOTH], votes: [approve(CAT)] };
    expect(nextNotice(decided)).toBeUndefined();
    expect(codeOf(decided, remind(at('16:00')))).toBe('request_not_pending');
  });

  it.each([
    ['that nobody is waited for', remind(at('17:00')), 'waits for nobody'],
    ['that nobody is to be told now', remind(at('09:10')), 'Nobody is to be reminded'],
  ])('says %s', (_what, event, expected) => {
    expect(transition(waiting(REMINDED), event)).toMatchObject({ detail: expect.stringContaining(expected) });
  });

  it('tells in the chain which stage, since when, and whom', () => {
    expect(transition(waiting(BOTH), remind(at('09:40')))).toMatchObject({
      fact: {
        kind: 'reminded',
        actor: { kind: 'clock' },
        from: 'pending',
        to: 'pending',
        data: {
          stage: 1,
          dueAt: '2026-11-23T09:30:00.000Z',
          approverGroupIds: ['group-leads'],
          approverIds: ['id-ben'],
        },
        texts: {},
      },
    });
    expect(transition(waiting(BOTH), escalate(at('10:40')))).toMatchObject({
      fact: {
        data: {
          stage: 1,
          dueAt: '2026-11-23T10:00:00.000Z',
          approverGroupIds: ['group-directors'],
          approverIds: ['id-dan'],
        },
      },
    });
  });
});

it('the chain tells what everybody has who is reminded, and nothing of them where others are asked', () => {
  const everybody: ApprovalStage = {
    ...BOTH,
    groups: [],
    users: [],
    everybodyWith: [{ attribute: 'department', values: ['Security'] }],
  };
  const dataOf = (event: RequestEvent) => transition(waiting(everybody), event);
  expect(dataOf(remind(at('09:40')))).toMatchObject({
    fact: { data: { approverGroupIds: [], approverIds: [], approverAttributes: ['{"department":["Security"]}'] } },
  });
  const escalated = dataOf(escalate(at('10:40')));
  expect(isRefusal(escalated) ? [] : Object.keys(escalated.fact.data)).not.toContain('approverAttributes');
});

it('nothing is to come in a stage that has neither', () => {
  expect(nextNotice(waiting({ required: 1, groups: [LEADS] }))).toBeUndefined();
  expect(nextNotice(following(waiting(REMINDED), remind(at('09:30'))))).toBeUndefined();
});

describe('dueAt', () => {
  it.each([
    ['its reminder', waiting(BOTH), '09:30'],
    ['its escalation, when that comes first', waiting({ ...BOTH, reminder: { afterSeconds: 3700 } }), '10:00'],
    ['its escalation, once reminded', following(waiting(BOTH), remind(at('09:30'))), '10:00'],
    ['its expiry, once both came', following(waiting(BOTH), remind(at('09:30')), escalate(at('10:00'))), '17:00'],
    ['its expiry, when that comes first', waiting({ ...REMINDED, reminder: { afterSeconds: 9 * 3600 } }), '17:00'],
    ['the reminder of the stage that opened', following(waiting(BOTH, REMINDED), vote(CAT, at('09:20'))), '09:50'],
    [
      'its expiry, when the stage that opened has none',
      following(waiting(BOTH, { required: 1, groups: [LEADS] }), vote(CAT, at('09:20'))),
      '17:00',
    ],
  ])('is %s', (_what, request, expected) => {
    expect(dueAt(request)).toBe(at(expected));
  });
});

describe('a wish for more time', () => {
  const extending = following(ACTIVE, {
    kind: 'extend',
    at: at('09:40'),
    durationSeconds: HALF_AN_HOUR,
    entitled: ENTITLED,
    session: { sessionSeconds: 3600 },
    approval: [
      { ...BOTH, reminder: { afterSeconds: 60 }, escalation: { afterSeconds: 120, groups: [DIRECTORS], users: [DAN] } },
    ],
  });

  it('falls due like a request', () => {
    expect(dueAt(extending)).toBe(at('09:41'));
    expect(dueAt(following(extending, remind(at('09:41')), escalate(at('09:42'))))).toBe(at('10:31'));
    expect(codeOf(extending, remind(at('10:31')))).toBe('request_not_due');
    expect(transition(extending, remind(at('09:41')))).toMatchObject({
      fact: { data: { stage: 1, ofExtension: true } },
    });
  });

  it('makes those it is escalated to approvers of the request, who can end it later', () => {
    expect(extending.extensionApprovers).toEqual({ groups: [LEADS], userIds: ['id-ben'], voterIds: [] });
    expect(following(extending, escalate(at('09:42'))).extensionApprovers).toEqual({
      groups: [LEADS, DIRECTORS],
      userIds: ['id-ben', 'id-dan'],
      voterIds: [],
    });
  });

  it('makes everybody with the attributes approvers of the request, once however often they are asked', () => {
    const everybody = {
      everybodyWith: [{ attribute: 'department', values: ['Security'] }],
      among: [[DIRECTORS]],
    } as const;
    const stage = { required: 1, groups: [], ...everybody, reminder: { afterSeconds: 60 } } as const;
    const ask = {
      kind: 'extend',
      durationSeconds: HALF_AN_HOUR,
      entitled: ENTITLED,
      session: { sessionSeconds: 3600 },
      approval: [stage, stage],
    } as const;
    const asked = following(ACTIVE, { ...ask, at: at('09:40') });
    expect(asked.extensionApprovers).toEqual({ groups: [], everybody: [everybody], voterIds: [] });
    const again = following(
      asked,
      { kind: 'vote', vote: reject(CAT, at('09:45')) },
      { ...ask, at: at('09:50'), approval: [{ required: 1, groups: [LEADS] }] },
    );
    expect(again.extensionApprovers).toEqual({ groups: [LEADS], everybody: [everybody], voterIds: ['id-cat'] });
  });
});
