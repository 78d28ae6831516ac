/** Where work that is done in parts was left off, so that the next run goes on from there and nobody waits for ever. */

/** What is gone through in parts: what is due, which workflows wait, which requests are open. */
export type PlaceName = 'due' | 'waiting' | 'open';

/** Every method @throws ServiceFault when the database fails. Losing a place costs a beginning anew, never an item. */
export interface Places {
  /** The cursor that was kept; undefined when the work begins at its beginning. */
  recall(name: PlaceName): Promise<string | undefined>;
  /** Without a cursor: the work came to its end, and begins anew. */
  keep(name: PlaceName, cursor: string | undefined): Promise<void>;
}
