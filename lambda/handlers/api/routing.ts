/** From method and path to operation: the operations of the contract, the same behind every door. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { OPERATIONS, type OperationId } from '../../contract/operations.ts';
import type { Person } from '../../domain/policy/facts.ts';
import type { Needs } from '../../use-cases/world.ts';
import type { BodyLimits } from './body.ts';
import { type Call, readCall } from './read-call.ts';
import { problem, type Reply } from './reply.ts';

/** What it takes to let a call in, whatever the operation. */
export type DoorWorld = Needs<'directory' | 'reporter'> & { readonly limits: BodyLimits };

export type Operation<World, Id extends OperationId> = (world: World, call: Call<Id>) => Promise<Reply>;
export type Operations<World, Ids extends OperationId = never> = {
  readonly [Id in Ids]: Operation<World, Id>;
} & { readonly [Id in OperationId]?: Operation<World, Id> };

/** Runs the operation that the path and method chose, for a caller who is proven. */
type Run<World> = (world: World, event: APIGatewayProxyEvent, caller: Person) => Promise<Reply>;

export type Routed<World> = { readonly run: Run<World> } | { readonly reply: Reply };
export type Route<World> = (method: string, path: string) => Routed<World>;

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace('{id}', '(?<idText>[^/]+)')}$`);

const runnerOf =
  <World extends DoorWorld, Id extends OperationId>(
    id: Id,
    operation: Operation<World, Id>,
    idText: string | undefined,
  ): Run<World> =>
  async (world, event, caller) => {
    const call = readCall<Id>(OPERATIONS[id], event, { caller, idText, limits: world.limits });
    return 'reply' in call ? call.reply : operation(world, call.value);
  };

export const nothingAt = (path: string): Reply =>
  problem('route_unknown', `There is nothing at ${path.slice(0, 200)}.`);

const notAllowed = (methods: readonly string[]): Reply => {
  const allow = methods.join(', ');
  const refusal = problem('method_not_allowed', `Use ${allow} here.`);
  return { ...refusal, headers: { ...refusal.headers, allow } };
};

/**
 * The path is what lies below the door's prefix, as it was sent. NB. Nothing in it is decoded or resolved: every operation
 * has one spelling, so that whatever stands before us and reads paths by rules of its own has decided about this very one.
 */
export const routerOf = <World extends DoorWorld>(operations: Operations<World>): Route<World> => {
  const table = (Object.keys(operations) as OperationId[]).map((id) => ({
    id,
    method: OPERATIONS[id].method,
    pattern: patternOf(OPERATIONS[id].path),
  }));
  return (method, path) => {
    const fitting = table.filter(({ pattern }) => pattern.test(path));
    if (fitting.length === 0) return { reply: nothingAt(path) };
    const found = fitting.find((entry) => entry.method === method);
    const operation = found && operations[found.id];
    if (!operation) return { reply: notAllowed(fitting.map((entry) => entry.method)) };
    // The operation is that of the id, which the compiler cannot follow through a table of them.
    const run = runnerOf(
      found.id,
      operation as Operation<World, OperationId>,
      found.pattern.exec(path)?.groups?.idText,
    );
    return { run };
  };
};
