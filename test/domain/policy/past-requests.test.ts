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

  it('says who was to approve in each stage, where its event does, and in a form that can be read', () => {
    const stagesIn = (...approvalStages: readonly string[]) =>
      pastRequestsIn([event('one', 1, { data: { ...DATA, approvalStages } })]).requests[0]?.asks[0]?.stages;
    const [leads, cat] = [
      { required: 1, groups: ['g-leads'], users: [] },
      { required: 1, groups: [], users: ['u-cat'] },
    ];
    expect(stagesIn(JSON.stringify(leads), JSON.stringify(cat))).toEqual([leads, cat]);
    expect(stagesIn(JSON.stringify(leads), '{}')).toBeUndefined();
    expect(stagesIn()).toBeUndefined();
    const early = pastRequestsIn([event('one', 1, { data: { ...DATA, approvalsByStage: ['2', '1'] } })]);
    expect(early.requests[0]?.asks[0]).toMatchObject({ approvalsByStage: ['2', '1'] });
    expect(early.requests[0]?.asks[0]).not.toHaveProperty('stages');
  });

  it('is one beside others, in the order in which they begin', () => {
    const { requests } = pastRequestsIn([event('two', 1), event('one', 1), event('two', 2, { to: 'ended' })]);
    expect(requests).toMatchObject([
      { id: 'two', cameTo: 'ended' },
      { id: 'one', cameTo: 'pending' },
    ]);
  });

  it.each(['ended', 'cancelled', 'expired', 'rejected', 'failed'])('is over once it is %s', (to) => {
    const { requests } = pastRequestsIn([event('one', 1), event('one', 2, { kind: 'last', to })]);
    expect(requests).toMatchObject([{ cameTo: to, overAt: Date.parse('2026-11-23T08:02:00Z') }]);
  });

  it('is open as long as nothing ended it, and an event without a moment counts for nothing', () => {
    const read = pastRequestsIn([event('one', 1), event('one', 2, { kind: 'gone', to: 'ended', at: 'yesterday' })]);
    expect(read).toMatchObject({ requests: [{ cameTo: 'pending' }], begunBefore: 0 });
    expect(read.requests[0]).not.toHaveProperty('overAt');
  });

  it('says who was to approve, and that the glass was broken, as far as its event does', () => {
    const firstAsk = (data: object) =>
      pastRequestsIn([event('one', 1, { data: { ...DATA, ...data } })]).requests[0]?.asks[0];
    const plain = { kind: 'request', durationSeconds: 3600, entitlement: 'rule' };
    const moments = {
      at: Date.parse('2026-11-23T08:01:00Z'),
      from: Date.parse('2026-11-23T08:01:00Z'),
      until: Date.parse('2026-11-23T09:01:00Z'),
    };
    const approvers = {
      approverGroupIds: ['group-leads'],
      approverIds: ['id-cat'],
      approverAttributes: ['{"department":["Security"]}'],
    };
    expect(firstAsk({})).toStrictEqual({ ...plain, ...moments });
    expect(firstAsk({ ...approvers, approvalsRequired: 2 })).toStrictEqual({
      ...plain,
      ...moments,
      ...approvers,
      approvals: 2,
    });
    expect(firstAsk({ breakGlass: true })).toStrictEqual({ ...plain, ...moments, isBreakGlass: true });
    expect(firstAsk({ breakGlass: 'yes', approverIds: 'id-cat' })).toStrictEqual({ ...plain, ...moments });
  });

  it('asked by nobody in particular is of nobody', () => {
    const { requests } = pastRequestsIn([event('one', 1, { actor: { kind: 'brevet' } })]);
    expect(requests).toMatchObject([{ personId: '', userName: '' }]);
  });

  it('of which the beginning was not read is counted, and what happens to no request is not', () => {
    const drift = event('drift', 1, { kind: 'baseline-taken', to: 'baseline', data: {} });
    expect(pastRequestsIn([drift, ...LIFE.slice(1)])).toEqual({ requests: [], begunBefore: 1 });
    expect(pastRequestsIn([event('one', 2)])).toEqual({ requests: [], begunBefore: 1 });
    expect(pastRequestsIn([event('one', 1, { kind: 'extended' })])).toEqual({ requests: [], begunBefore: 1 });
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

describe('an ask for more time', () => {
  const usable = event('one', 2, { kind: 'became-usable', to: 'active', data: { endsAt: '2026-11-23T09:02:00.000Z' } });
  const wish = { durationSeconds: 1800, entitlement: 'other' };
  const extended = event('one', 3, { kind: 'extended', data: { ...wish, endsAt: '2026-11-23T09:32:00.000Z' } });
  const asksOf = (...events: readonly PastEvent[]) =>
    pastRequestsIn([event('one', 1), ...events])
      .requests[0]?.asks.slice(1)
      .map(({ durationSeconds, approvals }) => [durationSeconds, approvals]);

  it('is counted from the first use on, each time', () => {
    expect(asksOf(usable, extended, { ...extended, sequence: 4 })).toEqual([
      [5400, 0],
      [7200, 0],
    ]);
  });

  it('says of its approvals what the event says, where it waited for them; early ones say nothing', () => {
    const asked = event('one', 3, { kind: 'extension-asked', data: wish });
    const told = { ...asked, sequence: 4, data: { ...wish, approvalsRequired: 2 } };
    expect(asksOf(usable, asked, told)).toEqual([
      [5400, undefined],
      [5400, 2],
    ]);
  });

  it('is counted from the start of a window that has one', () => {
    const first = event('one', 1, { data: { ...DATA, start: '2026-11-23T08:00:30Z' } });
    const { requests } = pastRequestsIn([first, usable, extended]);
    expect(requests[0]?.asks[1]?.durationSeconds).toBe(5490);
  });

  it.each([
    ['whose use was not read', [extended, { ...extended, sequence: 4 }]],
    [
      'whose end was not told',
      [
        { ...usable, data: {} },
        { ...extended, data: wish },
      ],
    ],
    ['that is another event', [usable, { ...extended, kind: 'extension-voted' }]],
  ])('is none %s', (_what, events) => {
    expect(asksOf(...events)).toEqual([]);
  });
});
