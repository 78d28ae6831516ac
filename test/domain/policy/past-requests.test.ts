/** Past requests out of events, such as any version of Brevet may have written them, read in whatever order and however often. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PastEvent, pastRequestsIn } from '../../../lambda/domain/policy/past-requests.ts';

const DATA = { accountId: '400000000001', permissionSetArn: 'arn:a', durationSeconds: 3600, entitlement: 'rule' };

const event = (requestId: string, sequence: number, change: Partial<PastEvent> = {}): PastEvent => ({
  requestId,
  sequence,
  kind: 'asked',
  at: `2026-11-23T08:0${sequence}:00.000Z`,
  actor: { kind: 'person', id: 'id-ann', userName: 'ann' },
  to: 'pending',
  data: DATA,
  textHashes: {},
  ...change,
});

const LIFE: readonly PastEvent[] = [
  event('one', 1, { textHashes: { justification: 'a', ticket: 'b' }, data: { ...DATA, approvalsRequired: 0 } }),
  event('one', 2, {
    kind: 'became-usable',
    to: 'active',
    data: { endsAt: '2026-11-23T09:02:00.000Z', standing: false },
  }),
  event('one', 3, {
    kind: 'extended',
    to: 'active',
    data: { durationSeconds: 1800, entitlement: 'other', endsAt: '2026-11-23T09:32:00.000Z' },
  }),
  event('one', 4, { kind: 'gone', to: 'ended', data: {} }),
];

describe('a past request', () => {
  it('is what was asked, every ask for more time with what it came to in all, and when it was over', () => {
    const { requests, begunBefore } = pastRequestsIn(LIFE);
    expect(begunBefore).toBe(0);
    expect(requests).toEqual([
      {
        ...{ id: 'one', personId: 'id-ann', userName: 'ann', accountId: '400000000001', permissionSetArn: 'arn:a' },
        ...{ hasTicket: true, cameTo: 'ended', overAt: Date.parse('2026-11-23T08:04:00Z') },
        asks: [
          {
            ...{ kind: 'request', durationSeconds: 3600, entitlement: 'rule', approvals: 0 },
            at: Date.parse('2026-11-23T08:01:00Z'),
            from: Date.parse('2026-11-23T08:01:00Z'),
            until: Date.parse('2026-11-23T09:01:00Z'),
          },
          {
            ...{ kind: 'extension', durationSeconds: 5400, entitlement: 'other', approvals: 0 },
            at: Date.parse('2026-11-23T08:03:00Z'),
            from: Date.parse('2026-11-23T08:03:00Z'),
            until: Date.parse('2026-11-23T09:32:00Z'),
          },
        ],
      },
    ]);
  });

  it('is the same in whatever order and however often its events are read', () => {
    const read = fc.array(fc.constantFrom(...LIFE), { maxLength: 10 });
    fc.assert(
      fc.property(fc.shuffledSubarray([...LIFE], { minLength: LIFE.length }), read, (all, again) => {
        expect(pastRequestsIn([...all, ...again])).toEqual(pastRequestsIn(LIFE));
      }),
    );
  });

  it('of which the beginning was not read is counted, and what happens to no request is not', () => {
    const drift = event('drift', 1, { kind: 'baseline-taken', to: 'baseline', data: {} });
    expect(pastRequestsIn([drift, ...LIFE.slice(1)])).toEqual({ requests: [], begunBefore: 1 });
  });

  it.each([
    ['no account', { accountId: 7 }],
    ['no permission set', { permissionSetArn: true }],
    ['a length that is no whole number', { durationSeconds: 1.5 }],
    ['a length in words', { durationSeconds: '3600' }],
    ['no rule', { entitlement: [] }],
    ['a start that is no moment', { start: 'tomorrow' }],
  ])('that says %s is none that could be judged', (_, change) => {
    const odd = event('two', 1, { data: { ...DATA, ...change } as PastEvent['data'] });
    expect(pastRequestsIn([odd])).toEqual({ requests: [], begunBefore: 1 });
  });

  it('begins at its start where it has one, and no sooner than it was asked', () => {
    const startAt = (start: string) =>
      pastRequestsIn([event('one', 1, { data: { ...DATA, start } })]).requests[0]?.asks[0];
    expect(startAt('2026-11-23T10:00:00Z')).toMatchObject({
      from: Date.parse('2026-11-23T10:00:00Z'),
      until: Date.parse('2026-11-23T11:00:00Z'),
    });
    expect(startAt('2026-11-23T08:00:30Z')).toMatchObject({
      from: Date.parse('2026-11-23T08:01:00Z'),
      until: Date.parse('2026-11-23T09:00:30Z'),
    });
  });
});
