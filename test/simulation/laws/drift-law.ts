/** Drift: what is removed without a request must be certain (laws 4 and 9), few at a time (13); and what others made is found (1). */
import type { Sighting } from '../../../lambda/domain/drift.ts';
import type { DriftState } from '../../../lambda/domain/drift-state.ts';
import type { Lease } from '../../../lambda/domain/lease.ts';
import type { TableChange } from '../drift-weather.ts';
import { type Assignment, assignmentKey } from '../identity-center.ts';
import { isAtRest, isDriftRemoval } from '../ownership.ts';
import type { Weather } from '../weather.ts';
import type { Searched } from './searched.ts';
import type { Accuse } from './violation.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A run may have read so long ago what it now acts on: its time limit, and a late effect. */
const JUST_NOW_MS = 200 * SECOND;
/** What a round takes on a calm day, and the minute until the next run begins it; twice, since another run may be at it. */
const ROUND_TAKES_MS = 5 * MINUTE;
/** What changed so shortly before a round may still be seen by it as it was. */
const SETTLING_MS = 2 * MINUTE;
/** Until an event is attended to on a calm day: the write of which it speaks, two looks, and a few calls. */
const ATTENDED_MS = 2 * MINUTE;

/** What truly stood when the baseline was stored. */
interface Baseline {
  readonly at: number;
  /** What whoever took it had before them: it stays theirs, though it go and come again. */
  readonly known: ReadonlySet<string>;
  provenAt?: number;
  /** The table in which it was taken is another one since. */
  voidAt?: number;
}

interface Parts {
  readonly now: () => number;
  readonly accuse: Accuse;
  readonly day: Weather;
  readonly leases: () => ReadonlyMap<string, Lease>;
  readonly present: () => ReadonlyMap<string, Assignment>;
  readonly isBusy: (key: string) => boolean;
  readonly searched: Searched;
  readonly note: (what: string) => void;
}

export interface DriftLaw {
  made(assignment: Assignment): void;
  leaseStored(before: Lease | undefined, after: Lease): void;
  stateStored(before: DriftState | undefined, after: DriftState): void;
  sightingsSaved(put: readonly Sighting[], drop: readonly Sighting[]): void;
  tableChanged(how: TableChange): void;
  /** An event about that assignment was handed to the function. */
  heard(key: string): void;
  /** What must hold on a calm day, whenever one looks. */
  check(): void;
  /** Whether anything is still to be removed. */
  isQuiet(): boolean;
  /** When the last full round truly began. */
  readonly roundBeganAt: () => number;
}

const keyOfSighting = ({ principalId, accountId, permissionSetArn }: Sighting): string =>
  `${principalId} ${accountId} ${permissionSetArn}`;

/** Of a user; groups' are never removed, and told like any other. */
const isUnexplained = ({ kind, principalType }: Sighting): boolean =>
  kind === 'unexplained' && principalType === 'USER';
/** As one that is there, and that nobody takes away yet. */
const isShown = ({ goneAt, removingSince }: Sighting): boolean => goneAt === undefined && removingSince === undefined;

export const driftLaw = (parts: Parts): DriftLaw => {
  const { now, accuse, day, leases, present, searched, note } = parts;
  const { mode, roundSeconds, removalsAnHour } = day.drift;
  const skewMs = 2 * day.skewMs;
  /** Of users, unexplained and there: as somebody who asks is shown them. */
  const known = new Set<string>();
  const firstMadeAt = new Map<string, number>();
  const restSince = new Map<string, number>();
  const heardAt = new Map<string, number>();
  let begunAt: number[] = [];
  let baseline: Baseline | undefined;
  let tableAt = 0;
  let underWaySince: number | undefined;
  let fullRoundAt = Number.NEGATIVE_INFINITY;

  // ---------- what is removed ----------

  const mayRemove = (key: string, taken: Baseline | undefined): void => {
    if (mode === 'report') accuse(9, `${key} is to be removed as drift, and drift is to be reported only`);
    if (!taken || (taken.voidAt !== undefined && now() - taken.voidAt > JUST_NOW_MS)) {
      accuse(9, `${key} is to be removed as drift, and there is no baseline in this table`);
      return;
    }
    const there = present().get(key);
    if (there && there.since <= taken.at) accuse(4, `${key} is to be removed as drift, and stood at the baseline`);
    if (taken.known.has(key)) accuse(4, `${key} is to be removed as drift, and belongs to the baseline for good`);
  };
  /** An hour by the clocks of the functions, which store the time at which they began to. */
  const slackMs = (): number => skewMs + (day.calm ? SECOND : 75 * SECOND);
  const begun = (lease: Lease): void => {
    const key = assignmentKey(lease.principalId, lease.target);
    note('drift removal begun');
    if (!lease.principalId.startsWith('person-')) accuse(4, `${key} is to be removed as drift, and is a group's`);
    mayRemove(key, baseline);
    begunAt = [...begunAt, now()].filter((at) => at > now() - HOUR + slackMs());
    if (begunAt.length > removalsAnHour) accuse(13, `${key} is the ${begunAt.length}th removal as drift in an hour`);
  };

  // ---------- what is found ----------

  /** Others' assignments where drift must look, with nothing under way, and since when all of that is so. */
  const unexplained = (): readonly { readonly key: string; readonly one: Assignment; readonly since: number }[] =>
    [...present()].flatMap(([key, one]) => {
      const place = searched.since(one.target);
      const isStill = one.maker === 'outside' && !parts.isBusy(key) && isAtRest(leases().get(one.leaseId));
      if (place === undefined || !isStill) return [];
      const since = Math.max(place, one.since, restSince.get(one.leaseId) ?? 0, tableAt);
      return [{ key, one, since }];
    });
  /** It came when the round behind the baseline was over, to a place that was searched all the time. */
  const isLater = (key: string, one: Assignment): boolean =>
    baseline?.provenAt !== undefined &&
    baseline.voidAt === undefined &&
    (firstMadeAt.get(key) ?? 0) > baseline.provenAt + skewMs + 15 * SECOND &&
    (searched.since(one.target) ?? now()) < baseline.at;
  /** Whether so many were removed that it may have to wait. */
  const isLimited = (sinceMs: number): boolean =>
    begunAt.filter((at) => at > sinceMs - HOUR - skewMs).length >= removalsAnHour;
  const isToGo = (key: string, one: Assignment): boolean => mode === 'remove' && isLater(key, one);

  const roundFinished = (beganAt: number): void => {
    fullRoundAt = beganAt;
    note('drift round');
    for (const { key, since } of unexplained()) {
      if (since > beganAt - SETTLING_MS || known.has(key)) continue;
      accuse(1, `${key} was made by others, a full round has looked for it, and nobody is told`);
    }
  };
  /** Until when somebody must be told, where the place was one to search long before. */
  const boundOf = (key: string, { target }: Assignment, since: number): number => {
    const byRound = since + roundSeconds * SECOND + ROUND_TAKES_MS + skewMs;
    const heard = heardAt.get(key);
    const isSearched = (searched.since(target) ?? now()) < (heard ?? 0) - SETTLING_MS;
    return heard !== undefined && isSearched
      ? Math.min(byRound, Math.max(since, heard) + ATTENDED_MS + skewMs)
      : byRound;
  };
  const checkOne = (key: string, one: Assignment, since: number): void => {
    const until = boundOf(key, one, since);
    if (now() <= until) return;
    if (!known.has(key)) accuse(1, `${key} was made by others, and nobody is told of it in time`);
    const late = Math.max(until, begunAt.at(-1) ?? 0);
    if (isToGo(key, one) && !isLimited(until) && now() > late + roundSeconds * SECOND + ROUND_TAKES_MS) {
      accuse(1, `${key} was made by others after the baseline, and is not removed in time`);
    }
  };

  const stateStored = (before: DriftState | undefined, after: DriftState): void => {
    if (after.round && after.round.startedAt !== before?.round?.startedAt) underWaySince = now();
    if (after.baseline && after.baseline.takenAt !== before?.baseline?.takenAt) {
      note('drift baseline');
      baseline = { at: now(), known: new Set([...known].filter((key) => present().has(key))) };
    }
    if (baseline && after.baseline?.proof && !before?.baseline?.proof) baseline.provenAt = now();
    const isFull = after.lastRound && after.lastRound.startedAt !== before?.lastRound?.startedAt;
    if (isFull && underWaySince !== undefined) roundFinished(underWaySince);
  };

  return {
    made: ({ principalId, target }) => {
      const key = assignmentKey(principalId, target);
      heardAt.delete(key);
      if (!firstMadeAt.has(key)) firstMadeAt.set(key, now());
    },
    leaseStored: (before, after) => {
      if (isAtRest(after)) restSince.set(after.id, now());
      if (isDriftRemoval(before, after)) begun(after);
    },
    stateStored,
    sightingsSaved: (put, drop) => {
      for (const one of [...drop, ...put].filter(isUnexplained)) known.delete(keyOfSighting(one));
      for (const one of put.filter(isUnexplained)) if (isShown(one)) known.add(keyOfSighting(one));
    },
    tableChanged: (how) => {
      tableAt = now();
      fullRoundAt = Number.NEGATIVE_INFINITY;
      if (baseline) baseline.voidAt ??= now();
      if (how === 'emptied') begunAt = [];
    },
    heard: (key) => void heardAt.set(key, heardAt.get(key) ?? now()),
    check: () => {
      if (!day.calm) return;
      for (const { key, one, since } of unexplained()) checkOne(key, one, since);
    },
    isQuiet: () => !unexplained().some(({ key, one }) => isToGo(key, one)),
    roundBeganAt: () => fullRoundAt,
  };
};
