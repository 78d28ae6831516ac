/** One world from its seed to its end: what happens in it, and which law was broken first, if any. */
import { createHash } from 'node:crypto';
import type { Chance } from './chance.ts';
import { chanceOf } from './chance.ts';
import type { FunctionName, Functions, WholeWorld } from './functions.ts';
import { finalLaws, isAtRest, isOver } from './laws/final-laws.ts';
import type { Violation } from './laws/violation.ts';
import { createPlanet, type Planet } from './planet.ts';
import { planTakingAway } from './taking-away.ts';
import { SILENT, type Trace } from './trace.ts';
import { isMailDead, type Weather } from './weather.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-23T09:00:00Z');
const LONGEST_EVENING_MS = 12 * HOUR;
/** What the day began still takes effect, and is seen in lists, for so long. */
const LATE_EFFECTS_MS = 3 * MINUTE;
/** Where mail does not go out for good, that is given up after a day, one thing after the other. */
const UNTIL_GIVEN_UP_MS = 26 * HOUR;

/** A deliberate defect, for showing that the simulation finds it. */
export interface Sabotage {
  /** What a function gets instead of what it should. */
  readonly tamper?: (world: WholeWorld, name: FunctionName) => Partial<WholeWorld>;
  readonly functions?: Partial<Functions>;
  readonly weather?: (weather: Weather) => Weather;
}

export interface Options {
  readonly seed: number;
  readonly sabotage?: Sabotage;
  readonly trace?: (now: () => number) => Trace;
}

export interface Report {
  readonly seed: number;
  /** Requests that were stored. */
  readonly lives: number;
  /** What was met, how often. */
  readonly met: ReadonlyMap<string, number>;
  readonly acts: number;
  readonly runs: number;
  /** The latest that an assignment went after nobody held it any more, milliseconds. */
  readonly latestMs: number;
  readonly calm: boolean;
  /** Of everything that was stored of requests, event by event: the same where the same happened. */
  readonly history: string;
  readonly broken?: Violation & { readonly at: string };
}

/** The day on which people do things, and faults happen. */
const planDay = (planet: Planet, chance: Chance, span: number): void => {
  const { timeline, behaviour, outside } = planet;
  for (let left = chance.whole(100, 500); left > 0; ) {
    const burst = chance.happens(0.1) ? chance.whole(2, 20) : 1;
    const moment = chance.fraction() * span;
    for (let count = Math.min(burst, left); count > 0; count -= 1) {
      timeline.after(moment + chance.fraction() * MINUTE, behaviour.ask);
    }
    left -= burst;
  }
  const every = chance.between(2, 20) * MINUTE;
  for (let moment = chance.around(every); moment < span; moment += chance.around(every)) {
    timeline.after(moment, outside.act);
  }
  planet.planFaults(span);
};

/** Sweeps for as long as the world lasts. */
const planSweeps = ({ timeline, sweep }: Planet): void => {
  const next = (): void => {
    sweep();
    timeline.after(MINUTE, next);
  };
  timeline.after(MINUTE, next);
};

const isQuiet = ({ book, tellers, drifting }: Planet, nightfall: number): boolean =>
  tellers.isQuiet() &&
  drifting.isQuiet(nightfall) &&
  [...book.requests.values()].every(isOver) &&
  [...book.leases.values()].every(isAtRest);

/** Faults and people have gone to bed: whatever is left must come to its end by itself. */
const spendEvening = async (planet: Planet, step: () => void): Promise<void> => {
  const { timeline, weather, tellers } = planet;
  const isMute = isMailDead(weather) || weather.refusesForGood;
  const nightfall = timeline.now() + LATE_EFFECTS_MS;
  const until = timeline.now() + (isMute ? UNTIL_GIVEN_UP_MS : LONGEST_EVENING_MS);
  // At first a late effect of the day may still come.
  do await timeline.runUntil(timeline.now() + 10 * MINUTE, step);
  while (timeline.now() < until && !isQuiet(planet, nightfall));
  finalLaws({
    accuse: planet.accuse,
    requests: planet.book.requests,
    leases: planet.book.leases,
    present: planet.identityCenter.present,
    standing: planet.standing,
  });
  tellers.atTheEnd();
};

/** Ends the world at the first broken law. */
class Broken extends Error {}

export const simulate = async ({ seed, sabotage = {}, trace = () => SILENT }: Options): Promise<Report> => {
  const chance = chanceOf(`seed ${seed}`);
  const span = chance.between(2, 6) * HOUR;
  const planet = createPlanet({ chance, start: START, span, sabotage, trace });
  const step = (): void => {
    planet.laws.check();
    if (planet.broken()) throw new Broken();
  };
  try {
    planet.outside.prepare();
    planSweeps(planet);
    planet.tellers.begin();
    planet.drifting.begin(span);
    planDay(planet, chance.stream('day'), span);
    planTakingAway({
      planet,
      chance: chance.stream('taking away'),
      trace: trace(planet.timeline.now),
      until: START + span,
    });
    await planet.timeline.runUntil(START + span, step);
    await spendEvening(planet, step);
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown;
  }
  return reportOf(seed, planet);
};

const historyOf = ({ book }: Planet): string => {
  const history = createHash('sha256');
  for (const { id, trail } of book.requests.values()) history.update(`${id} ${trail.count} ${trail.hash} `);
  return history.digest('hex');
};

const reportOf = (seed: number, planet: Planet): Report => {
  const broken = planet.broken();
  return {
    seed,
    lives: planet.book.requests.size,
    met: planet.tally.counts,
    acts: planet.timeline.count(),
    runs: planet.lambda.runs() + planet.tellers.runs() + planet.drifting.runs(),
    latestMs: planet.laws.latest(),
    calm: planet.weather.calm,
    history: historyOf(planet),
    ...(broken ? { broken: { ...broken, at: new Date(planet.timeline.now()).toISOString() } } : {}),
  };
};
