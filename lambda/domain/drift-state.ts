/** How far the search for drift has come, the baseline, and whether what is found may be removed. */
import type { TrailHead } from './audit-event.ts';
import { EMPTY_TRAIL } from './audit-event.ts';
import type { Baseline } from './drift.ts';
import { addSeconds, type Instant, secondsBetween } from './time.ts';

/** A walk through all accounts, in the order of their ids. */
export interface Round {
  readonly startedAt: Instant;
  /** The last account that was looked at. */
  readonly after?: string;
  /** The account behind it, where only a part was looked at: by ARN, up to this permission set. */
  readonly within?: { readonly accountId: string; readonly permissionSetArn: string };
  /** Accounts looked at, and how many there were at the start. */
  readonly done: number;
  readonly accounts: number;
  /** (account, permission set) pairs looked at. */
  readonly places: number;
  /** Accounts that could not be looked at: then it is no full round. */
  readonly skipped: number;
  /** Until then a run may be at it; another one leaves it alone. */
  readonly busyUntil?: Instant;
  /** When the baseline was taken on which it began: by that, whatever their clocks say, it looked at nothing before it. */
  readonly behind?: Instant;
  /** ARNs of the permission sets that all of its runs looked for; none where it proves nothing. */
  readonly permissionSetArns: readonly string[];
}

/** A round that saw every account. */
export interface FinishedRound {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly accounts: number;
  readonly places: number;
  /** Where it was: a round of another instance, or recorded in another table, tells nothing about this one. */
  readonly instanceArn: string;
  readonly tableId: string;
}

export interface DriftState {
  /** Since when drift is searched for, as long as no full round tells how old what is known may be. */
  readonly searchedSince?: Instant;
  readonly round?: Round;
  /** When the latest round began, whatever became of it. */
  readonly lastStartedAt?: Instant;
  readonly lastRound?: FinishedRound;
  /** Something happened that could not be placed: look at everything again. */
  readonly isRoundWanted: boolean;
  readonly baseline?: Baseline;
  /** When assignments were removed, of the last hour. */
  readonly removedAt: readonly Instant[];
  readonly trail: TrailHead;
  readonly version: number;
}

export const FIRST_DRIFT_STATE: DriftState = { isRoundWanted: false, removedAt: [], trail: EMPTY_TRAIL, version: 0 };

/** What a removal depends on that is not in the table. */
export interface Surroundings {
  readonly mode: 'report' | 'remove';
  readonly instanceArn: string;
  readonly tableId: string;
}

export type WhyNoRemoval = 'report-only' | 'no-baseline' | 'other-instance' | 'other-table' | 'no-round-since';

/** NB. Whatever is not certain keeps removal off (law 9): it takes away access. */
export const whyNoRemoval = ({ baseline }: DriftState, here: Surroundings): WhyNoRemoval | undefined => {
  if (here.mode === 'report') return 'report-only';
  if (!baseline) return 'no-baseline';
  if (baseline.instanceArn !== here.instanceArn) return 'other-instance';
  if (baseline.tableId !== here.tableId) return 'other-table';
  return baseline.proof?.round === undefined ? 'no-round-since' : undefined;
};

/** Whether the next full round is to prove it. */
export const awaitsProof = (baseline: Baseline | undefined): baseline is Baseline =>
  baseline !== undefined && baseline.proof?.round === undefined;

/** Whether the round began on the baseline, which has no proof yet: then the accounts that it looks at are remembered. */
export const isProofOf = ({ behind }: Round, baseline: Baseline | undefined): boolean =>
  awaitsProof(baseline) && behind === baseline.takenAt;

/** The baseline with the proof that a round gives it, if it gives one. */
export const provenBy = (baseline: Baseline | undefined, round: Round, at: Instant): Baseline | undefined => {
  if (!baseline || !isProofOf(round, baseline)) return baseline;
  const { startedAt, permissionSetArns } = round;
  return { ...baseline, proof: { at, round: startedAt, permissionSetArns } };
};

/** Whether the walk stands where it stood: nobody went on with it meanwhile. */
export const isSameRound = (stored: Round | undefined, ours: Round): boolean =>
  stored?.startedAt === ours.startedAt &&
  stored.after === ours.after &&
  stored.within?.accountId === ours.within?.accountId &&
  stored.within?.permissionSetArn === ours.within?.permissionSetArn;

/** How long ago the last full round came to its end, or else the search began, seconds; undefined before. */
export const roundAgeSeconds = ({ lastRound, searchedSince }: DriftState, now: Instant): number | undefined => {
  const since = lastRound?.finishedAt ?? searchedSince;
  return since === undefined ? undefined : Math.max(0, secondsBetween(since, now));
};

const HOUR_SECONDS = 3600;

/** The removals of the hour that ends now. */
export const recentRemovals = ({ removedAt }: DriftState, now: Instant): readonly Instant[] =>
  removedAt.filter((at) => addSeconds(at, HOUR_SECONDS) > now);

/** Whether the last full round tells how things stand here. */
export const hasRoundOf = ({ lastRound }: DriftState, here: Omit<Surroundings, 'mode'>): boolean =>
  lastRound !== undefined && lastRound.instanceArn === here.instanceArn && lastRound.tableId === here.tableId;

/** Whether a new round is to begin, when none is under way. */
export const isRoundDue = ({ isRoundWanted, lastStartedAt }: DriftState, everySeconds: number, now: Instant): boolean =>
  isRoundWanted || lastStartedAt === undefined || addSeconds(lastStartedAt, everySeconds) <= now;
