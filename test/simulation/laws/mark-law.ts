/** Law 10: what is said to be usable, and was changed by others, says so; and nothing says so that was not. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import type { DriftState } from '../../../lambda/domain/drift-state.ts';
import { type Lease, leaseIdOf, unsettledUntil } from '../../../lambda/domain/lease.ts';
import type { Stored } from '../book.ts';
import { type Assignment, assignmentKey, type Operation } from '../identity-center.ts';
import type { Weather } from '../weather.ts';
import type { Searched } from './searched.ts';
import type { Accuse } from './violation.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Others changed it at most so long before it was said to be usable, or before that was stored. */
const JUST_NOW_MS = 200 * SECOND;
/** So long a call of unknown outcome might still bring it back; and what lists and clocks take. */
const SETTLING_MS = 150 * SECOND;
/** As in `drift-law.ts`. */
const ROUND_TAKES_MS = 5 * MINUTE;

interface Parts {
  readonly now: () => number;
  readonly accuse: Accuse;
  readonly day: Weather;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
  readonly leases: () => ReadonlyMap<string, Lease>;
  readonly present: () => ReadonlyMap<string, Assignment>;
  readonly operations: () => ReadonlyMap<string, Operation>;
  readonly searched: Searched;
  readonly note: (what: string) => void;
}

/** Something that others took away from somebody who held it. */
interface Loss {
  readonly key: string;
  readonly at: number;
}

export interface MarkLaw {
  removed(assignment: Assignment, by: Operation['by']): void;
  made(assignment: Assignment): void;
  requestStored(stored: Stored): void;
  stateStored(before: DriftState | undefined, after: DriftState): void;
  check(): void;
}

export const markLaw = (parts: Parts): MarkLaw => {
  const { now, accuse, day, requests, leases, present, operations, searched, note } = parts;
  const active = new Map<string, Set<string>>();
  const removedAt = new Map<string, number>();
  /** By request: those that hold what is not there, and do not say so. */
  const losses = new Map<string, Loss>();
  let underWaySince: number | undefined;

  const activeOf = (leaseId: string): Set<string> => {
    const ids = active.get(leaseId) ?? new Set();
    active.set(leaseId, ids);
    return ids;
  };
  const keyOf = ({ requester, target }: AccessRequest): string => assignmentKey(requester.id, target);

  /** However long ago: that it was later than our own creation is looked at where it counts (`recognition-law.ts`). */
  const wasAssignedByOthers = (key: string): boolean =>
    [...operations().values()].some(
      ({ by, write, status, ...one }) =>
        by === 'outside' && write === 'create' && status.kind === 'succeeded' && one.key === key,
    );
  const isTrue = (request: AccessRequest & { readonly status: 'active' }): boolean => {
    const key = keyOf(request);
    if (request.externallyModified?.change === 'assigned') return wasAssignedByOthers(key);
    return (removedAt.get(key) ?? Number.NEGATIVE_INFINITY) > request.activeSince - JUST_NOW_MS;
  };
  const marked = (request: AccessRequest): void => {
    note(`marked ${request.externallyModified?.change}`);
    losses.delete(request.id);
    if (request.status !== 'active' || !isTrue(request)) {
      accuse(10, `${request.id} says that it was ${request.externallyModified?.change} by others, and it was not`);
    }
  };

  /**
   * Nobody makes it again: whoever does writes that down first, and the lease is not held any more. It is a call from before
   * the loss, of which nobody learned what came of it, and that comes to something now.
   */
  const isLateCall = (leaseId: string): boolean => {
    const lease = leases().get(leaseId);
    if (lease?.state.kind !== 'held') return false;
    return (unsettledUntil(lease) ?? Number.NEGATIVE_INFINITY) > now() - 2 * day.skewMs;
  };

  /** Losses that whoever looked from then on, in searched places, must have seen. */
  const seenSince = (began: number): readonly string[] =>
    [...losses].flatMap(([id, { at, key }]) => {
      const request = requests().get(id);
      if (request?.status !== 'active' || present().has(key) || at > began - SETTLING_MS) return [];
      const isOver = request.endsAt < now() + 2 * day.skewMs + MINUTE;
      const place = searched.since(request.target) ?? now();
      return isOver || place > began - SETTLING_MS ? [] : [id];
    });

  return {
    removed: (assignment, by) => {
      if (by !== 'outside') return;
      const key = assignmentKey(assignment.principalId, assignment.target);
      removedAt.set(key, now());
      for (const id of activeOf(assignment.leaseId)) {
        if (!requests().get(id)?.externallyModified) losses.set(id, { key, at: now() });
      }
    },
    made: ({ leaseId, maker, ...made }) => {
      for (const id of activeOf(leaseId)) {
        if (!losses.has(id)) continue;
        if (maker === 'brevet' && isLateCall(leaseId)) note('came again by a late call');
        else if (maker === 'brevet') {
          const key = assignmentKey(made.principalId, made.target);
          accuse(10, `${key} was taken away from ${id} and is made again, and ${id} does not say so`);
        }
        losses.delete(id);
      }
    },
    requestStored: ({ before, after }) => {
      const ids = activeOf(leaseIdOf(after.requester.id, after.target));
      if (after.status === 'active') ids.add(after.id);
      else if (ids.delete(after.id)) losses.delete(after.id);
      if (before?.externallyModified && !after.externallyModified) {
        accuse(10, `${after.id} does not say any more that others changed what it holds`);
      }
      const { change, at } = after.externallyModified ?? {};
      if (change && (change !== before?.externallyModified?.change || at !== before.externallyModified.at)) {
        marked(after);
      }
    },
    stateStored: (before, after) => {
      if (after.round && after.round.startedAt !== before?.round?.startedAt) underWaySince = now();
      if (!after.lastRound || after.lastRound.startedAt === before?.lastRound?.startedAt) return;
      for (const id of seenSince(underWaySince ?? Number.NEGATIVE_INFINITY)) {
        accuse(10, `${id} was taken away by others, a full round has looked, and it does not say so`);
      }
    },
    check: () => {
      if (!day.calm) return;
      const until = now() - day.drift.roundSeconds * SECOND - ROUND_TAKES_MS - 2 * day.skewMs;
      for (const id of seenSince(until)) accuse(10, `${id} was taken away by others, and does not say so in time`);
    },
  };
};
