/** What becomes of the search for drift in one world: its settings, its events, and what others do behind Brevet's back. */
import type { Chance } from './chance.ts';

const MINUTE = 60_000;

/** What happens to the table in which drift is remembered: it is another one with all that was stored, or with nothing of drift. */
export type TableChange = 'restored' | 'emptied';

export interface DriftWeather {
  readonly mode: 'report' | 'remove';
  readonly roundSeconds: number;
  readonly removalsAnHour: number;
  /** CloudTrail's events, each with its probability; late ones come after minutes, and after those of later changes. */
  readonly events: {
    readonly lost: number;
    readonly doubled: number;
    readonly late: number;
    /** The console's form, which does not say where. */
    readonly placeless: number;
  };
  /** Mean times, milliseconds, between changes that others make by hand; also while a lease is at work there. */
  readonly handsEveryMs: number;
  /** Between changes of which permission sets people can be elevated to. */
  readonly setsChangeEveryMs: number;
  /** Between times at which an account is missing from lists for a while. */
  readonly accountMissingEveryMs: number;
  /** From the beginning, milliseconds. */
  readonly baselinesAt: readonly number[];
  readonly tableChangesAt: readonly { readonly at: number; readonly how: TableChange }[];
}

const momentsIn = (chance: Chance, span: number, count: number): readonly number[] =>
  Array.from({ length: count }, () => chance.fraction() * span);

const seldomOr = (chance: Chance, probability: number, everyMs: number): number =>
  chance.happens(probability) ? everyMs : Number.POSITIVE_INFINITY;

/** Without a trail no event ever comes; with one, on calm days each does, and soon. */
const eventsOf = (chance: Chance, calm: boolean): DriftWeather['events'] => {
  if (chance.happens(0.25)) return { lost: 1, doubled: 0, late: 0, placeless: 0 };
  const placeless = chance.happens(0.3) ? 0.1 : 0;
  if (calm) return { lost: 0, doubled: 0.1, late: 0, placeless };
  return { lost: chance.pick([0, 0.1, 0.4]), doubled: 0.1, late: chance.pick([0, 0.1, 0.4]), placeless };
};

export const driftWeatherOf = (chance: Chance, span: number, calm: boolean): DriftWeather => {
  const early = chance.fraction() * Math.min(span / 3, 60 * MINUTE);
  const later = momentsIn(chance, span, chance.pick([0, 0, 1, 2]));
  return {
    mode: chance.pick(['report', 'remove', 'remove']),
    roundSeconds: chance.pick([10, 20, 40]) * 60,
    removalsAnHour: chance.pick([10, 10, 4]),
    events: eventsOf(chance, calm),
    handsEveryMs: seldomOr(chance, 0.8, chance.between(3, 12) * MINUTE),
    setsChangeEveryMs: seldomOr(chance, 0.3, 40 * MINUTE),
    accountMissingEveryMs: seldomOr(chance, 0.3, 40 * MINUTE),
    baselinesAt: chance.happens(0.85) ? [early, ...later] : [],
    tableChangesAt: momentsIn(chance, span, chance.happens(0.2) ? 1 : 0).map((at) => ({
      at,
      how: chance.pick(['restored', 'emptied']),
    })),
  };
};
