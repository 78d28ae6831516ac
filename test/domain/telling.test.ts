/** Of which events people are told, and what there still is to say when they are. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Approval } from '../../lambda/domain/approval.ts';
import type { AuditEvent, AuditKind } from '../../lambda/domain/audit-event.ts';
import { newsOf } from '../../lambda/domain/news.ts';
import { isUrgent, TELLING_KINDS, type Telling, type TellingKind, tellingsOf } from '../../lambda/domain/telling.ts';
import { type Instant, toIso } from '../../lambda/domain/time.ts';
import { ACTIVE, approve, at, BASE, BEN, BROKEN, CAT, DAN, HOUR, LEADS, PENDING, SCHEDULED } from './samples.ts';

const eventOf = (kind: AuditKind, data: AuditEvent['data'] = {}): AuditEvent => ({
  ...{ requestId: BASE.id, sequence: 3, kind, at: toIso(at('09:30')), actor: { kind: 'clock' }, to: 'pending', data },
  ...{ textHashes: {}, previousHash: '', hash: '' },
});
const kindsTold = (after: AccessRequest, ...events: readonly AuditEvent[]): readonly TellingKind[] =>
  tellingsOf(after, events).map(({ kind }) => kind);

describe('people are told', () => {
  it('of an event where and when it was', () => {
    expect(tellingsOf(PENDING, [eventOf('asked')])).toEqual([
      {
        ...{ requestId: BASE.id, sequence: 3, kind: 'asked', at: at('09:30'), nextAt: at('09:30') },
        ...{ attempts: 0, doneIds: [], version: 0 },
      },
    ]);
  });

  it('that somebody asks, where somebody must decide', () => {
    expect([kindsTold(PENDING, eventOf('asked')), kindsTold(SCHEDULED, eventOf('asked'))]).toEqual([['asked'], []]);
  });

  it.each(['voted', 'extension-voted'] as const)('that somebody %s, where that leaves it open', (kind) => {
    expect(kindsTold(PENDING, eventOf(kind, { outcome: 'open' }))).toEqual([kind]);
    expect(kindsTold(PENDING, eventOf(kind, { outcome: 'approved' }))).toEqual([]);
    expect(kindsTold(PENDING, eventOf(kind, { outcome: 'rejected' }))).toEqual([]);
  });

  it.each(['glass-broken', 'extension-asked', 'reminded', 'escalated'] as const)('of %s, always', (kind) => {
    expect([kindsTold(PENDING, eventOf(kind)), kindsTold(SCHEDULED, eventOf(kind))]).toEqual([[kind], [kind]]);
  });

  it.each([
    ...['cancelled', 'expired', 'grant-begun', 'became-usable', 'grant-failed', 'end-begun', 'gone', 'extended'],
    ...['changed-outside', 'acknowledged', 'reviewed'],
  ] as AuditKind[])('not of %s', (kind) => {
    expect(kindsTold(PENDING, eventOf(kind, { outcome: 'open' }))).toEqual([]);
  });

  it('of a broken glass before anything else', () => {
    expect(TELLING_KINDS.filter((kind) => isUrgent({ kind }))).toEqual(['glass-broken']);
  });
});

const TWO_STAGES: Approval = [
  { required: 1, groups: [LEADS], reminder: { afterSeconds: HOUR }, escalation: { afterSeconds: HOUR, groups: [] } },
  { required: 1, groups: [], users: [DAN] },
];
const STAGED: AccessRequest = { ...PENDING, approval: TWO_STAGES, votes: [] };
const VOTED_AT = at('09:10');
const IN_SECOND: AccessRequest = { ...STAGED, votes: [approve(BEN, VOTED_AT)] };

const told = (kind: TellingKind, happened: Instant): Telling => ({
  ...{ requestId: BASE.id, sequence: 2, kind, at: happened, nextAt: happened, attempts: 1, doneIds: [], version: 2 },
});
const NOON = at('12:00');
/** Kind of the news and the stage that it is of, counted from 0. */
const saidOf = (telling: Telling, request: AccessRequest, now = NOON): unknown => {
  const news = newsOf(telling, request, now);
  if (!news || news.kind === 'glass-broken') return news?.kind;
  return `${news.kind} ${news.open.number}`;
};

describe('what there is to say about approval', () => {
  it('is that the first stage is open, for as long as it is', () => {
    const asked = told('asked', STAGED.askedAt);
    expect([saidOf(asked, STAGED), saidOf(asked, IN_SECOND), saidOf(asked, SCHEDULED)]).toEqual([
      'asked 0',
      undefined,
      undefined,
    ]);
  });

  it('is that the next stage opened, with the vote by which it did, and by no other', () => {
    expect(saidOf(told('voted', VOTED_AT), IN_SECOND)).toBe('asked 1');
    expect(saidOf(told('voted', at('09:11')), IN_SECOND)).toBeUndefined();
    expect(saidOf(told('voted', STAGED.askedAt), STAGED)).toBeUndefined();
  });

  it('is said once where a stage opens in the very moment of the asking', () => {
    const atOnce: AccessRequest = { ...STAGED, votes: [approve(BEN, STAGED.askedAt)] };
    expect(saidOf(told('asked', STAGED.askedAt), atOnce)).toBeUndefined();
    expect(saidOf(told('voted', STAGED.askedAt), atOnce)).toBe('asked 1');
  });

  it.each(['reminded', 'escalated'] as const)('is nothing of a stage that is never %s', (kind) => {
    expect(saidOf(told(kind, VOTED_AT), IN_SECOND)).toBeUndefined();
  });

  it('is nothing when waiting is over', () => {
    const asked = told('asked', STAGED.askedAt);
    expect([saidOf(asked, STAGED, (at('17:00') - 1) as Instant), saidOf(asked, STAGED, at('17:00'))]).toEqual([
      'asked 0',
      undefined,
    ]);
  });

  it('has what waits, and until when', () => {
    expect(newsOf(told('asked', STAGED.askedAt), STAGED, NOON)).toEqual({
      ...{ kind: 'asked', request: STAGED, ballot: STAGED, until: at('17:00') },
      open: { number: 0, stage: TWO_STAGES[0] },
    });
  });

  it.each([
    ['reminded', { reminder: { afterSeconds: HOUR, remindedAt: at('10:00') } }],
    ['escalated', { escalation: { afterSeconds: HOUR, groups: [], escalatedAt: at('10:00') } }],
  ] as const)('is that the stage was %s, for as long as it is open', (kind, mark) => {
    const marked: AccessRequest = {
      ...STAGED,
      approval: [{ ...TWO_STAGES[0], required: 1, groups: [LEADS], ...mark }],
    };
    expect(saidOf(told(kind, at('10:00')), marked)).toBe(`${kind} 0`);
    expect(saidOf(told(kind, at('10:01')), marked)).toBeUndefined();
    expect(saidOf(told(kind, at('10:00')), STAGED)).toBeUndefined();
    expect(saidOf(told(kind, at('10:00')), { ...marked, votes: [approve(CAT, at('10:05'))] })).toBeUndefined();
  });

  const extended = (askedAt: Instant, votes = [] as AccessRequest['votes']): AccessRequest => ({
    ...ACTIVE,
    extension: { durationSeconds: HOUR, askedAt, approval: TWO_STAGES, votes, entitled: BASE.entitled },
  });
  const BEFORE_END = at('09:35');

  it('of more time is that it was asked, and which stage of it is open', () => {
    const asked = told('extension-asked', at('09:30'));
    expect(saidOf(asked, extended(at('09:30')), BEFORE_END)).toBe('asked 0');
    expect(saidOf(asked, extended(at('09:31')), BEFORE_END)).toBeUndefined();
    expect(saidOf(asked, ACTIVE, BEFORE_END)).toBeUndefined();
    const voted = extended(at('09:30'), [approve(BEN, at('09:32'))]);
    expect(saidOf(told('extension-voted', at('09:32')), voted, BEFORE_END)).toBe('asked 1');
    expect(saidOf(asked, voted, BEFORE_END)).toBeUndefined();
    expect(saidOf(asked, extended(at('09:30')), ACTIVE.endsAt)).toBeUndefined();
  });
});

describe('what there is to say about a broken glass', () => {
  const broken = (request: AccessRequest): AccessRequest => ({ ...request, breakGlass: BROKEN });
  const telling = told('glass-broken', BASE.askedAt);

  it('is there whatever has become of the access, however late', () => {
    for (const request of [SCHEDULED, ACTIVE, PENDING]) {
      expect(newsOf(telling, broken(request), at('23:00'))).toEqual({
        ...{ kind: 'glass-broken', request: broken(request), breakGlass: BROKEN },
      });
    }
  });

  it('is nothing where no glass was broken', () => {
    expect(newsOf(telling, ACTIVE, NOON)).toBeUndefined();
    expect(newsOf(telling, PENDING, NOON)).toBeUndefined();
  });
});
