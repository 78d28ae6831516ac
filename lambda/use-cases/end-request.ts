/** End: anyone concerned can end access before its time; the clock ends it at its time. Ending never needs permission to have been right. */
import type { AccessRequest, Actor } from '../domain/access-request.ts';
import { holdsLease } from '../domain/lease.ts';
import { person } from '../domain/move.ts';
import type { Person } from '../domain/policy/facts.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { isApproverOf } from './approvers.ts';
import { moveRequest } from './move-request.ts';
import { refTo, rolesOf } from './people.ts';
import { wakeConverger } from './wake-converger.ts';
import { wakeWorkflow } from './wake-workflow.ts';
import type { Needs } from './world.ts';

type Enders = Needs<'ledger' | 'converger' | 'workflow' | 'clock' | 'ids' | 'reporter'>;

/** Stores the end and acts at once; whatever is lost on the way, the sweep repeats. */
const endBy = async (
  world: Omit<Enders, 'workflow'>,
  requestId: string,
  by: Actor,
  refuseUnless: (request: AccessRequest) => Promise<Refusal | undefined>,
): Promise<AccessRequest | Refusal> => {
  const moved = await moveRequest(
    world,
    requestId,
    async (request) => (await refuseUnless(request)) ?? { kind: 'end', at: world.clock.now(), by },
  );
  if (!isRefusal(moved) && holdsLease(moved)) await wakeConverger(world, moved);
  return moved;
};

/** A person ends it: the requester, an approver of the request, or an administrator. */
export const endRequest = async (
  world: Enders & Needs<'directory' | 'roleGroups'>,
  { caller, requestId }: { readonly caller: Person; readonly requestId: string },
): Promise<AccessRequest | Refusal> => {
  const ended = await endBy(world, requestId, person(refTo(caller)), (request) =>
    refuseStranger(world, caller, request),
  );
  if (!isRefusal(ended)) await wakeWorkflow(world, ended);
  return ended;
};

/** The clock ends it: nobody waits to be told that, only that it is gone. Refused with `request_not_due` before its time. */
export const endRequestByClock = (
  world: Omit<Enders, 'workflow'>,
  requestId: string,
): Promise<AccessRequest | Refusal> => endBy(world, requestId, { kind: 'clock' }, async () => undefined);

const refuseStranger = async (
  world: Needs<'directory' | 'roleGroups'>,
  caller: Person,
  request: AccessRequest,
): Promise<Refusal | undefined> => {
  if (caller.id === request.requester.id) return undefined;
  if (await isApproverOf(world, caller, request)) return undefined;
  if ((await rolesOf(world, caller.id)).administrator) return undefined;
  return refuse('not_permitted', 'Only the requester, an approver of the request or an administrator can end it.');
};
