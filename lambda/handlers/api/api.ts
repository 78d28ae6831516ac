/** The API behind its doors: route, prove the caller, run the operation; whatever breaks becomes a problem document. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { isRefusal } from '../../domain/refusal.ts';
import { ServiceFault } from '../../ports/faults.ts';
import { identifyCaller } from '../../use-cases/identify-caller.ts';
import { enter } from './doors.ts';
import { problem, type Reply, refusalReply, toResult } from './reply.ts';
import { type DoorWorld, nothingAt, type Operations, type Route, routerOf } from './routing.ts';

export type Api = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** @param operations those that this function answers */
export const createApi = <World extends DoorWorld>(world: World, operations: Operations<World>): Api => {
  const route = routerOf(operations);
  return async (event) => {
    try {
      return toResult(await reply(world, route, event));
    } catch (fault) {
      return toResult(faultReply(world, event, fault));
    }
  };
};

const reply = async <World extends DoorWorld>(
  world: World,
  route: Route<World>,
  event: APIGatewayProxyEvent,
): Promise<Reply> => {
  const entered = enter(event.path);
  if (!entered) return nothingAt(event.path);
  const routed = route(event.httpMethod, entered.path);
  if ('reply' in routed) return routed.reply;
  const identity = entered.door.identityBehind(event);
  if (identity === undefined) return problem('not_signed_in', entered.door.howToSignIn);
  if (isRefusal(identity)) return refusalReply(identity);
  const caller = await identifyCaller(world, identity);
  if (isRefusal(caller)) return refusalReply(caller);
  return routed.run(world, event, caller);
};

/** NB. What went wrong inside is logged, not told; the trace id connects the two. */
const faultReply = (world: DoorWorld, event: APIGatewayProxyEvent, fault: unknown): Reply => {
  const traceId = event.requestContext?.requestId;
  world.reporter.warn('a call failed', { fault, traceId, path: event.path, method: event.httpMethod });
  if (fault instanceof ServiceFault) {
    const detail = `The ${fault.source} did not answer. Nothing was changed that was not confirmed; try again.`;
    return problem('unavailable', detail, { traceId });
  }
  return problem('unexpected', `Tell whoever runs Brevet, with this trace id: ${traceId}.`, { traceId });
};
