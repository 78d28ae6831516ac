/** Where the census is kept: content that never changes once it has a version, and one state that says which one is good. */
import type { Census, CensusState } from '../domain/census.ts';
import type { Instant } from '../domain/time.ts';

/** What those need who judge by it. */
export interface CensusSource {
  /** The state as it is now; `NOTHING_COUNTED` when there is none. */
  readState(): Promise<CensusState>;
  /** @throws ServiceFault when there is no such version, or it is not what was stored. */
  read(version: string): Promise<Census>;
}

export interface CensusStore extends CensusSource {
  /** Stores what follows on the state of that revision; false when another one has been stored meanwhile. */
  replaceState(next: CensusState): Promise<boolean>;
  /** Stores the content. @returns its version, which the same content always has. */
  put(census: Census, now: Instant): Promise<string>;
}
