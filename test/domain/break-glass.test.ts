/** A broken glass in every situation: who may say what about it, and how often one person breaks one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import {
  type BrokenGlass,
  brokenGlassOf,
  changesGlass,
  type GlassRecord,
  glassBroken,
  isAmong,
  refuseFurther,
} from '../../lambda/domain/break-glass.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import { ANN, at, BEN, BROKEN, CAT, DAN, LEADS, SITUATIONS } from './samples.ts';

const ACKNOWLEDGE: RequestEvent = { kind: 'acknowledge', at: at('10:00'), by: CAT };
const REVIEW: RequestEvent = {
  kind: 'review',
  at: at('11:00'),
  by: DAN,
  outcome: 'not_justified',
  comment: 'no incident',
};

const SITUATION = Object.entries(SITUATIONS).map(
  ([name, request]) => [name, { ...request, breakGlass: BROKEN } as AccessRequest] as const,
);

const following = (request: AccessRequest, ...events: readonly RequestEvent[]): AccessRequest =>
  events.reduce((before, event) => {
    const moved = transition(before, event);
    if (isRefusal(moved)) throw new Error(moved.detail);
    return moved.next;
  }, request);

const codeOf = (request: AccessRequest, event: RequestEvent): string => {
  const moved = transition(request, event);
  return isRefusal(moved) ? moved.refused : moved.fact.kind;
};

describe.each(SITUATION)('a broken glass of a request that is %s', (_name, request) => {
  it('is acknowledged once, and the request stays as it is', () => {
    const known = following(request, ACKNOWLEDGE);
    expect(known).toEqual({ ...request, breakGlass: { ...BROKEN, acknowledged: { by: CAT, at: at('10:00') } } });
    expect(codeOf(known, ACKNOWLEDGE)).toBe('already_acknowledged');
  });

  it('is reviewed once, by which it is acknowledged too', () => {
    const reviewed = following(request, REVIEW);
    const { kind: _kind, ...review } = REVIEW;
    expect(reviewed.breakGlass).toEqual({ ...BROKEN, acknowledged: { by: DAN, at: at('11:00') }, review });
    expect(codeOf(reviewed, REVIEW)).toBe('already_reviewed');
    expect(codeOf(reviewed, ACKNOWLEDGE)).toBe('already_acknowledged');
  });

  it('is nothing about which whoever broke it has a say', () => {
    expect(codeOf(request, { ...ACKNOWLEDGE, by: ANN })).toBe('self_approval');
    expect(codeOf(request, { ...REVIEW, by: { ...ANN, userName: 'another-name' } })).toBe('self_approval');
  });

  it('stays with the request whatever happens to it', () => {
    const events: readonly RequestEvent[] = [
      { kind: 'cancel', at: at('09:10'), by: ANN },
      { kind: 'begin-grant', at: at('09:30'), grantBy: at('09:45') },
      { kind: 'usable', at: at('09:31'), standing: false, session: { sessionSeconds: 3600 } },
      { kind: 'end', at: at('10:31'), by: { kind: 'clock' } },
      { kind: 'gone', at: at('10:32') },
    ];
    for (const event of events) {
      const moved = transition(request, event);
      if (!isRefusal(moved)) expect(moved.next.breakGlass).toEqual(BROKEN);
    }
  });
});

describe('the alarm', () => {
  const request = { ...SITUATIONS.active, breakGlass: BROKEN } as AccessRequest;

  it.each([
    ['rings at once', request, at('09:00')],
    ['rings when the review is due, once it is acknowledged', following(request, ACKNOWLEDGE), BROKEN.reviewBy],
    ['is silent once it is reviewed', following(request, REVIEW), undefined],
  ])('%s', (_what, given, expected) => {
    expect(brokenGlassOf(given)?.alarmAt).toBe(expected);
  });

  it('is made of an event that names by id whoever is told, and says nothing that anybody wrote', () => {
    const fact = glassBroken(request, BROKEN);
    expect([fact.kind, fact.at]).toEqual(['glass-broken', at('09:00')]);
    expect(fact.data).toEqual({
      toldGroupIds: ['group-leads'],
      toldUserIds: ['id-cat'],
      reviewerGroupIds: ['group-leads'],
      reviewerUserIds: ['id-cat'],
      reviewBy: '2026-11-24T09:00:00.000Z',
    });
    expect(fact.texts).toEqual({ incident: 'INC-42' });
  });
});

describe('what is kept beside the request', () => {
  const request = { ...SITUATIONS.active, breakGlass: BROKEN } as AccessRequest;
  const always = { requestId: request.id, personId: ANN.id, brokenAt: at('09:00'), reviewBy: BROKEN.reviewBy };

  it.each([
    ['at first', request, { ...always, isReviewed: false, alarmAt: at('09:00') }],
    ['once acknowledged', following(request, ACKNOWLEDGE), { ...always, isReviewed: false, alarmAt: BROKEN.reviewBy }],
    ['once reviewed', following(request, REVIEW), { ...always, isReviewed: true }],
    ['of a request without a glass', SITUATIONS.active as AccessRequest, undefined],
  ])('%s', (_when, given, expected) => {
    expect(brokenGlassOf(given)).toStrictEqual(expected);
  });

  it.each([
    ['the breaking', ['asked', 'glass-broken'], true],
    ['an acknowledgement', ['acknowledged'], true],
    ['a review', ['reviewed'], true],
    ['any other event', ['end-begun', 'gone'], false],
    ['no event', [], false],
  ] as const)('changes with %s: %s', (_what, kinds, expected) => {
    expect(changesGlass(kinds.map((kind) => ({ kind })))).toBe(expected);
  });
});

describe('an audience', () => {
  const told = { groups: [LEADS, { id: 'group-security', name: 'security' }], people: [CAT, BEN] };

  it.each([
    ['somebody who is named', 'id-cat', [], true],
    ['a member of one of its groups', 'id-dan', ['group-leads', 'group-of-others'], true],
    ['a member of other groups', 'id-dan', ['group-of-others'], false],
    ['nobody by the id of a group', 'group-leads', [], false],
  ])('has %s', (_who, id, groupIds, expected) => {
    expect(isAmong(told, id, new Set(groupIds))).toBe(expected);
  });
});

describe('the words of a refusal', () => {
  const request = { ...SITUATIONS.active, breakGlass: BROKEN } as AccessRequest;
  const wordsOf = (given: AccessRequest, event: RequestEvent): string => {
    const moved = transition(given, event);
    return isRefusal(moved) ? moved.detail : 'moved';
  };

  it.each([
    ['that no glass was broken', SITUATIONS.active as AccessRequest, ACKNOWLEDGE, 'not broken for this request'],
    ['that somebody else has to', request, { ...REVIEW, by: ANN }, 'Somebody else has to'],
    ['who acknowledged, and when', following(request, ACKNOWLEDGE), ACKNOWLEDGE, 'cat did so at 2026-11-23T10:00:00'],
    ['who reviewed, and when', following(request, REVIEW), REVIEW, 'dan did so at 2026-11-23T11:00:00'],
  ] as const)('say %s', (_what, given, event, expected) => {
    expect(wordsOf(given, event)).toContain(expected);
  });
});

const DAY_MS = 86_400_000;
const NOW = at('12:00');

const broken = (hoursAgo: number, change: Partial<BrokenGlass> = {}): BrokenGlass => ({
  requestId: `request-${hoursAgo}`,
  personId: ANN.id,
  brokenAt: (NOW - hoursAgo * 3_600_000) as Instant,
  reviewBy: (NOW + DAY_MS) as Instant,
  isReviewed: false,
  ...change,
});
const recordOf = (...all: readonly BrokenGlass[]): GlassRecord => ({ count: all.length, broken: all });

describe('one person breaks the glass', () => {
  it.each([
    ['for the first time', recordOf(), undefined],
    ['once less than they may', recordOf(broken(1)), undefined],
    ['as often as they may', recordOf(broken(1), broken(23)), 'break_glass_limit'],
    ['again when one of them is a day ago', recordOf(broken(1), broken(24)), undefined],
    ['too often, though all are reviewed', recordOf(broken(1, { isReviewed: true }), broken(2)), 'break_glass_limit'],
    ['while a review is overdue', recordOf(broken(30, { reviewBy: NOW })), 'review_overdue'],
    ['when the overdue review was given', recordOf(broken(30, { reviewBy: NOW, isReviewed: true })), undefined],
  ])('%s', (_what, record, expected) => {
    expect(refuseFurther(record, 2, NOW)?.refused).toBe(expected);
  });

  it('learns which reviews are overdue, since when, and that asking is still possible', () => {
    const record = recordOf(broken(30, { reviewBy: NOW }), broken(40, { reviewBy: NOW }), broken(1));
    const refusal = refuseFurther(record, 9, NOW);
    expect(refusal?.detail).toMatch(
      /^Request request-30 was to be reviewed by 2026-11-23T12:00:00.000Z.*ask without it/,
    );
    expect(refusal?.facts).toEqual({ requests: ['request-30', 'request-40'] });
  });

  it('says from when on they may again', () => {
    const refusal = refuseFurther(recordOf(broken(3), broken(20), broken(1)), 2, NOW);
    expect(refusal?.detail).toMatch(/3 time\(s\) in 24 h, and may 2 time\(s\).*from 2026-11-24T09:00:00.000Z/);
    expect(refusal?.facts).toEqual({ maximum: 2, from: new Date(NOW - 3 * 3_600_000 + DAY_MS).toISOString() });
    expect(
      refuseFurther(recordOf(broken(3), broken(20), broken(1)), 2, (NOW + 21 * 3_600_000) as Instant),
    ).toBeUndefined();
  });

  it('never more often than they may within any day', () => {
    const asks = fc.array(fc.integer({ min: 0, max: 3 * 24 * 60 }), { maxLength: 60 });
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 5 }), (minutes, most) => {
        const taken: BrokenGlass[] = [];
        for (const minute of [...minutes].sort((one, other) => one - other)) {
          const now = (NOW + minute * 60_000) as Instant;
          const reviewBy = (now + 100 * DAY_MS) as Instant;
          if (refuseFurther(recordOf(...taken), most, now)) continue;
          taken.push(broken(0, { brokenAt: now, reviewBy }));
        }
        for (const { brokenAt: from } of taken) {
          const within = taken.filter(({ brokenAt }) => brokenAt >= from && brokenAt < from + DAY_MS);
          expect(within.length).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});
