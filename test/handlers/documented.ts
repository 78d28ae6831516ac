/** The OpenAPI document as a judge: every operation in it, and whether an answer is one that it documents. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../lambda/contract/openapi.ts';
import type { Answered } from './api-world.ts';

export interface Schema {
  readonly $ref?: string;
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

interface Response {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { schema: Schema }>> };
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: Record<string, Response> };
}

/** Through text, as whoever reads the document has it. */
const DOCUMENT: Document = JSON.parse(JSON.stringify(openApiDocument()));

export interface PlacedOperation extends DocumentedOperation {
  readonly method: string;
  readonly path: string;
}

export const DOCUMENTED: readonly PlacedOperation[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
);

export const documented = (operationId: string): PlacedOperation => {
  const found = DOCUMENTED.find((operation) => operation.operationId === operationId);
  if (!found) throw new Error(`the document has no operation ${operationId}`);
  return found;
};

const lastOf = (pointer: string): string => pointer.split('/').at(-1) ?? '';

/** A schema, or the component to which it points. */
export const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (DOCUMENT.components.schemas[lastOf(schema.$ref)] ?? {});

const responseOf = ({ responses }: DocumentedOperation, status: number): Response | undefined => {
  const found = responses[String(status)];
  return found && '$ref' in found ? DOCUMENT.components.responses[lastOf(found.$ref)] : found;
};

/** Answers may grow fields one day; that one has a field which the document does not know is a fault today. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, held]) => [name, closed(held)]));
  return 'properties' in schema && !('additionalProperties' in schema)
    ? { ...inner, additionalProperties: false }
    : inner;
};

const ajv = new Ajv2020({ allErrors: false, strict: false });
formats.default(ajv);
ajv.addSchema({ $id: 'document', components: { schemas: closed(DOCUMENT.components.schemas) } });

const validators = new Map<string, ValidateFunction>();

const validatorOf = (schema: Schema): ValidateFunction => {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
  const known = validators.get(text);
  if (known) return known;
  const made = ajv.compile(JSON.parse(text));
  validators.set(text, made);
  return made;
};

/** What of the answer the document does not say; undefined when it says all of it, the code of a refusal included. */
export const undocumented = (
  operation: DocumentedOperation,
  { status, headers, body }: Answered,
): string | undefined => {
  const response = responseOf(operation, status);
  if (!response) return `${operation.operationId} does not document the status ${status} (${body?.code})`;
  const media = response.content[String(headers['content-type'])];
  if (!media) return `${operation.operationId} does not document ${headers['content-type']} with ${status}`;
  const validate = validatorOf(media.schema);
  if (validate(body)) return undefined;
  return `${operation.operationId} ${status}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(body)}`;
};

/** The codes that the operation documents, with their status. */
export const codesOf = (operation: DocumentedOperation): readonly (readonly [string, number])[] =>
  Object.keys(operation.responses).flatMap((status) => {
    const media = responseOf(operation, Number(status))?.content['application/problem+json'];
    const parts = (media?.schema.allOf ?? []) as { properties?: { code?: { enum: string[] } } }[];
    return parts.flatMap(({ properties }) =>
      (properties?.code?.enum ?? []).map((code) => [code, Number(status)] as const),
    );
  });
