/** Extend: more time on active access, judged anew; the total never exceeds the longest duration. */
import type { AccessRequest, ActiveRequest } from '../domain/access-request.ts';
import { type ExtendEvent, refuseExtension, totalSeconds } from '../domain/extension.ts';
import type { Person } from '../domain/policy/facts.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { addSeconds, type DurationSeconds, durationText } from '../domain/time.ts';
import { findApproval } from './find-approval.ts';
import { entitledBy, judgeAsk, sessionNow } from './judge-ask.ts';
import { moveRequest } from './move-request.ts';
import type { Needs } from './world.ts';

export interface ExtendInput {
  readonly caller: Person;
  readonly requestId: string;
  readonly durationSeconds: DurationSeconds;
}

type Extenders = Needs<
  | 'ledger'
  | 'policies'
  | 'directory'
  | 'organization'
  | 'catalogue'
  | 'onCall'
  | 'reporter'
  | 'clock'
  | 'ids'
  | 'limits'
>;

export const extendRequest = (world: Extenders, input: ExtendInput): Promise<AccessRequest | Refusal> =>
  moveRequest(world, input.requestId, async (request) => {
    if (input.caller.id !== request.requester.id) {
      return refuse('not_permitted', 'Only the requester can ask for more time.');
    }
    const refusal = refuseExtension(request, world.clock.now()) ?? refuseTooOften(world, request);
    if (refusal) return refusal;
    return judgeExtension(world, input, request as ActiveRequest);
  });

/** NB. Extensions may be as short as a second: a trail must not grow past what can be shown in one answer (law 13). */
const refuseTooOften = (
  { limits: { eventsBeforeExtension: maximum } }: Needs<'limits'>,
  { trail }: AccessRequest,
): Refusal | undefined =>
  trail.count < maximum
    ? undefined
    : refuse(
        'too_many_extensions',
        `This request has had ${trail.count} events; from ${maximum} on it is not extended. Ask again when it has ended.`,
        { maximum },
      );

const judgeExtension = async (
  world: Extenders,
  { caller, durationSeconds }: ExtendInput,
  request: ActiveRequest,
): Promise<ExtendEvent | Refusal> => {
  const asked = { accountId: request.target.accountId, permissionSet: request.target.permissionSetArn };
  const total = totalSeconds(request, durationSeconds);
  const window = { from: world.clock.now(), until: addSeconds(request.endsAt, durationSeconds) };
  const judged = await judgeAsk(world, caller, asked, { ...request, durationSeconds: total, window });
  if (isRefusal(judged)) return judged.refused === 'duration_too_long' ? tooLong(request, judged) : judged;
  const approval = await findApproval(world, judged.permit, caller.id);
  if (isRefusal(approval)) return approval;
  const session = await sessionNow(world, judged);
  return { kind: 'extend', at: world.clock.now(), durationSeconds, entitled: entitledBy(judged), approval, session };
};

const tooLong = (request: ActiveRequest, judged: Refusal): Refusal => {
  const maximum = Number(judged.facts?.maximumSeconds ?? 0);
  const left = Math.max(0, Math.floor(maximum - totalSeconds(request, 0)));
  return refuse(
    'extension_too_long',
    `The access may last ${durationText(maximum)} in all, extensions included; at most ${durationText(left)} can be added. Ask again when it has ended.`,
    { maximumSeconds: maximum, leftSeconds: left },
  );
};
