/** More time on active access: a new ask, judged anew, whose total never exceeds the longest duration (law 7). */
import type { AccessRequest, ActiveRequest, Entitled, Extension, VoteGiven } from './access-request.ts';
import { type Approval, requiredIn } from './approval.ts';
import { approvalData } from './approval-trail.ts';
import { cast, shortened, standingOf } from './ballot.ts';
import { withAsked, withVoter } from './extension-approvers.ts';
import { moved, person, type Transition } from './move.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import type { ToldSession } from './session.ts';
import { addSeconds, type DurationSeconds, durationText, type Instant, secondsBetween, toIso } from './time.ts';
import { refuseLonger, voteFact } from './voting.ts';

export interface ExtendEvent {
  readonly kind: 'extend';
  readonly at: Instant;
  readonly durationSeconds: DurationSeconds;
  readonly entitled: Entitled;
  readonly approval: Approval;
  readonly session: ToldSession;
}

/** Time from the start of use until the end the extension would give, in seconds, begun ones counted whole. */
export const totalSeconds = (request: ActiveRequest, extraSeconds: number): number =>
  Math.ceil(secondsBetween(request.start ?? request.activeSince, addSeconds(request.endsAt, extraSeconds)));

const refuseTooLong = (request: ActiveRequest, event: ExtendEvent): Refusal | undefined => {
  const total = totalSeconds(request, event.durationSeconds);
  const maximum = event.entitled.maxDurationSeconds;
  if (total <= maximum) return undefined;
  const left = Math.max(0, Math.floor(maximum - totalSeconds(request, 0)));
  return refuse(
    'extension_too_long',
    `With this extension the access would last ${durationText(total)} in all; the rule "${event.entitled.name}" allows ${durationText(maximum)}. ` +
      `At most ${durationText(left)} can be added. Ask again when it has ended.`,
    { maximumSeconds: maximum, leftSeconds: left },
  );
};

/** Why the request cannot be extended at all now, whatever the policy says. */
export const refuseExtension = (request: AccessRequest, now: Instant): Refusal | undefined => {
  if (request.status !== 'active' || now >= request.endsAt) {
    const status = request.status === 'active' ? 'ending' : request.status;
    return refuse(
      'request_not_extendable',
      `This request is ${status}; only active access can be extended. Ask again.`,
    );
  }
  if (!request.extension) return undefined;
  return refuse('extension_pending', `An extension asked at ${toIso(request.extension.askedAt)} waits for approval.`);
};

export const extend = (request: AccessRequest, event: ExtendEvent): Transition | Refusal => {
  const refusal = refuseExtension(request, event.at);
  if (refusal || request.status !== 'active') return refusal ?? refuse('request_not_extendable', request.status);
  const tooLong = refuseTooLong(request, event);
  if (tooLong) return tooLong;
  const { at, durationSeconds, entitled, approval } = event;
  const data = { durationSeconds, entitlement: entitled.name, policyVersion: entitled.policyVersion };
  if (requiredIn(approval) > 0) {
    const extension = { durationSeconds, askedAt: at, approval, votes: [], entitled };
    return moved(request, withAsked({ ...request, extension }, approval), {
      kind: 'extension-asked',
      at,
      actor: person(request.requester),
      data: { ...data, ...approvalData(approval) },
    });
  }
  const endsAt = addSeconds(request.endsAt, durationSeconds);
  const fact = {
    kind: 'extended',
    at,
    actor: person(request.requester),
    data: { ...data, endsAt: toIso(endsAt) },
  } as const;
  return moved(request, { ...request, endsAt, entitled }, fact);
};

/**
 * NB. Approvers decide on what they saw: an approval is for the request unless it says to how much in all it extends. An
 * amount would not do, since the next extension may ask for as much again.
 */
export const refuseUnseen = (
  request: AccessRequest,
  choice: VoteGiven['choice'],
  extendTo: DurationSeconds | undefined,
): Refusal | undefined => {
  if (choice === 'reject') return undefined;
  if (request.status === 'active' && request.extension) return refuseOther(request, request.extension, extendTo);
  if (request.status !== 'pending' || extendTo === undefined) return undefined;
  return refuse(
    'not_what_waits',
    'The request itself waits, and no extension. Look at it; approve it without extendTo.',
  );
};

const refuseOther = (
  request: ActiveRequest,
  { durationSeconds }: Extension,
  extendTo?: number,
): Refusal | undefined => {
  const total = totalSeconds(request, durationSeconds);
  if (extendTo === total) return undefined;
  const extension = durationText(total).replaceAll(' ', '');
  return refuse(
    'not_what_waits',
    `An extension waits: ${durationText(durationSeconds)} more, ${durationText(total)} in all, until ` +
      `${toIso(addSeconds(request.endsAt, durationSeconds))}. If you mean that, approve with extendTo "${extension}".`,
    { extendTo: extension },
  );
};

export const voteOnExtension = (
  request: ActiveRequest,
  extension: Extension,
  vote: VoteGiven,
): Transition | Refusal => {
  if (vote.at >= request.endsAt) return refuse('request_not_pending', 'The access has ended; ask again.');
  const longer = refuseLonger(extension.durationSeconds, vote);
  if (longer) return longer;
  const ballot = cast(extension, request.requester, vote);
  if (isRefusal(ballot)) return ballot;
  const outcome = standingOf(ballot);
  const fact = voteFact('extension-voted', ballot, outcome);
  const { extension: _decided, ...rest } = request;
  const active = withVoter(rest, vote);
  if (outcome === 'rejected') return moved(request, active, fact);
  if (outcome === 'open') return moved(request, { ...active, extension: { ...extension, votes: ballot.votes } }, fact);
  const endsAt = addSeconds(request.endsAt, shortened(extension.durationSeconds, ballot.votes));
  const extended = { ...active, endsAt, entitled: extension.entitled };
  return moved(request, extended, { ...fact, data: { ...fact.data, endsAt: toIso(endsAt) } });
};
