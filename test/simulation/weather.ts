/** What goes wrong in one world, and how often: every seed has a mixture of its own, from nothing at all to storms. */
import type { Chance } from './chance.ts';
import { type DriftWeather, driftWeatherOf } from './drift-weather.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Faults at a call to a port, each with its probability. */
export interface CallFaults {
  /** The call fails before its effect. */
  readonly errorBefore: number;
  /** It takes effect, and then fails. */
  readonly errorAfter: number;
  /** The caller gives up and is told that it failed; the effect comes later, within `LATEST_EFFECT_MS` of the call. */
  readonly late: number;
  /** Effect and answer take long, but come. */
  readonly slow: number;
  /** The process is asleep when the answer comes, for longer than others wait before they take over. */
  readonly asleep: number;
  /** The process is killed just before the effect, or just after. */
  readonly killed: number;
}

/** Faults at the wake-ups that functions send each other, besides those of every call. */
export interface WakeFaults {
  readonly lost: number;
  readonly doubled: number;
}

/** A service that fails or is throttled for a while. */
export type Affliction = 'failing' | 'throttled' | 'stuck';
export type Service =
  | 'database'
  | 'identity-center'
  | 'identity-store'
  | 'organizations'
  | 'workflow'
  | 'functions'
  | 'on-call'
  | 'mail';
export interface Outage {
  readonly service: Service;
  readonly affliction: Affliction;
  readonly from: number;
  readonly until: number;
}

export interface Weather {
  readonly calls: CallFaults;
  readonly wakes: WakeFaults;
  readonly outages: readonly Outage[];
  /** Clocks of function runs differ from the true time by up to so much, either way. */
  readonly skewMs: number;
  /** Lists of the ledger, and of running workflows, may show what was so long ago. */
  readonly listLagMs: number;
  /** Mean time between two deletions of an execution; and a moment at which all are deleted. */
  readonly executionDeletedEveryMs: number;
  readonly allExecutionsDeletedAt: number;
  /** How Identity Center is: */
  readonly writeMs: number;
  readonly writeFails: number;
  /** A creation is refused, though the next would be accepted. */
  readonly creationRefused: number;
  readonly forgetsOperationsAfterMs: number;
  readonly deletingNothing: 'not-there' | 'succeeds' | 'fails';
  readonly limitsRate: boolean;
  /** No run of the function that tells people comes to anything, from the beginning. */
  readonly tellIsBroken: boolean;
  /** Some addresses never take anything, rather than for a while. */
  readonly refusesForGood: boolean;
  readonly drift: DriftWeather;
  /** No call fails, but to where mail is dead; clocks may differ, and executions be deleted. Then every promise about time must hold to the second. */
  readonly calm: boolean;
}

/** A call to Identity Center takes effect at most so long after it was begun: the assumption behind law 1. */
export const LATEST_EFFECT_MS = MINUTE;

const NO_CALL_FAULTS: CallFaults = { errorBefore: 0, errorAfter: 0, late: 0, slow: 0, asleep: 0, killed: 0 };

/** Half of the kinds of fault are there at all, at rates that differ a hundredfold. */
const rate = (chance: Chance, worst: number): number => (chance.happens(0.5) ? worst * 10 ** chance.between(-2, 0) : 0);

const callFaults = (chance: Chance): CallFaults => {
  const worst = chance.happens(0.15) ? 0.08 : 0.03;
  return {
    errorBefore: rate(chance, worst),
    errorAfter: rate(chance, worst),
    late: rate(chance, worst),
    slow: rate(chance, worst),
    asleep: rate(chance, worst / 2),
    killed: rate(chance, worst),
  };
};

const SERVICES: readonly [Service, ...Service[]] = [
  'database',
  'identity-center',
  'identity-center',
  'identity-center',
  'identity-store',
  'organizations',
  'workflow',
  'functions',
  'on-call',
];

const AFFLICTIONS: readonly [Affliction, ...Affliction[]] = ['failing', 'throttled', 'stuck'];

const outage = (chance: Chance, start: number, span: number): Outage => {
  const service = chance.pick(SERVICES);
  const long = service === 'identity-center' && chance.happens(0.15);
  const from = start + chance.between(0, span);
  const affliction = service === 'identity-center' ? chance.pick(AFFLICTIONS) : 'failing';
  return {
    service,
    affliction,
    from,
    until: from + (long ? chance.between(HOUR, 3 * HOUR) : chance.around(5 * MINUTE)),
  };
};

const outages = (chance: Chance, start: number, span: number): readonly Outage[] =>
  chance.happens(0.5) ? Array.from({ length: chance.whole(1, 4) }, () => outage(chance, start, span)) : [];

const CALM = {
  calls: NO_CALL_FAULTS,
  wakes: { lost: 0, doubled: 0 },
  outages: [],
  listLagMs: 0,
  writeFails: 0,
  creationRefused: 0,
  limitsRate: false,
  calm: true,
} as const satisfies Partial<Weather>;

type MailWeather = Pick<Weather, 'outages' | 'tellIsBroken' | 'refusesForGood'>;

/** Drawn apart, so that in every other respect a world is what it is with mail that always goes out (law 11). */
const withMail = (weather: Weather, chance: Chance, start: number, span: number): Weather => {
  const failing = (from: number, until: number): Outage => ({ service: 'mail', affliction: 'failing', from, until });
  const isDead = chance.happens(0.08);
  const dead = failing(start + chance.fraction() * span * 0.8, Number.POSITIVE_INFINITY);
  const from = start + chance.fraction() * span;
  const long = chance.happens(0.5);
  const outage = failing(from, from + (long ? chance.between(HOUR, 3 * HOUR) : chance.around(10 * MINUTE)));
  const some = !weather.calm && chance.happens(0.4) ? [outage] : [];
  const mail: MailWeather = {
    outages: [...weather.outages, ...(isDead ? [dead] : some)],
    tellIsBroken: chance.stream('tell').happens(0.06),
    refusesForGood: chance.happens(0.05),
  };
  return { ...weather, ...mail };
};

export const weatherOf = (chance: Chance, start: number, span: number): Weather => {
  const other = otherWeather(chance, start, span);
  const weather = { ...other, drift: driftWeatherOf(chance.stream('drift'), span, other.calm) };
  return withMail(weather, chance.stream('post'), start, span);
};

const otherWeather = (chance: Chance, start: number, span: number): Omit<Weather, 'drift'> => {
  const rough: Omit<Weather, 'drift'> = {
    calls: callFaults(chance),
    wakes: { lost: rate(chance, 0.3), doubled: rate(chance, 0.3) },
    outages: outages(chance, start, span),
    skewMs: chance.happens(0.7) ? chance.between(0, 5 * SECOND) : 0,
    listLagMs: chance.happens(0.5) ? chance.between(0, 10 * SECOND) : 0,
    executionDeletedEveryMs: chance.happens(0.5) ? chance.between(5 * MINUTE, HOUR) : Number.POSITIVE_INFINITY,
    allExecutionsDeletedAt: chance.happens(0.2) ? start + chance.between(0, span) : Number.POSITIVE_INFINITY,
    writeMs: chance.pick([300, 2 * SECOND, 5 * SECOND, 20 * SECOND]),
    writeFails: rate(chance, 0.1),
    // Drawn apart, so that in every other respect a world is what it is without.
    creationRefused: rate(chance.stream('refusals'), 0.5),
    forgetsOperationsAfterMs: chance.happens(0.3) ? chance.between(SECOND, 5 * MINUTE) : Number.POSITIVE_INFINITY,
    deletingNothing: chance.pick(['not-there', 'succeeds', 'fails']),
    limitsRate: chance.happens(0.3),
    tellIsBroken: false,
    refusesForGood: false,
    calm: false,
  };
  if (chance.happens(0.85)) return rough;
  const undisturbed = {
    executionDeletedEveryMs: Number.POSITIVE_INFINITY,
    allExecutionsDeletedAt: Number.POSITIVE_INFINITY,
  };
  return { ...rough, ...CALM, ...(chance.happens(0.5) ? undisturbed : {}), writeMs: 2 * SECOND };
};

/** When nothing new goes wrong any more; what Identity Center is like stays as it was. */
export const quietAfter = (weather: Weather): Weather => ({
  ...weather,
  ...CALM,
  skewMs: 0,
  outages: weather.outages.filter(isForGood),
});

const isForGood = ({ until }: Outage): boolean => until === Number.POSITIVE_INFINITY;
export const isMailDead = ({ outages }: Weather): boolean =>
  outages.some((one) => one.service === 'mail' && isForGood(one));

export const afflictionAt = (weather: Weather, service: Service, now: number): Affliction | undefined =>
  weather.outages.find((one) => one.service === service && one.from <= now && now < one.until)?.affliction;
