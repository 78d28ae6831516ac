/** Entry of the search for drift: each minute a part of a round, and one place at once when CloudTrail tells of a change there. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { composeDrift } from '../composition.ts';
import { readDriftEvent } from '../contract/drift-events.ts';
import { METRICS } from '../contract/metrics.ts';
import { addSeconds, instant } from '../domain/time.ts';
import { logger } from '../logger.ts';
import { attendDriftEvent } from '../use-cases/attend-drift-event.ts';
import { type DriftReport, searchForDrift } from '../use-cases/drift-round.ts';
import type { LookReport } from '../use-cases/look-for-drift.ts';
import { withMiddleware } from './middleware.ts';

const metrics = new Metrics({ namespace: METRICS.namespace, serviceName: METRICS.service });
/** Written at once: a run that is cut off later has told it. */
const count = (metric: string, times: number): void => {
  metrics.singleMetric().addMetric(metric, MetricUnit.Count, times);
};
const world = composeDrift({
  found: (findings) => count(METRICS.driftFindings, findings),
  removing: () => count(METRICS.driftRemovals, 1),
});

/** The next run begins a minute after this one did. */
const RUN_SECONDS = 50;
/** For what a run has begun when its time is over. */
const RESERVE_MS = 30_000;

/** Findings and removals are told by then. */
const publish = ({ overdue, isLimitReached }: LookReport): void => {
  metrics.addMetric(METRICS.driftRemovalsOverdue, MetricUnit.Count, overdue);
  metrics.addMetric(METRICS.driftLimitReached, MetricUnit.Count, isLimitReached ? 1 : 0);
};

const goOn = async (context: Context): Promise<DriftReport> => {
  const now = world.clock.now();
  const deadline = Math.min(addSeconds(now, RUN_SECONDS), now + context.getRemainingTimeInMillis() - RESERVE_MS);
  const report = await searchForDrift(world, instant(deadline));
  logger.info('searched for drift', { ...report });
  publish(report);
  metrics.addMetric(METRICS.driftSkipped, MetricUnit.Count, report.skipped);
  metrics.addMetric(METRICS.driftRoundAge, MetricUnit.Seconds, report.roundAgeSeconds);
  metrics.publishStoredMetrics();
  return report;
};

export const handler = withMiddleware(
  async (event: unknown, context: Context): Promise<DriftReport | LookReport | undefined> => {
    const told = readDriftEvent(event);
    if (!told) return goOn(context);
    const { roleArn, ...wakeUp } = told;
    // The rule leaves these out already; one that came all the same is no news.
    if (roleArn === world.convergeRoleArn) return undefined;
    const report = await attendDriftEvent(world, wakeUp);
    logger.info('looked after a change', { ...wakeUp, ...report });
    publish(report);
    metrics.publishStoredMetrics();
    return report;
  },
);
