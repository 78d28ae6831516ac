/** Anything that may happen to a request, at any moment and in any order. */
import fc from 'fast-check';
import type { AccessRequest, VoteGiven } from '../../lambda/domain/access-request.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import { ANN, at, BEN, CAT, DAN, ENTITLED, LEADS, SITUATIONS, seconds } from './samples.ts';

export const FROM = at('09:00');
export const MAXIMUM = ENTITLED.maxDurationSeconds;
export const anyMoment: fc.Arbitrary<Instant> = fc
  .integer({ min: 0, max: 9 * 3600 })
  .map((count) => addSeconds(FROM, count));
const anyone = fc.constantFrom(ANN, BEN, CAT, DAN);
const anyLength = fc.integer({ min: 1, max: 2 * MAXIMUM }).map(seconds);
/** Stands for it, being longer than anything. */
const LOOKED = seconds(10 * MAXIMUM);
export const anyVote: fc.Arbitrary<VoteGiven> = fc
  .record({
    approver: anyone,
    choice: fc.constantFrom('approve', 'reject'),
    at: anyMoment,
    shorter: fc.option(anyLength),
  })
  .map(({ shorter, ...vote }) => (shorter === null ? vote : { ...vote, durationSeconds: shorter }));
const anyApproval = fc.array(fc.record({ required: fc.integer({ min: 1, max: 2 }), groups: fc.constant([LEADS]) }), {
  maxLength: 2,
});
const anyEnder = fc.constantFrom(
  { kind: 'clock' } as const,
  { kind: 'brevet' } as const,
  { kind: 'person', id: DAN.id, userName: 'dan' } as const,
);
const anySession = fc.record({ sessionSeconds: fc.constantFrom(3600, 7200, 14_400) });
export const extending: fc.Arbitrary<RequestEvent> = fc.record({
  kind: fc.constant('extend' as const),
  at: anyMoment,
  durationSeconds: anyLength,
  entitled: fc.constant(ENTITLED),
  approval: anyApproval,
  session: anySession,
});
/** Who has seen anything, or has looked last: then it fits (`fitting`). */
export const anyVoting: fc.Arbitrary<RequestEvent> = fc
  .record({ vote: anyVote, extendTo: fc.option(fc.oneof(fc.constant(LOOKED), anyLength)) })
  .map(({ vote, extendTo }) => ({ kind: 'vote', vote, ...(extendTo === null ? {} : { extendTo }) }));
export const anyEvent: fc.Arbitrary<RequestEvent> = fc.oneof(
  anyVoting,
  fc.record({ kind: fc.constant('cancel' as const), at: anyMoment, by: anyone }),
  fc.record({ kind: fc.constant('expire' as const), at: anyMoment }),
  fc.record({ kind: fc.constant('begin-grant' as const), at: anyMoment, grantBy: anyMoment }),
  fc.record({
    kind: fc.constant('usable' as const),
    at: anyMoment,
    standing: fc.boolean(),
    session: anySession,
  }),
  fc.record({ kind: fc.constant('fail-grant' as const), at: anyMoment, reason: fc.constant('because') }),
  fc.record({ kind: fc.constant('end' as const), at: anyMoment, by: anyEnder }),
  fc.record({ kind: fc.constant('gone' as const), at: anyMoment }),
  extending,
);
/** As time goes on: events do not happen before those that came before them. */
const momentOf = (event: RequestEvent): Instant => (event.kind === 'vote' ? event.vote.at : event.at);
export const inOrder = (events: readonly RequestEvent[]): readonly RequestEvent[] =>
  [...events].sort((left, right) => momentOf(left) - momentOf(right));

export const anySituation = fc.constantFrom(...Object.values(SITUATIONS));
/** With what the voter has seen who has just looked. */
export const fitting = (request: AccessRequest, event: RequestEvent): RequestEvent => {
  if (event.kind !== 'vote' || event.extendTo !== LOOKED) return event;
  const { extendTo: _, ...voting } = event;
  if (request.status !== 'active' || !request.extension) return voting;
  const until = (request.endsAt - (request.start ?? request.activeSince)) / 1000 + request.extension.durationSeconds;
  return { ...voting, extendTo: seconds(until) };
};
export const after = (request: AccessRequest, event: RequestEvent): AccessRequest => {
  const result = transition(request, fitting(request, event));
  return isRefusal(result) ? request : result.next;
};
