/** How far a round has come: claimed by one run at a time, stored after each stretch, so that the next run goes on from there. */
import { type Baseline, type Sighting, sightingChanges } from '../domain/drift.ts';
import {
  awaitsProof,
  type DriftState,
  FIRST_DRIFT_STATE,
  isProofOf,
  isRoundDue,
  isSameRound,
  provenBy,
  type Round,
  roundAgeSeconds,
} from '../domain/drift-state.ts';
import type { Account } from '../domain/policy/facts.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { Lookers } from './look-for-drift.ts';
import type { Needs } from './world.ts';

export type Searchers = Lookers & Needs<'policies' | 'catalogue' | 'limits'>;

const readState = async (world: Needs<'driftStore'>): Promise<DriftState> =>
  (await world.driftStore.readState()) ?? FIRST_DRIFT_STATE;

const ATTEMPTS = 8;

/** Tries again when others change the state meanwhile. @returns false when there was nothing to change, or others were faster. */
export const changeState = async (
  world: Needs<'driftStore' | 'ledger'>,
  change: (state: DriftState) => DriftState | undefined,
): Promise<boolean> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const changed = change(await readState(world));
    if (!changed) return false;
    if ((await world.ledger.commit({ drift: { state: changed, events: [] } })) === 'committed') return true;
  }
  return false;
};

// ---------- which accounts ----------

/** Accounts that are never targets hold none of ours; those that are not active cannot be entered. */
const isSearched = ({ forbidden, active }: Account): boolean => forbidden === undefined && active;

export const accountsInOrder = (all: readonly Account[]): readonly Account[] =>
  all.filter(isSearched).sort((one, other) => (one.id < other.id ? -1 : 1));

export const accountsBehind = (accounts: readonly Account[], { after }: Round): readonly Account[] =>
  accounts.filter(({ id }) => after === undefined || id > after);

// ---------- begin, go on, leave ----------

/** What a run has begun when its time is over takes at most so long, seconds. */
const RESERVE_SECONDS = 60;

export interface Claim {
  /** How many accounts there are to search. */
  readonly accounts: number;
  readonly permissionSetArns: readonly string[];
  readonly deadline: Instant;
}

export interface Claimed {
  readonly round: Round;
  /** The accounts that it looks at are remembered, since the baseline has no proof yet. */
  readonly isProof: boolean;
}

/** The round under way, or one begun now where it is due; undefined when there is none, or another run is at it. */
export const claimRound = async (world: Searchers, claim: Claim): Promise<Claimed | undefined> => {
  const state = await readState(world);
  const now = world.clock.now();
  if (state.round?.busyUntil !== undefined && state.round.busyUntil > now) return undefined;
  const begins = state.round === undefined;
  if (begins && !isRoundDue(state, world.driftRules.roundSeconds, now)) return undefined;
  const under = state.round ?? beginning(claim, now, state.baseline);
  const round: Round = {
    ...under,
    busyUntil: addSeconds(claim.deadline, RESERVE_SECONDS),
    permissionSetArns: under.permissionSetArns.filter((arn) => claim.permissionSetArns.includes(arn)),
  };
  const next: DriftState = begins ? { ...state, round, lastStartedAt: now, isRoundWanted: false } : { ...state, round };
  const stored = await world.ledger.commit({ drift: { state: next, events: [] } });
  return stored === 'committed' ? { round, isProof: isProofOf(round, state.baseline) } : undefined;
};

const beginning = (
  { accounts, permissionSetArns }: Claim,
  startedAt: Instant,
  baseline: Baseline | undefined,
): Round => ({
  startedAt,
  done: 0,
  accounts,
  places: 0,
  skipped: 0,
  ...(baseline && { behind: baseline.takenAt }),
  // For the proof that it may give. NB. Beside the one that is given already, it would be more than an item of the table bears.
  permissionSetArns: awaitsProof(baseline) ? permissionSetArns : [],
});

/** @returns the round as it was stored; undefined when another run has gone on with it. */
export const advanceRound = async (world: Searchers, before: Round, next: Round): Promise<Round | undefined> => {
  const isStored = await changeState(world, (state) =>
    isSameRound(state.round, before) ? { ...state, round: next } : undefined,
  );
  return isStored ? next : undefined;
};

/** The next run goes on, without waiting for this one. */
export const leaveRound = async (world: Searchers, ours: Round): Promise<void> => {
  const { busyUntil: _free, ...round } = ours;
  await changeState(world, (state) => (isSameRound(state.round, ours) ? { ...state, round } : undefined));
};

// ---------- the end ----------

export const finishRound = async (world: Searchers, ours: Round, all: readonly Account[]): Promise<void> => {
  if (ours.skipped === 0) await forgetLostAccounts(world, all);
  const tableId = await world.driftStore.tableId();
  const { startedAt, accounts, places, skipped } = ours;
  const finishedAt = world.clock.now();
  const where = { instanceArn: world.driftRules.instanceArn, tableId };
  const lastRound = { startedAt, finishedAt, accounts, places, ...where };
  await changeState(world, (state) => {
    if (!isSameRound(state.round, ours)) return undefined;
    const { round: _over, ...rest } = state;
    if (skipped > 0) return rest;
    const baseline = provenBy(rest.baseline, ours, finishedAt);
    return { ...rest, lastRound, ...(baseline && { baseline }) };
  });
};

const PAGE = 200;

/** No assignment outlives its account. */
const forgetLostAccounts = async (world: Searchers, all: readonly Account[]): Promise<void> => {
  const accounts = new Set(all.map(({ id }) => id));
  const baseline = (await readState(world)).baseline;
  const isLost = ({ accountId }: Sighting): boolean => !accounts.has(accountId);
  let cursor: string | undefined;
  do {
    const page = await world.driftStore.listSightings({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (page === 'invalid-cursor') throw new Error('the store refused its own cursor');
    const lost = page.items.filter(isLost);
    await world.driftStore.saveSightings(sightingChanges(lost, [], baseline, world.clock.now()));
    cursor = page.cursor;
  } while (cursor !== undefined);
};

/** Whoever has no full round to show, grows old from the first run on, whether or not a round could be begun. */
export const roundAge = async (world: Searchers): Promise<number> => {
  const now = world.clock.now();
  const age = roundAgeSeconds(await readState(world), now);
  if (age !== undefined) return age;
  await changeState(world, (state) =>
    state.searchedSince === undefined ? { ...state, searchedSince: now } : undefined,
  );
  return 0;
};
