/** List: one's own requests, those that wait for one's vote, what is active, or (for auditors and administrators) all. */
import type { AccessRequest, RequestStatus } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { ListQuery, Page } from '../ports/ledger.ts';
import { awaitsVoteOf, maySee, type SeenRequest, seenBy, type Viewpoint, viewpointOn } from './describe-requests.ts';
import { rolesOf } from './people.ts';
import type { Needs } from './world.ts';

export type View = 'mine' | 'to-review' | 'active' | 'break-glass' | 'all';

export interface ListInput {
  readonly caller: Person;
  readonly view: View;
  readonly status?: RequestStatus;
  readonly cursor?: string;
}

type Listers = Needs<'ledger' | 'directory' | 'roleGroups' | 'limits'>;
type Keep = (view: Viewpoint, request: AccessRequest) => boolean;
type Source = (query: ListQuery) => Promise<Page<AccessRequest> | 'invalid-cursor'>;

/** Pages read at most to fill one page of what the caller may see. */
const MOST_PAGES = 10;

export const listRequests = async (
  world: Listers,
  input: ListInput,
): Promise<Page<SeenRequest> | 'invalid-cursor' | Refusal> => {
  const { ledger } = world;
  switch (input.view) {
    case 'mine':
      return fill(
        world,
        input,
        (query) => ledger.listByRequester(input.caller.id, query),
        () => true,
      );
    case 'to-review':
      return fill(world, input, (query) => ledger.listOpen(query), awaitsVoteOf);
    case 'active':
      return fill(world, input, (query) => ledger.listOpen(query), isActiveAndSeen);
    case 'break-glass':
      return fill(world, input, (query) => ledger.listGlass(query), isOfStatus(input.status));
    case 'all':
      return listAll(world, input);
  }
};

const isActiveAndSeen: Keep = (view, request) =>
  (request.status === 'granting' || request.status === 'active' || request.status === 'ending') &&
  maySee(view, request);

/** The list of broken glasses knows no statuses. */
const isOfStatus =
  (status: RequestStatus | undefined): Keep =>
  (view, request) =>
    (status === undefined || request.status === status) && maySee(view, request);

const listAll = async (world: Listers, input: ListInput): Promise<Page<SeenRequest> | 'invalid-cursor' | Refusal> => {
  const { administrator, auditor } = await rolesOf(world, input.caller.id);
  if (administrator || auditor)
    return fill(
      world,
      input,
      (query) => world.ledger.listAll(query),
      () => true,
    );
  return refuse(
    'not_permitted',
    'Only auditors and administrators list all requests. Try --view mine, to-review or active.',
  );
};

/** Reads on until there is something to show, within bounds; an empty page with a cursor means: go on from there. */
const fill = async (
  world: Listers,
  { caller, status, cursor }: ListInput,
  source: Source,
  keep: Keep,
): Promise<Page<SeenRequest> | 'invalid-cursor'> => {
  const limit = world.limits.pageSize;
  let next = cursor;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit, ...(status ? { statuses: [status] } : {}), ...(next === undefined ? {} : { cursor: next }) };
    const listed = await source(query);
    if (listed === 'invalid-cursor') return listed;
    const view = await viewpointOn(world, caller, listed.items);
    const items = listed.items.filter((request) => keep(view, request)).map((request) => seenBy(view, request));
    next = listed.cursor;
    if (items.length > 0 || next === undefined) return { items, ...(next === undefined ? {} : { cursor: next }) };
  }
  return { items: [], ...(next === undefined ? {} : { cursor: next }) };
};
