/**
 * The pump: one at a time begins whatever has to be begun in Identity Center, the most urgent first, as much at once as
 * Identity Center bears, and sees it through.
 */
import type { Work } from '../../domain/lease-work.ts';
import { addSeconds, type Instant, secondsBetween } from '../../domain/time.ts';
import type { Converging } from '../lease-commit.ts';
import type { Needs } from '../world.ts';
import { createLockKeeper, isOverdue, type LockKeeper } from './lock-keeper.ts';
import { createOutcomes, type Outcomes } from './outcomes.ts';
import { pacedAssignments, pacedLooks } from './paced-assignments.ts';
import { createRequestPace, type RequestPace } from './request-pace.ts';
import { createRuns, type Runs } from './runs.ts';
import { createSignal, type Signal } from './signal.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';
import { createWriteSlots, type WriteSlots } from './write-slots.ts';

export type Pumping = Converging & Needs<'lock' | 'converger'>;

export interface PumpOrders {
  /** Looked at at once, whatever the index says: it may lag. */
  readonly leaseIds: readonly string[];
  /** Should another be at work, waits until that must have come to its end, or is known to live. */
  readonly standBy?: boolean | undefined;
  readonly deadline: Instant;
}

export interface PumpReport {
  /** `left`: another was at work, and was told. */
  readonly kind: 'pumped' | 'left';
  readonly runs: number;
  /** How often Identity Center said that it was too much. */
  readonly throttled: number;
  /** Cut off by the deadline; the next goes on with it. */
  readonly leftOver: number;
}

/** While it holds the lock it listens so often for whom others have woken it for. */
const LISTEN_MS = 200;
/** The index is read again after so long: what nobody woke anybody for is there. */
const READ_INDEX_SECONDS = 10;
/** More than Identity Center bears for a quarter of an hour. */
const MOST_LISTED = 2_000;
/**
 * With no more than so many writes under way and nothing to begin, the lock is given back while they are waited for: then
 * whoever comes next begins at once, and all together still look seldom enough. With more, one asks for all of them.
 */
const FEW_UNDER_WAY = 3;
/** What another began so long ago is nobody's any more (`domain/lease.ts`). */
const ABANDONED_AFTER_SECONDS = 30;
const TRIES = 4;
const TRY_AGAIN_MS = 300;
/** Ids that go along with a wake-up; the index has the others. */
const MOST_HANDED_ON = 100;

interface Pump {
  readonly world: Pumping;
  readonly deadline: Instant;
  readonly keeper: LockKeeper;
  readonly pace: RequestPace;
  readonly slots: WriteSlots;
  readonly outcomes: Outcomes;
  readonly queue: WorkQueue;
  readonly runs: Runs;
  readonly signal: Signal;
  /** Leases whose writes another has under way and looks after. */
  readonly others: Set<string>;
  listenAt: number;
  readIndexAt: number;
}

const createPump = (world: Pumping, deadline: Instant): Pump => {
  const { clock, reporter } = world;
  const signal = createSignal(clock);
  const pace = createRequestPace(clock);
  const slots = createWriteSlots();
  const queue = createWorkQueue();
  const owner = world.ids.salt();
  const keeper = createLockKeeper(world, owner);
  const looks = pacedLooks(world.assignments, pace);
  const onSettled = (leaseId: string): void => {
    slots.release(leaseId);
    signal.ring();
  };
  const outcomes = createOutcomes({ assignments: looks, clock, reporter, onWaiting: signal.ring, onSettled });
  const assignments = pacedAssignments({ looks, pace, slots, outcomes, clock, deadline });
  const runs = createRuns({
    world: { ...world, assignments },
    claim: owner,
    keeper,
    pace,
    slots,
    queue,
    deadline,
    onChange: signal.ring,
  });
  const others = new Set<string>();
  const parts = { world, deadline, keeper, pace, slots, outcomes, queue, runs, signal, others };
  return { ...parts, listenAt: clock.now() + LISTEN_MS, readIndexAt: 0 };
};

// ---------- what there is to do ----------

/** What another has under way counts; once it is old, it is taken over. Everything else waits for its turn. */
const note = (pump: Pump, work: Work): void => {
  const { runs, queue, slots, others, world } = pump;
  const { leaseId, urgency, since } = work;
  if (runs.has(leaseId) || runs.isCooling(leaseId) || queue.has(leaseId)) return;
  if (urgency === 'under-way' && world.clock.now() < addSeconds(since, ABANDONED_AFTER_SECONDS)) {
    others.add(leaseId);
    slots.force(leaseId);
    return;
  }
  queue.add(work);
};

const forgetOthers = ({ others, slots, runs }: Pump): void => {
  for (const leaseId of others) if (!runs.has(leaseId)) slots.release(leaseId);
  others.clear();
};

const readIndex = async (pump: Pump): Promise<void> => {
  const { world } = pump;
  pump.readIndexAt = addSeconds(world.clock.now(), READ_INDEX_SECONDS);
  try {
    const listed = await world.ledger.listWork(MOST_LISTED);
    forgetOthers(pump);
    for (const work of listed) note(pump, work);
  } catch (fault) {
    world.reporter.warn('the pump could not read what is to be done', { fault });
  }
};

/** Whom others were woken for meanwhile. @returns whether there was any. */
const listen = async (pump: Pump): Promise<boolean> => {
  const { world, runs } = pump;
  pump.listenAt = world.clock.now() + LISTEN_MS;
  try {
    const hints = await world.lock.takeHints();
    for (const leaseId of hints) runs.hint(leaseId);
    return hints.length > 0;
  } catch (fault) {
    world.reporter.warn('the pump could not hear for whom it was woken', { fault });
    return false;
  }
};

// ---------- the lock ----------

/**
 * Takes the lock, or tells whoever holds it what to look at. It is tried again after that: whoever gives the lock back
 * listens once more after it, so either hears of it or leaves the lock to be taken.
 */
const takeOrTell = async ({ world, keeper }: Pump, leaseIds: readonly string[]): Promise<boolean> => {
  const takeIfFree = async (): Promise<boolean> => {
    const until = await world.lock.heldUntil();
    return (until === undefined || until <= world.clock.now()) && keeper.take();
  };
  if (await takeIfFree()) return true;
  if (leaseIds.length > 0) await world.lock.leaveHints(leaseIds);
  return takeIfFree();
};

/** Nothing else is done without it, so that a database that fails for a moment is not taken for an answer. */
const persistently = async <Answer>({ world }: Pump, act: () => Promise<Answer>): Promise<Answer> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (fault) {
      if (tries === TRIES) throw fault;
      await world.clock.sleep(TRY_AGAIN_MS);
    }
  }
};

/**
 * Waits until the lock that another holds runs out: when told to, or when it was not renewed for so long that its holder is
 * likely to have died. True when it was not renewed until then, and is ours now.
 */
const standBy = async ({ world, keeper }: Pump, { standBy: isTold }: PumpOrders): Promise<boolean> => {
  const until = await world.lock.heldUntil();
  if (until === undefined) return keeper.take();
  if (!isTold && !isOverdue(until, world.clock.now())) return false;
  await world.clock.sleep(Math.max(0, secondsBetween(world.clock.now(), until) * 1000) + 1);
  return keeper.take();
};

/** @returns whether there is more to do: somebody was woken before the lock was free to be taken. */
const giveBack = async (pump: Pump): Promise<boolean> => {
  return (await pump.keeper.giveBack()) && listen(pump);
};

// ---------- the work ----------

/** Everything that is going on only waits for its outcome, and that is little. */
const mayLetGo = ({ keeper, queue, runs, outcomes, slots }: Pump): boolean =>
  keeper.isHeld() && queue.size() === 0 && runs.count() === outcomes.waiting() && slots.taken() <= FEW_UNDER_WAY;

/** Whether more waits for a place than there are places. */
const isCrowded = ({ queue, slots }: Pump): boolean => queue.size() > 0 && !slots.hasRoom('grant');

const untilNextMs = (pump: Pump): number => {
  const { world, keeper, outcomes, queue, pace } = pump;
  const now = world.clock.now();
  const listen = keeper.isHeld() ? pump.listenAt - now : Number.POSITIVE_INFINITY;
  const right = queue.size() > 0 && pace.waitMs() > 0 ? pace.waitMs() : Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(listen, right, outcomes.dueInMs(isCrowded(pump)), pump.deadline - now, 1_000));
};

/** What it may not begin without the lock is begun by whoever has it. */
const takeOrHandOn = async (pump: Pump): Promise<void> => {
  const { queue, keeper } = pump;
  if (queue.size() === 0 || keeper.isHeld()) return;
  const leaseIds = queue.all().map(({ leaseId }) => leaseId);
  try {
    if (await takeOrTell(pump, leaseIds)) return;
    for (const leaseId of leaseIds) queue.remove(leaseId);
  } catch (fault) {
    pump.world.reporter.warn('the pump could not take its lock again', { fault });
  }
};

const isOver = ({ runs, queue, world, deadline }: Pump): boolean =>
  runs.count() === 0 && (queue.size() === 0 || world.clock.now() >= deadline);

const turnOnce = async (pump: Pump): Promise<void> => {
  const { world, keeper, outcomes, runs, signal } = pump;
  void keeper.renew();
  if (keeper.isHeld() && world.clock.now() >= pump.listenAt) await listen(pump);
  if (keeper.isHeld() && world.clock.now() >= pump.readIndexAt) await readIndex(pump);
  await takeOrHandOn(pump);
  runs.begin();
  if (mayLetGo(pump) && (await giveBack(pump))) return;
  void outcomes.look(isCrowded(pump));
  if (!isOver(pump)) await signal.wait(untilNextMs(pump));
};

const work = async (pump: Pump): Promise<void> => {
  do {
    await turnOnce(pump);
  } while (!isOver(pump) || ((await giveBack(pump)) && pump.world.clock.now() < pump.deadline));
};

/** What the deadline cut off is gone on with at once, by another run of the same function. */
const handOn = async ({ world, queue, runs }: Pump): Promise<number> => {
  const left = [...runs.leftOver(), ...queue.all().map(({ leaseId }) => leaseId)];
  if (left.length === 0) return 0;
  try {
    await world.converger.wake(left.slice(0, MOST_HANDED_ON));
  } catch (fault) {
    world.reporter.warn('the pump could not wake the next; the sweep does', { fault });
  }
  return left.length;
};

export const runPump = async (world: Pumping, orders: PumpOrders): Promise<PumpReport> => {
  const pump = createPump(world, orders.deadline);
  const isOurs =
    (await persistently(pump, () => takeOrTell(pump, orders.leaseIds))) ||
    (await persistently(pump, () => standBy(pump, orders)));
  if (!isOurs) return { kind: 'left', runs: 0, throttled: 0, leftOver: 0 };
  await readIndex(pump);
  for (const leaseId of orders.leaseIds) pump.runs.hint(leaseId);
  await work(pump);
  const leftOver = await handOn(pump);
  return { kind: 'pumped', runs: pump.runs.finished(), throttled: pump.pace.lessons(), leftOver };
};
