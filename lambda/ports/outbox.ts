/** What people are still to be told. It fills with the commits of the ledger; whoever tells them takes it away. */
import type { Telling } from '../domain/telling.ts';
import type { Instant } from '../domain/time.ts';

/** Every method @throws ServiceFault when the database fails. */
export interface Outbox {
  /** Broken glasses first, and of each sort what is to be told soonest; also what is not to be told yet. The list may lag. */
  list(limit: number): Promise<readonly Telling[]>;
  /** Stored only if the stored version is still this one's. @returns it as stored, or undefined where somebody else was faster */
  keep(telling: Telling, nextAt: Instant): Promise<Telling | undefined>;
  /** Only if the stored version is still this one's. */
  remove(telling: Telling): Promise<void>;
}
