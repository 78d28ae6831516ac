/** Show: one request with its history and the people who can decide now. */
import type { AccessRequest, PersonRef } from '../domain/access-request.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import { openStage } from '../domain/ballot.ts';
import type { Person } from '../domain/policy/facts.ts';
import type { Refusal } from '../domain/refusal.ts';
import { approversNow } from './approvers.ts';
import { maySee, type SeenRequest, seenBy, viewpointOn } from './describe-requests.ts';
import { requestUnknown } from './move-request.ts';
import type { Told } from './told.ts';
import type { Needs } from './world.ts';

export interface ShownRequest extends SeenRequest {
  /** Who can decide now, in the stage that is open, at most 25; nobody once it is decided. */
  readonly approvers: readonly PersonRef[];
  readonly history: readonly AuditEvent[];
}

type Showers = Needs<'ledger' | 'directory' | 'roleGroups'>;

/** Refused alike when there is no such request and when it is not the caller's to see. */
export const showRequest = async (
  world: Showers,
  { caller, requestId }: { readonly caller: Person; readonly requestId: string },
): Promise<ShownRequest | Refusal> => {
  const request = await world.ledger.readRequest(requestId);
  if (!request) return requestUnknown(requestId);
  const view = await viewpointOn(world, caller, [request]);
  if (!maySee(view, request)) return requestUnknown(requestId);
  const [approvers, history] = await Promise.all([deciders(world, request), world.ledger.readEvents(requestId)]);
  return { ...seenBy(view, request), approvers, history };
};

/** The same for a request that the caller has just changed, and therefore may see. */
export const describeRequest = async (
  world: Showers,
  caller: Person,
  { request, history: known }: Told,
): Promise<ShownRequest> => {
  const view = await viewpointOn(world, caller, [request]);
  const [approvers, history] = await Promise.all([
    deciders(world, request),
    known ?? world.ledger.readEvents(request.id),
  ]);
  return { ...seenBy(view, request), approvers, history };
};

const deciders = async (world: Showers, request: AccessRequest): Promise<readonly PersonRef[]> => {
  const ballot = request.status === 'pending' ? request : request.status === 'active' ? request.extension : undefined;
  const open = ballot && openStage(ballot);
  if (!open) return [];
  const voted = ballot.votes.map(({ approver }) => approver.id);
  return approversNow(world, open.stage, [request.requester.id, ...voted]);
};
