/** A round: all accounts, one after the other, each with its elevatable permission sets; as far as time allows, and on from there next time. */
import type { AccountTarget } from '../domain/access-request.ts';
import { type Sighting, sightingChanges } from '../domain/drift.ts';
import { type DriftState, FIRST_DRIFT_STATE, isRoundDue, provenBy, type Round } from '../domain/drift-state.ts';
import { holdsLease } from '../domain/lease.ts';
import type { Account } from '../domain/policy/facts.ts';
import { addSeconds, type Instant, secondsBetween } from '../domain/time.ts';
import { type ElevatableSets, elevatableSets } from './elevatable-sets.ts';
import { type Lookers, type LookReport, lookForDrift, type PlaceToLookAt } from './look-for-drift.ts';
import type { Needs } from './world.ts';

export type Searchers = Lookers & Needs<'policies' | 'organization'>;

export interface DriftReport extends LookReport {
  /** Accounts looked at by this run. */
  readonly accounts: number;
  readonly places: number;
  readonly skipped: number;
  readonly isRoundFinished: boolean;
  /** Since the end of the last full round, or since the first began. */
  readonly roundAgeSeconds: number;
}

/** Where somebody's lease may be, by account. */
type Held = ReadonlyMap<string, readonly { readonly target: AccountTarget; readonly principalId: string }[]>;

/** What a run has in hand. */
interface Run {
  readonly elevatable: ElevatableSets;
  readonly held: Held;
}

type Tally = LookReport & { readonly places: number; readonly skipped: number };
const NOTHING: Tally = { findings: 0, removals: 0, isLimitReached: false, places: 0, skipped: 0 };

const plus = (one: Tally, other: Tally): Tally => ({
  findings: one.findings + other.findings,
  removals: one.removals + other.removals,
  isLimitReached: one.isLimitReached || other.isLimitReached,
  places: one.places + other.places,
  skipped: one.skipped + other.skipped,
});

/** Accounts looked at together: their second looks then wait together, and the pace of the calls is the same. */
const ACCOUNTS_AT_ONCE = 5;

export const searchForDrift = async (world: Searchers, deadline: Instant): Promise<DriftReport> => {
  const all = await world.organization.accounts();
  const accounts = accountsInOrder(all);
  const elevatable = await elevatableSets(world);
  let round = await claimRound(world, all, [...elevatable.keys()], deadline);
  let total = NOTHING;
  let looked = 0;
  const run = round && { elevatable, held: await whereLeasesAre(world) };
  while (round && run && world.clock.now() < deadline) {
    const batch = accountsBehind(accounts, round).slice(0, ACCOUNTS_AT_ONCE);
    if (batch.length === 0) break;
    const tally = (await Promise.all(batch.map((one) => lookIntoAccount(world, one, run)))).reduce(plus, NOTHING);
    total = plus(total, tally);
    looked += batch.length;
    round = await advanceRound(world, round, batch, tally);
  }
  const isRoundFinished = round !== undefined && accountsBehind(accounts, round).length === 0;
  if (round) await (isRoundFinished ? finishRound(world, round) : leaveRound(world, round));
  return { ...total, accounts: looked, isRoundFinished, roundAgeSeconds: await roundAge(world) };
};

/** Accounts that are never targets hold none of ours; those that are not active cannot be entered. */
const isSearched = ({ forbidden, active }: Account): boolean => forbidden === undefined && active;

const accountsInOrder = (all: readonly Account[]): readonly Account[] =>
  all.filter(isSearched).sort((one, other) => (one.id < other.id ? -1 : 1));

const accountsBehind = (accounts: readonly Account[], { after }: Round): readonly Account[] =>
  accounts.filter(({ id }) => after === undefined || id > after);

const readState = async (world: Needs<'driftStore'>): Promise<DriftState> =>
  (await world.driftStore.readState()) ?? FIRST_DRIFT_STATE;

/** What a run has begun when its time is over takes at most so long, seconds. */
const RESERVE_SECONDS = 60;

/** The round under way, or one begun now where it is due; undefined when there is none, or another run is at it. */
const claimRound = async (
  world: Searchers,
  all: readonly Account[],
  permissionSetArns: readonly string[],
  deadline: Instant,
): Promise<Round | undefined> => {
  const state = await readState(world);
  const now = world.clock.now();
  if (state.round?.busyUntil !== undefined && state.round.busyUntil > now) return undefined;
  const begins = state.round === undefined;
  if (begins && !isRoundDue(state, world.driftRules.roundSeconds, now)) return undefined;
  const under = state.round ?? beginning(all, permissionSetArns, now);
  const round: Round = {
    ...under,
    busyUntil: addSeconds(deadline, RESERVE_SECONDS),
    permissionSetArns: under.permissionSetArns.filter((arn) => permissionSetArns.includes(arn)),
  };
  const next: DriftState = begins ? { ...state, round, lastStartedAt: now, isRoundWanted: false } : { ...state, round };
  const stored = await world.ledger.commit({ drift: { state: next, events: [] } });
  return stored === 'committed' ? round : undefined;
};

const beginning = (all: readonly Account[], permissionSetArns: readonly string[], startedAt: Instant): Round => {
  const withoutAccounts = all.filter((one) => !isSearched(one)).map(({ id }) => id);
  const accounts = all.length - withoutAccounts.length;
  return { startedAt, done: 0, accounts, places: 0, skipped: 0, permissionSetArns, withoutAccounts };
};

/** The next run goes on, without waiting for this one. */
const leaveRound = async (world: Searchers, ours: Round): Promise<void> => {
  const { busyUntil: _free, ...round } = ours;
  await changeState(world, (state) => (isSameRound(state.round, ours) ? { ...state, round } : undefined));
};

const PAGE = 200;
const MOST_PAGES = 50;

const whereLeasesAre = async (world: Searchers): Promise<Held> => {
  const held = new Map<string, { target: AccountTarget; principalId: string }[]>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await world.ledger.listOpen({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (listed === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
    for (const { target, requester } of listed.items.filter(holdsLease)) {
      const one = { target, principalId: requester.id };
      held.set(target.accountId, [...(held.get(target.accountId) ?? []), one]);
    }
    cursor = listed.cursor;
    if (cursor === undefined) break;
  }
  return held;
};

// ---------- one account ----------

const TRIES = 2;
const BEFORE_NEXT_TRY_MS = 5000;

/** NB. What could not be seen is neither there nor absent: the account is skipped, aloud, and the round is no full one. */
const lookIntoAccount = async (world: Searchers, account: Account, run: Run): Promise<Tally> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await lookAtPlaces(world, await placesIn(world, account, run));
    } catch (fault) {
      if (tries < TRIES) {
        await world.clock.sleep(BEFORE_NEXT_TRY_MS);
        continue;
      }
      world.reporter.warn('an account could not be searched for drift', { accountId: account.id, fault });
      return { ...NOTHING, skipped: 1 };
    }
  }
};

const lookAtPlaces = async (world: Searchers, places: readonly PlaceToLookAt[]): Promise<Tally> => {
  const reports = await Promise.all(places.map((place) => lookForDrift(world, place)));
  return reports.reduce<Tally>((tally, report) => plus(tally, { ...NOTHING, ...report }), {
    ...NOTHING,
    places: places.length,
  });
};

/** Where elevatable permission sets are assigned, where leases are held, and where something was seen before. */
const placesIn = async (
  world: Searchers,
  account: Account,
  { elevatable, held }: Run,
): Promise<readonly PlaceToLookAt[]> => {
  const [provisioned, known] = await Promise.all([
    world.assignmentLists.provisionedTo(account.id),
    world.driftStore.sightingsIn(account.id),
  ]);
  const leases = held.get(account.id) ?? [];
  const targets = new Map<string, AccountTarget>();
  for (const sighting of known) targets.set(sighting.permissionSetArn, targetOf(sighting, elevatable));
  for (const { target } of leases) targets.set(target.permissionSetArn, target);
  for (const arn of provisioned) {
    const permissionSetName = elevatable.get(arn)?.name;
    if (permissionSetName === undefined) continue;
    const place = { accountId: account.id, accountName: account.name, permissionSetArn: arn, permissionSetName };
    targets.set(arn, targetOf(place, elevatable));
  }
  return [...targets.values()].map((target) => ({
    target,
    isElevatable: elevatable.has(target.permissionSetArn),
    holders: leases
      .filter((one) => one.target.permissionSetArn === target.permissionSetArn)
      .map((one) => one.principalId),
    known,
  }));
};

type NamedPlace = Pick<Sighting, 'accountId' | 'accountName' | 'permissionSetArn' | 'permissionSetName'>;

const targetOf = (
  { accountId, accountName, permissionSetArn, permissionSetName }: NamedPlace,
  elevatable: ElevatableSets,
): AccountTarget => ({
  kind: 'account',
  accountId,
  accountName,
  permissionSetArn,
  permissionSetName,
  sessionSeconds: elevatable.get(permissionSetArn)?.sessionSeconds ?? 3600,
});

// ---------- how far it has come ----------

const ATTEMPTS = 8;

/** @returns the round as it was stored; undefined when another run has gone on with it. */
const advanceRound = async (
  world: Searchers,
  before: Round,
  batch: readonly Account[],
  { places, skipped }: Tally,
): Promise<Round | undefined> => {
  const after = batch.at(-1)?.id ?? before.after;
  const next: Round = {
    ...before,
    ...(after === undefined ? {} : { after }),
    done: before.done + batch.length,
    places: before.places + places,
    skipped: before.skipped + skipped,
  };
  const isStored = await changeState(world, (state) =>
    isSameRound(state.round, before) ? { ...state, round: next } : undefined,
  );
  return isStored ? next : undefined;
};

const isSameRound = (stored: Round | undefined, ours: Round): boolean =>
  stored?.startedAt === ours.startedAt && stored.after === ours.after;

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

const finishRound = async (world: Searchers, ours: Round): Promise<void> => {
  if (ours.skipped === 0) await forgetLostAccounts(world);
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

/** No assignment outlives its account. */
const forgetLostAccounts = async (world: Searchers): Promise<void> => {
  const accounts = new Set((await world.organization.accounts()).map(({ id }) => id));
  const baseline = (await readState(world)).baseline;
  let cursor: string | undefined;
  do {
    const page = await world.driftStore.listSightings({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (page === 'invalid-cursor') throw new Error('the store refused its own cursor');
    const lost = page.items.filter(({ accountId }) => !accounts.has(accountId));
    await world.driftStore.saveSightings(sightingChanges(lost, [], baseline, world.clock.now()));
    cursor = page.cursor;
  } while (cursor !== undefined);
};

const roundAge = async (world: Searchers): Promise<number> => {
  const { lastRound, round } = await readState(world);
  const since = lastRound?.finishedAt ?? round?.startedAt;
  return since === undefined ? 0 : Math.max(0, secondsBetween(since, world.clock.now()));
};
