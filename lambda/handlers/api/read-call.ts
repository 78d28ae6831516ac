/** Reads what an operation takes, with the schemas that document it: id, query, header, body, each failure with its code. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import { IDEMPOTENCY_HEADER, idempotencyKey, requestId } from '../../contract/api.ts';
import type { OperationSpec } from '../../contract/operation-spec.ts';
import type { OPERATIONS, OperationId } from '../../contract/operations.ts';
import type { Person } from '../../domain/policy/facts.ts';
import { type BodyLimits, check, type Read, readBody } from './body.ts';
import { headerValues, queryOf } from './event.ts';
import { problem } from './reply.ts';

type Specs = typeof OPERATIONS;

/** One call of an operation: its caller proven, everything else checked. */
export interface Call<Id extends OperationId> {
  readonly caller: Person;
  readonly query: z.output<Specs[Id]['query']>;
  readonly body: Specs[Id] extends { readonly body: infer Body extends z.ZodType } ? z.output<Body> : undefined;
  /** Of the request that the path names. */
  readonly id: Specs[Id]['path'] extends `${string}{id}${string}` ? string : undefined;
  readonly idempotencyKey: string | undefined;
}

const readId = (text: string | undefined): Read<string | undefined> => {
  if (text === undefined) return { value: undefined };
  const parsed = requestId.safeParse(text);
  if (parsed.success) return { value: parsed.data };
  return { reply: problem('request_unknown', 'There is no such request; ids have 26 characters.') };
};

const readQuery = (spec: OperationSpec, event: APIGatewayProxyEvent): Read<unknown> => {
  const query = queryOf(event);
  if ('repeated' in query) {
    return {
      reply: problem('query_invalid', `The parameter "${query.repeated.slice(0, 100)}" is given more than once.`),
    };
  }
  return check(spec.query, query.parameters, 'query_invalid');
};

const readIdempotencyKey = (spec: OperationSpec, event: APIGatewayProxyEvent): Read<string | undefined> => {
  const [key, another] = spec.isIdempotent ? headerValues(event, IDEMPOTENCY_HEADER) : [];
  if (key === undefined) return { value: undefined };
  if (another === undefined && idempotencyKey.safeParse(key).success) return { value: key };
  const detail = 'An Idempotency-Key is 1 to 128 printable ASCII characters without spaces, and is given once.';
  return { reply: problem('idempotency_key_invalid', detail) };
};

/** @param idText what the path has in the place of an id, as it was sent */
export const readCall = <Id extends OperationId>(
  spec: OperationSpec & Specs[Id],
  event: APIGatewayProxyEvent,
  { caller, idText, limits }: { caller: Person; idText: string | undefined; limits: BodyLimits },
): Read<Call<Id>> => {
  const id = readId(idText);
  if ('reply' in id) return id;
  const query = readQuery(spec, event);
  if ('reply' in query) return query;
  const key = readIdempotencyKey(spec, event);
  if ('reply' in key) return key;
  const body = spec.body ? readBody(event, spec.body, limits, spec.bodyLimit) : { value: undefined };
  if ('reply' in body) return body;
  // The schemas are those of the operation, which the compiler cannot follow through a table of them.
  const call = { caller, id: id.value, query: query.value, body: body.value, idempotencyKey: key.value } as Call<Id>;
  return { value: call };
};
