/** A round: all accounts, one after the other, each with its elevatable permission sets; as far as time allows, and on from there next time. */
import type { Round } from '../domain/drift-state.ts';
import type { Account } from '../domain/policy/facts.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import { type Knowledge, placesIn, whereLeasesAre } from './drift-places.ts';
import {
  accountsBehind,
  accountsInOrder,
  advanceRound,
  type Claimed,
  claimRound,
  finishRound,
  leaveRound,
  roundAge,
  type Searchers,
} from './drift-progress.ts';
import { type KnownOrganization, knownOrganization, type WaitsFor } from './known-organization.ts';
import { type LookReport, lookForDrift, type PlaceToLookAt } from './look-for-drift.ts';

export interface DriftReport extends LookReport {
  /** Accounts that this run came to the end of. */
  readonly accounts: number;
  readonly places: number;
  readonly skipped: number;
  readonly isRoundFinished: boolean;
  /** Since the end of the last full round, or since there is any search. */
  readonly roundAgeSeconds: number;
  /** No round was begun or gone on with. */
  readonly waitsFor?: WaitsFor;
}

type Tally = Omit<DriftReport, 'isRoundFinished' | 'roundAgeSeconds' | 'waitsFor'>;
const NOTHING: Tally = {
  findings: 0,
  removals: 0,
  overdue: 0,
  isLimitReached: false,
  accounts: 0,
  places: 0,
  skipped: 0,
};

const plus = (one: Tally, other: Tally): Tally => ({
  findings: one.findings + other.findings,
  removals: one.removals + other.removals,
  overdue: one.overdue + other.overdue,
  isLimitReached: one.isLimitReached || other.isLimitReached,
  accounts: one.accounts + other.accounts,
  places: one.places + other.places,
  skipped: one.skipped + other.skipped,
});

/** What a run has in hand. */
interface Run extends Knowledge {
  /** Those that are searched, in the order of their ids. */
  readonly accounts: readonly Account[];
  readonly isProof: boolean;
  readonly deadline: Instant;
}

/** Where a run stands; without a round when another run has gone on with it. */
interface Walked {
  readonly round: Round | undefined;
  readonly tally: Tally;
}

export const searchForDrift = async (world: Searchers, deadline: Instant): Promise<DriftReport> => {
  const known = await knownOrganization(world);
  const isWaiting = 'waitsFor' in known;
  const found = isWaiting ? { ...NOTHING, ...known, isRoundFinished: false } : await goOn(world, known, deadline);
  return { ...found, roundAgeSeconds: await roundAge(world) };
};

const goOn = async (
  world: Searchers,
  { accounts: all, elevatable }: KnownOrganization,
  deadline: Instant,
): Promise<Tally & Pick<DriftReport, 'isRoundFinished'>> => {
  const accounts = accountsInOrder(all);
  const claim = { accounts: accounts.length, permissionSetArns: [...elevatable.keys()], deadline };
  const claimed = await claimRound(world, claim);
  if (!claimed) return { ...NOTHING, isRoundFinished: false };
  const { isProof } = claimed;
  const run = { accounts, isProof, deadline, elevatable, held: await whereLeasesAre(world) };
  const { round, tally } = await walk(world, run, claimed);
  const isRoundFinished = round !== undefined && accountsBehind(accounts, round).length === 0;
  if (round) await (isRoundFinished ? finishRound(world, round, all) : leaveRound(world, round));
  return { ...tally, isRoundFinished };
};

const walk = async (world: Searchers, run: Run, claimed: Claimed): Promise<Walked> => {
  let round: Round | undefined = claimed.round;
  let tally = NOTHING;
  while (round && world.clock.now() < run.deadline) {
    if (accountsBehind(run.accounts, round).length === 0) break;
    const walked: Walked = await walkStretch(world, run, round);
    tally = plus(tally, walked.tally);
    round = walked.round;
  }
  return { round, tally };
};

// ---------- a stretch: a few accounts, and their places a few at a time ----------

/** Accounts whose places are looked up together: the pace of the calls is the same, and nobody waits for one answer. */
const ACCOUNTS_AT_ONCE = 10;
/**
 * Places looked at together: their second looks wait together. NB. Two looks at them take seconds at the slowest pace, and an
 * account may have hundreds: so time is looked at in between, and how far the round came is stored.
 */
const PLACES_AT_ONCE = 10;

/** Whoever was held up for longer behind the end of the run leaves it at that, and is not cut off in the middle. */
const PLANNED_WITHIN_SECONDS = 10;

interface Stretch {
  readonly batch: readonly Account[];
  /** Of all of them, in order. */
  readonly places: readonly PlaceToLookAt[];
  /** Accounts that could not be looked at, by id; it grows on the way. */
  readonly unseen: Set<string>;
}

const walkStretch = async (world: Searchers, run: Run, begun: Round): Promise<Walked> => {
  const stretch = await planStretch(world, run, begun);
  if (world.clock.now() >= addSeconds(run.deadline, PLANNED_WITHIN_SECONDS)) return { round: begun, tally: NOTHING };
  let round: Round | undefined = begun;
  let tally: Tally = { ...NOTHING, skipped: stretch.unseen.size };
  let upTo = 0;
  do {
    const before: Round = round;
    const places = stretch.places.slice(upTo, upTo + PLACES_AT_ONCE);
    upTo += places.length;
    tally = plus(tally, await lookAtPlaces(world, places, stretch.unseen));
    const over = overIn(stretch, upTo);
    if (run.isProof) await world.driftStore.saveLooks(idsSeen(over.slice(tally.accounts), stretch), begun.startedAt);
    tally = { ...tally, accounts: over.length };
    round = await advanceRound(world, before, roundAt(begun, stretch, upTo, tally));
  } while (round && upTo < stretch.places.length && world.clock.now() < run.deadline);
  return { round, tally };
};

const planStretch = async (world: Searchers, run: Run, round: Round): Promise<Stretch> => {
  const batch = accountsBehind(run.accounts, round).slice(0, ACCOUNTS_AT_ONCE);
  const isBehind = ({ target }: PlaceToLookAt): boolean =>
    target.accountId !== round.within?.accountId || target.permissionSetArn > round.within.permissionSetArn;
  const unseen = new Set<string>();
  const found = await Promise.all(
    batch.map((account) => tried(world, account.id, () => placesIn(world, account, run))),
  );
  for (const [index, { id }] of batch.entries()) if (!found[index]) unseen.add(id);
  return { batch, places: found.flatMap((places = []) => places.filter(isBehind)), unseen };
};

/** The accounts that a stretch has come to the end of, with so many of its places looked at. */
const overIn = ({ batch, places }: Stretch, upTo: number): readonly Account[] => {
  const next = places[upTo]?.target.accountId;
  return next === undefined
    ? batch
    : batch.slice(
        0,
        batch.findIndex(({ id }) => id === next),
      );
};

const idsSeen = (accounts: readonly Account[], { unseen }: Stretch): readonly string[] =>
  accounts.map(({ id }) => id).filter((id) => !unseen.has(id));

/** The round as it is then. */
const roundAt = (begun: Round, stretch: Stretch, upTo: number, tally: Tally): Round => {
  const { within: _before, ...rest } = begun;
  const after = overIn(stretch, upTo).at(-1)?.id;
  const [last, next] = [stretch.places[upTo - 1]?.target, stretch.places[upTo]?.target];
  const isInTheMiddle = last !== undefined && last.accountId === next?.accountId;
  return {
    ...rest,
    ...(after === undefined ? {} : { after }),
    ...(isInTheMiddle ? { within: { accountId: last.accountId, permissionSetArn: last.permissionSetArn } } : {}),
    done: begun.done + tally.accounts,
    places: begun.places + tally.places,
    skipped: begun.skipped + tally.skipped,
  };
};

// ---------- places ----------

const TRIES = 2;
const BEFORE_NEXT_TRY_MS = 5000;

/** NB. What could not be seen is neither there nor absent: the account is skipped, aloud, and the round is no full one. */
const tried = async <Found>(
  world: Searchers,
  accountId: string,
  look: () => Promise<Found>,
): Promise<Found | undefined> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await look();
    } catch (fault) {
      if (tries < TRIES) {
        await world.clock.sleep(BEFORE_NEXT_TRY_MS);
        continue;
      }
      world.reporter.warn('an account could not be searched for drift', { accountId, fault });
      return undefined;
    }
  }
};

/** @param unseen gets the accounts of places that could not be looked at */
const lookAtPlaces = async (
  world: Searchers,
  places: readonly PlaceToLookAt[],
  unseen: Set<string>,
): Promise<Tally> => {
  const before = unseen.size;
  const looks = places.map(async (place): Promise<Tally> => {
    const { accountId } = place.target;
    const report = await tried(world, accountId, () => lookForDrift(world, place));
    if (!report) unseen.add(accountId);
    return { ...NOTHING, ...report, places: 1 };
  });
  const tally = (await Promise.all(looks)).reduce(plus, NOTHING);
  return { ...tally, skipped: unseen.size - before };
};
