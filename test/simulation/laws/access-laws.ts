/** The laws between the ledger and Identity Center: what stands there must be held here, and be gone in time. */
import type { AccessRequest, Target } from '../../../lambda/domain/access-request.ts';
import { type Lease, leaseIdOf } from '../../../lambda/domain/lease.ts';
import type { Stored } from '../book.ts';
import type { Assignment, AssignmentWatch } from '../identity-center.ts';
import { assignmentKey } from '../identity-center.ts';
import { HOST } from '../population.ts';
import type { Facts } from './facts.ts';
import type { Accuse } from './violation.ts';

interface Parts {
  readonly now: () => number;
  readonly facts: Facts;
  readonly accuse: Accuse;
  readonly leases: () => ReadonlyMap<string, Lease>;
  readonly present: () => ReadonlyMap<string, Assignment>;
  /** Whether Identity Center is at this moment writing this assignment: how long that takes is not ours. */
  readonly isBusy: (key: string) => boolean;
  /** How far clocks may differ, and how late an end may be now, milliseconds. */
  readonly skewMs: number;
  readonly latenessAllowedMs: (since: number) => number;
  /** Told of each assignment that stands though nobody holds it, and since when. */
  readonly outstays: (key: string, leaseId: string, since: number) => void;
}

export interface AccessLaws {
  readonly watch: AssignmentWatch;
  requestStored(stored: Stored): void;
  leaseStored(before: Lease | undefined, after: Lease): void;
  /** What must hold at every moment. */
  check(): void;
  /** The longest that any assignment stood after nobody held it any more, with no write under way, milliseconds. */
  readonly latest: () => number;
}

/** Somebody took an assignment away behind our back, at most so long before we said that it was usable. */
const BEHIND_OUR_BACK_MS = 200_000;

const endOf = (request: AccessRequest): number | undefined => {
  if (request.status === 'granting') return request.latestEnd;
  return request.status === 'active' || request.status === 'ending' ? request.endsAt : undefined;
};

export const accessLaws = (parts: Parts): AccessLaws => {
  const { now, facts, accuse, leases, present, skewMs } = parts;
  const removedOutside = new Map<string, number>();
  const unwantedSince = new Map<string, number>();
  /** Requests whose access others took away: what was made for somebody else after that is not theirs. */
  const lost = new Set<string>();
  let latest = 0;

  const leaseFor = (principalId: string, target: Target): Lease | undefined =>
    leases().get(leaseIdOf(principalId, target));
  /** The requests that hold, or should hold, a lease: whatever the lease itself says. */
  const holders = new Map<string, readonly AccessRequest[]>();
  const holdersOf = (leaseId: string): readonly AccessRequest[] => holders.get(leaseId) ?? [];
  const noteHolder = (request: AccessRequest): void => {
    const leaseId = leaseIdOf(request.requester.id, request.target);
    const others = holdersOf(leaseId).filter(({ id }) => id !== request.id);
    holders.set(leaseId, endOf(request) === undefined ? others : [...others, request]);
  };
  const isLive = (request: AccessRequest, at: number): boolean =>
    (request.status === 'granting' || request.status === 'active') && (endOf(request) ?? 0) > at;

  const watch: AssignmentWatch = {
    creating: (key, principalId, target) => {
      const state = leaseFor(principalId, target)?.state.kind ?? 'absent';
      if (state === 'vacant' || state === 'standing' || state === 'absent') {
        accuse(2, `${key} is being created while its lease is ${state}: no intent is stored`);
      }
      if (target.accountName === 'management') accuse(15, `${key} is being created in the management account`);
    },
    made: () => {},
    removed: (assignment, by) => {
      const key = assignmentKey(assignment.principalId, assignment.target);
      unwantedSince.delete(key);
      if (by === 'outside') {
        removedOutside.set(key, now());
        return;
      }
      if (assignment.maker === 'outside') accuse(4, `${key} stood before, and was removed`);
      const active = holdersOf(assignment.leaseId).find(
        (one) => one.status === 'active' && !lost.has(one.id) && isLive(one, now() + 2 * skewMs + 1000),
      );
      if (active) accuse(4, `${key} was removed while ${active.id} still holds it`);
    },
  };

  const intent = (before: Lease | undefined, after: Lease): void => {
    const isNew = after.state.kind === 'creating' && before?.state.kind !== 'creating';
    if (!isNew) return;
    const let_through = holdersOf(after.id).filter(
      (one) => isLive(one, now() - 2 * skewMs - 60_000) && facts.isApproved(one),
    );
    if (let_through.length === 0) accuse(1, `${after.id} is to be created for nobody who was let through`);
    // Nobody judges those anew who are active already: nothing is made for them, nor kept for them of what is made.
    const waiting = let_through.filter(({ status }) => status === 'granting');
    if (!waiting.some((one) => facts.isEligible(one, now()))) {
      accuse(7, `${after.id} is to be created for nobody who waits, and whom the policy of today lets through`);
    }
    for (const { id, status } of holdersOf(after.id)) if (status === 'active') lost.add(id);
  };

  const held = (request: AccessRequest, lease: Lease): void => {
    const hold = lease.holds.find(({ requestId }) => requestId === request.id);
    if (hold?.endsAt !== endOf(request)) accuse(1, `${request.id} is ${request.status}, and its hold ${hold?.endsAt}`);
  };

  const seenByTwo = ({ id, target, votes, requester }: AccessRequest): void => {
    if (target.accountName !== HOST) return;
    const approvers = votes.flatMap(({ choice, approver }) => (choice === 'approve' ? [approver.id] : []));
    if (new Set(approvers.filter((one) => one !== requester.id)).size < 2)
      accuse(15, `${id} is begun where Brevet itself is, and not two people approved`);
  };

  const usable = (request: AccessRequest): void => {
    const key = assignmentKey(request.requester.id, request.target);
    const isThere = present().has(key) || now() - (removedOutside.get(key) ?? 0) < BEHIND_OUR_BACK_MS;
    if (!isThere) accuse(10, `${request.id} is said to be usable, and nothing is there`);
    if (!facts.isEligible(request, now())) accuse(7, `${request.id} became usable against the policy of today`);
  };

  /** Whoever was the last to hold it is told that it is over: then it must not be there any more. */
  const over = (request: AccessRequest): void => {
    const key = assignmentKey(request.requester.id, request.target);
    const isAnothers = holdersOf(leaseIdOf(request.requester.id, request.target)).length > 0;
    if (present().get(key)?.maker !== 'brevet' || isAnothers || facts.opensNothing(request, now())) return;
    accuse(1, `${request.id} is said to be ${request.status}, and its assignment is there`);
  };

  /** How long it has stood with nobody holding it and no write under way, milliseconds. */
  const unattended = (key: string, leaseId: string): number => {
    if (parts.isBusy(key) || holdersOf(leaseId).some((one) => !lost.has(one.id) && isLive(one, now()))) {
      unwantedSince.delete(key);
      return 0;
    }
    const since = unwantedSince.get(key) ?? now();
    unwantedSince.set(key, since);
    latest = Math.max(latest, now() - since);
    return now() - since;
  };
  const checkOne = (key: string, { leaseId }: Assignment): void => {
    const state = leases().get(leaseId)?.state.kind ?? 'absent';
    if (state === 'vacant' || state === 'standing' || state === 'absent') {
      accuse(1, `${key} is there, made by Brevet, and its lease is ${state}`);
    }
    const late = unattended(key, leaseId);
    if (late > 0) parts.outstays(key, leaseId, now() - late);
    if (late > parts.latenessAllowedMs(now() - late)) {
      accuse(3, `${key} stands, held by nobody and with no write under way, for ${Math.round(late / 1000)} s`);
    }
  };

  return {
    watch,
    latest: () => latest,
    requestStored: ({ before, after }) => {
      noteHolder(after);
      if (!before && after.target.accountName === 'management') accuse(15, `${after.id} is for the management account`);
      if (after.status === 'granting' && before?.status !== 'granting') seenByTwo(after);
      if (after.status === 'active' && before?.status === 'granting') usable(after);
      if (before?.status === 'ending' && (after.status === 'ended' || after.status === 'failed')) over(after);
    },
    leaseStored: (before, after) => {
      for (const request of holdersOf(after.id)) held(request, after);
      intent(before, after);
    },
    check: () => {
      for (const [key, assignment] of present()) {
        // What others take over outstays nothing; when it is to go all the same, by drift say, that begins anew.
        if (assignment.maker === 'brevet') checkOne(key, assignment);
        else unwantedSince.delete(key);
      }
    },
  };
};
