/** The operations of the API: each parses, calls one use case, renders. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import {
  catalogParameters,
  decideBody,
  emptyBody,
  extendBody,
  IDEMPOTENCY_HEADER,
  idempotencyKey,
  listParameters,
  rejectBody,
  requestId,
  type SubmitBody,
  submitBody,
} from '../../contract/api.ts';
import type { AccessRequest, Vote } from '../../domain/access-request.ts';
import type { Wish } from '../../domain/asking.ts';
import { canonicalJson } from '../../domain/audit-event.ts';
import type { Person } from '../../domain/policy/facts.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { browseCatalog } from '../../use-cases/browse-catalog.ts';
import { cancelRequest } from '../../use-cases/cancel-request.ts';
import { decideRequest } from '../../use-cases/decide-request.ts';
import { endRequest } from '../../use-cases/end-request.ts';
import { extendRequest } from '../../use-cases/extend-request.ts';
import { listRequests } from '../../use-cases/list-requests.ts';
import { showMe } from '../../use-cases/show-me.ts';
import { describeRequest, showRequest } from '../../use-cases/show-request.ts';
import { submitRequest } from '../../use-cases/submit-request.ts';
import type { Needs } from '../../use-cases/world.ts';
import { readBody, readHeader, readQuery } from './body.ts';
import { problem, type Reply, refusalReply } from './reply.ts';
import { catalogEntryView, meView, requestDetail, requestView } from './views.ts';
import { durationFrom, wishFrom } from './wish.ts';

export type ApiWorld = Needs<
  | 'ledger'
  | 'policies'
  | 'directory'
  | 'organization'
  | 'workflow'
  | 'converger'
  | 'clock'
  | 'ids'
  | 'reporter'
  | 'roleGroups'
  | 'limits'
> & { readonly limits: { readonly bodyBytes: number } };

/** One call, its caller already proven. */
export interface Call {
  readonly event: APIGatewayProxyEvent;
  readonly caller: Person;
}

export type Operation = (world: ApiWorld, call: Call) => Promise<Reply>;

const CURSOR_INVALID = problem('cursor_invalid', 'Use the cursor of the previous page as it is, for the same list.');

/** Answers with the request as the caller may now see it, or with the refusal. */
const answer = async (
  world: ApiWorld,
  { caller }: Call,
  result: AccessRequest | Refusal,
  status = 200,
): Promise<Reply> => {
  if (isRefusal(result)) return refusalReply(result);
  return { status, body: requestDetail(await describeRequest(world, caller, result)) };
};

const idIn = ({ event }: Call): string | undefined => {
  const parsed = requestId.safeParse(event.pathParameters?.id);
  return parsed.success ? parsed.data : undefined;
};

const UNKNOWN_ID = problem('request_unknown', 'There is no such request; ids have 26 characters.');

/** An operation on one request, with a checked body. */
const onRequest =
  <Schema extends z.ZodType>(
    schema: Schema,
    act: (world: ApiWorld, call: Call, id: string, body: z.output<Schema>) => Promise<AccessRequest | Refusal>,
  ): Operation =>
  async (world, call) => {
    const id = idIn(call);
    if (id === undefined) return UNKNOWN_ID;
    const body = readBody(call.event, schema, world.limits.bodyBytes);
    if ('reply' in body) return body.reply;
    return answer(world, call, await act(world, call, id, body.value));
  };

export const me: Operation = async (world, { caller }) => ({ status: 200, body: meView(await showMe(world, caller)) });

export const catalog: Operation = async (world, { event, caller }) => {
  const query = readQuery(event, catalogParameters);
  if ('reply' in query) return query.reply;
  const { q: search, cursor } = query.value;
  const page = await browseCatalog(world, { caller, ...defined({ search, cursor }) });
  if (page === 'invalid-cursor') return CURSOR_INVALID;
  return { status: 200, body: { ...page, items: page.items.map(catalogEntryView) } };
};

export const submit: Operation = async (world, call) => {
  const key = readHeader(call.event, IDEMPOTENCY_HEADER.toLowerCase());
  if (key !== undefined && !idempotencyKey.safeParse(key).success) {
    return problem(
      'idempotency_key_invalid',
      'An Idempotency-Key is 1 to 128 printable ASCII characters without spaces.',
    );
  }
  const body = readBody(call.event, submitBody, world.limits.bodyBytes);
  if ('reply' in body) return body.reply;
  const wish = wishFrom(body.value);
  if (isRefusal(wish)) return refusalReply(wish);
  return answer(world, call, await submitted(world, call, body.value, wish, key), 201);
};

const submitted = (world: ApiWorld, { caller }: Call, body: SubmitBody, wish: Wish, key: string | undefined) => {
  const { accountId, permissionSet } = body.target;
  const bodyHash = world.ids.sha256(canonicalJson(body));
  const idempotency = key === undefined ? {} : { idempotency: { key, bodyHash } };
  return submitRequest(world, { caller, target: { accountId, permissionSet }, wish, ...idempotency });
};

export const list: Operation = async (world, { event, caller }) => {
  const query = readQuery(event, listParameters);
  if ('reply' in query) return query.reply;
  const { view, status, cursor } = query.value;
  const page = await listRequests(world, { caller, view, ...defined({ status, cursor }) });
  if (page === 'invalid-cursor') return CURSOR_INVALID;
  if (isRefusal(page)) return refusalReply(page);
  return { status: 200, body: { ...page, items: page.items.map(requestView) } };
};

export const show: Operation = async (world, call) => {
  const id = idIn(call);
  if (id === undefined) return UNKNOWN_ID;
  const shown = await showRequest(world, { caller: call.caller, requestId: id });
  return isRefusal(shown) ? refusalReply(shown) : { status: 200, body: requestDetail(shown) };
};

const decide = (
  world: ApiWorld,
  { caller }: Call,
  id: string,
  vote: Pick<Vote, 'choice' | 'comment' | 'durationSeconds'>,
) => decideRequest(world, { caller, requestId: id, ...vote });

export const approve: Operation = onRequest(decideBody, async (world, call, id, { comment, duration }) => {
  const durationSeconds = duration === undefined ? undefined : durationFrom(duration);
  if (isRefusal(durationSeconds)) return durationSeconds;
  return decide(world, call, id, { choice: 'approve', ...defined({ comment, durationSeconds }) });
});

export const reject: Operation = onRequest(rejectBody, (world, call, id, { comment }) =>
  decide(world, call, id, { choice: 'reject', ...defined({ comment }) }),
);

export const cancel: Operation = onRequest(emptyBody, (world, { caller }, id) =>
  cancelRequest(world, { caller, requestId: id }),
);

export const end: Operation = onRequest(emptyBody, (world, { caller }, id) =>
  endRequest(world, { caller, requestId: id }),
);

export const extend: Operation = onRequest(extendBody, async (world, { caller }, id, { duration }) => {
  const durationSeconds = durationFrom(duration);
  if (isRefusal(durationSeconds)) return durationSeconds;
  return extendRequest(world, { caller, requestId: id, durationSeconds });
});

/** The fields that have a value, so that absent stays absent. */
const defined = <Fields extends Record<string, unknown>>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
