/** Reads what came in: bytes, UTF-8, JSON, schema, in this order, each failure with its own code. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import { problem, type Reply } from './reply.ts';

export type Read<Value> = { readonly value: Value } | { readonly reply: Reply };

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;.*)?$/i;

const headerOf = (event: APIGatewayProxyEvent, wanted: string): string | undefined =>
  Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1];

const bytesOf = (event: APIGatewayProxyEvent): Buffer =>
  Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');

const readJson = (bytes: Buffer): Read<unknown> => {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not readable';
    return { reply: problem('body_not_json', `The body must be JSON in UTF-8: ${why.slice(0, 200)}`) };
  }
};

const check = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: 'body_invalid' | 'query_invalid',
): Read<z.output<Schema>> => {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  const issues = result.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = issues.map(({ path, message }) => `${path || '(whole)'}: ${message}`).join('; ');
  return { reply: problem(code, detail.slice(0, 1000), { issues }) };
};

/** An empty body reads as `{}`, so that `end` and `cancel` need none. */
export const readBody = <Schema extends z.ZodType>(
  event: APIGatewayProxyEvent,
  schema: Schema,
  maximumBytes: number,
): Read<z.output<Schema>> => {
  const bytes = bytesOf(event);
  if (bytes.length > maximumBytes) {
    return { reply: problem('body_too_large', `The body has ${bytes.length} bytes; at most ${maximumBytes}.`) };
  }
  if (bytes.length === 0) return check(schema, {}, 'body_invalid');
  const type = headerOf(event, 'content-type');
  if (!type || !JSON_TYPE.test(type)) {
    return { reply: problem('content_type_unsupported', `Send application/json, not ${type ?? 'nothing'}.`) };
  }
  const json = readJson(bytes);
  return 'reply' in json ? json : check(schema, json.value, 'body_invalid');
};

export const readQuery = <Schema extends z.ZodType>(
  event: APIGatewayProxyEvent,
  schema: Schema,
): Read<z.output<Schema>> => check(schema, event.queryStringParameters ?? {}, 'query_invalid');

export const readHeader = headerOf;
