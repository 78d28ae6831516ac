/** Calls that try to be read in two ways, behind every door: each a clear refusal with its own code, nothing stored. */
import { beforeEach, describe, expect, test } from 'vitest';
import { DOOR_PREFIXES } from '../../lambda/contract/doors.ts';
import { PROBLEMS, type ProblemCode } from '../../lambda/contract/problem.ts';
import { type Answered, type CallOptions, createApiWorld, createCaller, eventFor, GOOD_ASK } from './api-world.ts';

const TEXT = JSON.stringify(GOOD_ASK);
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64');
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const withField = (json: string): string => TEXT.replace('{', `{"more":${json},`);

describe.each(Object.keys(DOOR_PREFIXES) as (keyof typeof DOOR_PREFIXES)[])('behind the door %s', (door) => {
  let made: ReturnType<typeof createApiWorld>;
  let ask: (options: CallOptions) => Promise<Answered>;
  let get: (path: string, options?: CallOptions) => Promise<Answered>;
  beforeEach(() => {
    made = createApiWorld();
    const call = createCaller(made.api);
    ask = (options) => call('maria', 'POST', '/requests', { door, ...options });
    get = (path, options) => call('maria', 'GET', path, { door, ...options });
  });

  const expectRefused = (answered: Answered, code: ProblemCode): void => {
    expect([answered.body.code, answered.status], JSON.stringify(answered.body)).toEqual([code, PROBLEMS[code][0]]);
    expect(answered.headers['content-type']).toBe('application/problem+json');
    expect(made.world.workflow.started).toEqual([]);
  };

  test.each<[string, CallOptions, ProblemCode]>([
    ['nothing', { rawBody: '' }, 'body_invalid'],
    ['spaces', { rawBody: '   ' }, 'body_not_json'],
    ['half a document', { rawBody: TEXT.slice(0, -1) }, 'body_not_json'],
    ['two documents', { rawBody: TEXT + TEXT }, 'body_not_json'],
    ['a comment', { rawBody: `${TEXT}//` }, 'body_not_json'],
    ['what is no number', { rawBody: withField('NaN') }, 'body_not_json'],
    ['a number too large', { rawBody: withField('1e999') }, 'body_invalid'],
    ['a number for a text', { rawBody: TEXT.replace('"PT1H"', '1e400') }, 'body_invalid'],
    ['null', { rawBody: 'null' }, 'body_invalid'],
    ['a text', { rawBody: JSON.stringify(TEXT) }, 'body_invalid'],
    ['a byte order mark', { rawBody: `\uFEFF${TEXT}` }, 'body_not_json'],
    ['a byte order mark in base64', { rawBody: base64(`\uFEFF${TEXT}`), base64: true }, 'body_not_json'],
    ['UTF-16', { rawBody: base64(Buffer.from(TEXT, 'utf16le')), base64: true }, 'body_not_json'],
    ['bytes that are no UTF-8', { rawBody: base64(Buffer.from([0x7b, 0xff, 0x7d])), base64: true }, 'body_not_json'],
    ['an overlong encoding', { rawBody: base64(Buffer.from([0x22, 0xc0, 0xaf, 0x22])), base64: true }, 'body_not_json'],
    ['bytes that the gateway could not read', { rawBody: TEXT.replace('stuck', 'st\uFFFDck') }, 'body_not_json'],
    ['half a surrogate pair', { rawBody: TEXT.replace('stuck', 'st\uD800ck') }, 'body_not_json'],
    ['half a surrogate pair, escaped', { rawBody: TEXT.replace('stuck', 'st\\ud800ck') }, 'justification_unprintable'],
    ['base64 that it is not', { rawBody: TEXT, base64: true }, 'body_not_json'],
    ['base64 with something in between', { rawBody: `${base64(TEXT)}\n#`, base64: true }, 'body_not_json'],
    ['nothing but what base64 skips', { rawBody: '####', base64: true }, 'body_not_json'],
    ['base64 that nobody announced', { rawBody: base64(TEXT) }, 'body_not_json'],
    ['an unknown field', { body: { ...GOOD_ASK, approved: true } }, 'body_invalid'],
    ['an unknown field inside', { body: { ...GOOD_ASK, target: { ...GOOD_ASK.target, arn: '' } } }, 'body_invalid'],
    ['a name twice', { rawBody: TEXT.replace('{', '{"duration":"PT4H",') }, 'body_invalid'],
    ['a name twice inside', { rawBody: TEXT.replace('{"kind"', '{"accountId":"1","kind"') }, 'body_invalid'],
    ['a name twice, once escaped', { rawBody: TEXT.replace('{', '{"\\u0064uration":"PT4H",') }, 'body_invalid'],
    ['__proto__', { rawBody: withField('1').replace('more', '__proto__') }, 'body_invalid'],
    ['__proto__ inside', { rawBody: TEXT.replace('{"kind"', '{"__proto__":{"x":1},"kind"') }, 'body_invalid'],
    ['constructor', { rawBody: withField('1').replace('more', 'constructor') }, 'body_invalid'],
    ['lists 21 deep', { rawBody: nested(21) }, 'body_invalid'],
    ['lists without end', { rawBody: nested(30_000) }, 'body_invalid'],
    ['one byte too many', { rawBody: TEXT.padEnd(64 * 1024 + 1) }, 'body_too_large'],
    ['bytes counted, not letters', { rawBody: TEXT.replace('stuck', 'ü'.repeat(33_000)) }, 'body_too_large'],
    ['no content type', { body: GOOD_ASK, event: { headers: {} } }, 'content_type_unsupported'],
    ['a form', { body: GOOD_ASK, headers: { 'content-type': 'multipart/form-data' } }, 'content_type_unsupported'],
    [
      'a charset',
      { body: GOOD_ASK, headers: { 'content-type': 'application/json; charset=utf-16' } },
      'content_type_unsupported',
    ],
    [
      'a dialect',
      { body: GOOD_ASK, headers: { 'content-type': 'application/problem+json' } },
      'content_type_unsupported',
    ],
    ['almost JSON', { body: GOOD_ASK, headers: { 'content-type': 'application/jsonp' } }, 'content_type_unsupported'],
    [
      'two content types',
      { body: GOOD_ASK, event: { multiValueHeaders: { 'Content-Type': ['text/html', 'application/json'] } } },
      'content_type_unsupported',
    ],
    [
      'a content type under two names',
      { body: GOOD_ASK, headers: { 'Content-Type': 'text/plain' } },
      'content_type_unsupported',
    ],
    ['an empty Idempotency-Key', { body: GOOD_ASK, headers: { 'idempotency-key': '' } }, 'idempotency_key_invalid'],
    [
      'an Idempotency-Key too long',
      { body: GOOD_ASK, headers: { 'Idempotency-Key': 'k'.repeat(129) } },
      'idempotency_key_invalid',
    ],
    [
      'two keys under two names',
      { body: GOOD_ASK, headers: { 'Idempotency-Key': 'a', 'idempotency-key': 'b' } },
      'idempotency_key_invalid',
    ],
    [
      'two Idempotency-Keys',
      { body: GOOD_ASK, event: { multiValueHeaders: { 'Idempotency-Key': ['a', 'b'] } } },
      'idempotency_key_invalid',
    ],
    ['a query where there is none', { body: GOOD_ASK, query: { dryRun: 'true' } }, 'query_invalid'],
  ])('a body or header is refused: %s', async (_, options, code) => {
    expectRefused(await ask(options), code);
    expect(await made.world.ledger.listAll({ limit: 1 })).toEqual({ items: [] });
  });

  test.each<[string, CallOptions]>([
    ['just 64 KiB', { rawBody: TEXT.padEnd(64 * 1024) }],
    ['base64', { rawBody: base64(TEXT), base64: true }],
    ['base64 without its padding', { rawBody: base64(TEXT).replace(/=+$/, ''), base64: true }],
    ['its charset', { body: GOOD_ASK, headers: { 'content-type': 'Application/JSON;charset="UTF-8"' } }],
    [
      'headers in the form of many values only',
      { body: GOOD_ASK, event: { headers: null, multiValueHeaders: { 'CONTENT-TYPE': ['application/json'] } } },
    ],
    [
      'a header twice with the same value',
      { body: GOOD_ASK, event: { multiValueHeaders: { 'Content-Type': ['application/json', 'application/json'] } } },
    ],
  ])('a body is taken: %s', async (_, options) => {
    expect((await ask(options)).status).toBe(201);
  });

  test.each<[string, ProblemCode]>([
    ['', 'route_unknown'],
    ['/', 'route_unknown'],
    ['/me/', 'route_unknown'],
    ['//me', 'route_unknown'],
    ['/./me', 'route_unknown'],
    ['/requests/../me', 'route_unknown'],
    ['/%6de', 'route_unknown'],
    ['/me%2F', 'route_unknown'],
    ['/me%00', 'route_unknown'],
    ['/me\n', 'route_unknown'],
    ['/me?view=all', 'route_unknown'],
    ['/ME', 'route_unknown'],
    ['/openapiXjson', 'route_unknown'],
    ['/__proto__', 'route_unknown'],
    ['/constructor', 'route_unknown'],
    [`/${'a'.repeat(100_000)}`, 'route_unknown'],
    [`/requests/${'0'.repeat(26)}/`, 'route_unknown'],
    [`/requests/${'0'.repeat(26)}/../../me`, 'route_unknown'],
    ['/requests/', 'route_unknown'],
    ['/requests/..', 'request_unknown'],
    ['/requests/.', 'request_unknown'],
    ['/requests/%2e%2e', 'request_unknown'],
    [`/requests/${'0'.repeat(13)}%2F${'0'.repeat(12)}`, 'request_unknown'],
    [`/requests/%30${'0'.repeat(25)}`, 'request_unknown'],
    [`/requests/${'0'.repeat(26)}\n`, 'request_unknown'],
    [`/requests/${'o'.repeat(26)}`, 'request_unknown'],
    [`/requests/${'0'.repeat(100_000)}`, 'request_unknown'],
    ['/requests/{id}', 'request_unknown'],
  ])('a path has one spelling: %j', async (path, code) => {
    expectRefused(await get(path), code);
  });

  test.each(['GETS', 'get', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', '__proto__', ''])(
    'a method is one of those that the resource knows: %s',
    async (method) => {
      const result = await made.api(
        eventFor('maria', method, '/me', { door, headers: { 'x-http-method-override': 'GET' } }),
      );
      expect([result.statusCode, JSON.parse(result.body).code, result.headers?.allow]).toEqual([
        405,
        'method_not_allowed',
        'GET',
      ]);
    },
  );

  test.each<[string, CallOptions, ProblemCode]>([
    ['that is given twice', { event: { multiValueQueryStringParameters: { view: ['mine', 'all'] } } }, 'query_invalid'],
    [
      'that is given twice alike',
      { event: { multiValueQueryStringParameters: { view: ['mine', 'mine'] } } },
      'query_invalid',
    ],
    [
      'that the two forms tell apart',
      { query: { view: 'mine' }, event: { multiValueQueryStringParameters: { view: ['all'] } } },
      'query_invalid',
    ],
    ['in another case', { query: { VIEW: 'mine' } }, 'query_invalid'],
    ['with nothing in it', { query: { view: '' } }, 'query_invalid'],
    ['as a list', { query: { 'view[]': 'mine' } }, 'query_invalid'],
    [
      'that changes what is inherited',
      { event: { queryStringParameters: JSON.parse('{"__proto__":"all"}') } },
      'query_invalid',
    ],
    ['a cursor too long', { query: { cursor: 'A'.repeat(501) } }, 'query_invalid'],
    ['a cursor that is none', { query: { cursor: '%00' } }, 'cursor_invalid'],
    ['a cursor of another list', { query: { cursor: '50' } }, 'cursor_invalid'],
    ['an empty cursor', { query: { cursor: '' } }, 'cursor_invalid'],
  ])('a parameter is refused: %s', async (_, options, code) => {
    expectRefused(await get('/requests', options), code);
  });

  test('parameters in the form of many values only are read', async () => {
    const answered = await get('/requests', { event: { multiValueQueryStringParameters: { view: ['all'] } } });
    expectRefused(answered, 'not_permitted');
  });

  test('an event without headers, parameters and context proves nobody, and is refused all the same', async () => {
    const event = { headers: null, multiValueHeaders: null, requestContext: undefined };
    expectRefused(await get('/me', { event }), 'not_signed_in');
  });

  test('a body that comes with a GET is not looked at', async () => {
    expect((await get('/me', { rawBody: '{"a":1,"a":' })).status).toBe(200);
  });
});

describe('the path decides the door', () => {
  const oneWorld = createApiWorld();
  const call = createCaller(oneWorld.api);
  const context = (authorizer: object | null, userArn: string | null) => ({
    requestContext: { requestId: 'trace-1', authorizer, identity: { userArn } },
  });
  const arn = 'arn:aws:sts::300000000001:assumed-role/AWSReservedSSO_BrevetUser_0123456789abcdef/maria';
  const token = { kind: 'user-name', value: 'maria' };

  test.each([
    ['the token’s proof counts for nothing behind the SigV4 door', 'sigv4', context(token, null)],
    ['the signature’s proof counts for nothing behind the OIDC door', 'oidc', context(null, arn)],
    ['a proof of another form counts for nothing', 'oidc', context({ kind: 'user-id', value: 'u-maria' }, null)],
    ['claims that no authorizer of ours left count for nothing', 'oidc', context({ principalId: 'maria' }, null)],
  ] as const)('%s', async (_, door, event) => {
    const answered = await call('maria', 'GET', '/me', { door, event });
    expect([answered.status, answered.body.code]).toEqual([401, 'not_signed_in']);
  });

  test.each([
    '/iam/v1',
    '/iam/v1x/me',
    '/IAM/v1/me',
    '//iam/v1/me',
    '/iam//v1/me',
    '/iam/v1/../../v1/me',
    '/iam%2Fv1/me',
    '/live/iam/v1/me',
    '/v1',
    '/v2/me',
    '/v1/iam/v1/me',
    '/iam/v1/v1/me',
    '',
    '*',
  ])('a path behind no door, or behind it a second one, is nothing: %s', async (path) => {
    const event = { path, ...context(token, arn) };
    const answered = await call('maria', 'GET', '/me', { event });
    expect([answered.status, answered.body.code]).toEqual([404, 'route_unknown']);
  });
});
