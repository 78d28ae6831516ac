/** Law 9: whoever cannot end access says so. Nobody would come to help with what outstays its end in silence. */
import type { Accuse } from './violation.ts';

/** Much longer than the usual troubles of an ending, and not longer than people should have to wait for an alarm. */
const SILENCE_MS = 10 * 60_000;

export interface LoudLaw {
  /** A warning was given: it is heard of every lease that it names. */
  warned(text: string): void;
  /** A function failed as a whole: there is an alarm on that. */
  failed(): void;
  /** An assignment outstays its end since then. */
  outstays(key: string, leaseId: string, since: number): void;
}

export const loudLaw = (now: () => number, accuse: Accuse): LoudLaw => {
  /** When it was last heard of each lease that outstays its end, or ever did. */
  const heardAt = new Map<string, number>();
  let failedAt = Number.NEGATIVE_INFINITY;
  return {
    warned: (text) => {
      for (const leaseId of heardAt.keys()) if (text.includes(leaseId)) heardAt.set(leaseId, now());
    },
    failed: () => {
      failedAt = now();
    },
    outstays: (key, leaseId, since) => {
      const heard = heardAt.get(leaseId) ?? since;
      heardAt.set(leaseId, heard);
      if (now() - Math.max(since, heard, failedAt) > SILENCE_MS) {
        accuse(9, `${key} outstays its end, and nothing was heard of it for ten minutes`);
      }
    },
  };
};
