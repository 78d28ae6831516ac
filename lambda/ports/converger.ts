/** Wakes the one function that changes Identity Center. A wake-up may be lost or doubled; the sweep repeats it. */

export interface Converger {
  /**
   * @param leaseIds What to look at at once; the rest is found in the ledger.
   * @param standBy Should another be at work, waits until that must have come to its end, or is known to live.
   */
  wake(leaseIds: readonly string[], standBy?: boolean): Promise<void>;
}
