/** Judges what a stand-in answers, on the wire, by the schemas with which the AWS SDK's own clients read it. */

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { NormalizedSchema } from '@smithy/core/schema';

/** A client package of the SDK, as it is imported: its exports hold a schema for each operation, shape and error. */
export type SdkPackage = Readonly<Record<string, unknown>>;

/** What is wrong with the body of a successful answer; empty when it is as AWS would answer it. */
export const problemsWithAnswer = (sdk: SdkPackage, operation: string, body: unknown): readonly string[] => {
  const schema = sdk[`${operation}$`];
  if (!isOperation(schema)) return [`the SDK knows no operation ${operation}`];
  return problems(NormalizedSchema.of(schema[5]()), body, operation);
};

type Schema = Parameters<typeof NormalizedSchema.of>[0];
type OperationSchema = readonly [9, string, string, unknown, () => Schema, () => Schema];

const isOperation = (schema: unknown): schema is OperationSchema => Array.isArray(schema) && schema[0] === 9;

/** Errors that every AWS service may answer, which the services' own models leave out. */
const COMMON_ERRORS = new Set([
  ...['AccessDeniedException', 'InternalServerException', 'SerializationException', 'ServiceUnavailableException'],
  ...['ThrottlingException', 'UnknownOperationException', 'ValidationException'],
]);

/** What is wrong with an error: it has to be one that the SDK knows for the service, with that one's members. */
export const problemsWithError = (sdk: SdkPackage, body: unknown): readonly string[] => {
  const { __type, Message, message, ...details } = Object(body) as Record<string, unknown>;
  const name = String(__type).split('#')[1] ?? '';
  if (typeof (Message ?? message) !== 'string') return [`${name} has no message`];
  const schema = sdk[`${name}$`] as Schema | undefined;
  if (schema === undefined) return COMMON_ERRORS.has(name) ? [] : [`the SDK knows no error ${String(__type)}`];
  return problems(NormalizedSchema.of(schema), details, name).filter((problem) => !/ lacks [Mm]essage$/.test(problem));
};

const problems = (schema: NormalizedSchema, value: unknown, place: string): readonly string[] => {
  if (schema.isDocumentSchema()) return [];
  if (schema.isUnitSchema()) return isRecord(value) && Object.keys(value).length === 0 ? [] : [`${place} is not empty`];
  if (schema.isStructSchema()) return structProblems(schema, value, place);
  if (schema.isListSchema()) return listProblems(schema, value, place);
  if (schema.isMapSchema()) return mapProblems(schema, value, place);
  return fits(schema, value) ? [] : [`${place} is ${JSON.stringify(value)}`];
};

const structProblems = (schema: NormalizedSchema, value: unknown, place: string): readonly string[] => {
  if (!isRecord(value)) return [`${place} is no structure`];
  const members = new Map(schema.structIterator());
  const unknown = Object.keys(value).filter((name) => !members.has(name));
  const missing = requiredOf(schema).filter((name) => value[name] === undefined);
  return [
    ...unknown.map((name) => `${place} has ${name}, which the SDK does not know`),
    ...missing.map((name) => `${place} lacks ${name}`),
    ...[...members].flatMap(([name, member]) =>
      value[name] === undefined ? [] : problems(member, value[name], `${place}.${name}`),
    ),
  ];
};

/** A structure's schema lists its required members first and says how many they are. */
const requiredOf = (schema: NormalizedSchema): readonly string[] => {
  const [, , , , names = [], , required = 0] = schema.getSchema() as unknown as readonly [
    ...[unknown, unknown, unknown, unknown],
    string[]?,
    unknown?,
    number?,
  ];
  return names.slice(0, required);
};

const listProblems = (schema: NormalizedSchema, value: unknown, place: string): readonly string[] =>
  Array.isArray(value)
    ? value.flatMap((item, index) => problems(schema.getValueSchema(), item, `${place}[${index}]`))
    : [`${place} is no list`];

const mapProblems = (schema: NormalizedSchema, value: unknown, place: string): readonly string[] =>
  isRecord(value)
    ? Object.entries(value).flatMap(([key, item]) => problems(schema.getValueSchema(), item, `${place}.${key}`))
    : [`${place} is no map`];

/** Seconds since 1970, of this century: milliseconds would be far beyond it. */
const isInstant = (value: unknown): boolean =>
  typeof value === 'number' && value > 946_684_800 && value < 4_102_444_800;

const fits = (schema: NormalizedSchema, value: unknown): boolean => {
  if (schema.isTimestampSchema()) return isInstant(value);
  if (schema.isNumericSchema()) return Number.isFinite(value);
  if (schema.isBooleanSchema()) return typeof value === 'boolean';
  return typeof value === 'string';
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Response {
  readonly statusCode: number;
  body: unknown;
}

interface Listened {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<{ response: unknown }>,
        context: { readonly commandName?: string },
      ) => (args: never) => Promise<never>,
      options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
}

/** Lets an unmodified client call, reads along, and adds what is wrong with each answer to `found`. */
export const readAlong = (sdk: SdkPackage, client: object, found: string[]): void => {
  (client as Listened).middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const result = await next(args);
        const response = result.response as Response;
        const bytes = await buffer(response.body as NodeJS.ReadableStream);
        response.body = Readable.from([bytes]);
        found.push(...problemsWith(sdk, commandName.replace(/Command$/, ''), response.statusCode, bytes.toString()));
        return result as never;
      },
    { step: 'deserialize', priority: 'low', name: 'readAlong' },
  );
};

const problemsWith = (sdk: SdkPackage, operation: string, status: number, text: string): readonly string[] => {
  const body: unknown = JSON.parse(text);
  return status === 200 ? problemsWithAnswer(sdk, operation, body) : problemsWithError(sdk, body);
};
