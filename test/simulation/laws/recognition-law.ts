/** What others have assigned as well, while a lease held it, stays (law 4); and nothing stays that they did not (law 3). */
import type { Lease } from '../../../lambda/domain/lease.ts';
import { type Assignment, assignmentKey, type Operation } from '../identity-center.ts';
import type { Weather } from '../weather.ts';
import type { Accuse } from './violation.ts';

const SECOND = 1000;
/** A run may have looked so long before it stored what it saw. */
const JUST_NOW_MS = 200 * SECOND;
/** Until an event is attended to on a calm day. */
const ATTENDED_MS = 60 * SECOND;

interface Parts {
  readonly now: () => number;
  readonly accuse: Accuse;
  readonly day: Weather;
  readonly leases: () => ReadonlyMap<string, Lease>;
  readonly present: () => ReadonlyMap<string, Assignment>;
  readonly operations: () => ReadonlyMap<string, Operation>;
  readonly note: (what: string) => void;
}

export interface RecognitionLaw {
  removed(assignment: Assignment, by: Operation['by']): void;
  leaseStored(before: Lease | undefined, after: Lease): void;
  /** An event was handed over that names the write. */
  heard(operation: Operation, leaseId: string): void;
  check(): void;
}

interface Heard {
  readonly operation: Operation;
  readonly leaseId: string;
  readonly at: number;
}

export const recognitionLaw = (parts: Parts): RecognitionLaw => {
  const { now, accuse, day, leases, present, operations, note } = parts;
  const removedAt = new Map<string, number>();
  let waiting: readonly Heard[] = [];

  const creationOf = (lease: Lease | undefined): Operation | undefined =>
    lease?.state.kind === 'held' && lease.state.creationId !== undefined
      ? operations().get(lease.state.creationId)
      : undefined;
  const isOthers = ({ by, write, status }: Operation): boolean =>
    by === 'outside' && write === 'create' && status.kind === 'succeeded';

  const recognised = (before: Lease, key: string): void => {
    note('recognised as standing');
    const ours = creationOf(before);
    const theirs = [...operations().values()].some(
      (one) => isOthers(one) && one.key === key && one.askedAt > (ours?.askedAt ?? Number.POSITIVE_INFINITY),
    );
    const isThere = present().has(key) || now() - (removedAt.get(key) ?? 0) < JUST_NOW_MS;
    if (!theirs || !isThere) accuse(3, `${key} is to stay from now on as others', who did not assign it`);
  };

  /** Held by us from before they asked until now, and for a while yet. */
  const isHeldSince = (operation: Operation, leaseId: string): boolean => {
    const lease = leases().get(leaseId);
    const ours = creationOf(lease);
    const isWanted = lease?.holds.some(({ endsAt, ending }) => !ending && endsAt > now() + 2 * day.skewMs + SECOND);
    return ours !== undefined && ours.askedAt < operation.askedAt && isWanted === true && present().has(operation.key);
  };

  return {
    removed: ({ principalId, target }, by) => {
      const key = assignmentKey(principalId, target);
      if (by === 'outside') removedAt.set(key, now());
      waiting = waiting.filter(({ operation }) => operation.key !== key);
    },
    leaseStored: (before, after) => {
      const key = assignmentKey(after.principalId, after.target);
      if (before?.state.kind === 'held' && after.state.kind === 'standing') recognised(before, key);
    },
    heard: (operation, leaseId) => {
      const isToStay = operation.by === 'outside' && operation.write === 'create' && isHeldSince(operation, leaseId);
      if (isToStay) waiting = [...waiting, { operation, leaseId, at: now() }];
    },
    check: () => {
      if (!day.calm || day.forgetsOperationsAfterMs !== Number.POSITIVE_INFINITY) return;
      for (const { operation, leaseId, at } of waiting) {
        if (now() - Math.max(at, operation.settledAt) < ATTENDED_MS + 2 * day.skewMs) continue;
        waiting = waiting.filter((one) => one.operation !== operation);
        if (isOthers(operation) && isHeldSince(operation, leaseId)) {
          accuse(4, `${operation.key} was assigned by others as well, and would go with its lease`);
        }
      }
    },
  };
};
