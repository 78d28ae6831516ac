/** What is to be done for a lease now, and in which order, told by the lease alone. */
import { describe, expect, it } from 'vitest';
import { emptyLease, type Hold, type Lease, type LeaseState, withHoldOf } from '../../lambda/domain/lease.ts';
import {
  byUrgency,
  onlyAwaits,
  type Urgency,
  type Work,
  workOf,
  writeUrgency,
} from '../../lambda/domain/lease-work.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { ACTIVE, ANN, at, BROKEN, ENDING, GRANTING, PENDING, TARGET } from './samples.ts';

const OPERATION = { claim: 'a', since: at('09:59'), attempts: 0 };
const STATES = {
  vacant: { kind: 'vacant' },
  standing: { kind: 'standing' },
  held: { kind: 'held' },
  creating: { kind: 'creating', operation: OPERATION },
  created: { kind: 'creating', operation: { ...OPERATION, id: 'operation-1' } },
  deleting: { kind: 'deleting', operation: OPERATION },
  deleted: { kind: 'deleting', operation: { ...OPERATION, id: 'operation-1' } },
  refused: { kind: 'deleting', operation: { ...OPERATION, refusal: { times: 1, retryAt: at('10:30') } } },
  retried: {
    kind: 'deleting',
    operation: { ...OPERATION, id: 'operation-2', refusal: { times: 1, retryAt: at('09:58') } },
  },
} as const satisfies Record<string, LeaseState>;

const GRANT: Hold = { requestId: 'granting', endsAt: at('11:00'), unconfirmedSince: at('09:30') };
const GLASS: Hold = { ...GRANT, requestId: 'glass', unconfirmedSince: at('09:40'), breakGlass: true };
const USED: Hold = { requestId: 'used', endsAt: at('11:00') };
const LOST: Hold = { requestId: 'lost', endsAt: at('11:00'), lost: true };
const END: Hold = { requestId: 'ending', endsAt: at('09:20'), ending: true };

const lease = (state: keyof typeof STATES, ...holds: readonly Hold[]): Lease => ({
  ...emptyLease(ANN.id, TARGET),
  state: STATES[state],
  holds,
});

describe('the work of a lease', () => {
  it.each<[keyof typeof STATES, string, readonly Hold[], string]>([
    ['vacant', 'nobody', [], 'nothing'],
    ['vacant', 'who waits for access', [GRANT], 'grant since 09:30'],
    ['vacant', 'who broke the glass', [GLASS], 'break-glass since 09:40'],
    ['vacant', 'both', [GRANT, GLASS], 'break-glass since 09:30'],
    ['vacant', 'who is ending', [END], 'settle since 09:20'],
    ['vacant', 'who is ending and who waits', [END, GRANT], 'grant since 09:20'],
    ['standing', 'who uses it', [USED], 'nothing'],
    ['standing', 'who waits for access', [GRANT], 'settle since 09:30'],
    ['standing', 'who is ending', [USED, END], 'settle since 09:20'],
    ['standing', 'nobody', [], 'settle since 00:00'],
    ['held', 'who uses it', [USED], 'nothing'],
    ['held', 'who joins', [USED, GRANT], 'settle since 09:30'],
    ['held', 'who is ending beside who uses it', [USED, END], 'settle since 09:20'],
    ['held', 'who is ending', [END], 'end since 09:20'],
    ['held', 'who is ending beside who has lost it', [LOST, END], 'end since 09:20'],
    ['held', 'who has lost it', [LOST], 'end since 00:00'],
    ['held', 'who uses it beside who has lost it', [LOST, USED], 'nothing'],
    ['vacant', 'who has lost it', [LOST], 'nothing'],
    ['held', 'nobody', [], 'end since 00:00'],
    ['creating', 'who waits for access', [GRANT], 'under-way since 09:59'],
    ['refused', 'who is ending', [END], 'nothing'],
    ['retried', 'who is ending', [END], 'under-way since 09:59'],
    ['deleted', 'who broke the glass meanwhile', [GLASS], 'under-way since 09:59'],
  ])('that is %s, held by %s', (state, _, holds, expected) => {
    const work = workOf(lease(state, ...holds));
    const since = work && new Date(work.since).toISOString().slice(11, 16);
    expect(work ? `${work.urgency} since ${since}` : 'nothing').toBe(expected);
  });

  it.each<[keyof typeof STATES, readonly Hold[], Urgency | undefined]>([
    ['vacant', [GRANT], 'grant'],
    ['vacant', [GLASS], 'break-glass'],
    ['vacant', [GRANT, GLASS], 'break-glass'],
    ['vacant', [END], undefined],
    ['vacant', [USED], undefined],
    ['vacant', [LOST], undefined],
    ['held', [LOST], 'end'],
    ['creating', [USED], 'end'],
    ['held', [END], 'end'],
    ['held', [USED], undefined],
    ['standing', [], undefined],
    ['creating', [GLASS], 'break-glass'],
    ['creating', [], 'end'],
    ['created', [GRANT], undefined],
    ['deleting', [GRANT], 'end'],
    ['deleted', [GRANT], undefined],
  ])('takes a write when it is %s with %j: %s', (state, holds, expected) => {
    expect(writeUrgency(lease(state, ...holds), at('10:00'))).toBe(expected);
  });

  it.each<[keyof typeof STATES, readonly Hold[], boolean]>([
    ['vacant', [GRANT], true],
    ['held', [GRANT, USED], true],
    ['standing', [GRANT], true],
    ['held', [USED], false],
    ['vacant', [], false],
    ['vacant', [GRANT, GLASS], false],
    ['creating', [GRANT], false],
    ['created', [GRANT], false],
    ['deleting', [GRANT], false],
    ['deleted', [GRANT], false],
    ['held', [{ ...GRANT, endsAt: at('09:40') }], false],
  ])('is only waited for when it is %s with %j: %s', (state, holds, expected) => {
    expect(onlyAwaits(lease(state, ...holds), at('10:00'))).toBe(expected);
  });

  it('is done in the order of urgency, then of waiting', () => {
    const work = (urgency: Urgency, since: number, leaseId = 'a'): Work => ({
      leaseId,
      urgency,
      since: since as Instant,
    });
    const ordered = [
      work('under-way', 9),
      work('settle', 8),
      work('break-glass', 7),
      work('end', 5),
      work('end', 6),
      work('end', 6, 'b'),
      work('grant', 1),
    ];
    expect([...ordered].reverse().sort(byUrgency)).toEqual(ordered);
    expect([...ordered].sort(byUrgency)).toEqual(ordered);
  });
});

describe('a hold', () => {
  it('says that its request is ending, and that somebody broke the glass for it', () => {
    const glass = { ...GRANTING, breakGlass: BROKEN };
    expect(withHoldOf(lease('vacant'), glass).holds).toEqual([
      { requestId: GRANTING.id, endsAt: GRANTING.latestEnd, unconfirmedSince: GRANTING.begunAt, breakGlass: true },
    ]);
    expect(withHoldOf(lease('held'), ACTIVE).holds).toEqual([{ requestId: ACTIVE.id, endsAt: ACTIVE.endsAt }]);
    expect(withHoldOf(lease('held'), { ...ENDING, breakGlass: BROKEN }).holds).toEqual([
      { requestId: ENDING.id, endsAt: ENDING.endsAt, ending: true, breakGlass: true },
    ]);
    expect(withHoldOf(lease('held'), { ...PENDING, breakGlass: BROKEN }).holds).toEqual([]);
  });
});
