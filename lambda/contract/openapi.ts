/** The API in OpenAPI 3.1, made from the schemas that validate and from the table of operations: nothing is said twice. */
import type * as z from 'zod';
import { IDEMPOTENCY_HEADER, idempotencyKey, requestId } from './api.ts';
import { DOOR_PREFIXES } from './doors.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { components, type Json, referenceTo, schemaOf } from './openapi-schemas.ts';
import type { OperationSpec } from './operation-spec.ts';
import { OPERATIONS, type OperationId, ROUTING_REFUSALS, refusalsOf } from './operations.ts';
import { PROBLEMS, type ProblemCode, problemSchema } from './problem.ts';

// ---------- operations ----------

/** What a schema says of itself belongs to the parameter. */
const parameter = (place: 'query' | 'path' | 'header', name: string, required: boolean, found: Json): Json => {
  const { description, ...schema } = found;
  return { name, in: place, required, ...(description ? { description } : {}), schema };
};

const parametersOf = (operation: OperationSpec): readonly Json[] => {
  const { properties = {}, required = [] } = schemaOf(operation.query) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return [
    ...(operation.path.includes('{id}') ? [parameter('path', 'id', true, schemaOf(requestId))] : []),
    ...(operation.isIdempotent ? [parameter('header', IDEMPOTENCY_HEADER, false, schemaOf(idempotencyKey))] : []),
    ...Object.entries(properties).map(([name, schema]) => parameter('query', name, required.includes(name), schema)),
  ];
};

const problemOf = (status: number, codes: readonly ProblemCode[]): Json => ({
  description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}.`).join('\n'),
  ...(status === 503 ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } } : {}),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          referenceTo(problemSchema),
          { type: 'object', properties: { status: { const: status }, code: { enum: codes } } },
        ],
      },
    },
  },
});

const codesByStatus = (operation: OperationSpec): ReadonlyMap<number, readonly ProblemCode[]> =>
  Map.groupBy(refusalsOf(operation), (code) => PROBLEMS[code][0]);

const problemsOf = (operation: OperationSpec): Readonly<Record<string, Json>> => {
  const responses = [...codesByStatus(operation)].map(([status, codes]) => {
    const [code, ...others] = codes;
    const isShared = code !== undefined && others.length === 0;
    return [String(status), isShared ? { $ref: `#/components/responses/${code}` } : problemOf(status, codes)] as const;
  });
  return Object.fromEntries(responses);
};

/** A refusal that is alone with its status in some operation is written once. */
const sharedProblems = (): Json => {
  const all = Object.values(OPERATIONS).flatMap((operation) => [...codesByStatus(operation).values()]);
  const alone = new Set(all.flatMap((codes) => (codes.length === 1 ? codes : [])));
  return Object.fromEntries([...alone].map((code) => [code, problemOf(PROBLEMS[code][0], [code])]));
};

const bodyOf = (body: z.ZodType): Json => ({
  required: !body.safeParse({}).success,
  content: { 'application/json': { schema: referenceTo(body) } },
});

const operationOf = (operationId: OperationId, operation: OperationSpec): Json => {
  const { summary, description, body, answer } = operation;
  const content = { 'application/json': { schema: referenceTo(answer.schema) } };
  return {
    operationId,
    summary,
    ...(description ? { description } : {}),
    parameters: parametersOf(operation),
    ...(body ? { requestBody: bodyOf(body) } : {}),
    responses: { [String(answer.status)]: { description: answer.is, content }, ...problemsOf(operation) },
  };
};

const paths = (): Json => {
  const found: Record<string, Record<string, Json>> = {};
  for (const [id, operation] of Object.entries(OPERATIONS) as [OperationId, OperationSpec][]) {
    found[operation.path] = { ...found[operation.path], [operation.method.toLowerCase()]: operationOf(id, operation) };
  }
  return found;
};

// ---------- doors ----------

const DOORS: Readonly<Record<keyof typeof DOOR_PREFIXES, { readonly description: string; readonly scheme: Json }>> = {
  sigv4: {
    description: 'For callers who sign with AWS Signature Version 4',
    scheme: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'awsSigv4',
      description:
        'AWS Signature Version 4 for the service `execute-api`, as a role of IAM Identity Center (an SSO session) of the organization.',
    },
  },
  oidc: {
    description: 'For callers with a token, where the deployment names an issuer',
    scheme: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'A token of the OpenID Connect issuer that `GET {address}/v1/login-configuration` names, for one of its audiences. That address needs no token.',
    },
  },
};

const ADDRESS = {
  default: 'http://127.0.0.1:4000',
  description: 'Where the API is: the output `ApiUrl` of the deployment without its last slash, or the local service.',
};

const servers = (): readonly Json[] =>
  Object.entries(DOORS).map(([name, { description }]) => ({
    url: `{address}${DOOR_PREFIXES[name as keyof typeof DOOR_PREFIXES]}`,
    description,
    variables: { address: ADDRESS },
  }));

const DESCRIPTION = `Temporary elevated access to AWS: ask for it, decide on it, end it.

Moments are ISO 8601 in UTC, durations ISO 8601. Bodies are JSON in UTF-8 of at most ${DEFAULT_LIMITS.bodyBytes} bytes, nested at
most ${DEFAULT_LIMITS.bodyDepth} deep; unknown fields and parameters, and names given twice, are refused. A refusal is a problem document
(RFC 9457) whose \`code\` is stable; programs decide by it. Each operation lists the codes it can answer with; any path may answer
${ROUTING_REFUSALS.map((code) => `\`${code}\` (${PROBLEMS[code][0]})`).join(' and ')}. What API Gateway refuses itself (a wrong signature, too many calls, a call too large) has the
form \`{"message": …}\`.`;

/** A new document each time; its order is always the same. */
export const openApiDocument = (): Json => ({
  openapi: '3.1.0',
  info: { title: 'Brevet', version: '1', description: DESCRIPTION },
  servers: servers(),
  security: Object.keys(DOORS).map((name) => ({ [name]: [] })),
  paths: paths(),
  components: {
    schemas: components(),
    responses: sharedProblems(),
    securitySchemes: Object.fromEntries(Object.entries(DOORS).map(([name, { scheme }]) => [name, scheme])),
  },
});
