/** The API behind its doors: route, prove the caller, run the operation; whatever breaks becomes a problem document. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { isRefusal } from '../../domain/refusal.ts';
import { ServiceFault } from '../../ports/faults.ts';
import { identifyCaller } from '../../use-cases/identify-caller.ts';
import type { ApiWorld } from './operations.ts';
import { problem, type Reply, refusalReply, toResult } from './reply.ts';
import { route } from './routing.ts';
import { userNameBehind } from './sigv4-door.ts';

export type Api = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

export const createApi =
  (world: ApiWorld): Api =>
  async (event) => {
    try {
      return toResult(await reply(world, event));
    } catch (fault) {
      return toResult(faultReply(world, event, fault));
    }
  };

const reply = async (world: ApiWorld, event: APIGatewayProxyEvent): Promise<Reply> => {
  const routed = route(event);
  if ('reply' in routed) return routed.reply;
  const userName = userNameBehind(event);
  if (userName === undefined) {
    return problem('not_signed_in', 'Call with the credentials of a session from the AWS access portal (SSO).');
  }
  const caller = await identifyCaller(world, userName);
  if (isRefusal(caller)) return refusalReply(caller);
  return routed.operation(world, { event: routed.event, caller });
};

/** NB. What went wrong inside is logged, not told; the trace id connects the two. */
const faultReply = (world: ApiWorld, event: APIGatewayProxyEvent, fault: unknown): Reply => {
  const traceId = event.requestContext?.requestId;
  world.reporter.warn('a call failed', { fault, traceId, path: event.path, method: event.httpMethod });
  if (fault instanceof ServiceFault) {
    const detail = `The ${fault.source} did not answer. Nothing was changed that was not confirmed; try again.`;
    return {
      ...problem('unavailable', detail, { traceId }),
      headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
    };
  }
  return problem('unexpected', `Tell whoever runs Brevet, with this trace id: ${traceId}.`, { traceId });
};
