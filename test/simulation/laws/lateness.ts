/** How late an end may be, on a day like this one: within seconds where all is well, and not for ever whatever fails. */
import type { Service, Weather } from '../weather.ts';

const MINUTE = 60_000;
/** On a calm day the workflow ends what nobody ends early, within a few calls; what differing clocks take comes on top. */
const LATE_BY_WORKFLOW_MS = 5_000;
/** Where executions are deleted, the sweep does: its period, and a few calls. */
const LATE_BY_SWEEP_MS = 65_000;
/** On any other day: so long after the last outage of what it takes to end access. */
const LATE_ON_ANY_DAY_MS = 20 * MINUTE;
/**
 * NB. That nobody could be told delays nothing (law 11), nor that no workflow goes on (law 3), nor that nobody can be judged (law
 * 7): the directory, Organizations and a rota are for granting.
 */
const NEEDED_TO_END: ReadonlySet<Service> = new Set(['database', 'identity-center', 'functions']);

export const latenessAllowed = (day: Weather, since: number): number => {
  if (!day.calm) return lateOnAnyDay(day, since);
  const isUndisturbed = Math.min(day.executionDeletedEveryMs, day.allExecutionsDeletedAt) === Number.POSITIVE_INFINITY;
  return 2 * day.skewMs + (isUndisturbed ? LATE_BY_WORKFLOW_MS : LATE_BY_SWEEP_MS);
};

const lateOnAnyDay = ({ outages }: Weather, since: number): number => {
  const until = outages
    .filter(({ service, from }) => NEEDED_TO_END.has(service) && from <= since + LATE_ON_ANY_DAY_MS)
    .map((one) => one.until);
  return Math.max(since, ...until) - since + LATE_ON_ANY_DAY_MS;
};
