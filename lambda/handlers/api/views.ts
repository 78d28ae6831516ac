/** What a request, a catalogue entry and a caller look like on the wire. */
import type {
  CatalogEntryView,
  CatalogPage,
  EventView,
  MeView,
  RequestDetail,
  RequestView,
} from '../../contract/api.ts';
import { toIsoDuration } from '../../contract/duration.ts';
import { type AccessRequest, credentialsMayWorkUntil, type EndCause } from '../../domain/access-request.ts';
import { requiredIn } from '../../domain/approval.ts';
import type { AuditEvent } from '../../domain/audit-event.ts';
import { decidedHow } from '../../domain/ballot.ts';
import { totalSeconds } from '../../domain/extension.ts';
import type { Vanished } from '../../domain/lease.ts';
import type { CatalogEntry } from '../../domain/policy/catalog.ts';
import { type Instant, latest, toIso } from '../../domain/time.ts';
import type { SeenRequest } from '../../use-cases/describe-requests.ts';
import type { ShownCatalog } from '../../use-cases/show-catalog.ts';
import type { Me } from '../../use-cases/show-me.ts';
import type { ShownRequest } from '../../use-cases/show-request.ts';
import { approvalView, attributesView, namesOnce, personView } from './approval-view.ts';
import { breakGlassOffer, breakGlassView } from './break-glass-view.ts';

const reasonFor = (cause: EndCause): string => {
  switch (cause.kind) {
    case 'window-closed':
      return 'the window closed';
    case 'ended-early':
      return cause.by.kind === 'person' ? `ended early by ${cause.by.userName}` : 'ended early';
    case 'grant-failed':
      return cause.reason;
  }
};

const VANISHED: Record<Vanished, string> = {
  target: 'its account or permission set is not there any more',
  account: 'its account has left the organization',
  user: 'its user is not in IAM Identity Center any more',
  closed: 'its account is closed or suspended',
};

/** Why it is over, and what of it was not there any more when it ended. */
const reasonOver = (request: Extract<AccessRequest, { status: 'ending' | 'ended' }>): string => {
  const vanished = request.status === 'ended' ? request.vanished : undefined;
  return vanished === undefined ? reasonFor(request.cause) : `${reasonFor(request.cause)}; ${VANISHED[vanished]}`;
};

/**
 * Until when credentials may outlive access (law 14): not where a standing assignment keeps it anyway. NB. Until the assignment is gone,
 * credentials are still issued: while it is not, its end has not come before now, though it be late.
 */
const afterlife = (request: AccessRequest, end: Instant, standing = false) =>
  standing ? {} : { credentialsMayWorkUntil: toIso(credentialsMayWorkUntil(request.target, end)) };

/** The fields that only some statuses have. */
const statusFields = (request: AccessRequest, now: Instant): Partial<RequestView> => {
  switch (request.status) {
    case 'pending':
      return { expiresAt: toIso(request.expiresAt) };
    case 'scheduled':
      return { startsAt: toIso(request.startsAt) };
    case 'granting':
      return {
        grantBy: toIso(request.grantBy),
        endsAt: toIso(request.latestEnd),
        ...afterlife(request, latest(request.latestEnd, now)),
      };
    case 'active':
      return activeFields(request, now);
    case 'ending':
    case 'ended':
      return overFields(request, now);
    case 'rejected':
      return { endedAt: toIso(request.rejectedAt), reason: decidedHow(request) };
    case 'cancelled':
      return { endedAt: toIso(request.cancelledAt), reason: 'cancelled by the requester' };
    case 'expired':
      return { endedAt: toIso(request.expiredAt), reason: 'nobody decided in time' };
    case 'failed':
      return {
        endedAt: toIso(request.failedAt),
        reason: request.reason,
        ...(request.mayHaveStood && afterlife(request, request.failedAt)),
      };
  }
};

const activeFields = (request: Extract<AccessRequest, { status: 'active' }>, now: Instant): Partial<RequestView> => ({
  activeSince: toIso(request.activeSince),
  endsAt: toIso(request.endsAt),
  standing: request.standing,
  ...afterlife(request, latest(request.endsAt, now), request.standing),
  ...(request.extension
    ? {
        extension: {
          duration: toIsoDuration(request.extension.durationSeconds),
          extendTo: toIsoDuration(totalSeconds(request, request.extension.durationSeconds)),
          askedAt: toIso(request.extension.askedAt),
          approval: approvalView(request.extension),
        },
      }
    : {}),
});

const lastIssued = (request: Extract<AccessRequest, { status: 'ending' | 'ended' }>, now: Instant): Instant =>
  request.status === 'ended' ? request.endedAt : latest(request.endsAt, now);

const overFields = (
  request: Extract<AccessRequest, { status: 'ending' | 'ended' }>,
  now: Instant,
): Partial<RequestView> => {
  const end = request.status === 'ended' ? request.endedAt : request.endsAt;
  return {
    ...(request.status === 'ended' ? { endedAt: toIso(end) } : { endsAt: toIso(end) }),
    reason: reasonOver(request),
    standing: request.standing,
    ...(request.activeSince === undefined ? {} : { activeSince: toIso(request.activeSince) }),
    ...(request.activeSince === undefined && !request.mayHaveStood
      ? {}
      : afterlife(request, lastIssued(request, now), request.standing)),
  };
};

export const requestView = ({ request, youMay }: SeenRequest, now: Instant): RequestView => ({
  id: request.id,
  status: request.status,
  requester: personView(request.requester),
  target: {
    kind: request.target.kind,
    accountId: request.target.accountId,
    accountName: request.target.accountName,
    permissionSet: request.target.permissionSetName,
    sessionDuration: toIsoDuration(request.target.sessionSeconds),
  },
  duration: toIsoDuration(request.durationSeconds),
  justification: request.justification,
  ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
  ...(request.breakGlass && { breakGlass: breakGlassView(request.breakGlass, now) }),
  askedAt: toIso(request.askedAt),
  entitlement: request.entitled.name,
  policyVersion: request.entitled.policyVersion,
  maxDuration: toIsoDuration(request.entitled.maxDurationSeconds),
  approval: approvalView(request),
  ...(request.start === undefined ? {} : { start: toIso(request.start) }),
  ...statusFields(request, now),
  ...(request.externallyModified && {
    externallyModified: { change: request.externallyModified.change, at: toIso(request.externallyModified.at) },
  }),
  youMay: [...youMay],
});

const eventView = (event: AuditEvent): EventView => ({
  sequence: event.sequence,
  kind: event.kind,
  at: event.at,
  actor: {
    kind: event.actor.kind,
    ...(event.actor.kind === 'person' ? { userName: event.actor.userName } : {}),
  },
  ...(event.from === undefined ? {} : { from: event.from }),
  to: event.to,
});

export const requestDetail = (shown: ShownRequest, now: Instant): RequestDetail => ({
  ...requestView(shown, now),
  approvers: shown.approvers.map(personView),
  history: shown.history.map(eventView),
});

const approverAttributesView = ({ approval }: CatalogEntry): Pick<CatalogEntryView, 'approverAttributes'> => {
  const found = approval.flatMap(({ everybodyWith }) => (everybodyWith ? [attributesView(everybodyWith)] : []));
  return found.length === 0 ? {} : { approverAttributes: found };
};

export const catalogEntryView = (entry: CatalogEntry): CatalogEntryView => ({
  accountId: entry.account.id,
  accountName: entry.account.name,
  ouPath: entry.account.ouPath,
  permissionSet: entry.permissionSet.name,
  maxDuration: toIsoDuration(entry.longestSeconds),
  sessionDuration: toIsoDuration(entry.permissionSet.sessionSeconds),
  approvalsRequired: requiredIn(entry.approval),
  approvalStages: entry.approval.length,
  approverGroups: namesOnce(entry.approval.flatMap(({ groups }) => groups)),
  approverUsers: namesOnce(entry.approval.flatMap(({ users }) => users)),
  ...approverAttributesView(entry),
  entitlement: entry.entitlement.name,
  ...breakGlassOffer(entry),
});

export const catalogPageView = ({ items, cursor, organization }: ShownCatalog): CatalogPage => ({
  items: items.map(catalogEntryView),
  ...(cursor === undefined ? {} : { cursor }),
  ...(organization && {
    organization: { ...organization, asOf: toIso(organization.asOf), leftOut: [...organization.leftOut] },
  }),
});

export const meView = (me: Me): MeView => ({
  ...personView(me.person),
  roles: [...me.roles],
  groups: [...me.groups],
  openRequests: me.openRequests,
  toReview: me.toReview,
});
