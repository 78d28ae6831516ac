/** Every move of a request, in one total function: (request, event) → the next request and its audit fact, or a refusal. */
import type { AccessRequest, Actor, ExternalChange, PersonRef, VoteGiven } from './access-request.ts';
import { type AcknowledgeEvent, acknowledge, type ReviewEvent, review } from './break-glass.ts';
import { changeOutside } from './changed-outside.ts';
import { becomeGone, end } from './ending.ts';
import { type ExtendEvent, extend, refuseUnseen, voteOnExtension } from './extension.ts';
import { becomeUsable, beginGrant, failGrant } from './granting.ts';
import type { Vanished } from './lease.ts';
import type { Transition } from './move.ts';
import { giveNotice, type NoticeKind } from './notices.ts';
import { notPending } from './outcome.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { type ToldSession, withTold } from './session.ts';
import type { DurationSeconds, Instant } from './time.ts';
import { cancel, expire, voteOnPending } from './voting.ts';

export type RequestEvent =
  | {
      readonly kind: 'vote';
      readonly vote: VoteGiven;
      /** With an approval of an extension: how long access lasts in all with it, as the approver saw it. */
      readonly extendTo?: DurationSeconds;
      readonly session?: ToldSession;
    }
  | { readonly kind: NoticeKind; readonly at: Instant }
  | { readonly kind: 'cancel'; readonly at: Instant; readonly by: PersonRef }
  | { readonly kind: 'expire'; readonly at: Instant }
  | { readonly kind: 'begin-grant'; readonly at: Instant; readonly grantBy: Instant }
  | { readonly kind: 'usable'; readonly at: Instant; readonly standing: boolean; readonly session: ToldSession }
  | { readonly kind: 'fail-grant'; readonly at: Instant; readonly reason: string; readonly session?: ToldSession }
  | { readonly kind: 'end'; readonly at: Instant; readonly by: Actor; readonly session?: ToldSession }
  | { readonly kind: 'gone'; readonly at: Instant; readonly vanished?: Vanished }
  | { readonly kind: 'changed-outside'; readonly at: Instant; readonly change: ExternalChange['change'] }
  | ExtendEvent
  | AcknowledgeEvent
  | ReviewEvent;

const vote = (request: AccessRequest, cast: VoteGiven, extendTo?: DurationSeconds): Transition | Refusal => {
  const unseen = refuseUnseen(request, cast.choice, extendTo);
  if (unseen) return unseen;
  if (request.status === 'pending') return voteOnPending(request, cast);
  if (request.status === 'active' && request.extension) return voteOnExtension(request, request.extension, cast);
  return notPending(request);
};

export const transition = (request: AccessRequest, event: RequestEvent): Transition | Refusal => {
  const made = move(request, event);
  return !isRefusal(made) && 'session' in event && event.session ? withTold(request, made, event.session) : made;
};

const move = (request: AccessRequest, event: RequestEvent): Transition | Refusal => {
  switch (event.kind) {
    case 'vote':
      return vote(request, event.vote, event.extendTo);
    case 'remind':
    case 'escalate':
      return giveNotice(request, event.kind, event.at);
    case 'cancel':
      return cancel(request, event.at, event.by);
    case 'expire':
      return expire(request, event.at);
    case 'begin-grant':
      return beginGrant(request, event.at, event.grantBy);
    case 'usable':
      return becomeUsable(request, event.at, event.standing);
    case 'fail-grant':
      return failGrant(request, event.at, event.reason);
    case 'end':
      return end(request, event.at, event.by);
    case 'gone':
      return becomeGone(request, event.at, event.vanished);
    case 'changed-outside':
      return changeOutside(request, event.at, event.change);
    case 'extend':
      return extend(request, event);
    case 'acknowledge':
      return acknowledge(request, event);
    case 'review':
      return review(request, event);
  }
};
