/** Take the census: count everybody, then who is in each of the groups, and put it where it is judged by. One count at a time. */
import {
  type Census,
  type CensusFailure,
  type CensusProgress,
  type CensusState,
  censusUnderWay,
  covers,
  freshCensus,
  takenNow,
} from '../domain/census.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { CensusStore } from '../ports/census-store.ts';
import { ConflictFault, OutOfTime, ServiceFault } from '../ports/faults.ts';
import type { PeopleLists } from '../ports/people-lists.ts';
import { readCensus } from './census-content.ts';
import type { Needs } from './world.ts';

export type Counting = Needs<'clock' | 'reporter'> & { readonly lists: PeopleLists; readonly census: CensusStore };

export interface CensusInput {
  readonly runId: string;
  readonly groupIds: readonly string[];
  /** When it stops counting; storing what it has takes some seconds more. */
  readonly deadline: Instant;
}

export interface CensusReport {
  /** Nothing was counted where it was known already, or somebody else counts; `overtaken`: that other one began meanwhile. */
  readonly outcome: 'counted' | 'not-due' | 'overtaken' | CensusFailure;
  readonly people: number;
  readonly groups: number;
}

/** Who says nothing for so long counts no more, and another one may. */
const SILENCE_SECONDS = 120;
/** How often it says that it counts, and how far it came. */
const PROGRESS_SECONDS = 2;
const ATTEMPTS = 5;
/** So often the same is tried, with a pause between: what is not allowed will not be allowed later. */
const MOST_TRIES = 3;
/** So many faults are borne in all. */
const MOST_FAULTS = 10;
const PAUSE_MS = 5000;

/** Another count began, since this one was silent for too long: it has nothing more to say. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** @returns whether there was anything to change. @throws ConflictFault */
const change = async (store: CensusStore, next: (state: CensusState) => CensusState | undefined): Promise<boolean> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const changed = next(await store.readState());
    if (changed === undefined) return false;
    if (await store.replaceState(changed)) return true;
  }
  throw new ConflictFault('the state of the census was changed again and again');
};

/** What this run alone may say. @throws Overtaken */
const changeOwn = async (
  { census }: Counting,
  runId: string,
  next: (state: CensusState) => CensusState,
): Promise<void> => {
  const isOwn = await change(census, (state) => (state.run?.id === runId ? next(state) : undefined));
  if (!isOwn) throw new Overtaken();
};

const runningFrom = ({ clock }: Counting, id: string, progress: CensusProgress): NonNullable<CensusState['run']> => ({
  id,
  until: addSeconds(clock.now(), SILENCE_SECONDS),
  progress,
});

const isKnown = async ({ census, clock }: Counting, groupIds: readonly string[]): Promise<boolean> => {
  const taken = freshCensus(await census.readState(), clock.now());
  const known = taken && (await readCensus(census, taken.version));
  return known !== undefined && covers(known, groupIds);
};

const claim = async (world: Counting, { runId, groupIds }: CensusInput): Promise<boolean> => {
  if (await isKnown(world, groupIds)) return false;
  const progress = { people: 0, groups: 0, groupsInAll: groupIds.length };
  return change(world.census, ({ failed: _before, ...state }) =>
    censusUnderWay(state, world.clock.now()) ? undefined : { ...state, run: runningFrom(world, runId, progress) },
  );
};

/** Tells how far it came, now and then; that it cannot be told is no reason to stop. @throws OutOfTime, Overtaken */
const teller = (world: Counting, { runId, groupIds, deadline }: CensusInput) => {
  let toldAt = world.clock.now();
  return async (people: number, groups: number): Promise<void> => {
    const now = world.clock.now();
    if (now >= deadline) throw new OutOfTime();
    if (now < addSeconds(toldAt, PROGRESS_SECONDS)) return;
    toldAt = now;
    const run = runningFrom(world, runId, { people, groups, groupsInAll: groupIds.length });
    try {
      await changeOwn(world, runId, (state) => ({ ...state, run }));
    } catch (fault) {
      if (!isOfOutside(fault)) throw fault;
      world.reporter.warn('how far the count came could not be told', { runId, fault });
    }
  };
};

const isOfOutside = (fault: unknown): boolean => fault instanceof ServiceFault || fault instanceof ConflictFault;

/** A count is thousands of calls in minutes: some of them may fail, and are tried again. */
const patient = ({ clock }: Counting, deadline: Instant) => {
  let faults = 0;
  return async <Done>(work: () => Promise<Done>): Promise<Done> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (fault) {
        faults += 1;
        if (!isOfOutside(fault) || tries === MOST_TRIES || faults > MOST_FAULTS) throw fault;
        await clock.sleep(PAUSE_MS);
        if (clock.now() >= deadline) throw new OutOfTime();
      }
    }
  };
};

type Patience = ReturnType<typeof patient>;

const count = async (world: Counting, input: CensusInput, bearing: Patience): Promise<Census> => {
  const { lists } = world;
  const tell = teller(world, input);
  const people = await bearing(() => lists.people((seen) => tell(seen, 0)));
  const placeOf = new Map(people.map(({ id }, place) => [id, place]));
  const members: Record<string, readonly number[]> = {};
  for (const [groups, groupId] of input.groupIds.entries()) {
    const ids = await bearing(() => lists.memberIds(groupId, () => tell(people.length, groups)));
    // Whoever was made since is in no list of people yet.
    members[groupId] = ids.flatMap((id) => placeOf.get(id) ?? []);
  }
  return { people, members };
};

/** Time is left for it, whatever the deadline of counting. */
const store = async (world: Counting, runId: string, census: Census, asOf: Instant): Promise<void> => {
  const bearing = patient(world, addSeconds(world.clock.now(), MOST_TRIES * PAUSE_MS));
  const version = await bearing(() => world.census.put(census, world.clock.now()));
  const taken = takenNow(version, asOf, world.clock.now());
  await bearing(() => changeOwn(world, runId, ({ run: _mine, ...state }) => ({ ...state, taken })));
};

const failureOf = (fault: unknown): CensusFailure => {
  if (fault instanceof OutOfTime) return 'out-of-time';
  if (fault instanceof ServiceFault && fault.source !== 'database') return 'identity-store';
  return isOfOutside(fault) ? 'database' : 'error';
};

const NOBODY = { people: 0, groups: 0 };

const giveUp = async (world: Counting, runId: string, fault: unknown): Promise<CensusReport> => {
  if (fault instanceof Overtaken) return { outcome: 'overtaken', ...NOBODY };
  const why = failureOf(fault);
  world.reporter.warn('everybody could not be counted', { why, fault });
  const failed = { at: world.clock.now(), why };
  await change(world.census, ({ run, ...state }) => (run?.id === runId ? { ...state, failed } : undefined));
  if (why === 'error') throw fault;
  return { outcome: why, ...NOBODY };
};

/** @throws whatever is no fault of the outside */
export const takeCensus = async (world: Counting, input: CensusInput): Promise<CensusReport> => {
  const asOf = world.clock.now();
  if (!(await claim(world, input))) return { outcome: 'not-due', ...NOBODY };
  try {
    const census = await count(world, input, patient(world, input.deadline));
    await store(world, input.runId, census, asOf);
    return { outcome: 'counted', people: census.people.length, groups: input.groupIds.length };
  } catch (fault) {
    return giveUp(world, input.runId, fault);
  }
};
