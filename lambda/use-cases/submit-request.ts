/** Ask: check what was written, have the policy judge it, store the request with its first event, start its workflow. */
import { type AccessRequest, type BreakGlass, isOpen } from '../domain/access-request.ts';
import { ask, refuseWish, type Wish } from '../domain/asking.ts';
import { sealEvent, trailAfter } from '../domain/audit-event.ts';
import { glassBroken } from '../domain/break-glass.ts';
import type { Person } from '../domain/policy/facts.ts';
import type { Permit } from '../domain/policy/judge.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { IdempotencyRecord, RequestChange } from '../ports/ledger.ts';
import { glassFor, mayBreakAgain } from './break-glass.ts';
import { findApproval } from './find-approval.ts';
import { type AskedTarget, entitledBy, judgeAsk, targetOf, windowAhead } from './judge-ask.ts';
import { refTo } from './people.ts';
import { asRecalled } from './recall-organization.ts';
import type { Told } from './told.ts';
import type { Needs } from './world.ts';

export interface SubmitInput {
  readonly caller: Person;
  readonly target: AskedTarget;
  readonly wish: Wish;
  /** The caller's Idempotency-Key with the hash of the body it came with. */
  readonly idempotency?: { readonly key: string; readonly bodyHash: string };
}

type Submitters = Needs<
  | 'ledger'
  | 'policies'
  | 'directory'
  | 'onCall'
  | 'organization'
  | 'catalogue'
  | 'workflow'
  | 'clock'
  | 'ids'
  | 'reporter'
  | 'limits'
>;

/** @returns the request as stored (or as it was stored by the same Idempotency-Key before), or the refusal. */
export const submitRequest = async (world: Submitters, input: SubmitInput): Promise<Told | Refusal> => {
  const request = await compose(world, input);
  // What was asked before with the same key is answered as it was, though it might be refused now.
  if (isRefusal(request)) return (await remembered(world, input)) ?? request;
  const stored = await store(world, input, request);
  if (!isRefusal(stored) && isOpen(stored.request)) await start(world, stored.request);
  return stored;
};

const remembered = async (world: Submitters, input: SubmitInput): Promise<Told | Refusal | undefined> => {
  if (!input.idempotency) return undefined;
  const { key, bodyHash } = input.idempotency;
  const record = await world.ledger.readIdempotency(input.caller.id, key);
  if (!record || record.forgetAt <= world.clock.now()) return undefined;
  if (record.bodyHash !== bodyHash) {
    return refuse(
      'idempotency_key_reused',
      'This Idempotency-Key came with another body before. Use a new key for a new request.',
    );
  }
  const request = await world.ledger.readRequest(record.requestId);
  return request && { request };
};

const compose = async (world: Submitters, { caller, target, wish }: SubmitInput) => {
  const now = world.clock.now();
  const refusal = refuseWish(wish, now, world.limits);
  if (refusal) return refusal;
  // Asking goes by the catalogue: what it has that is no longer so, assigning finds out.
  const recalled = await asRecalled(world, { isUrgent: wish.incident !== undefined });
  if (isRefusal(recalled)) return recalled;
  const judged = await judgeAsk(recalled, caller, target, { ...wish, window: windowAhead(now, wish) });
  if (isRefusal(judged)) return judged;
  const approval = await findApproval(recalled, judged.permit, caller.id);
  if (isRefusal(approval)) return approval;
  const breakGlass = await glassIn(recalled, judged.permit, wish, caller, now);
  if (isRefusal(breakGlass)) return breakGlass;
  const id = world.ids.requestId();
  const salt = world.ids.salt();
  const asked = { id, salt, requester: refTo(caller), target: targetOf(judged), wish, approval, askedAt: now };
  const composed = ask({ ...asked, entitled: entitledBy(judged), ...(breakGlass && { breakGlass }) }, world.limits);
  return { ...composed, permit: judged.permit };
};

const glassIn = async (
  world: Submitters,
  permit: Permit,
  { incident }: Wish,
  caller: Person,
  now: Instant,
): Promise<BreakGlass | Refusal | undefined> => {
  const { breakGlass } = permit;
  if (incident === undefined || !breakGlass) return undefined;
  return glassFor(world, { ...permit, breakGlass }, { incident, requesterId: caller.id, now });
};

type Composed = Exclude<Awaited<ReturnType<typeof compose>>, Refusal>;

/** Each event is a link of the chain behind the one before. */
const sealed = (world: Submitters, { next, fact }: Composed): RequestChange => {
  const facts = next.breakGlass ? [fact, glassBroken(next, next.breakGlass)] : [fact];
  let { trail } = next;
  const events = facts.map((one) => {
    const event = sealEvent(next.id, trail, next.salt, one, world.ids.sha256);
    trail = trailAfter(event);
    return event;
  });
  return { after: { ...next, trail }, events };
};

const ATTEMPTS = 5;

const store = async (world: Submitters, input: SubmitInput, composed: Composed): Promise<Told | Refusal> => {
  const change = sealed(world, composed);
  const idempotency = recordFor(world, input, change.after.id);
  const openLimit = world.limits.openRequestsPerPerson;
  const commit = { requests: [change], openLimit, ...(idempotency ? { idempotency } : {}) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // Read anew each time: whoever breaks two at the same moment is counted by one of them.
    const counted = await countedGlass(world, input, composed);
    if (isRefusal(counted)) return (await remembered(world, input)) ?? counted;
    const result = await world.ledger.commit({ ...commit, ...counted });
    if (result === 'committed') return toldOf(change);
    if (result === 'too-many-open') return tooManyOpen(openLimit);
    // The same key at the same moment: the other call has stored the request.
    const earlier = await remembered(world, input);
    if (earlier || !change.after.breakGlass) return earlier ?? twice();
  }
  return twice();
};

const countedGlass = async (
  world: Submitters,
  { caller }: SubmitInput,
  { permit }: Composed,
): Promise<{ readonly glassCount?: number } | Refusal> => {
  if (!permit.breakGlass) return {};
  const record = await mayBreakAgain(world, caller.id, permit.breakGlass.maxUses);
  return isRefusal(record) ? record : { glassCount: record.count };
};

const toldOf = ({ after, events }: RequestChange): Told => ({
  request: { ...after, version: after.version + 1 },
  history: events,
});

const tooManyOpen = (openLimit: number): Refusal =>
  refuse('too_many_open', `You have ${openLimit} open requests, which is the limit. End or cancel one first.`, {
    maximum: openLimit,
  });

const twice = (): Refusal => refuse('changed_meanwhile', 'The same request came twice at the same moment. Try again.');

const recordFor = (world: Submitters, input: SubmitInput, requestId: string): IdempotencyRecord | undefined =>
  input.idempotency && {
    personId: input.caller.id,
    ...input.idempotency,
    requestId,
    forgetAt: addSeconds(world.clock.now(), world.limits.idempotencySeconds),
  };

/** A workflow that does not start is started by the sweep. */
const start = async (world: Submitters, { id }: AccessRequest): Promise<void> => {
  try {
    await world.workflow.start(id);
  } catch (fault) {
    world.reporter.warn('the workflow was not started', { requestId: id, fault });
  }
};
