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
  telling: Telling;
}

/** @returns false where somebody else has it meanwhile. */
const keep = async (work: Work, change: Partial<Telling>, nextAt = work.telling.nextAt): Promise<boolean> => {
  const kept = await work.world.outbox.keep({ ...work.telling, ...change }, nextAt);
  if (kept) work.telling = kept;
  return kept !== undefined;
};

/** An approver who cannot be reached is no alarm: others are asked, and it shows that somebody waits. */
const countLost = ({ counts, telling }: Work, people: number): void => {
  if (isUrgent(telling)) counts.notTold += people;
};

const nobodyThere = ({ world, telling }: Work, personId: string): 'unreachable' => {
  const { requestId, kind } = telling;
  world.reporter.warn('somebody cannot be told, having no address', { requestId, kind, personId });
  return 'unreachable';
};

const tellOne = async (work: Work, { person, ...roles }: Concerned, news: News): Promise<'done' | 'refused'> => {
  const { world, counts, telling } = work;
  const address = await world.addresses.addressOf(person.id);
  const outcome =
    address === undefined
      ? nobodyThere(work, person.id)
      : await world.notifier.tell({ person, address, ...roles }, news);
  if (outcome === 'refused') {
    const { requestId, kind } = telling;
    world.reporter.warn('a message was refused', { requestId, kind, personId: person.id });
    return 'refused';
  }
  if (outcome === 'told') counts.told += 1;
  else countLost(work, 1);
  return 'done';
};

/** Everybody who is left; each is noted at once, so that a run that dies repeats one message at most. @returns who was refused */
const tellAll = async (work: Work, news: News): Promise<readonly string[] | 'taken'> => {
  const { people, isAll } = await findRecipients(work.world, news);
  const { requestId, kind, doneIds } = work.telling;
  if (!isAll)
    work.world.reporter.warn('more people are concerned than are told', { requestId, kind, told: people.length });
  const refused: string[] = [];
  for (const one of people.filter(({ person }) => !doneIds.includes(person.id))) {
    const outcome = await tellOne(work, one, news);
    if (outcome === 'refused') refused.push(one.person.id);
    else if (!(await keep(work, { doneIds: [...work.telling.doneIds, one.person.id] }))) return 'taken';
  }
  return refused;
};

const pauseSeconds = ({ attempts }: Telling): number =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts - 1, 10));

/** Later again, or never. @param missing ids of those who were not told, where they are known */
const putOff = async (work: Work, missing: readonly string[] | undefined): Promise<void> => {
  const { world, counts, telling } = work;
  const now = world.clock.now();
  counts.failures += 1;
  if (secondsBetween(telling.at, now) < GIVE_UP_SECONDS) {
    await keep(work, {}, addSeconds(now, pauseSeconds(telling)));
    return;
  }
  const { requestId, kind } = telling;
  countLost(work, missing?.length ?? 1);
  world.reporter.warn('people were not told, for good', { requestId, kind, personIds: missing ?? 'unknown' });
  await world.outbox.remove(telling);
};

const attend = async (work: Work): Promise<void> => {
  const { world, telling } = work;
  const request = await world.ledger.readRequest(telling.requestId);
  const news = request && newsOf(telling, request, world.clock.now());
  const refused = news ? await tellAll(work, news) : [];
  if (refused === 'taken') return;
  if (refused.length > 0) await putOff(work, refused);
  else await world.outbox.remove(work.telling);
};

/** @returns whether to go on: where no mail goes out at all, the next would not either. */
const tell = async (world: Tellers, counts: Counts, found: Telling): Promise<boolean> => {
  const until = addSeconds(world.clock.now(), CLAIM_SECONDS);
  const telling = await world.outbox.keep({ ...found, attempts: found.attempts + 1 }, until);
  if (!telling) return true;
  const work: Work = { world, counts, telling };
  try {
    await attend(work);
    return true;
  } catch (fault) {
    const { requestId, kind } = telling;
    world.reporter.warn('people could not be told, which is tried again', { requestId, kind, fault });
    await putOff(work, undefined);
    return !(fault instanceof ServiceFault && fault.source === 'mail');
  }
};

/** What nobody has begun is due, whatever the clock of whoever stored it said. */
const isDue = ({ attempts, nextAt }: Telling, now: Instant): boolean => attempts === 0 || nextAt <= now;

const oldestOf = (tellings: readonly Telling[], now: Instant): number =>
  Math.max(0, ...tellings.map(({ at }) => secondsBetween(at, now)));

/** @param deadline nothing is begun after it */
export const tellPeople = async (world: Tellers, deadline: Instant): Promise<TellReport> => {
  const counts: Counts = { told: 0, notTold: 0, failures: 0 };
  const begun = world.clock.now();
  let mayGoOn = true;
  for (const found of await world.outbox.list(LOOKED_AT)) {
    const now = world.clock.now();
    mayGoOn &&= now < deadline;
    if (mayGoOn && isDue(found, begun)) mayGoOn = await tell(world, counts, found);
  }
  return { ...counts, oldestSeconds: oldestOf(await world.outbox.list(LOOKED_AT), world.clock.now()) };
};
