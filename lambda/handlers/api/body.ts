/** Reads the body of a call: bytes, type, UTF-8, JSON, schema, in this order, each failure with its own code. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import type { Limits } from '../../contract/limits.ts';
import { parseStrictJson } from '../../contract/strict-json.ts';
import { headerValues } from './event.ts';
import { problem, type Reply } from './reply.ts';

export type Read<Value> = { readonly value: Value } | { readonly reply: Reply };
export type BodyLimits = Pick<Limits, 'bodyBytes' | 'bodyDepth' | 'policyCheckBytes'>;

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;
/** What decoding puts in the place of bytes that are no UTF-8, here or in the gateway before us. */
const REPLACEMENT = '\uFFFD';
const BYTE_ORDER_MARK = '\uFEFF';

const notJson = (why: string): Read<never> => ({
  reply: problem('body_not_json', `The body must be JSON in UTF-8: ${why.slice(0, 200)}.`),
});

/** Undefined for what says that it is base64 and is not; decoding would skip what does not belong, in silence. */
const bytesOf = ({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer | undefined => {
  if (!isBase64Encoded) return Buffer.from(body ?? '', 'utf8');
  const bytes = Buffer.from(body ?? '', 'base64');
  return bytes.toString('base64') === body || bytes.toString('base64').replace(/=+$/, '') === body ? bytes : undefined;
};

const readText = (bytes: Buffer): Read<string> => {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (text.includes(REPLACEMENT)) return notJson('it has bytes that are no UTF-8');
  return text.startsWith(BYTE_ORDER_MARK) ? notJson('it begins with a byte order mark') : { value: text };
};

const readJson = (text: string, { bodyDepth }: BodyLimits): Read<unknown> => {
  const json = parseStrictJson(text, bodyDepth);
  if ('value' in json) return json;
  if (json.fault === 'not-json') return notJson(json.why);
  return {
    reply: problem('body_invalid', `The body does not fit: ${json.why}.`, {
      issues: [{ path: '', message: json.why }],
    }),
  };
};

export const check = <Schema extends z.ZodType>(
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

const refuseType = (event: APIGatewayProxyEvent): Reply | undefined => {
  const types = headerValues(event, 'content-type');
  if (types.length === 1 && JSON_TYPE.test(types[0] ?? '')) return undefined;
  const given = types.join(' and ') || 'nothing';
  return problem('content_type_unsupported', `Send application/json, not ${given.slice(0, 200)}.`);
};

/** An empty body reads as `{}`, so that `end` and `cancel` need none. */
export const readBody = <Schema extends z.ZodType>(
  event: APIGatewayProxyEvent,
  schema: Schema,
  limits: BodyLimits,
  limit: 'bodyBytes' | 'policyCheckBytes' = 'bodyBytes',
): Read<z.output<Schema>> => {
  const bytes = bytesOf(event);
  if (bytes === undefined) return notJson('it is said to be base64, and is not');
  if (bytes.length > limits[limit]) {
    return { reply: problem('body_too_large', `The body has ${bytes.length} bytes; at most ${limits[limit]}.`) };
  }
  if (bytes.length === 0) return check(schema, {}, 'body_invalid');
  const wrongType = refuseType(event);
  if (wrongType) return { reply: wrongType };
  const text = readText(bytes);
  if ('reply' in text) return text;
  const json = readJson(text.value, limits);
  return 'reply' in json ? json : check(schema, json.value, 'body_invalid');
};
