/** How long credentials live that a lease gives, and of what is over before it was usable whether it gave any (law 14). */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { emptyLease, type Lease, type LeaseState } from '../../lambda/domain/lease.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { givenNow, raisedTo, toldOfLease } from '../../lambda/domain/session.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import {
  ACTIVE,
  ANN,
  approve,
  at,
  BEN,
  DAN,
  ENDING,
  ENDING_FAILED,
  ENTITLED,
  EXTENDING,
  GRANTING,
  HALF_AN_HOUR,
  LEADS,
  reject,
  SCHEDULED,
  seconds,
  TARGET,
} from './samples.ts';

const HOUR = 3600;
const TWO_HOURS = 7200;
const FOUR_HOURS = 14_400;
const BY_DAN = { kind: 'person', id: DAN.id, userName: DAN.userName } as const;

const OPERATION = { claim: 'a', since: at('09:31'), attempts: 0 };
const leaseIn = (state: LeaseState): Lease => ({ ...emptyLease(ANN.id, TARGET), state });
const sessionOf = (thing: { readonly target: { readonly sessionSeconds: number } }): number =>
  thing.target.sessionSeconds;
const nextOf = (request: AccessRequest, ...events: readonly RequestEvent[]): AccessRequest =>
  events.reduce((now, event) => {
    const moved = transition(now, event);
    if (isRefusal(moved)) throw new Error(moved.detail);
    return moved.next;
  }, request);

describe('the session of a target', () => {
  it('is changed, and nothing else of it', () => {
    expect(raisedTo(ACTIVE, FOUR_HOURS)).toStrictEqual({
      ...ACTIVE,
      target: { ...TARGET, sessionSeconds: FOUR_HOURS },
    });
  });

  it.each([
    [HOUR, TWO_HOURS],
    [FOUR_HOURS, FOUR_HOURS],
  ])('is only ever raised where something stands: 7200 by %i to %i', (found, expected) => {
    expect(sessionOf(raisedTo(ACTIVE, found))).toBe(expected);
  });
});

describe('the session of a lease that is given now', () => {
  it.each<[string, LeaseState, readonly number[], number]>([
    ['vacant: what is found', { kind: 'vacant' }, [HOUR], HOUR],
    ['vacant: the longest that was found', { kind: 'vacant' }, [HOUR, FOUR_HOURS], FOUR_HOURS],
    ['being made: not less than before', { kind: 'creating', operation: OPERATION }, [HOUR], TWO_HOURS],
    ['held: not less than before', { kind: 'held' }, [HOUR], TWO_HOURS],
    ['held: more', { kind: 'held' }, [FOUR_HOURS], FOUR_HOURS],
    ['standing: not less than before', { kind: 'standing' }, [HOUR], TWO_HOURS],
    ['vacant, and nobody was judged', { kind: 'vacant' }, [], TWO_HOURS],
  ])('%s', (_what, state, found, expected) => {
    const lease = leaseIn(state);
    expect(givenNow(lease, found)).toStrictEqual({ ...lease, target: { ...TARGET, sessionSeconds: expected } });
  });
});

describe('what ends before it was usable', () => {
  const fail: RequestEvent = { kind: 'fail-grant', at: at('09:45'), reason: 'too late' };
  const end: RequestEvent = { kind: 'end', at: at('09:45'), by: BY_DAN };

  it.each<[string, LeaseState, boolean]>([
    ['nothing is there', { kind: 'vacant' }, false],
    ['what is there stays', { kind: 'standing' }, false],
    ['the creation was accepted', { kind: 'creating', operation: { ...OPERATION, id: 'create-1' } }, true],
    [
      'the creation was accepted, and is forgotten',
      { kind: 'creating', operation: { ...OPERATION, accepted: true } },
      true,
    ],
    [
      'it is not known what came of the creation',
      { kind: 'creating', operation: OPERATION, unsettledUntil: at('09:33') },
      true,
    ],
    ['no creation was accepted so far', { kind: 'creating', operation: OPERATION }, false],
    ['it is there', { kind: 'held' }, true],
    [
      'what was there for others is being removed',
      { kind: 'deleting', operation: { ...OPERATION, id: 'delete-1' }, unsettledUntil: at('09:33') },
      false,
    ],
  ])('may have stood, where %s: %s', (_what, state, expected) => {
    for (const event of [fail, end]) {
      const told = expected ? { ...event, session: { mayHaveStood: true, sessionSeconds: TWO_HOURS } } : event;
      expect(toldOfLease(event, leaseIn(state))).toStrictEqual(told);
    }
  });

  it('is what is asked about: no other event is told anything', () => {
    const gone: RequestEvent = { kind: 'gone', at: at('09:45') };
    expect(toldOfLease(gone, leaseIn({ kind: 'held' }))).toBe(gone);
  });
});

describe('a request', () => {
  const usable = (sessionSeconds: number): RequestEvent => ({
    kind: 'usable',
    at: at('09:40'),
    standing: false,
    session: { sessionSeconds },
  });

  it('has the session of the moment in which it became usable, be it more or less', () => {
    for (const found of [HOUR, FOUR_HOURS]) expect(sessionOf(nextOf(GRANTING, usable(found)))).toBe(found);
  });

  const EXTEND = { kind: 'extend', at: at('10:00'), durationSeconds: HALF_AN_HOUR, entitled: ENTITLED } as const;
  it.each([
    ['nobody must approve', [], HOUR, TWO_HOURS],
    ['nobody must approve', [], FOUR_HOURS, FOUR_HOURS],
    ['somebody must approve', [{ required: 1, groups: [LEADS] }], HOUR, TWO_HOURS],
    ['somebody must approve', [{ required: 1, groups: [LEADS] }], FOUR_HOURS, FOUR_HOURS],
  ])('that is extended has the longer one, where %s %j: with %i it is %i', (_what, approval, found, expected) => {
    expect(sessionOf(nextOf(ACTIVE, { ...EXTEND, approval, session: { sessionSeconds: found } }))).toBe(expected);
  });

  it.each([
    ['approved', approve(BEN), { session: { sessionSeconds: FOUR_HOURS } }, FOUR_HOURS],
    ['approved, and sessions became shorter', approve(BEN), { session: { sessionSeconds: HOUR } }, TWO_HOURS],
    ['approved, and nothing is told of sessions', approve(BEN), {}, TWO_HOURS],
    ['rejected', reject(BEN), {}, TWO_HOURS],
  ] as const)('whose extension is %s has the longer one', (_what, vote, told, expected) => {
    expect(sessionOf(nextOf(EXTENDING, { kind: 'vote', vote, extendTo: seconds(5400), ...told }))).toBe(expected);
  });

  const session = { sessionSeconds: FOUR_HOURS, mayHaveStood: true } as const;
  const FAIL = { kind: 'fail-grant', at: at('09:40'), reason: 'x' } as const;
  const END = { kind: 'end', at: at('09:40'), by: BY_DAN } as const;
  const GONE = { kind: 'gone', at: at('10:40') } as const;
  it.each<[string, RequestEvent]>([
    ['failed', { ...FAIL, session }],
    ['ended', { ...END, session }],
  ])('that %s before it was usable, and may have stood, remembers that to its end', (status, event) => {
    const lasting = { mayHaveStood: true, target: { ...TARGET, sessionSeconds: FOUR_HOURS } };
    expect(nextOf(GRANTING, event)).toMatchObject({ status: 'ending', ...lasting });
    expect(nextOf(GRANTING, event, GONE)).toMatchObject({ status, ...lasting });
  });

  it('says nothing of that where it did not stand, was usable, or never began', () => {
    const all = [
      nextOf(GRANTING, FAIL, GONE),
      nextOf(GRANTING, END, GONE),
      nextOf(GRANTING, usable(TWO_HOURS), END, GONE),
      nextOf(SCHEDULED, END),
      nextOf(SCHEDULED, FAIL),
      nextOf(ENDING, GONE),
      nextOf(ENDING_FAILED, GONE),
    ];
    for (const one of all) {
      expect(one).not.toHaveProperty('mayHaveStood');
      expect(one.target).toStrictEqual(TARGET);
    }
  });
});
