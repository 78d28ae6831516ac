/** OpenAPI 3.1 as far as the document uses it, strictly: whatever is not here is not in the specification, or not in use. */
import * as z from 'zod';

const text = z.string().min(1);
/** Judged by a validator of JSON Schema. */
const schema = z.looseObject({});
const reference = z.strictObject({ $ref: z.string().regex(/^#\/components\//) });

const parameter = z.strictObject({
  name: text,
  in: z.enum(['query', 'path', 'header']),
  required: z.boolean(),
  description: text.optional(),
  schema,
});

const content = z.record(z.string().regex(/^application\/(problem\+)?json$/), z.strictObject({ schema }));
const header = z.strictObject({ description: text, schema });
const response = z.strictObject({ description: text, headers: z.record(text, header).optional(), content });

const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: text,
  description: text.optional(),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(z.string().regex(/^[2345]\d\d$/), z.union([reference, response])),
});

const securityScheme = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('apiKey'),
    name: text,
    in: z.enum(['header', 'query', 'cookie']),
    description: text,
    /** An extension that API Gateway gave a meaning to. */
    'x-amazon-apigateway-authtype': z.literal('awsSigv4'),
  }),
  z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), bearerFormat: text, description: text }),
]);

const componentName = z.string().regex(/^[\w.-]+$/);

export const openApiRules = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: text, version: text, description: text }),
  servers: z.array(
    z.strictObject({
      url: text,
      description: text,
      variables: z.record(text, z.strictObject({ default: text, description: text })),
    }),
  ),
  security: z.array(z.record(componentName, z.array(text))),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({ get: operation.optional(), post: operation.optional() }),
  ),
  components: z.strictObject({
    schemas: z.record(componentName, schema),
    responses: z.record(componentName, response),
    securitySchemes: z.record(componentName, securityScheme),
  }),
});
