/** Calls of the API made from its document: such as fit, such as nearly fit, and such as nobody means well with. */
import fc from 'fast-check';
import { GOOD_ASK } from '../handlers/api-world.ts';
import { DOCUMENTED, type PlacedOperation } from '../handlers/documented.ts';
import { fitting } from './from-schema.ts';

/** A call before the ids and cursors that the run knows are put in. */
export interface RawCall {
  readonly operationId: string;
  readonly door: 'sigv4' | 'oidc';
  readonly as: string;
  readonly id: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The body as text; null for none. */
  readonly text: string | null;
  readonly isBase64: boolean;
  /** What is done to the path once it is put together. */
  readonly path: (path: string) => string;
  readonly event: Readonly<Record<string, unknown>>;
}

const EVERYBODY = ['maria', 'diego', 'omar', 'lena', 'ines', 'tom', 'chloe', 'victor', 'nobody', 'MARIA', ''];
/** Who has a chance of being let through; anybody may try. */
const RIGHT: Readonly<Record<string, readonly string[]>> = {
  approveRequest: ['omar', 'lena'],
  rejectRequest: ['omar', 'lena'],
  extendRequest: ['maria'],
  acknowledgeRequest: ['omar', 'lena'],
  reviewRequest: ['lena', 'ines'],
  listEvents: ['tom', 'ines'],
  showDrift: ['tom', 'ines'],
  takeBaseline: ['ines'],
  showPolicy: ['tom', 'ines'],
  checkPolicy: ['tom', 'ines'],
};

const callerOf = ({ operationId }: PlacedOperation): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...(RIGHT[operationId] ?? ['maria', 'maria', 'diego', 'ines'])) },
    { weight: 1, arbitrary: fc.constantFrom(...EVERYBODY) },
  );

const DOORS = ['sigv4', 'oidc'] as const;

const parametersIn = ({ parameters }: PlacedOperation, place: string): fc.Arbitrary<Record<string, unknown>> => {
  const found = parameters.filter((parameter) => parameter.in === place);
  const fields = found.map(({ name, schema }) => [name, fitting(schema, name)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
};

const bodyOf = ({ requestBody }: PlacedOperation): fc.Arbitrary<unknown> => {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return fc.constant(undefined);
  return requestBody?.required ? fitting(schema) : fc.option(fitting(schema), { nil: undefined });
};

const JSON_HEADERS = { 'content-type': 'application/json' };

const callOf = (operation: PlacedOperation): fc.Arbitrary<RawCall> =>
  fc
    .record({
      door: fc.constantFrom(...DOORS),
      as: callerOf(operation),
      id: fitting({ type: 'string', maxLength: 200 }, 'id').map(String),
      query: parametersIn(operation, 'query'),
      headers: parametersIn(operation, 'header'),
      body: bodyOf(operation),
    })
    .map(({ body, headers, ...call }) => ({
      ...call,
      operationId: operation.operationId,
      headers: { ...JSON_HEADERS, ...headers },
      text: body === undefined ? null : JSON.stringify(body),
      isBase64: false,
      path: (path: string) => path,
      event: {},
    }));

// ---------- nearly ----------

type Change = (call: RawCall) => RawCall;

const NAMES = [
  'approved',
  '__proto__',
  'constructor',
  'duration',
  'target',
  'comment',
  '',
  'toString',
  'view',
  'cursor',
];

/** Changes to the text of a body, which may or may not leave it JSON. */
const textChange: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.nat().map((where) => (text: string) => text.slice(0, where % (text.length + 1))),
  fc
    .tuple(fc.nat(), fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }))
    .map(([where, more]) => (text: string) => {
      const place = where % (text.length + 1);
      return text.slice(0, place) + more + text.slice(place);
    }),
  fc.nat().map((where) => (text: string) => {
    const place = where % (text.length + 1);
    return text.slice(0, place) + text.slice(place + 1);
  }),
  fc.tuple(fc.constantFrom(...NAMES), fc.jsonValue()).map(
    ([name, value]) =>
      (text: string) =>
        text.replace('{', `{${JSON.stringify(name)}:${JSON.stringify(value)},`).replace(',}', '}'),
  ),
  fc
    .tuple(fc.nat(), fc.constantFrom('null', '1e999', '[]', '{}', 'true', '""', '-0', '12345678901234567890'))
    .map(([which, value]) => (text: string) => {
      const texts = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)];
      const found = texts[which % Math.max(1, texts.length)];
      return found ? text.slice(0, found.index) + value + text.slice(found.index + found[0].length) : value;
    }),
);

const nearly: fc.Arbitrary<Change> = fc.oneof(
  textChange.map((change) => (call: RawCall) => ({ ...call, text: call.text === null ? null : change(call.text) })),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([name, value]) => (call: RawCall) => ({
      ...call,
      query: Object.fromEntries([...Object.entries(call.query), [name, value]]),
    })),
  fc
    .constantFrom('text/plain', '', 'application/json; charset=utf-16', 'application/problem+json', 'APPLICATION/JSON')
    .map((type) => (call: RawCall) => ({ ...call, headers: { ...call.headers, 'content-type': type } })),
);

// ---------- hostile ----------

const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.integer({ min: 1, max: 30_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.integer({ min: 1, max: 5_000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.constantFrom('\uFEFF{}', 'null', '0', '"', '{"a":1,"a":2}', ' '.repeat(64 * 1024 + 1), '{}'.padEnd(64 * 1024)),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64')),
);

const pathChange: fc.Arbitrary<(path: string) => string> = fc.oneof(
  fc
    .constantFrom('/', '//', '/..', '/.', '%2F', '%00', '?a=b', ';a', '\n', ' ')
    .map((more) => (path: string) => path + more),
  fc.constantFrom('/', '/iam/v1', '/v1', '/live', '.', '..').map((more) => (path: string) => more + path),
  fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })).map(([where, more]) => (path: string) => {
    const place = where % (path.length + 1);
    return path.slice(0, place) + more + path.slice(place);
  }),
  fc.constant((path: string) => path.replaceAll('/', '//')),
  fc.constant((path: string) => path.replaceAll('e', '%65')),
  fc.string({ unit: 'binary', maxLength: 50 }).map((other) => () => other),
);

const manyValues = fc.dictionary(
  fc.constantFrom('Content-Type', 'Idempotency-Key', 'idempotency-key', 'X-Forwarded-For', 'Authorization'),
  fc.array(fc.string({ maxLength: 20 }), { maxLength: 3 }),
  { maxKeys: 3 },
);

const eventChange = fc.oneof(
  fc.constantFrom<object>(
    { headers: null, multiValueHeaders: null },
    { headers: {}, multiValueHeaders: {} },
    { headers: undefined },
    { queryStringParameters: null },
    { requestContext: {} },
    { requestContext: null },
    { requestContext: { identity: null, authorizer: null } },
    { httpMethod: 'PUT' },
    { httpMethod: 'get' },
    { isBase64Encoded: true },
    { pathParameters: { id: '../..', proxy: 'me' } },
  ),
  fc.record({ multiValueHeaders: manyValues }),
  fc.record({ headers: fc.constant(null), multiValueHeaders: manyValues }),
  fc.record({
    multiValueQueryStringParameters: fc.dictionary(
      fc.constantFrom('view', 'cursor', 'status', 'q', '__proto__'),
      fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
      { maxKeys: 3 },
    ),
  }),
);

const hostile: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(hostileText, fc.boolean()).map(([text, isBase64]) => (call: RawCall) => ({ ...call, text, isBase64 })),
  pathChange.map((path) => (call: RawCall) => ({ ...call, path })),
  eventChange.map((event) => (call: RawCall) => ({ ...call, event: { ...event } })),
  fc.string({ unit: 'binary', maxLength: 70 }).map((as) => (call: RawCall) => ({ ...call, as })),
  fc.string({ unit: 'binary', maxLength: 70 }).map((id) => (call: RawCall) => ({ ...call, id })),
);

const UNCHANGED = fc.constant((call: RawCall) => call);

/** A request that is granted, so that the others find something to work on. */
export const goodAsk = (permissionSet: 'AdministratorAccess' | 'ReadOnlyAccess', more: object = {}): RawCall => ({
  operationId: 'submitRequest',
  door: 'oidc',
  as: 'maria',
  id: '',
  query: {},
  headers: JSON_HEADERS,
  text: JSON.stringify({ ...GOOD_ASK, target: { ...GOOD_ASK.target, permissionSet }, ...more }),
  isBase64: false,
  path: (path) => path,
  event: {},
});

/** Any operation: two of three calls fit, the others nearly, or in no way. */
export const anyCall: fc.Arbitrary<RawCall> = fc
  .tuple(
    fc.oneof(
      ...DOCUMENTED.map((operation) => ({
        // Without requests, the other operations have little to do.
        weight: operation.operationId === 'submitRequest' ? 8 : 3,
        arbitrary: callOf(operation),
      })),
    ),
    fc.oneof({ weight: 16, arbitrary: UNCHANGED }, { weight: 4, arbitrary: nearly }, { weight: 4, arbitrary: hostile }),
  )
  .map(([call, change]) => change(call));
