/** Ask: check what was written, have the policy judge it, store the request with its first event, start its workflow. */
import { type AccessRequest, isOpen } from '../domain/access-request.ts';
import { ask, refuseWish, type Wish } from '../domain/asking.ts';
import { sealEvent, trailAfter } from '../domain/audit-event.ts';
import type { Person } from '../domain/policy/facts.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { addSeconds } from '../domain/time.ts';
import type { IdempotencyRecord } from '../ports/ledger.ts';
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
  const recalled = await asRecalled(world);
  if (isRefusal(recalled)) return recalled;
  const judged = await judgeAsk(recalled, caller, target, { ...wish, window: windowAhead(now, wish) });
  if (isRefusal(judged)) return judged;
  const approval = await findApproval(recalled, judged.permit, caller.id);
  if (isRefusal(approval)) return approval;
  const id = world.ids.requestId();
  const salt = world.ids.salt();
  const asked = { id, salt, requester: refTo(caller), target: targetOf(judged), wish, approval, askedAt: now };
  return ask({ ...asked, entitled: entitledBy(judged) }, world.limits);
};

type Composed = Exclude<Awaited<ReturnType<typeof compose>>, Refusal>;

const store = async (world: Submitters, input: SubmitInput, composed: Composed): Promise<Told | Refusal> => {
  const { next, fact } = composed;
  const sealed = sealEvent(next.id, next.trail, next.salt, fact, world.ids.sha256);
  const after = { ...next, trail: trailAfter(sealed) };
  const idempotency = recordFor(world, input, next.id);
  const openLimit = world.limits.openRequestsPerPerson;
  const result = await world.ledger.commit({
    requests: [{ after, events: [sealed] }],
    openLimit,
    ...(idempotency ? { idempotency } : {}),
  });
  if (result === 'committed') return { request: { ...after, version: after.version + 1 }, history: [sealed] };
  if (result === 'too-many-open') {
    return refuse(
      'too_many_open',
      `You have ${openLimit} open requests, which is the limit. End or cancel one first.`,
      {
        maximum: openLimit,
      },
    );
  }
  // Only the same key at the same moment can conflict here: the other call has stored the request.
  const earlier = await remembered(world, input);
  return earlier ?? refuse('changed_meanwhile', 'The same request came twice at the same moment. Try again.');
};

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
