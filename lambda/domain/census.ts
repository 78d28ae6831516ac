/**
 * The census: everybody in the Identity Store, and who is in the groups of which policies speak, counted because somebody wants a
 * proposed policy looked at for all of them. It is never decided by: memberships are always asked for anew for that.
 */
import type { Person } from './policy/facts.ts';
import { addSeconds, type Instant, secondsBetween } from './time.ts';

export interface Census {
  /** Disabled people too. */
  readonly people: readonly Person[];
  /** By the id of the group: its members, by their places in `people`. Groups that nobody asked for are left out. */
  readonly members: Readonly<Record<string, readonly number[]>>;
}

/** How far a count has come. */
export interface CensusProgress {
  readonly people: number;
  readonly groups: number;
  /** So many groups are to be counted. */
  readonly groupsInAll: number;
}

/** Why a count came to nothing: what could not be reached, or that it took too long; `error` where Brevet itself is wrong. */
export type CensusFailure = 'identity-store' | 'database' | 'out-of-time' | 'error';

/** Where counting stands. */
export interface CensusState {
  /** Grows by one with each change; 0 when nothing was ever stored. */
  readonly revision: number;
  readonly taken?: {
    /** Of the content. */
    readonly version: string;
    /** When counting began: whatever changed later may be in it, or not. */
    readonly asOf: Instant;
    readonly goodUntil: Instant;
  };
  readonly run?: { readonly id: string; readonly until: Instant; readonly progress: CensusProgress };
  readonly failed?: { readonly at: Instant; readonly why: CensusFailure };
}

export const NOTHING_COUNTED: CensusState = { revision: 0 };

/**
 * So long after it was done a count is good: for those who mend something and ask again, and not so long that what they mended
 * in IAM Identity Center stays a finding. NB. Content that nothing points to is forgotten after an hour, and this has to be less.
 */
const GOOD_SECONDS = 10 * 60;
/** Whoever asks so soon after a count that failed is told so; later ones have it tried again. */
const FAILURE_TOLD_SECONDS = 60;

/** The count that is still good, if there is one. */
export const freshCensus = ({ taken }: CensusState, now: Instant): CensusState['taken'] =>
  taken && now < taken.goodUntil ? taken : undefined;

/** What is put in force once the content is stored. */
export const takenNow = (version: string, asOf: Instant, now: Instant): NonNullable<CensusState['taken']> => ({
  version,
  asOf,
  goodUntil: addSeconds(now, GOOD_SECONDS),
});

export const censusUnderWay = ({ run }: CensusState, now: Instant): CensusState['run'] =>
  run && run.until > now ? run : undefined;

export const censusFailed = ({ failed }: CensusState, now: Instant): CensusState['failed'] =>
  failed && secondsBetween(failed.at, now) < FAILURE_TOLD_SECONDS ? failed : undefined;

/** Whether the members of all these groups were counted. */
export const covers = ({ members }: Census, groupIds: readonly string[]): boolean =>
  groupIds.every((id) => Object.hasOwn(members, id));
