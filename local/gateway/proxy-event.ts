/** Between HTTP and a function: the proxy event that API Gateway's REST API makes of a call, and the answer that comes back. */
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Caller } from './callers.ts';
import type { AuthorizerValues } from './token-authorizer.ts';

/** What is known of a caller at the door: a key that signed, or what the authorizer said. */
export type Proof =
  | { readonly by: 'key'; readonly caller: Caller }
  | { readonly by: 'token'; readonly accountId: string; readonly authorizer: AuthorizerValues };

export interface IncomingCall {
  readonly method: string;
  /** As sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Name and value in turn, as Node reads them off the wire. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Where in the API the call arrived. */
export interface Place {
  readonly stage: string;
  /** `<prefix>{proxy+}`, or the path itself */
  readonly resource: string;
  /** What comes before the proxy parameter, with its last slash. */
  readonly prefix: string;
}

type ManyValues = Record<string, string[]>;

const gather = (pairs: Iterable<readonly [string, string]>): ManyValues => {
  const many: ManyValues = Object.create(null);
  for (const [name, value] of pairs) many[name] = [...(many[name] ?? []), value];
  return many;
};

/** API Gateway hands over the last of several values. */
const lastOf = (many: ManyValues): Record<string, string> =>
  Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values.at(-1) ?? '']));

const headersOf = (rawHeaders: readonly string[], by: Proof['by']): ManyValues => {
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
  // The signature stays at the door; a token goes through, as in AWS. NB. Nothing behind the door may believe either.
  const handedOn = by === 'token' ? pairs : pairs.filter(([name]) => name.toLowerCase() !== 'authorization');
  return gather([...handedOn, ['X-Forwarded-For', '127.0.0.1'], ['X-Forwarded-Proto', 'http']]);
};

type Identity = APIGatewayProxyEvent['requestContext']['identity'];

/** Of a caller without a key, API Gateway knows no more than this. */
const anonymous = (userAgent: string): Identity => ({
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '127.0.0.1',
  user: null,
  userAgent,
  userArn: null,
});

const identityOf = (proof: Proof, userAgent: string): Identity => {
  if (proof.by === 'token') return anonymous(userAgent);
  const { accessKeyId, accountId, principalId, organizationId, userArn } = proof.caller;
  return {
    ...anonymous(userAgent),
    accessKey: accessKeyId,
    accountId,
    caller: principalId,
    principalOrgId: organizationId,
    user: principalId,
    userArn,
  };
};

const orNull = <Value extends object>(value: Value): Value | null => (Object.keys(value).length > 0 ? value : null);

export const toProxyEvent = (
  call: IncomingCall,
  proof: Proof,
  { stage, resource, prefix }: Place,
): APIGatewayProxyEvent => {
  const { method, path, query } = call;
  const headers = headersOf(call.rawHeaders, proof.by);
  const parameters = gather(query);
  const userAgent =
    Object.entries(headers)
      .find(([name]) => name.toLowerCase() === 'user-agent')?.[1]
      .at(-1) ?? '';
  return {
    resource,
    path,
    httpMethod: method,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastOf(parameters)),
    multiValueQueryStringParameters: orNull(parameters),
    pathParameters: path.length > prefix.length ? { proxy: path.slice(prefix.length) } : null,
    stageVariables: null,
    body: call.body.length === 0 ? null : call.body.toString('utf8'),
    isBase64Encoded: false,
    requestContext: {
      accountId: proof.by === 'key' ? proof.caller.accountId : proof.accountId,
      apiId: 'local',
      authorizer: proof.by === 'token' ? proof.authorizer : null,
      httpMethod: method,
      identity: identityOf(proof, userAgent),
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      requestId: randomUUID(),
      requestTimeEpoch: Date.now(),
      resourceId: 'local',
      resourcePath: resource,
      stage,
    },
  };
};

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Anything else makes API Gateway answer 502. */
const proxyResult = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** @returns undefined when the function answered something that is no proxy result. */
export const fromProxyResult = (payload: string): OutgoingAnswer | undefined => {
  const parsed = proxyResult.safeParse(JSON.parse(payload));
  if (!parsed.success) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = parsed.data;
  return {
    status: statusCode,
    headers: { 'content-type': 'application/json', ...lowerCased(headers), ...lowerCased(multiValueHeaders) },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
};

const lowerCased = <Value>(headers: Readonly<Record<string, Value>> | null | undefined): Record<string, Value> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
