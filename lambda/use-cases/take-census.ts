/** Take the census: count everybody, then who is in each of the groups, and put it where it is judged by. One count at a time. */
import {
  type Census,
  type CensusFailure,
  type CensusProgress,
  type CensusState,
  censusUnderWay,
  covers,
  freshCensus,
} from '../domain/census.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { CensusStore } from '../ports/census-store.ts';
import { ConflictFault, OutOfTime, ServiceFault } from '../ports/faults.ts';
import type { Surveyor } from '../ports/surveyor.ts';
import type { Needs } from './world.ts';

export type Counting = Needs<'clock' | 'reporter'> & { readonly surveyor: Surveyor; readonly census: CensusStore };

export interface CensusInput {
  readonly runId: string;
  readonly groupIds: readonly string[];
  /** When it stops counting; storing what it has takes some seconds more. */
  readonly deadline: Instant;
}

export interface CensusReport {
  /** False where it was known already, or somebody else counts. */
  readonly wasDue: boolean;
  readonly people: number;
  readonly groups: number;
  readonly failed?: CensusFailure;
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

/** @returns the state as it was before; undefined where there was nothing to change. @throws ConflictFault */
const change = async (
  store: CensusStore,
  next: (state: CensusState) => CensusState | undefined,
): Promise<CensusState | undefined> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const state = await store.readState();
    const changed = next(state);
    if (changed === undefined) return undefined;
    if (await store.replaceState(changed)) return state;
  }
  throw new ConflictFault('the state of the census was changed again and again');
};

const runningFrom = ({ clock }: Counting, id: string, progress: CensusProgress): NonNullable<CensusState['run']> => ({
  id,
  until: addSeconds(clock.now(), SILENCE_SECONDS),
  progress,
});

const isKnown = async ({ census, clock }: Counting, groupIds: readonly string[]): Promise<boolean> => {
  const taken = freshCensus(await census.readState(), clock.now());
  return taken !== undefined && covers(await census.read(taken.version), groupIds);
};

const claim = async (world: Counting, { runId, groupIds }: CensusInput): Promise<boolean> => {
  if (await isKnown(world, groupIds)) return false;
  const progress = { people: 0, groups: 0, groupsInAll: groupIds.length };
  const claimed = await change(world.census, ({ failed: _before, ...state }) =>
    censusUnderWay(state, world.clock.now()) ? undefined : { ...state, run: runningFrom(world, runId, progress) },
  );
  return claimed !== undefined;
};

/** Tells how far it came, now and then. @throws OutOfTime once it is too late to go on */
const teller = (world: Counting, { runId, groupIds, deadline }: CensusInput) => {
  let toldAt = world.clock.now();
  return async (people: number, groups: number): Promise<void> => {
    const now = world.clock.now();
    if (now >= deadline) throw new OutOfTime();
    if (now < addSeconds(toldAt, PROGRESS_SECONDS)) return;
    toldAt = now;
    const run = runningFrom(world, runId, { people, groups, groupsInAll: groupIds.length });
    await change(world.census, (state) => (state.run?.id === runId ? { ...state, run } : undefined));
  };
};

/** A count is thousands of calls in minutes: some of them may fail, and are tried again. */
const patient = ({ clock }: Counting, deadline: Instant) => {
  let faults = 0;
  return async <Read>(read: () => Promise<Read>): Promise<Read> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await read();
      } catch (fault) {
        faults += 1;
        if (!(fault instanceof ServiceFault) || tries === MOST_TRIES || faults > MOST_FAULTS) throw fault;
        await clock.sleep(PAUSE_MS);
        if (clock.now() >= deadline) throw new OutOfTime();
      }
    }
  };
};

const count = async (world: Counting, input: CensusInput): Promise<Census> => {
  const { surveyor } = world;
  const tell = teller(world, input);
  const reading = patient(world, input.deadline);
  const people = await reading(() => surveyor.people((seen) => tell(seen, 0)));
  const placeOf = new Map(people.map(({ id }, place) => [id, place]));
  const members: Record<string, readonly number[]> = {};
  for (const [groups, groupId] of input.groupIds.entries()) {
    await tell(people.length, groups);
    const ids = await reading(() => surveyor.memberIds(groupId));
    // Whoever was made since is in no list of people yet.
    members[groupId] = ids.flatMap((id) => placeOf.get(id) ?? []);
  }
  return { people, members };
};

const failureOf = (fault: unknown): CensusFailure => {
  if (fault instanceof OutOfTime) return 'out-of-time';
  if (fault instanceof ServiceFault) return 'fault';
  throw fault;
};

/** What this run comes to. Whoever took so long that another one began has nothing more to say. */
const conclude = (world: Counting, runId: string, outcome: Pick<CensusState, 'taken' | 'failed'>) =>
  change(world.census, ({ run, ...state }) => (run?.id === runId ? { ...state, ...outcome } : undefined));

const store = async (world: Counting, runId: string, census: Census, asOf: Instant): Promise<void> => {
  const version = await world.census.put(census, world.clock.now());
  await conclude(world, runId, { taken: { version, asOf } });
};

/** @throws whatever is no fault of the outside */
export const takeCensus = async (world: Counting, input: CensusInput): Promise<CensusReport> => {
  const { runId, groupIds } = input;
  const asOf = world.clock.now();
  if (!(await claim(world, input))) return { wasDue: false, people: 0, groups: 0 };
  try {
    const census = await count(world, input);
    await store(world, runId, census, asOf);
    return { wasDue: true, people: census.people.length, groups: groupIds.length };
  } catch (fault) {
    const why = failureOf(fault);
    world.reporter.warn('everybody could not be counted', { why, fault });
    await conclude(world, runId, { failed: { at: world.clock.now(), why } });
    return { wasDue: true, people: 0, groups: 0, failed: why };
  }
};
