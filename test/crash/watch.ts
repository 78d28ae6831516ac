/** Looks at both sides again and again, and keeps what it saw: what must not be, and how late endings were. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Comparer, Comparison } from './compare.ts';

/**
 * The bound that is promised: a sweep's period, on top of the restart. Whoever is killed again while coming to itself has it
 * from the last restart on.
 */
const LATEST_MS = 60_000;
const BETWEEN_LOOKS_MS = 200;

export interface Lateness {
  /** Since its end, the time included in which the service was down. */
  readonly ms: number;
  /** The part of it in which the service was down. */
  readonly downMs: number;
  /** How often it was killed meanwhile. */
  readonly kills: number;
}

export interface Watch {
  look(): Promise<Comparison>;
  /** Looks until so long from now, or until what it sees is enough. Answers with what it saw last. */
  lookFor(milliseconds: number, isEnough?: (seen: Comparison) => boolean): Promise<Comparison>;
  /** The service is down while this happens. */
  whileDown(happening: () => Promise<void>): Promise<void>;
  readonly problems: () => readonly string[];
  /** How late each ending was at the last look at which it was late. */
  readonly latenesses: () => readonly Lateness[];
}

export const createWatch = (comparer: Comparer): Watch => {
  const down: { readonly from: number; readonly until: number }[] = [];
  const problems = new Set<string>();
  const late = new Map<string, Lateness>();

  const isBeyond = ({ ms, downMs, kills }: Lateness, at: number): boolean =>
    kills > 1 ? at - (down.at(-1)?.until ?? 0) > LATEST_MS : ms - downMs > LATEST_MS;
  const downWithin = (from: number, until: number): number =>
    down.reduce((sum, one) => sum + Math.max(0, Math.min(one.until, until) - Math.max(one.from, from)), 0);

  const look = async (): Promise<Comparison> => {
    const seen = await comparer.compare();
    for (const what of seen.wrong) problems.add(what);
    for (const { key, endedAt } of seen.unheld) {
      const kills = down.filter(({ until }) => until > endedAt).length;
      const lateness = { ms: seen.at - endedAt, downMs: downWithin(endedAt, seen.at), kills };
      if (lateness.ms > 0) late.set(`${key} ${endedAt}`, lateness);
      if (isBeyond(lateness, seen.at)) problems.add(`${key} stands more than a minute after its end ${endedAt}`);
    }
    return seen;
  };

  return {
    look,
    lookFor: async (milliseconds, isEnough = () => false) => {
      const until = Date.now() + milliseconds;
      for (;;) {
        const seen = await look();
        if (isEnough(seen) || Date.now() >= until) return seen;
        await pause(Math.min(BETWEEN_LOOKS_MS, Math.max(0, until - Date.now())));
      }
    },
    whileDown: async (happening) => {
      const from = Date.now();
      await happening();
      down.push({ from, until: Date.now() });
    },
    problems: () => [...problems],
    latenesses: () => [...late.values()],
  };
};
