/**
 * Tells people what concerns them, out of the outbox, the loudest first. Whatever fails is tried again later, for a day; what
 * wakes it is only a wake-up, and may come twice or not at all.
 */
import type { News } from '../domain/news.ts';
import { newsOf } from '../domain/news.ts';
import { isUrgent, type Telling } from '../domain/telling.ts';
import { addSeconds, type Instant, secondsBetween } from '../domain/time.ts';
import { ServiceFault } from '../ports/faults.ts';
import { type Concerned, findRecipients } from './find-recipients.ts';
import type { Needs } from './world.ts';

type Tellers = Needs<'outbox' | 'ledger' | 'directory' | 'addresses' | 'notifier' | 'clock' | 'reporter'>;

export interface TellReport {
  /** Messages that went out. */
  readonly told: number;
  /** People who are not told of a broken glass, for good: they have no address, or nothing reached them for a day. */
  readonly notTold: number;
  /** What failed and is tried again. */
  readonly failures: number;
  /** How long the oldest news that is still to be told has waited, seconds. */
  readonly oldestSeconds: number;
}

type Counts = { told: number; notTold: number; failures: number };

/** Longer than a run lasts: whoever began to tell something has it to himself until then. */
export const CLAIM_SECONDS = 360;
const GIVE_UP_SECONDS = 24 * 60 * 60;
const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 15 * 60;
/** So much of the outbox is looked at: far more than is told in one run. */
const LOOKED_AT = 200;

/** Something of the outbox that a run has to itself, as it was stored last. */
interface Work {
  readonly world: Tellers;
  readonly counts: Counts;
  readonly deadline: Instant;
  telling: Telling;
  /** Ids of those who are not told yet, once they are known. */
  left?: readonly string[];
}

/** @returns false where somebody else has it meanwhile. */
const keep = async (work: Work, change: Partial<Telling>, nextAt = work.telling.nextAt): Promise<boolean> => {
  const kept = await work.world.outbox.keep({ ...work.telling, ...change }, nextAt);
  if (kept) work.telling = kept;
  return kept !== undefined;
};

const warn = ({ world, telling: { requestId, kind } }: Work, message: string, fields: object = {}): void =>
  world.reporter.warn(message, { requestId, kind, ...fields });

/** An approver who cannot be reached is no alarm: others are asked, and it shows that somebody waits. */
const countLost = ({ counts, telling }: Work, people: number): void => {
  if (isUrgent(telling)) counts.notTold += people;
};

/** @returns whether there is nothing more to do for this person. */
const tellOne = async (work: Work, { person, ...roles }: Concerned, news: News): Promise<boolean> => {
  const { world, counts, telling } = work;
  const address = await world.addresses.addressOf(person.id);
  if (address === undefined) {
    warn(work, 'somebody cannot be told, having no address', { personId: person.id });
    countLost(work, 1);
    return true;
  }
  const outcome = await world.notifier.tell({ person, address, ...roles }, news);
  if (outcome === 'told') {
    counts.told += 1;
    return true;
  }
  warn(work, 'a message was refused', { personId: person.id, reason: outcome.reason });
  return !isUrgent(telling);
};

const findLeft = async (work: Work, news: News): Promise<readonly Concerned[]> => {
  const { people, isAll } = await findRecipients(work.world, news);
  const { doneIds } = work.telling;
  if (!isAll && people.length > 0) warn(work, 'more people are concerned than are told', { told: people.length });
  if (people.length === 0 && doneIds.length === 0 && isUrgent(work.telling)) {
    warn(work, 'nobody is there who is to be told');
    countLost(work, 1);
  }
  return people.filter(({ person }) => !doneIds.includes(person.id));
};

/**
 * Everybody who is left; each is noted at once, so that a run that dies repeats one message at most.
 * @returns false where another run is to go on, or has begun to
 */
const tellAll = async (work: Work, news: News): Promise<boolean> => {
  const people = await findLeft(work, news);
  work.left = people.map(({ person }) => person.id);
  for (const one of people) {
    const now = work.world.clock.now();
    if (now >= work.deadline) {
      await keep(work, {}, now);
      return false;
    }
    if (!(await tellOne(work, one, news))) continue;
    if (!(await keep(work, { doneIds: [...work.telling.doneIds, one.person.id] }))) return false;
    work.left = work.left.filter((id) => id !== one.person.id);
  }
  return true;
};

const pauseSeconds = ({ attempts }: Telling): number =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts - 1, 10));

/** Later again, or never. */
const putOff = async (work: Work): Promise<void> => {
  const { world, counts, telling, left } = work;
  const now = world.clock.now();
  counts.failures += 1;
  if (secondsBetween(telling.at, now) < GIVE_UP_SECONDS) {
    await keep(work, {}, addSeconds(now, pauseSeconds(telling)));
    return;
  }
  countLost(work, left?.length ?? 1);
  warn(work, 'people were not told, for good', { personIds: left ?? 'unknown' });
  await world.outbox.remove(telling);
};

const attend = async (work: Work): Promise<void> => {
  const { world, telling } = work;
  const request = await world.ledger.readRequest(telling.requestId);
  const news = request && newsOf(telling, request, world.clock.now());
  if (news && !(await tellAll(work, news))) return;
  if (work.left?.length) await putOff(work);
  else await world.outbox.remove(work.telling);
};

/** @returns whether to go on: where no mail goes out at all, the next would not either. */
const tell = async (world: Tellers, counts: Counts, found: Telling, deadline: Instant): Promise<boolean> => {
  const until = addSeconds(world.clock.now(), CLAIM_SECONDS);
  const telling = await world.outbox.keep({ ...found, attempts: found.attempts + 1 }, until);
  if (!telling) return true;
  const work: Work = { world, counts, deadline, telling };
  try {
    await attend(work);
    return true;
  } catch (fault) {
    warn(work, 'people could not be told, which is tried again', { fault });
    await putOff(work);
    return !(fault instanceof ServiceFault && fault.source === 'mail');
  }
};

/** What nobody has begun is due, whatever the clock of whoever stored it said. */
const isDue = ({ attempts, nextAt }: Telling, now: Instant): boolean => attempts === 0 || nextAt <= now;

const oldestOf = (tellings: readonly Telling[], now: Instant): number =>
  Math.max(0, ...tellings.map(({ at }) => secondsBetween(at, now)));

/** @param deadline nobody is told after it: the next run goes on */
export const tellPeople = async (world: Tellers, deadline: Instant): Promise<TellReport> => {
  const counts: Counts = { told: 0, notTold: 0, failures: 0 };
  const begun = world.clock.now();
  let mayGoOn = true;
  for (const found of await world.outbox.list(LOOKED_AT)) {
    const now = world.clock.now();
    mayGoOn &&= now < deadline;
    if (mayGoOn && isDue(found, begun)) mayGoOn = await tell(world, counts, found, deadline);
  }
  return { ...counts, oldestSeconds: oldestOf(await world.outbox.list(LOOKED_AT), world.clock.now()) };
};
