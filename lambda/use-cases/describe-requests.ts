/** What a caller may see of requests, and what they may do with them now. Reads are authorized too. */
import { type AccessRequest, isOpen } from '../domain/access-request.ts';
import { decidesIn, type Voter } from '../domain/approval.ts';
import { openStage } from '../domain/ballot.ts';
import { isAmong } from '../domain/break-glass.ts';
import type { Person } from '../domain/policy/facts.ts';
import { groupsConcerned, groupsNarrowing, groupsVoting, hasVoted, isConcerned, voterOf } from './approvers.ts';
import { type Roles, standingOf } from './people.ts';
import type { Needs } from './world.ts';

export type Action = 'approve' | 'reject' | 'cancel' | 'end' | 'extend' | 'acknowledge' | 'review';

/** A request as one caller sees it. */
export interface SeenRequest {
  readonly request: AccessRequest;
  readonly youMay: readonly Action[];
}

/** How a caller stands to requests: resolved once for a whole page. */
export interface Viewpoint {
  readonly person: Person;
  readonly roles: Roles;
  /** Ids of the approving groups, among those the requests name, to which the caller belongs now. */
  readonly groupIds: ReadonlySet<string>;
}

const NO_ROLES: Roles = { administrator: false, auditor: false };

/** Whether what the person sees and may do depends on their groups: not where they asked, nor where they voted on all there is. */
const dependsOnGroups = (person: Person, request: AccessRequest): boolean => {
  if (request.requester.id === person.id) return false;
  const isExtending = request.status === 'active' && request.extension !== undefined;
  const isUnreviewed = request.breakGlass !== undefined && !request.breakGlass.review;
  return isExtending || isUnreviewed || !hasVoted(person.id, request);
};

/** The groups are asked for where it depends on them, since each asking is a call. */
export const viewpointOn = async (
  world: Needs<'directory' | 'roleGroups'>,
  person: Person,
  requests: readonly AccessRequest[],
): Promise<Viewpoint> => {
  const depending = requests.filter((request) => dependsOnGroups(person, request));
  if (depending.length === 0) return { person, roles: NO_ROLES, groupIds: new Set() };
  const groups = depending.flatMap((request) => [
    ...groupsConcerned(request),
    ...groupsNarrowing(request),
    ...groupsVoting(request),
    ...(request.breakGlass?.reviewers.groups ?? []),
  ]);
  return { person, ...(await standingOf(world, person.id, groups)) };
};

const voterIn = ({ person, groupIds }: Viewpoint): Voter => voterOf(person, groupIds);

const isReviewer = ({ person, groupIds }: Viewpoint, { breakGlass }: AccessRequest): boolean =>
  breakGlass !== undefined && isAmong(breakGlass.reviewers, person.id, groupIds);

export const maySee = (view: Viewpoint, request: AccessRequest): boolean =>
  view.person.id === request.requester.id ||
  view.roles.administrator ||
  view.roles.auditor ||
  hasVoted(view.person.id, request) ||
  isConcerned(voterIn(view), request) ||
  isReviewer(view, request);

/** Whether the caller's vote is what the request waits for: in the stage that is open, once that is theirs. */
export const awaitsVoteOf = (view: Viewpoint, request: AccessRequest): boolean => {
  if (view.person.id === request.requester.id) return false;
  const ballot = request.status === 'pending' ? request : request.status === 'active' ? request.extension : undefined;
  if (!ballot || ballot.votes.some(({ approver }) => approver.id === view.person.id)) return false;
  const open = openStage(ballot);
  return open !== undefined && decidesIn(open.stage, voterIn(view));
};

const mayEnd = (view: Viewpoint, request: AccessRequest): boolean => {
  if (!isOpen(request) || request.status === 'pending' || request.status === 'ending') return false;
  const concerned = view.person.id === request.requester.id || view.roles.administrator;
  return concerned || hasVoted(view.person.id, request) || isConcerned(voterIn(view), request);
};

/** What is left to do about a broken glass; whoever broke it does none of it. */
const afterBreaking = (view: Viewpoint, request: AccessRequest): readonly Action[] => {
  const { breakGlass, requester } = request;
  if (!breakGlass || requester.id === view.person.id) return [];
  const { administrator } = view.roles;
  const told = administrator || isAmong(breakGlass.told, view.person.id, view.groupIds);
  return [
    ...(told && !breakGlass.acknowledged ? (['acknowledge'] as const) : []),
    ...((administrator || isReviewer(view, request)) && !breakGlass.review ? (['review'] as const) : []),
  ];
};

export const actionsOf = (view: Viewpoint, request: AccessRequest): readonly Action[] => {
  const own = view.person.id === request.requester.id;
  const actions: Action[] = awaitsVoteOf(view, request) ? ['approve', 'reject'] : [];
  if (own && (request.status === 'pending' || request.status === 'scheduled')) actions.push('cancel');
  if (mayEnd(view, request)) actions.push('end');
  if (own && request.status === 'active' && !request.extension) actions.push('extend');
  return [...actions, ...afterBreaking(view, request)];
};

export const seenBy = (view: Viewpoint, request: AccessRequest): SeenRequest => ({
  request,
  youMay: actionsOf(view, request),
});
