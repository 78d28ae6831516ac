/** A stand-in for API Gateway's REST API: proves the caller, applies the resource policy, calls the function behind. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { DESCRIPTION_PATH, DOOR_PREFIXES, POLICY_PATH } from '../../lambda/contract/doors.ts';
import { LOGIN_CONFIGURATION_PATH, type LoginConfiguration } from '../../lambda/contract/sign-in.ts';
import type { FunctionOutcome } from '../functions/function-host.ts';
import { readBody, sendJson } from '../loopback-server.ts';
import type { Caller } from './callers.ts';
import { PAGE_HEADERS } from './page.ts';
import { fromProxyResult, type IncomingCall, type OutgoingAnswer, type Proof, toProxyEvent } from './proxy-event.ts';
import {
  accessDenied,
  badIntegration,
  type DoorRefusal,
  integrationTimeout,
  isDoorRefusal,
  malformed,
  missingToken,
  tooLarge,
  unknownKey,
} from './refusal.ts';
import type { PolicyAnswer, PolicyQuestion } from './resource-policy.ts';
import { verifySignature } from './signature.ts';
import { authorizeByToken } from './token-authorizer.ts';

/** As the stack's methods have it. */
export type FunctionBehind = 'api' | 'policyCheck';

export interface GatewayOptions {
  readonly region: string;
  /** The account that hosts the API. */
  readonly accountId: string;
  readonly callers: ReadonlyMap<string, Caller>;
  readonly judge: (question: PolicyQuestion) => PolicyAnswer;
  /** Calls the function behind the API, or the policy's own. */
  readonly invoke: (payload: string, which: FunctionBehind) => Promise<FunctionOutcome>;
  /** Calls the authorizer of the OIDC door. */
  readonly authorize: (payload: string) => Promise<FunctionOutcome>;
  /** What is answered to whoever asks how to sign in. */
  readonly loginConfiguration: LoginConfiguration;
  /** The page at `/`. */
  readonly page: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** How long the function may take, milliseconds. */
  readonly integrationLimitMs?: number;
}

/** API Gateway's own limits: 10 MB for a call and for an answer, 29 s for the function. */
const MOST_BYTES = 10 * 1024 * 1024;
const INTEGRATION_LIMIT_MS = 29_000;
/** Lambda takes at most 6 MB, and the body travels inside JSON. */
const MOST_EVENT_BYTES = 6 * 1024 * 1024;

const STAGE = 'live';
/** Behind each door the resources, the closest first: what lies behind one is its function's. */
const RESOURCES = (Object.keys(DOOR_PREFIXES) as (keyof typeof DOOR_PREFIXES)[]).flatMap((name) =>
  [
    { path: POLICY_PATH, which: 'policyCheck' as const, isGreedy: false },
    { path: POLICY_PATH, which: 'policyCheck' as const, isGreedy: true },
    { path: DESCRIPTION_PATH, which: 'policyCheck' as const, isGreedy: false },
    { path: '', which: 'api' as const, isGreedy: true },
  ].map(({ path, which, isGreedy }) => {
    const prefix = `${DOOR_PREFIXES[name]}${path}${isGreedy ? '/' : ''}`;
    return {
      name,
      which,
      isGreedy,
      place: { stage: STAGE, prefix, resource: isGreedy ? `${prefix}{proxy+}` : prefix },
    };
  }),
);
type Resource = (typeof RESOURCES)[number];

/** A greedy parameter takes at least one character. */
const resourceAt = (path: string): Resource | undefined =>
  RESOURCES.find(({ isGreedy, place: { prefix } }) =>
    isGreedy ? path.startsWith(prefix) && path.length > prefix.length : path === prefix,
  );

type Outcome = OutgoingAnswer | DoorRefusal;

const readCall = async (request: IncomingMessage): Promise<IncomingCall | DoorRefusal> => {
  const [path = '', ...search] = (request.url ?? '').split('?');
  if (!path.startsWith('/')) return malformed;
  const body = await readBody(request, MOST_BYTES);
  if (body === undefined) return tooLarge;
  const query = new URLSearchParams(search.join('?'));
  return { method: request.method ?? '', path, query, rawHeaders: request.rawHeaders, body };
};

const singleHeaders = (request: IncomingMessage): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]));

export const createGateway = (options: GatewayOptions) => {
  const { region, accountId, callers, judge, invoke, page } = options;
  const { now = Date.now, integrationLimitMs = INTEGRATION_LIMIT_MS } = options;
  const secretOf = (key: string): string | undefined => callers.get(key)?.secretAccessKey;

  const resourceOf = ({ method, path }: IncomingCall): string => `${STAGE}/${method}${path}`;
  const arnOf = (call: IncomingCall): string => `arn:aws:execute-api:${region}:${accountId}:local/${resourceOf(call)}`;

  const refuseByPolicy = (call: IncomingCall, caller?: Caller): DoorRefusal | undefined => {
    const context = caller
      ? { 'aws:PrincipalOrgID': caller.organizationId, 'aws:PrincipalArn': caller.principalArn }
      : {};
    const answer = judge({ resource: resourceOf(call), context });
    if (answer === 'allowed') return undefined;
    return accessDenied(caller?.userArn ?? 'anonymous', arnOf(call), answer === 'explicitly-denied');
  };

  const proveByKey = async (call: IncomingCall, request: IncomingMessage): Promise<Proof | DoorRefusal> => {
    const signed = { ...call, headers: singleHeaders(request) };
    const verdict = await verifySignature(signed, { region, secretOf, now });
    const caller = 'accessKeyId' in verdict ? (callers.get(verdict.accessKeyId) ?? unknownKey) : verdict;
    if ('type' in caller) return caller;
    return refuseByPolicy(call, caller) ?? { by: 'key', caller };
  };

  /** The resource policy first: whom it denies, the authorizer never sees. */
  const proveByToken = async (call: IncomingCall): Promise<Proof | DoorRefusal> => {
    const refusal = refuseByPolicy(call);
    if (refusal) return refusal;
    const { rawHeaders } = call;
    const authorizer = await authorizeByToken({ invoke: options.authorize, rawHeaders, methodArn: arnOf(call) });
    return isDoorRefusal(authorizer) ? authorizer : { by: 'token', accountId, authorizer };
  };

  const answerOpenly = ({ method }: IncomingCall): Outcome => {
    if (method !== 'GET') return missingToken;
    const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=300' };
    return { status: 200, headers, body: Buffer.from(JSON.stringify(options.loginConfiguration)) };
  };

  const callFunction = async (payload: string, which: FunctionBehind): Promise<Outcome> => {
    const tooLate = new AbortController();
    const late = pause(integrationLimitMs, 'late' as const, { signal: tooLate.signal, ref: false }).catch(
      () => 'late' as const,
    );
    const outcome = await Promise.race([invoke(payload, which), late]);
    tooLate.abort();
    if (outcome === 'late') return integrationTimeout;
    return (outcome.ok && fromProxyResult(outcome.payload)) || badIntegration;
  };

  const answer = async (request: IncomingMessage): Promise<Outcome> => {
    const call = await readCall(request);
    if ('type' in call) return call;
    if (call.path === '/' && call.method === 'GET') {
      return { status: 200, headers: PAGE_HEADERS, body: Buffer.from(page) };
    }
    if (call.path === LOGIN_CONFIGURATION_PATH) return answerOpenly(call);
    const resource = resourceAt(call.path);
    if (!resource) return missingToken;
    const proof = await (resource.name === 'oidc' ? proveByToken(call) : proveByKey(call, request));
    if ('type' in proof) return proof;
    const payload = JSON.stringify(toProxyEvent(call, proof, resource.place));
    return Buffer.byteLength(payload) > MOST_EVENT_BYTES ? tooLarge : callFunction(payload, resource.which);
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const outcome = await answer(request);
    if (isDoorRefusal(outcome)) {
      sendJson(response, outcome.status, outcome.body, { ...outcome.headers, 'x-amzn-errortype': outcome.type });
      return;
    }
    response.writeHead(outcome.status, { ...outcome.headers, 'content-length': outcome.body.length });
    response.end(request.method === 'HEAD' ? undefined : outcome.body);
  };
};
