/** From method and path to operation: the operations of the contract, the same behind every door. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { OPERATIONS, type OperationId } from '../../contract/operations.ts';
import type { Person } from '../../domain/policy/facts.ts';
import { type ApiWorld, HANDLERS } from './operations.ts';
import { readCall } from './read-call.ts';
import { problem, type Reply } from './reply.ts';

/** Runs the operation that the path and method chose, for a caller who is proven. */
type Run = (world: ApiWorld, event: APIGatewayProxyEvent, caller: Person) => Promise<Reply>;

export type Routed = { readonly run: Run } | { readonly reply: Reply };

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace('{id}', '(?<idText>[^/]+)')}$`);

const runnerOf =
  <Id extends OperationId>(id: Id, idText: string | undefined): Run =>
  async (world, event, caller) => {
    const call = readCall<Id>(OPERATIONS[id], event, { caller, idText, limits: world.limits });
    return 'reply' in call ? call.reply : HANDLERS[id](world, call.value);
  };

const TABLE = (Object.keys(OPERATIONS) as OperationId[]).map((id) => ({
  id,
  method: OPERATIONS[id].method,
  pattern: patternOf(OPERATIONS[id].path),
}));

export const nothingAt = (path: string): Reply =>
  problem('route_unknown', `There is nothing at ${path.slice(0, 200)}.`);

/**
 * @param path below the door's prefix, as it was sent. NB. Nothing in it is decoded or resolved: every operation has one
 * spelling, so that whatever stands before us and reads paths by rules of its own has decided about this very one.
 */
export const route = (method: string, path: string): Routed => {
  const fitting = TABLE.filter(({ pattern }) => pattern.test(path));
  if (fitting.length === 0) return { reply: nothingAt(path) };
  const found = fitting.find((entry) => entry.method === method);
  if (!found) {
    const allowed = fitting.map((entry) => entry.method).join(', ');
    const refusal = problem('method_not_allowed', `Use ${allowed} here.`);
    return { reply: { ...refusal, headers: { ...refusal.headers, allow: allowed } } };
  }
  return { run: runnerOf(found.id, found.pattern.exec(path)?.groups?.idText) };
};
