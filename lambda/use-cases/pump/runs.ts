/** The runs of converging that one pump has going: each with the turn that the pump gives it. */
import type { Lease } from '../../domain/lease.ts';
import { type Urgency, type Work, writeUrgency } from '../../domain/lease-work.ts';
import { pauseAfter } from '../../domain/pause.ts';
import { addSeconds, earliest, type Instant } from '../../domain/time.ts';
import { convergeLease } from '../converge-lease.ts';
import type { Converging } from '../lease-commit.ts';
import type { Turn } from '../turn.ts';
import type { LockKeeper } from './lock-keeper.ts';
import type { RequestPace } from './request-pace.ts';
import type { WorkQueue } from './work-queue.ts';
import type { WriteSlots } from './write-slots.ts';

/** A run that comes to nothing for so long gives its place to others; what is under way is taken up again. */
const RUN_SECONDS = 90;
/** So many at once that need no write, as far as is known: they read, and make room soon. */
const READING_AT_ONCE = 8;
/** So many in all: more would only wait. */
const MOST_RUNS = 60;
/** Before the same write is tried again, at most. */
const WRITE_AGAIN_MS = 1_000;

export interface Runs {
  /** Begins what may begin now. */
  begin(): void;
  /** Somebody says that the lease has changed: it is looked at now, or again after the run that it has. */
  hint(leaseId: string): void;
  readonly has: (leaseId: string) => boolean;
  readonly count: () => number;
  /** Leases that a run has left for later, and until when nobody needs to look again. */
  readonly isCooling: (leaseId: string) => boolean;
  readonly finished: () => number;
  /** What the deadline cut off. */
  readonly leftOver: () => readonly string[];
}

interface Parts {
  /** With the paced assignments. */
  readonly world: Converging;
  readonly claim: string;
  readonly keeper: LockKeeper;
  readonly pace: RequestPace;
  readonly slots: WriteSlots;
  readonly queue: WorkQueue;
  readonly deadline: Instant;
  readonly onChange: () => void;
}

/** How long a lease that will not go through now is left alone. */
const COOLING_SECONDS = 30;

export const createRuns = (parts: Parts): Runs => {
  const { world, claim, keeper, pace, slots, queue, deadline, onChange } = parts;
  const { clock } = world;
  /** With what was known of each when it began. */
  const running = new Map<string, Work>();
  const again = new Map<string, Urgency>();
  /** Began with the right to a request that they have not made yet. */
  const paid = new Set<string>();
  const leftOver = new Set<string>();
  const cooling = new Map<string, Instant>();
  let claims: Promise<unknown> = Promise.resolve();
  let finished = 0;

  /** One after another: transactions that check the same lock at the same moment would fail each other. */
  const oneAtATime = <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    const mine = claims.then(act);
    claims = mine.catch(() => undefined);
    return mine;
  };
  const storeClaim: Turn['storeClaim'] = (store) =>
    oneAtATime(async () => {
      const fence = keeper.fence();
      const stored = fence === undefined ? undefined : await store(fence);
      if (!stored) await keeper.renew('in-doubt');
      return stored;
    });
  const putBack = ({ id: leaseId }: Lease, urgency: Urgency): void =>
    queue.add({ leaseId, urgency, since: running.get(leaseId)?.since ?? clock.now() });
  /**
   * Together with the place, the right to the request that the write takes. NB. A grant that was not given its place from
   * the queue takes none that has become free just now, while anything goes before it there.
   */
  const admits = (lease: Lease): boolean => {
    const urgency = writeUrgency(lease, clock.now()) ?? 'end';
    const givesWay = urgency === 'grant' && !slots.has(lease.id) && queue.hasBeforeGrants();
    if (!givesWay && keeper.fence() !== undefined && slots.tryTake(lease.id, urgency)) {
      if (paid.delete(lease.id) || pace.tryTake()) return true;
      slots.release(lease.id);
    }
    putBack(lease, urgency);
    return false;
  };
  /** NB. Else a service that only granting needs, and that does not answer, would hold up whatever is to end. */
  const givesWay = (lease: Lease): boolean => {
    if (!queue.hasBeforeGrants()) return false;
    putBack(lease, 'grant');
    return true;
  };
  const turn: Turn = {
    claim,
    admits,
    givesWay,
    storeClaim,
    waitsForOutcomes: true,
    pause: (step, pauses) => clock.sleep(Math.min(WRITE_AGAIN_MS, pauseAfter(step, pauses))),
  };

  /** What became of a run: done, to come again at once, or left for later. */
  const end = (work: Work, settled: boolean): void => {
    const { leaseId } = work;
    const urgency = again.get(leaseId);
    running.delete(leaseId);
    again.delete(leaseId);
    paid.delete(leaseId);
    slots.release(leaseId);
    finished += 1;
    if (!settled && clock.now() >= deadline) leftOver.add(leaseId);
    else if (urgency !== undefined) queue.add({ ...work, urgency });
    else if (!settled && !queue.has(leaseId)) cooling.set(leaseId, addSeconds(clock.now(), COOLING_SECONDS));
    onChange();
  };
  const run = async (work: Work): Promise<void> => {
    const until = earliest(deadline, addSeconds(clock.now(), RUN_SECONDS));
    try {
      const outcome = await convergeLease(world, work.leaseId, until, turn);
      if (outcome === 'unfinished' && clock.now() >= until) again.set(work.leaseId, 'under-way');
      end(work, outcome === 'settled');
    } catch (failure) {
      world.reporter.warn('a run of converging failed', { leaseId: work.leaseId, failure });
      end(work, false);
    }
  };
  const start = (work: Work): void => {
    const { leaseId, urgency } = work;
    running.set(leaseId, work);
    if (urgency === 'under-way') slots.force(leaseId);
    else if (urgency !== 'settle' && slots.tryTake(leaseId, urgency) && pace.tryTake()) paid.add(leaseId);
    void run(work);
  };

  const reading = (): number =>
    [...running.values()].filter(({ urgency, leaseId }) => urgency === 'settle' && !slots.has(leaseId)).length;
  const mayHaveTurn = ({ urgency, leaseId }: Work): boolean => {
    if (running.has(leaseId)) return false;
    if (urgency === 'under-way') return true;
    if (running.size >= MOST_RUNS && urgency !== 'break-glass') return false;
    if (urgency === 'settle') return reading() < READING_AT_ONCE;
    if (urgency === 'grant' && queue.hasBeforeGrants()) return false;
    return keeper.fence() !== undefined && slots.hasRoom(urgency) && pace.waitMs() === 0;
  };

  return {
    begin: () => {
      if (clock.now() >= deadline) return;
      for (let work = queue.takeFirst(mayHaveTurn); work; work = queue.takeFirst(mayHaveTurn)) start(work);
    },
    hint: (leaseId) => {
      cooling.delete(leaseId);
      if (running.has(leaseId)) again.set(leaseId, 'settle');
      else queue.add({ leaseId, urgency: 'settle', since: clock.now() });
    },
    has: (leaseId) => running.has(leaseId),
    count: () => running.size,
    isCooling: (leaseId) => (cooling.get(leaseId) ?? 0) > clock.now(),
    finished: () => finished,
    leftOver: () => [...leftOver],
  };
};
