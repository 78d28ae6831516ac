/** Asks after the writes under way, for all runs together: each by itself while they are few, by one list when they are many. */
import { firstLookMs, lookAgainMs, type Write } from '../../domain/pause.ts';
import { type Instant, instant } from '../../domain/time.ts';
import type { Assignments, OperationStatus } from '../../ports/assignments.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Reporter } from '../../ports/reporter.ts';

interface UnderWay {
  readonly id: string;
  readonly write: Write;
  /** Absent when it was found under way: then whoever waits for it knows. */
  readonly leaseId: string | undefined;
  readonly begunAt: Instant;
  looked: boolean;
  /** Resolves when it is known how it came out. */
  readonly settled: PromiseWithResolvers<OperationStatus>;
}

export interface Outcomes {
  /** A write was accepted just now; one that is waited for without that was found under way, and is looked at at once. */
  track(write: Write, id: string, leaseId: string, begunAt: Instant): void;
  /** How it came out, or that it is in progress still by that moment. */
  wait(write: Write, id: string, until: Instant): Promise<OperationStatus>;
  /** Looks at what is due; `hurried` while others wait for a place. Resolves when it has looked. */
  look(hurried: boolean): Promise<void>;
  /** When the next look is due, milliseconds from now; infinity when nothing is under way. */
  readonly dueInMs: (hurried: boolean) => number;
  /** How many wait for an outcome now, and do nothing else. */
  readonly waiting: () => number;
}

interface Parts {
  readonly assignments: Assignments;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Somebody waits for one more outcome. */
  readonly onWaiting: () => void;
  /** Told at once, before whoever waits for it goes on. */
  readonly onSettled: (leaseId: string) => void;
}

/** So many are asked after one by one; for more, one list tells which are still in progress. */
const FEW = 2;
/** Two looks of a kind are so far apart at least. */
const SPACING_MS = 150;
/** What was accepted so recently may not be listed yet. */
const LISTED_AFTER_MS = 1_000;
const WRITES = ['create', 'delete'] as const satisfies readonly Write[];

export const createOutcomes = ({ assignments, clock, reporter, onWaiting, onSettled }: Parts): Outcomes => {
  const underWay = new Map<string, UnderWay>();
  const known = new Map<string, OperationStatus>();
  const lastLookAt = { create: 0, delete: 0 };
  let looking = false;
  let waiting = 0;

  const age = ({ begunAt }: UnderWay): number => clock.now() - begunAt;
  const ofKind = (write: Write): UnderWay[] => [...underWay.values()].filter((one) => one.write === write);
  /** When this one wants to be looked at. */
  const dueAt = (one: UnderWay, hurried: boolean): number =>
    one.looked
      ? lastLookAt[one.write] + lookAgainMs(one.write, age(one), hurried)
      : one.begunAt + firstLookMs(one.write, hurried);
  const kindDueAt = (write: Write, hurried: boolean): number =>
    Math.max(lastLookAt[write] + SPACING_MS, Math.min(...ofKind(write).map((one) => dueAt(one, hurried))));

  const settle = (one: UnderWay, status: OperationStatus): void => {
    if (status.kind === 'in-progress') return;
    underWay.delete(one.id);
    known.set(one.id, status);
    if (one.leaseId !== undefined) onSettled(one.leaseId);
    one.settled.resolve(status);
  };
  const ask = async (one: UnderWay): Promise<void> => {
    try {
      const status = one.write === 'create' ? assignments.creationStatus(one.id) : assignments.deletionStatus(one.id);
      settle(one, await status);
    } catch (fault) {
      reporter.warn('it could not be asked how a write stands', { leaseId: one.leaseId, fault });
    }
  };
  const inProgress = async (write: Write): Promise<ReadonlySet<string> | undefined> => {
    try {
      return await (write === 'create' ? assignments.creationsInProgress() : assignments.deletionsInProgress());
    } catch (fault) {
      reporter.warn('the writes under way could not be listed', { fault });
      return undefined;
    }
  };

  const lookAt = async (write: Write, hurried: boolean): Promise<void> => {
    const now = clock.now();
    const ripe = ofKind(write).filter((one) => one.looked || one.begunAt + firstLookMs(write, hurried) <= now);
    lastLookAt[write] = now;
    for (const one of ripe) one.looked = true;
    if (ripe.length <= FEW) {
      await Promise.all(ripe.map(ask));
      return;
    }
    const listed = await inProgress(write);
    const gone = ripe.filter((one) => !listed?.has(one.id) && now - one.begunAt >= LISTED_AFTER_MS);
    if (listed) await Promise.all(gone.map(ask));
  };

  const track = (write: Write, id: string, leaseId?: string, begunAt = instant(0)): void => {
    if (underWay.has(id) || known.has(id)) return;
    underWay.set(id, { id, write, leaseId, begunAt, looked: false, settled: Promise.withResolvers() });
  };

  return {
    track,
    wait: async (write, id, until) => {
      track(write, id);
      const one = underWay.get(id);
      if (!one) return known.get(id) ?? { kind: 'unknown' };
      const late = clock.sleep(Math.max(0, until - clock.now())).then((): OperationStatus => ({ kind: 'in-progress' }));
      waiting += 1;
      onWaiting();
      const status = await Promise.race([one.settled.promise, late]);
      waiting -= 1;
      return status;
    },
    look: async (hurried) => {
      const due = WRITES.filter((write) => kindDueAt(write, hurried) <= clock.now());
      if (looking || due.length === 0) return;
      looking = true;
      await Promise.all(due.map((write) => lookAt(write, hurried)));
      looking = false;
    },
    dueInMs: (hurried) =>
      looking ? SPACING_MS : Math.max(0, Math.min(...WRITES.map((write) => kindDueAt(write, hurried))) - clock.now()),
    waiting: () => waiting,
  };
};
