/** From method and path to operation: the routes of the contract, under the SigV4 door. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ROUTES } from '../../contract/api.ts';
import type { Operation } from './operations.ts';
import * as operations from './operations.ts';
import { problem, type Reply } from './reply.ts';
import { SIGV4_PREFIX } from './sigv4-door.ts';

type RouteName = (typeof ROUTES)[number] extends readonly [infer Method extends string, infer Path extends string]
  ? `${Method} ${Path}`
  : never;

const OPERATIONS: Record<RouteName, Operation> | Record<string, Operation> = {
  'GET /me': operations.me,
  'GET /catalog': operations.catalog,
  'POST /requests': operations.submit,
  'GET /requests': operations.list,
  'GET /requests/{id}': operations.show,
  'POST /requests/{id}/approve': operations.approve,
  'POST /requests/{id}/reject': operations.reject,
  'POST /requests/{id}/cancel': operations.cancel,
  'POST /requests/{id}/end': operations.end,
  'POST /requests/{id}/extend': operations.extend,
};

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace('{id}', '(?<id>[^/]+)')}$`);

const TABLE = ROUTES.map(([method, path]) => ({
  method: method as string,
  pattern: patternOf(path),
  operation: OPERATIONS[`${method} ${path}` as keyof typeof OPERATIONS] as Operation,
}));

export type Routed =
  | { readonly operation: Operation; readonly event: APIGatewayProxyEvent }
  | { readonly reply: Reply };

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const route = (event: APIGatewayProxyEvent): Routed => {
  const path = event.path.startsWith(`${SIGV4_PREFIX}/`) ? event.path.slice(SIGV4_PREFIX.length) : undefined;
  const fitting = path === undefined ? [] : TABLE.filter(({ pattern }) => pattern.test(path));
  if (path === undefined || fitting.length === 0) {
    return { reply: problem('route_unknown', `There is nothing at ${event.path.slice(0, 200)}.`) };
  }
  const found = fitting.find(({ method }) => method === event.httpMethod);
  if (!found) {
    const allowed = fitting.map(({ method }) => method).join(', ');
    const refusal = problem('method_not_allowed', `Use ${allowed} here.`);
    return { reply: { ...refusal, headers: { ...refusal.headers, allow: allowed } } };
  }
  const id = found.pattern.exec(path)?.groups?.id;
  const pathParameters = id === undefined ? null : { id: decoded(id) };
  return { operation: found.operation, event: { ...event, pathParameters } };
};
