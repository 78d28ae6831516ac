/** The operations of the API: each takes a call that is read and checked, calls one use case, and renders. */
import type { OperationSpec } from '../../contract/operation-spec.ts';
import { OPERATIONS, type OperationId } from '../../contract/operations.ts';
import type { PolicyOperationId } from '../../contract/policy-operations.ts';
import type { AccessRequest } from '../../domain/access-request.ts';
import { canonicalJson } from '../../domain/audit-event.ts';
import type { Person } from '../../domain/policy/facts.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { toIso } from '../../domain/time.ts';
import { acknowledgeRequest } from '../../use-cases/acknowledge-request.ts';
import { cancelRequest } from '../../use-cases/cancel-request.ts';
import { type DecideInput, decideRequest } from '../../use-cases/decide-request.ts';
import { endRequest } from '../../use-cases/end-request.ts';
import { explainAsk } from '../../use-cases/explain-ask.ts';
import { extendRequest } from '../../use-cases/extend-request.ts';
import { listEvents } from '../../use-cases/list-events.ts';
import { listRequests } from '../../use-cases/list-requests.ts';
import { reviewRequest } from '../../use-cases/review-request.ts';
import { showCatalog } from '../../use-cases/show-catalog.ts';
import { showDrift } from '../../use-cases/show-drift.ts';
import { showMe } from '../../use-cases/show-me.ts';
import { describeRequest, showRequest } from '../../use-cases/show-request.ts';
import { submitRequest } from '../../use-cases/submit-request.ts';
import { takeBaseline } from '../../use-cases/take-baseline.ts';
import type { Told } from '../../use-cases/told.ts';
import type { Needs } from '../../use-cases/world.ts';
import { windowFrom } from './audit-window.ts';
import type { BodyLimits } from './body.ts';
import { baselineView, driftView } from './drift-view.ts';
import { explanationView } from './explanation-view.ts';
import { ok, problem, type Reply, refusalReply } from './reply.ts';
import type { Operation as OperationIn, Operations } from './routing.ts';
import { catalogPageView, meView, requestDetail, requestView } from './views.ts';
import { durationFrom, wishFrom } from './wish.ts';

export type ApiWorld = Needs<
  | 'ledger'
  | 'policies'
  | 'directory'
  | 'organization'
  | 'catalogue'
  | 'onCall'
  | 'workflow'
  | 'converger'
  | 'clock'
  | 'ids'
  | 'reporter'
  | 'roleGroups'
  | 'limits'
  | 'driftStore'
  | 'driftRules'
> & { readonly limits: BodyLimits & { readonly auditSpanSeconds: number } };

type Operation<Id extends OperationId> = OperationIn<ApiWorld, Id>;

const CURSOR_INVALID = problem('cursor_invalid', 'Use the cursor of the previous page as it is, for the same list.');

/** Answers with the request as the caller may now see it, or with the refusal. */
const answered = async (
  world: ApiWorld,
  spec: OperationSpec,
  caller: Person,
  result: AccessRequest | Told | Refusal,
): Promise<Reply> => {
  if (isRefusal(result)) return refusalReply(result);
  const told = 'request' in result ? result : { request: result };
  return ok(spec, requestDetail(await describeRequest(world, caller, told), world.clock.now()));
};

const me: Operation<'showMe'> = async (world, { caller }) => ok(OPERATIONS.showMe, meView(await showMe(world, caller)));

const catalog: Operation<'browseCatalog'> = async (world, { caller, query: { q: search, cursor } }) => {
  const page = await showCatalog(world, { caller, ...defined({ search, cursor }) });
  if (page === 'invalid-cursor') return CURSOR_INVALID;
  return isRefusal(page) ? refusalReply(page) : ok(OPERATIONS.browseCatalog, catalogPageView(page));
};

const explain: Operation<'explainAsk'> = async (world, { caller, body }) => {
  const wish = wishFrom({ ...body, justification: body.justification ?? '' });
  if (isRefusal(wish)) return refusalReply(wish);
  const { justification, ...others } = wish;
  const { account, permissionSet } = body.target;
  const explained = await explainAsk(world, {
    caller,
    target: { account, permissionSet },
    wish: { ...others, ...(body.justification === undefined ? {} : { justification }) },
    ...defined({ userName: body.person }),
  });
  return isRefusal(explained) ? refusalReply(explained) : ok(OPERATIONS.explainAsk, explanationView(explained));
};

const submit: Operation<'submitRequest'> = async (world, { caller, body, idempotencyKey: key }) => {
  const wish = wishFrom(body);
  if (isRefusal(wish)) return refusalReply(wish);
  const { accountId, permissionSet } = body.target;
  const idempotency = key === undefined ? undefined : { key, bodyHash: world.ids.sha256(canonicalJson(body)) };
  const asked = { caller, target: { accountId, permissionSet }, wish, ...defined({ idempotency }) };
  return answered(world, OPERATIONS.submitRequest, caller, await submitRequest(world, asked));
};

const list: Operation<'listRequests'> = async (world, { caller, query: { view, status, cursor } }) => {
  const page = await listRequests(world, { caller, view, ...defined({ status, cursor }) });
  if (page === 'invalid-cursor') return CURSOR_INVALID;
  if (isRefusal(page)) return refusalReply(page);
  return ok(OPERATIONS.listRequests, {
    ...page,
    items: page.items.map((seen) => requestView(seen, world.clock.now())),
  });
};

const show: Operation<'showRequest'> = async (world, { caller, id }) => {
  const shown = await showRequest(world, { caller, requestId: id });
  return isRefusal(shown) ? refusalReply(shown) : ok(OPERATIONS.showRequest, requestDetail(shown, world.clock.now()));
};

type VoteGiven = Omit<DecideInput, 'caller' | 'requestId'>;

const approve: Operation<'approveRequest'> = async (world, { caller, id, body }) => {
  const durationSeconds = body.duration === undefined ? undefined : durationFrom(body.duration);
  if (isRefusal(durationSeconds)) return refusalReply(durationSeconds);
  const extendTo = body.extendTo === undefined ? undefined : durationFrom(body.extendTo);
  if (isRefusal(extendTo)) return refusalReply(extendTo);
  const vote: VoteGiven = { choice: 'approve', ...defined({ comment: body.comment, durationSeconds, extendTo }) };
  const decided = await decideRequest(world, { caller, requestId: id, ...vote });
  return answered(world, OPERATIONS.approveRequest, caller, decided);
};

const reject: Operation<'rejectRequest'> = async (world, { caller, id, body: { comment } }) => {
  const vote: VoteGiven = { choice: 'reject', ...defined({ comment }) };
  const decided = await decideRequest(world, { caller, requestId: id, ...vote });
  return answered(world, OPERATIONS.rejectRequest, caller, decided);
};

const cancel: Operation<'cancelRequest'> = async (world, { caller, id }) =>
  answered(world, OPERATIONS.cancelRequest, caller, await cancelRequest(world, { caller, requestId: id }));

const end: Operation<'endRequest'> = async (world, { caller, id }) =>
  answered(world, OPERATIONS.endRequest, caller, await endRequest(world, { caller, requestId: id }));

const extend: Operation<'extendRequest'> = async (world, { caller, id, body: { duration } }) => {
  const durationSeconds = durationFrom(duration);
  if (isRefusal(durationSeconds)) return refusalReply(durationSeconds);
  const extended = await extendRequest(world, { caller, requestId: id, durationSeconds });
  return answered(world, OPERATIONS.extendRequest, caller, extended);
};

const acknowledge: Operation<'acknowledgeRequest'> = async (world, { caller, id }) =>
  answered(world, OPERATIONS.acknowledgeRequest, caller, await acknowledgeRequest(world, { caller, requestId: id }));

const review: Operation<'reviewRequest'> = async (world, { caller, id, body: { outcome, comment } }) => {
  const reviewed = await reviewRequest(world, { caller, requestId: id, outcome, ...defined({ comment }) });
  return answered(world, OPERATIONS.reviewRequest, caller, reviewed);
};

const audit: Operation<'listEvents'> = async (world, { caller, query }) => {
  const window = windowFrom(query, world.clock.now(), world.limits.auditSpanSeconds);
  if ('reply' in window) return window.reply;
  const { from, to } = window.value;
  const page = await listEvents(world, { caller, from, to, ...defined({ cursor: query.cursor }) });
  if (page === 'invalid-cursor') return CURSOR_INVALID;
  if (isRefusal(page)) return refusalReply(page);
  // Events go out as they are stored, since their hashes cover every field.
  return ok(OPERATIONS.listEvents, { from: toIso(from), to: toIso(to), ...page });
};

const drift: Operation<'showDrift'> = async (world, { caller, query: { cursor } }) => {
  const shown = await showDrift(world, { caller, ...defined({ cursor }) });
  if (shown === 'invalid-cursor') return CURSOR_INVALID;
  if (isRefusal(shown)) return refusalReply(shown);
  return ok(OPERATIONS.showDrift, driftView(shown, world.driftRules.mode));
};

const baseline: Operation<'takeBaseline'> = async (world, { caller }) => {
  const taken = await takeBaseline(world, { caller });
  return isRefusal(taken) ? refusalReply(taken) : ok(OPERATIONS.takeBaseline, baselineView(taken));
};

export const HANDLERS: Operations<ApiWorld, Exclude<OperationId, PolicyOperationId | 'describeApi'>> = {
  showMe: me,
  browseCatalog: catalog,
  explainAsk: explain,
  submitRequest: submit,
  listRequests: list,
  showRequest: show,
  approveRequest: approve,
  rejectRequest: reject,
  cancelRequest: cancel,
  endRequest: end,
  extendRequest: extend,
  acknowledgeRequest: acknowledge,
  reviewRequest: review,
  listEvents: audit,
  showDrift: drift,
  takeBaseline: baseline,
};

/** The fields that have a value, so that absent stays absent. */
const defined = <Fields extends Record<string, unknown>>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
