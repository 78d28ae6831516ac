/** What Brevet remembers of drift, beside the ledger. The state is written by the ledger's commits, together with its events. */
import type { Sighting } from '../domain/drift.ts';
import type { DriftState } from '../domain/drift-state.ts';
import type { Instant } from '../domain/time.ts';
import type { Page } from './ledger.ts';

/** Every method @throws ServiceFault when the database fails. */
export interface DriftStore {
  /** Strongly consistent. */
  readState(): Promise<DriftState | undefined>;
  /** Names this very table. One that was restored from it, or made anew under the same name, has another. */
  tableId(): Promise<string>;
  /** Those of one account, by permission set; strongly consistent. */
  sightingsIn(accountId: string): Promise<readonly Sighting[]>;
  /** All, by place. @returns 'invalid-cursor' for a cursor that this store did not make. */
  listSightings(query: {
    readonly cursor?: string;
    readonly limit: number;
  }): Promise<Page<Sighting> | 'invalid-cursor'>;
  saveSightings(changes: { readonly put: readonly Sighting[]; readonly drop: readonly Sighting[] }): Promise<void>;
  /** Remembers of these accounts that the round that began then has looked at them, and no other one. */
  saveLooks(accountIds: readonly string[], round: Instant): Promise<void>;
  /** When the round began that is remembered to have looked at the account; strongly consistent. */
  lookedAt(accountId: string): Promise<Instant | undefined>;
}
