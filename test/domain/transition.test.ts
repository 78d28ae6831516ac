/** The whole life of a request as one table, and the fields that each move sets. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest, Vote } from '../../lambda/domain/access-request.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import {
  ANN,
  approve,
  at,
  BEN,
  CAT,
  DAN,
  ENTITLED,
  EVERY_STATUS,
  HALF_AN_HOUR,
  LEADS,
  reject,
  SITUATIONS,
  seconds,
} from './samples.ts';
import { ROWS } from './transition-table.ts';

const extend = {
  kind: 'extend',
  at: at('10:00'),
  durationSeconds: HALF_AN_HOUR,
  entitled: ENTITLED,
  session: { sessionSeconds: 7200 },
} as const;
const NOBODY = [] as const;

/** Of half an hour more, for whoever has an hour. */
const ofExtension = (vote: Vote) => ({ kind: 'vote', vote, extendTo: seconds(5400) }) as const;

const EVENTS: Readonly<Record<string, RequestEvent>> = {
  approve: { kind: 'vote', vote: approve(BEN) },
  'approve-shorter': { kind: 'vote', vote: approve(BEN, at('10:00'), seconds(60)) },
  'approve-longer': { kind: 'vote', vote: approve(BEN, at('10:00'), seconds(3601)) },
  'approve-at-expiry': { kind: 'vote', vote: approve(BEN, at('17:00')) },
  'approve-own': { kind: 'vote', vote: approve(ANN) },
  'approve-twice': { kind: 'vote', vote: approve(CAT) },
  'approve-extension': ofExtension(approve(BEN)),
  'approve-ext-shorter': ofExtension(approve(BEN, at('10:00'), seconds(60))),
  'approve-ext-longer': ofExtension(approve(BEN, at('10:00'), seconds(1801))),
  'approve-ext-own': ofExtension(approve(ANN)),
  'approve-ext-twice': ofExtension(approve(CAT)),
  'approve-ext-late': ofExtension(approve(BEN, at('17:00'))),
  'approve-ext-other': { ...ofExtension(approve(BEN)), extendTo: seconds(5401) },
  reject: { kind: 'vote', vote: reject(BEN) },
  'reject-own': { kind: 'vote', vote: reject(ANN) },
  'reject-after-approving': { kind: 'vote', vote: reject(CAT) },
  remind: { kind: 'remind', at: at('10:00') },
  escalate: { kind: 'escalate', at: at('10:00') },
  cancel: { kind: 'cancel', at: at('09:10'), by: ANN },
  'cancel-by-other': { kind: 'cancel', at: at('09:10'), by: DAN },
  'expire-early': { kind: 'expire', at: at('16:59:59.999') },
  'expire-due': { kind: 'expire', at: at('17:00') },
  'begin-early': { kind: 'begin-grant', at: at('09:29:59.999'), grantBy: at('09:45') },
  'begin-due': { kind: 'begin-grant', at: at('09:30'), grantBy: at('09:45') },
  usable: { kind: 'usable', at: at('09:31'), standing: false, session: { sessionSeconds: 7200 } },
  'usable-standing': { kind: 'usable', at: at('09:31'), standing: true, session: { sessionSeconds: 7200 } },
  'fail-grant': { kind: 'fail-grant', at: at('09:40'), reason: 'the account is suspended' },
  'end-by-clock-early': { kind: 'end', at: at('10:30:59.999'), by: { kind: 'clock' } },
  'end-by-clock-due': { kind: 'end', at: at('10:31'), by: { kind: 'clock' } },
  'end-by-person': { kind: 'end', at: at('10:00'), by: { kind: 'person', id: DAN.id, userName: 'dan' } },
  gone: { kind: 'gone', at: at('10:32') },
  extend: { ...extend, approval: NOBODY },
  'extend-with-approval': { ...extend, approval: [{ required: 1, groups: [LEADS] }] },
  'extend-too-long': { ...extend, durationSeconds: seconds(14_400), approval: NOBODY },
  'changed-outside': { kind: 'changed-outside', at: at('10:00'), change: 'removed' },
  acknowledge: { kind: 'acknowledge', at: at('10:00'), by: DAN },
  review: { kind: 'review', at: at('10:00'), by: DAN, outcome: 'justified' },
  'extend-at-the-end': { ...extend, at: at('10:31'), approval: NOBODY },
};

/** The name of the situation in which a request is. */
const situationOf = (request: AccessRequest): string => {
  if (request.status === 'active' && request.extension) return 'active+extension';
  if (request.status === 'ending' && request.cause.kind === 'grant-failed') return 'ending-failed';
  return request.status;
};

const outcomeOf = (situation: string, event: string): string => {
  const [request, happening] = [SITUATIONS[situation], EVENTS[event]];
  if (!request || !happening) return 'a row of the table names what is not there';
  const result = transition(request, happening);
  return isRefusal(result) ? result.refused : situationOf(result.next);
};

describe('every situation × every event', () => {
  it.each(ROWS)('$situation × $event → $expected', ({ situation, event, expected }) => {
    expect(outcomeOf(situation, event)).toBe(expected);
  });

  it('is in the table, once', () => {
    const pairs = Object.keys(SITUATIONS).flatMap((situation) =>
      Object.keys(EVENTS).map((event) => `${situation} × ${event}`),
    );
    expect(ROWS.map(({ situation, event }) => `${situation} × ${event}`).sort()).toEqual(pairs.sort());
  });

  it('covers every status', () => {
    expect(new Set(Object.values(SITUATIONS).map(({ status }) => status))).toEqual(new Set(EVERY_STATUS));
  });
});

describe('every move', () => {
  const moves = ROWS.filter(({ expected }) => expected in SITUATIONS);

  it.each(moves)('$situation × $event reports where it came from and where it goes', ({ situation, event }) => {
    const [request, happening] = [SITUATIONS[situation], EVENTS[event]];
    const result = request && happening && transition(request, happening);
    expect(result).toMatchObject({
      fact: { from: request?.status, to: result && !isRefusal(result) && result.next.status },
    });
  });

  it.each(moves)('$situation × $event keeps who asked for what, why and by which rule', ({ situation, event }) => {
    const [request, happening] = [SITUATIONS[situation], EVENTS[event]];
    const result = request && happening && transition(request, happening);
    const { id, requester, target, justification, salt, approval, askedAt, version } = request as AccessRequest;
    expect(result).toMatchObject({ next: { id, requester, target, justification, salt, approval, askedAt, version } });
  });

  it('never puts the text of a person into the data of an event', () => {
    const texts = ROWS.flatMap(({ situation, event }) => {
      const [request, happening] = [SITUATIONS[situation], EVENTS[event]];
      const result = request && happening && transition(request, happening);
      return result && !isRefusal(result) ? [JSON.stringify(result.fact.data)] : [];
    });
    expect(texts.filter((text) => /suspended|payment outage/.test(text))).toEqual([]);
  });
});
