/** The API as the commands use it: an operation each, with answers checked against the contract. */
import type * as z from 'zod';
import {
  type ACTIONS,
  type CatalogPage,
  catalogPage,
  type DecideBody,
  type MeView,
  meView,
  type RequestDetail,
  type RequestPage,
  requestDetail,
  requestPage,
  type SubmitBody,
  type VIEWS,
} from '../lambda/contract/api.ts';
import { type AuditPage, auditPage } from '../lambda/contract/audit.ts';
import type { ReviewBody } from '../lambda/contract/break-glass.ts';
import { POLICY_PATH } from '../lambda/contract/doors.ts';
import { type DriftBaselineView, type DriftView, driftBaseline, driftView } from '../lambda/contract/drift.ts';
import { type ExplainBody, type ExplanationView, explanationView } from '../lambda/contract/explain.ts';
import {
  type PolicyCheckBody,
  type PolicyCheckView,
  type PolicyView,
  policyCheckView,
  policyView,
} from '../lambda/contract/policy-check.ts';
import type { STATUSES } from '../lambda/contract/statuses.ts';
import type { DoorName } from './door.ts';
import { failure } from './failure.ts';
import { type Call, exchange, type Line } from './http.ts';

export type Action = (typeof ACTIONS)[number];
export type View = (typeof VIEWS)[number];
export type Status = (typeof STATUSES)[number];

export interface ListQuery {
  readonly view: View;
  readonly status?: Status;
  readonly cursor?: string;
}

/** Every method @throws Failure. */
export interface Client {
  readonly endpoint: URL;
  /** Through which calls go. */
  readonly door: DoorName;
  me(): Promise<MeView>;
  catalog(query: { readonly q?: string; readonly cursor?: string }): Promise<CatalogPage>;
  explain(body: ExplainBody): Promise<ExplanationView>;
  list(query: ListQuery): Promise<RequestPage>;
  show(requestId: string): Promise<RequestDetail>;
  /** The same, tried once only: for whoever looks again anyway. */
  look(requestId: string): Promise<RequestDetail>;
  /** Under a fresh key, unless whoever asks wants it to be the same request as somebody else's call at the same moment. */
  submit(body: SubmitBody, idempotencyKey?: string): Promise<RequestDetail>;
  act(requestId: string, action: Action, body: DecideBody | ReviewBody): Promise<RequestDetail>;
  events(query: { readonly from: string; readonly to: string; readonly cursor?: string }): Promise<AuditPage>;
  drift(query: { readonly cursor?: string }): Promise<DriftView>;
  takeBaseline(): Promise<DriftBaselineView>;
  policy(): Promise<PolicyView>;
  checkPolicy(body: PolicyCheckBody): Promise<PolicyCheckView>;
}

const read = <Schema extends z.ZodType>(schema: Schema, document: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw failure('answer_unreadable', `At "${issue?.path.join('.')}": ${issue?.message}.`, {
    next: 'Is this brevet as new as the service? Does the endpoint point at Brevet?',
  });
};

export const clientOn = (line: Line): Client => {
  const ask = async <Schema extends z.ZodType>(schema: Schema, call: Call): Promise<z.output<Schema>> =>
    read(schema, await exchange(line, call));
  const at = (requestId: string): string => `/requests/${encodeURIComponent(requestId)}`;
  return {
    endpoint: line.endpoint,
    door: line.door.name,
    me: () => ask(meView, { method: 'GET', path: '/me' }),
    catalog: (query) => ask(catalogPage, { method: 'GET', path: '/catalog', query }),
    explain: (body) => ask(explanationView, { method: 'POST', path: '/explain', body, changesNothing: true }),
    list: (query) => ask(requestPage, { method: 'GET', path: '/requests', query: { ...query } }),
    show: (requestId) => ask(requestDetail, { method: 'GET', path: at(requestId) }),
    look: (requestId) => ask(requestDetail, { method: 'GET', path: at(requestId), attempts: 1 }),
    submit: (body, idempotencyKey = crypto.randomUUID()) =>
      ask(requestDetail, { method: 'POST', path: '/requests', body, idempotencyKey }),
    act: (requestId, action, body) => ask(requestDetail, { method: 'POST', path: `${at(requestId)}/${action}`, body }),
    events: (query) => ask(auditPage, { method: 'GET', path: '/audit', query }),
    drift: (query) => ask(driftView, { method: 'GET', path: '/drift', query }),
    policy: () => ask(policyView, { method: 'GET', path: POLICY_PATH }),
    checkPolicy: (body) =>
      ask(policyCheckView, { method: 'POST', path: `${POLICY_PATH}/check`, body, changesNothing: true }),
    takeBaseline: () => ask(driftBaseline, { method: 'POST', path: '/drift/baseline', body: {} }),
  };
};

/** More pages than any organization fills; a service that never stops paging must not hold the command for ever. */
const MOST_PAGES = 400;

type Turn<Item> = (
  cursor: string | undefined,
) => Promise<{ readonly items: readonly Item[]; readonly cursor?: string | undefined }>;

/** So many pages, and whether that was all. */
export const firstPages = async <Item>(
  turn: Turn<Item>,
  mostPages: number,
): Promise<{ readonly items: readonly Item[]; readonly isAll: boolean }> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const found = await turn(cursor);
    items.push(...found.items);
    cursor = found.cursor;
    if (cursor === undefined) return { items, isAll: true };
  }
  return { items, isAll: false };
};

/** Everything, page after page. @throws Failure when it never ends. */
export const everyItem = async <Item>(turn: Turn<Item>): Promise<readonly Item[]> => {
  const { items, isAll } = await firstPages(turn, MOST_PAGES);
  if (isAll) return items;
  throw failure('answer_unreadable', `The list goes on after ${MOST_PAGES} pages.`, { next: 'Search for less.' });
};
