/** Wakes the one function that changes Identity Center. A wake-up may be lost or doubled; the sweep repeats it. */

export interface Converger {
  wake(leaseId: string): Promise<void>;
}
